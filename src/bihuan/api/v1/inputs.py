"""What goes into the API: filters of lists, and the body of every step. One definition checks and documents."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=64)]
Note = Annotated[str, Meta(max_length=2000, description="In plain words; personal numbers are moved into the vault")]
Moment = Annotated[datetime, Meta(tz=True)]
ChannelName = Literal[
    "hotline", "web", "wechat", "weibo", "app", "sms", "terminal", "email", "on_site", "hall", "system", "urgent",
    "regulator",
]  # fmt: skip
MeansName = Literal["call", "sms", "email", "chat", "visit"]
EvidenceKind = Literal[
    "call_record", "network_log", "recording", "photo", "document", "kpi", "alarm", "field_test", "interference",
    "signalling",
]  # fmt: skip


class _In(Struct, forbid_unknown_fields=True, kw_only=True):
    """Unknown fields are refused: a misspelt one must not be lost silently."""


class Page(_In):
    """Which complaints, in which order, from where on. The words all lists share (`cases.filters`) come beside these."""

    number: Code = ""
    source_number: Annotated[str, Meta(max_length=64)] = ""
    registered_from: Moment | None = None
    registered_to: Annotated[datetime, Meta(tz=True, description="Not included itself")] | None = None
    updated_from: Annotated[datetime, Meta(tz=True, description="Something was recorded on it since")] | None = None
    order: Literal["newest", "oldest"] = "newest"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=64, description="From the page before")] = ""


class Search(Page):
    """The same, and by a person's numbers, which never stand in an address."""

    phone: Annotated[str, Meta(max_length=64, description="Phone, contact or complained number, exactly")] = ""
    phone_part: Annotated[
        str,
        Meta(
            max_length=32,
            description="Four or more last digits (5678), or first and last ones (139*5678), of such a number; takes the "
            "right customer.reveal. Matches of the newest 10,000 cases with the same four last digits",
        ),
    ] = ""
    identity_number: Annotated[str, Meta(max_length=40)] = ""
    filters: Annotated[
        dict[str, str | list[str]], Meta(description="As in the address of GET /complaints: status, area, is …")
    ] = {}


class Acceptance(_In):
    """Scope review: accept, or decline with a reason the customer is told."""

    accepted: bool = True
    reason: Annotated[str, Meta(max_length=64, description="Code of a `decline` reason, when declined")] = ""
    note: Note = ""
    category: Annotated[str, Meta(max_length=200, description="Classify in the same step")] = ""


class Classification(_In):
    """What it is about. What is left out follows the category."""

    category: Annotated[str, Meta(min_length=1, max_length=200)]
    service_type: Literal["", "fault", "complaint", "enquiry", "request"] = ""
    urgency: Literal["", "normal", "important", "major", "urgent"] = ""
    impact: Literal["", "single", "several", "area", "wide"] = ""
    complexity: Literal["", "simple", "normal", "complex"] = ""
    product: Annotated[str, Meta(max_length=100)] = ""
    dispute: Annotated[str, Meta(max_length=100)] = ""


class DispatchTo(_In):
    """To whom: a unit, and perhaps a person in it; or `by_rule`, where the routing rules say."""

    unit: Code = ""
    handler: Annotated[str, Meta(max_length=64, description="Username of the responsible person")] = ""
    demands: Note = ""
    why: Note = ""
    by_rule: bool = False


class Recall(_In):
    """Taking a dispatch back."""

    why: Annotated[str, Meta(min_length=1, max_length=2000)]


class Separation(_In):
    """Undoing a merge."""

    why: Annotated[str, Meta(min_length=1, max_length=2000)]


class Receipt(_In):
    """Taking the order: how it can be solved."""

    assessment: Literal["", "self", "team", "verify"] = ""
    verify_with: Annotated[str, Meta(max_length=200, description="data, network, billing …")] = ""


class Return(_In):
    """Not this unit's: back to the service centre."""

    reason: Annotated[str, Meta(min_length=1, max_length=64, description="Code of a `return` reason")]
    note: Annotated[str, Meta(min_length=1, max_length=2000)]


class ContactMade(_In):
    """One contact with the customer."""

    means: MeansName
    note: Note = ""
    reached: bool = True
    recording: Annotated[str, Meta(max_length=500, description="Address or id of the recording on an allowed host")] = (
        ""
    )


class Wait(_In):
    """Waiting for an agreed reason; it resumes by itself at `until`."""

    reason: Annotated[str, Meta(min_length=1, max_length=64, description="Code of a `waiting` reason")]
    note: Note = ""
    until: Moment | None = None


