"""Who complains for the customer, and what the customer signed, over the API. Handlers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import CaseAnswer
from bihuan.api.v1.steps import step
from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.handling import callers, signing
from bihuan.identity import roles


class CallerCheckIn(_In, kw_only=True):
    """Who she is, how it was checked: a `code` read back, questions `answered` rightly, or a document named in `note`."""

    who: Annotated[str, Meta(min_length=1, max_length=50)]
    relation: Literal["family", "friend", "colleague", "lawyer", "other"]
    means: Literal["code", "answers", "document"]
    code: Annotated[str, Meta(max_length=12)] = ""
    answered: list[Literal["identity", "address", "bill", "since", "plan", "recharge"]] = []
    note: Note = ""


class Nothing(_In):
    """Nothing to say."""


class SignatureIn(_In, kw_only=True):
    """A signature from another program's device: `picture` is a PNG of at most 512 KB."""

    kind: Literal["work", "settlement"]
    details: Annotated[str, Meta(min_length=1, max_length=2000, description="What was done or agreed")]
    picture: bytes
    signer: Literal["customer", "relative"] = "customer"


class SignatureOut(Struct, kw_only=True):
    """What was signed; `holds` tells whether words, picture, time and place are still those that were signed."""

    id: int
    kind: str
    at: datetime
    by: str | None
    signer: str
    place: str
    text: str
    evidence: int
    digest: str
    holds: bool


class Signatures(Struct, kw_only=True):
    """All of a complaint, newest first."""

    items: list[SignatureOut]


def check(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST …/caller-checks`: a check that did not hold is kept too; the event says which."""
    callers.check(
        case, doer, told.who, told.relation, told.means, code=told.code, answered=told.answered, note=told.note
    )
    return _last(case)


def send_code(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST …/caller-codes`."""
    return callers.send_code(case, doer)


def sign(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST …/signatures`."""
    signing.sign(case, doer, told.kind, told.details, told.picture, signer=told.signer)
    return _last(case)


def _last(case: Case) -> CaseEvent:
    return CaseEvent.objects.get(case_id=case.id, seq=case.event_count)


def signatures(call: Call) -> Answer:
    """`GET …/signatures`."""
    case = access_case(call.viewer, call.places["number"])
    masks, names = customers.masks_of([case.party_id]).get(case.party_id, {}), Names()
    items = [
        SignatureOut(
            id=one.pk, kind=one.kind, at=one.at, by=names.username(one.by_id), signer=one.signer, place=one.place,
            text=masked(one.text, masks), evidence=one.evidence_id, digest=bytes(one.digest).hex(), holds=signing.holds(one),
        )
        for one in signing.of_case(case.id)
    ]  # fmt: skip
    return Answer(Signatures(items=items))


_CASE = "/complaints/{number}"
OPERATIONS = (
    Operation(
        "POST", f"{_CASE}/caller-checks", "checkCaller", "steps", _("核实代办人：验证码、问题或证明"), (roles.CHASE,),
        step(roles.CHASE, check), CaseAnswer, body=CallerCheckIn, status=201, of_case=True,
        example={"who": "王刚", "relation": "family", "means": "answers", "answered": ["identity", "address"]},
    ),
    Operation(
        "POST", f"{_CASE}/caller-codes", "sendCallerCode", "steps", _("把核实验证码发到机主手机"), (roles.CHASE,),
        step(roles.CHASE, send_code), CaseAnswer, body=Nothing, status=201, of_case=True,
    ),
    Operation(
        "POST", f"{_CASE}/signatures", "addSignature", "evidence", _("保存客户签名"), (roles.HANDLE,),
        step(roles.HANDLE, sign, together=True), CaseAnswer, body=SignatureIn, status=201, of_case=True,
        most_bytes=1024 * 1024, example={"kind": "work", "details": "更换分路器一只", "picture": "iVBORw0KGgo="},
    ),
    Operation(
        "GET", f"{_CASE}/signatures", "listSignatures", "evidence", _("列出客户签名及其是否未被改动"), (roles.READ,), signatures,
        Signatures, of_case=True,
    ),
)  # fmt: skip
