"""After closing, over the API: care calls, interviews, and what customers rated."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import masked
from bihuan.api.v1.shapes import CaseAnswer
from bihuan.api.v1.steps import step
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.flow import aftercare
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError
from bihuan.revisit import interviews, surveys
from bihuan.revisit.models import Sheet


class CareCall(_In, kw_only=True):
    """How a care call went; when the problem is back, `then` says what follows."""

    outcome: Literal["fine", "back", "unreached", "refused"]
    satisfaction: Annotated[int, Meta(ge=1, le=3)] | None = None
    note: Note = ""
    then: Literal["", "reopen", "complaint"] = ""


class InterviewHeld(_In, kw_only=True):
    """One sheet filled in: answers in the order of its questions, empty where nothing was said."""

    sheet: Annotated[str, Meta(min_length=1, max_length=24, description="Code of an interview sheet")]
    answers: Annotated[list[Annotated[str, Meta(max_length=1000)]], Meta(max_length=20)]


class RatingsOf(_In):
    """Which ratings, the newest first."""

    bad: bool = False
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[int, Meta(ge=0, le=10**15, description="From the page before")] = 0


class Rating(Struct, kw_only=True):
    """One rating; scores from 1 to 5, `bad` by the rule of its category."""

    complaint: str
    answered_at: datetime
    score: int
    solved: bool | None
    attitude: int | None
    speed: int | None
    communication: int | None
    words: str
    bad: bool


class Ratings(Struct, kw_only=True):
    """A page; `after` is null on the last."""

    items: list[Rating]
    after: int | None


def care_calls(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST /complaints/{number}/care-calls`."""
    return aftercare.care_called(
        case, doer, told.outcome, satisfaction=told.satisfaction, note=told.note, then=told.then
    )


def holding(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST /complaints/{number}/interviews`."""
    sheet = Sheet.objects.filter(code=told.sheet, active=True).first()
    if sheet is None or len(told.answers) != len(sheet.questions):
        raise RuleError("interview.sheet", _now("请选择在用的访谈表，答案个数要与问题一致。"), field="answers")
    return interviews.hold(case, doer, sheet, told.answers)


def ratings(call: Call) -> Answer:
    """`GET /ratings`."""
    wanted: RatingsOf = call.query
    found = surveys.sent_to(call.viewer, None, None).filter(answered_at__isnull=False).order_by("-id")
    found = found.filter(bad=True) if wanted.bad else found
    rows = list((found.filter(id__lt=wanted.after) if wanted.after else found)[: wanted.limit + 1])
    page = rows[: wanted.limit]
    cases = Case.objects.in_bulk([row.case_id for row in page])
    masks = customers.masks_of(case.party_id for case in cases.values())
    items = [
        Rating(
            complaint=cases[row.case_id].number, answered_at=row.answered_at, score=row.score, solved=row.solved,
            attitude=row.attitude, speed=row.speed, communication=row.communication, bad=row.bad,
            words=masked(row.words, masks.get(cases[row.case_id].party_id, {})),
        )
        for row in page
        if row.case_id in cases and row.answered_at is not None and row.score is not None
    ]  # fmt: skip
    return Answer(Ratings(items=items, after=page[-1].pk if len(rows) > wanted.limit else None))


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/care-calls", "careCall", "steps", _("记录关怀回访；问题又出现时转回或另立投诉"),
        (roles.REVISIT,), step(roles.REVISIT, care_calls), CaseAnswer, body=CareCall, status=201, of_case=True,
        example={"outcome": "fine", "satisfaction": 3, "note": "使用正常"},
    ),
    Operation(
        "POST", "/complaints/{number}/interviews", "interview", "steps", _("记录一份访谈表"), (roles.REVISIT,),
        step(roles.REVISIT, holding), CaseAnswer, body=InterviewHeld, status=201, of_case=True,
        example={"sheet": "visit", "answers": ["热线", "yes", "4", ""]},
    ),
    Operation(
        "GET", "/ratings", "listRatings", "figures", _("列出客户评价"), (roles.FIGURES, roles.REVISIT), ratings, Ratings,
        query=RatingsOf,
    ),
)  # fmt: skip