class Resumption(_In):
    """What was waited for has come."""

    note: Note = ""


class EvidenceIn(_In):
    """A file, base64 in JSON; or the same fields as multipart with the file under `content`."""

    kind: EvidenceKind
    name: Annotated[str, Meta(min_length=1, max_length=200, description="File name")]
    content: Annotated[bytes, Meta(min_length=1)]


class ReplyTo(_In):
    """The answer to the customer; `final` false is the interim one that the first-reply limit may need. `despite`
    confirms a final answer while a visit or a repair is still owed (otherwise 409 `reply.standing` says which), or by
    `sms` or `email` before a call was tried (409 `reply.unphoned`). A written answer waits for `confirmations`."""

    means: MeansName
    text: Annotated[str, Meta(min_length=1, max_length=5000)]
    solution: Annotated[str, Meta(max_length=2000)] = ""
    final: bool = True
    accepted: bool | None = None
    despite: bool = False


class ConfirmationOf(_In):
    """The customer said that the written answer arrived: in a call, a visit or a chat, and what she said."""

    means: Literal["call", "visit", "chat"]
    note: Annotated[str, Meta(min_length=1, max_length=2000)]


class ClosingReview(_In):
    """Cause, evidence kinds and the three causes of loss, as far as the category's closing rule asks for them
    (`closure.incomplete` names what lacks)."""

    cause: Annotated[str, Meta(max_length=200, description="Code in the cause tree")] = ""
    evidence_kinds: list[Literal["kpi", "alarm", "field_test", "interference", "signalling"]] = []
    value_cause: bool = False
    system_cause: bool = False
    people_cause: bool = False
    proof: Annotated[str, Meta(max_length=500, description="Where the proof lies, when no file is attached")] = ""


class RevisitMade(_In):
    """A call-back. Dissatisfied sends it back; `closing` closes it when the customer is content."""

    reached: bool = True
    satisfaction: Literal["", "satisfied", "neutral", "dissatisfied"] = ""
    root_solved: bool | None = None
    left_over: bool = False
    means: MeansName = "call"
    note: Note = ""
    closing: ClosingReview | None = None
    again_at: Moment | None = None
    """Not reached, or at a bad time: when she asked to be called."""
    answers: dict[str, Annotated[str, Meta(max_length=1000)]] = {}
    """To the further questions of the category's rule, by question."""


class Closing(ClosingReview):
    """The closing review."""

    note: Note = ""


class ClosingAsked(ClosingReview, kw_only=True):
    """A closing without a satisfied customer: nothing closes until the approver confirms it."""

    exception: Annotated[str, Meta(min_length=1, max_length=64, description="Code of an `exception` reason")]
    approved_by: Annotated[str, Meta(min_length=1, max_length=64, description="Username of who is to decide")]
    note: Annotated[str, Meta(min_length=1, max_length=2000)]


class ClosingDecision(_In):
    """The approver's word; a refusal says why."""

    approved: bool
    why: Note = ""


class ReopeningOf(_In):
    """Back to handling."""

    reason: Literal["dissatisfied", "rejected", "supervision", "recurred"]
    note: Note = ""


class WithdrawalOf(_In):
    """The customer ends it, proven by a call or a letter."""

    proven_by: Literal["call", "letter"]
    note: Annotated[str, Meta(min_length=1, max_length=2000)]


class ChaserIn(_In):
    """The customer asks again."""

    channel: ChannelName
    text: Note = ""


class MaterialIn(_In):
    """Words the customer adds, and perhaps a file already kept as evidence of this complaint."""

    channel: ChannelName
    text: Annotated[str, Meta(max_length=5000)] = ""
    evidence: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None


class MergeInto(_In):
    """The other open complaint of the same customer that will answer for both."""

    into: Annotated[str, Meta(min_length=1, max_length=64)]
    why: Note = ""


class RevealOf(_In):
    """Which sealed fields, and what for; both are written into the use register."""

    fields: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    purpose: Literal["contact", "verify", "visit", "correct", "audit"]


class AreasOf(_In):
    """Areas below one, or of one level."""

    parent: Annotated[str, Meta(max_length=20)] = ""
    level: Annotated[int, Meta(ge=1, le=4)] | None = None


class ReasonsOf(_In):
    """Reasons of one kind."""

    kind: Literal["", "decline", "return", "waiting", "reopen", "exception"] = ""


class Nothing(_In):
    """No parameters."""
