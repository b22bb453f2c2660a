"""Appeals across rooms: the body's order becomes a case with its appeal beside it; the answer letter becomes evidence."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from bihuan.appeals import actions as appeals
from bihuan.appeals import letters, papers
from bihuan.appeals.models import Appeal, Letter
from bihuan.appeals.rules import SOURCES
from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import actions as customers
from bihuan.customers import queries as vault
from bihuan.handling import evidence
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import MAX_CONTENT, ComplaintIn, Customer
from bihuan.kernel import clock, paper
from bihuan.kernel.errors import Forbidden

Moment = Annotated[datetime, Meta(tz=True)]
Word = Annotated[str, Meta(max_length=32)]


class AppealIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A complaint as a public body passes it on. `own` holds the fields only this body's order has."""

    body: Annotated[str, Meta(max_length=16, description="miit, 12300, 12345 or 12315")]
    number: Annotated[str, Meta(min_length=1, max_length=64, description="The body's own number")]
    received_at: Annotated[datetime, Meta(tz=True, description="When the body took it")]
    transferred_at: Annotated[datetime, Meta(tz=True, description="When it was passed on: the limit runs from here")]
    content: Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT, description="The facts, in plain words")]
    demand: Annotated[str, Meta(max_length=4000, description="What the appellant asks for")] = ""
    reason: Annotated[str, Meta(max_length=2000, description="On what the claim rests")] = ""
    customer: Customer
    address: Annotated[str, Meta(max_length=500)] = ""
    postcode: Annotated[str, Meta(max_length=10)] = ""
    complained_number: Annotated[str, Meta(max_length=64, description="Number or account it is about")] = ""
    area: Annotated[str, Meta(max_length=100, description="Area code, unique name or full path")] = ""
    category: Annotated[str, Meta(max_length=200, description="Phenomenon code or name")] = ""
    appellant: Annotated[str, Meta(pattern="^(customer|agent)$", description="customer or agent")] = "customer"
    templated: bool = False
    dispute: Annotated[str, Meta(pattern="^(fee|other)$", description="fee or other")] = "other"
    arose_on: date | None = None
    complained_on: date | None = None
    outcome: Annotated[
        str,
        Meta(pattern="^(dissatisfied|unanswered|accepted)$", description="dissatisfied, unanswered or accepted"),
    ] = "dissatisfied"
    interested: bool = True
    named: bool = True
    settled: bool = False
    elsewhere: Annotated[
        str,
        Meta(
            pattern="^(|court|arbitration|consumer_body|agency)$",
            description="Who has the same matter already: court, arbitration, consumer_body, agency, or nobody",
        ),
    ] = ""
    earlier: Annotated[str, Meta(max_length=64, description="Number of the customer's complaint before")] = ""
    own: dict[str, str | int | float | bool | None] = {}


@transaction.atomic
def receive(viewer: Viewer, told: AppealIn) -> tuple[Case, Appeal]:
    """Register a case for the body's order, with its appeal and the body's clock. The earlier complaint must be one the
    viewer sees; `RuleError` names the field at fault."""
    appeals.find_body(told.body)
    doer = Doer.of(viewer)
    earlier = access.access_case(viewer, told.earlier) if told.earlier.strip() else None
    complaint = ComplaintIn(
        channel="regulator",
        source_system=SOURCES[told.body],
        source_number=told.number,
        content=told.content,
        demand=told.demand,
        customer=told.customer,
        relation="on_behalf" if told.appellant == "agent" else "self",
        address=told.address,
        complained_number=told.complained_number,
        area=told.area,
        category=told.category,
        urgency="important",
    )
    number = register_one(Draft(complaint, doer)).number
    case = Case.objects.select_for_update().get(number=number)
    own_fields = {one.name for one in fields(appeals.Told)}
    values = {name: getattr(told, name) for name in told.__struct_fields__ if name in own_fields}
    return case, appeals.receive(case, doer, appeals.Told(**values), earlier)


def _values(case: Case, appeal: Appeal, viewer: Viewer, letter: Letter) -> dict[str, str]:
    """What stands for the customer's data on paper: masks, or where the body is set so, plain, entered in the register."""
    masks = vault.masks_of([case.party_id]).get(case.party_id, {})
    if appeal.body.masked or not masks:
        return masks
    if not access.may(viewer, case, roles.REVEAL):
        raise Forbidden(roles.REVEAL, _("这个转办单位的答复要写明文，您没有查看明文的权限；请由有权限的人发出。"))
    text = letter.title + letter.text
    spots = {field for name, field in papers.PERSONAL.items() if f"{{{name}}}" in text}
    shown = [field for field in masks if field in spots or field in text]
    plain = customers.reveal(case.party_id, shown, viewer.staff_id, "contact", case.number) if shown else {}
    return {**masks, **plain}


def draft_sheet(case: Case, letter: Letter) -> paper.Sheet:
    """A version as it would be printed, always masked and marked as a draft."""
    masks = vault.masks_of([case.party_id]).get(case.party_id, {})
    return _sheet(case, letter, masks, _("草稿"))


def _sheet(case: Case, letter: Letter, values: dict[str, str], mark: str = "") -> paper.Sheet:
    known = {**values, **letters.numbers_of(letter.appeal, case)}
    day = local_day(letter.sent_at or clock.now())
    return papers.sheet(letter.title, letter.text, known, settings.OPERATOR_NAME, day, mark)


@transaction.atomic
def send(viewer: Viewer, case: Case, appeal: Appeal, version: int) -> CaseEvent:
    """Send a version: the Word and, where the server has a Chinese font, the PDF are kept as evidence as they leave."""
    doer, letter = Doer.of(viewer), letters.find(appeal, version)
    letters.check_ready(appeal, letter)
    sheet = _sheet(case, letter, _values(case, appeal, viewer, letter))
    name = f"申诉答复函-v{letter.version}"
    made: dict[str, Any] = {"word": ("docx", paper.word(sheet))}
    if paper.has_font():
        made["pdf"] = ("pdf", paper.pdf(sheet))
    copies = {}
    for kind, (suffix, content) in made.items():
        kept, _seq = evidence.keep(case, doer, "document", f"{name}.{suffix}", content)
        copies[kind] = kept.id
    return letters.sent(case, appeal, doer, letter, copies)
