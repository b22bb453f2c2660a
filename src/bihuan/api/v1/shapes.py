"""What comes out of the API."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct


class Named(Struct, kw_only=True):
    """A code with its name in the reader's language."""

    code: str
    name: str


class Due(Struct, kw_only=True):
    """The nearest time limit: when, which promise, whose (`operator`, `unit` or `regulator`)."""

    at: datetime
    policy: str
    owner: str


class CaseSummary(Struct, kw_only=True):
    """A complaint as a list shows it. `gist` is the beginning of its words, personal numbers masked."""

    number: str
    href: str
    status: str
    status_name: str
    version: int
    channel: str
    source_system: str
    source_number: str
    gist: str
    area: Named | None
    category: Named | None
    urgency: str
    priority: int
    unit: Named | None
    handler: str | None
    registered_at: datetime
    promised_at: datetime | None
    replied_at: datetime | None
    ended_at: datetime | None
    next_due: Due | None
    paused: bool


class CaseList(Struct, kw_only=True):
    """One page. `next` is the address of the next one, `after` its key alone; both null on the last."""

    items: list[CaseSummary]
    next: str | None
    after: str | None


class CustomerMark(Struct, kw_only=True):
    """A mark that stands on the customer, `professional` or `notorious`, until it is reviewed; for staff only."""

    kind: str
    review_on: date


class CustomerMasked(Struct, kw_only=True):
    """Who complains, masked; `POST …/reveals` opens a field for a stated purpose."""

    name: str
    identity_number: str
    phone: str
    other_contact: str
    level: int
    mark: CustomerMark | None


class Position(Struct, kw_only=True):
    """Degrees in the named system."""

    lat: float
    lon: float
    datum: str


class ClockOut(Struct, kw_only=True):
    """One time limit. Times are seconds of the promise's own calendar; `tone`: ok, soon, late, paused, met, …"""

    policy: str
    name: str
    owner: str
    state: str
    tone: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    granted_seconds: int
    used_seconds: int
    paused_seconds: int
    overdue_seconds: int


class EventOut(Struct, kw_only=True):
    """One fact: who (null: the customer or the platform), when, what, why, from where."""

    seq: int
    kind: str
    name: str
    at: datetime
    recorded_at: datetime
    actor: Named | None
    unit: Named | None
    source: str
    why: str
    details: dict[str, Any]


class NextStep(Struct, kw_only=True):
    """A step this caller may take now, and where to post it."""

    step: str
    name: str
    href: str


class EvidenceOut(Struct, kw_only=True):
    """A file kept sealed; `sha256` proves it unchanged. `scan`: `clean`, `unscanned`, or `infected` (shut away)."""

    id: int
    href: str
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    by: str | None
    from_customer: bool
    scan: str


class CaseDetail(CaseSummary, kw_only=True):
    """A complaint with everything its reader may see, personal data masked."""

    called_hotline: str
    customer: CustomerMasked
    relation: str
    content: str
    demand: str
    occurred_at: datetime | None
    frequency: str
    address: str
    location: Position | None
    product: Named | None
    complained_number: str
    calling_number: str
    called_number: str
    terminal: str
    suggested_category: Named | None
    suggested_score: float | None
    service_type: str
    dispute: Named | None
    cause: Named | None
    impact: str
    complexity: str
    flags: list[str]
    extra: dict[str, Any]
    satisfaction: str | None
    registered_by: str | None
    customer_contact: str | None
    registered_unit: Named | None
    accepted_at: datetime | None
    dispatched_at: datetime | None
    received_at: datetime | None
    first_reply_at: datetime | None
    revisited_at: datetime | None
    limit_at: datetime | None
    dispatches: int
    returns: int
    reopenings: int
    chasers: int
    replies: int
    repeat_of: str | None
    merged_into: str | None
    clocks: list[ClockOut]
    events: list[EventOut]
    evidence: list[EvidenceOut]
    allowed: list[NextStep]


class CaseAnswer(Struct, kw_only=True):
    """How the complaint stands after a step, and the event the step left."""

    complaint: CaseSummary
    event: int


class EvidenceKept(Struct, kw_only=True):
    """The file as kept, and how the complaint stands."""

    evidence: EvidenceOut
    complaint: CaseSummary


class EvidenceList(Struct, kw_only=True):
    """All files of a complaint."""

    items: list[EvidenceOut]


class Revealed(Struct, kw_only=True):
    """The plain values asked for; nothing of this may be cached."""

    number: str
    fields: dict[str, str]


class AreaOut(Struct, kw_only=True):
    """An area: level 1 province, 2 city, 3 district, 4 grid."""

    code: str
    name: str
    name_en: str
    level: int
    parent: str | None


class NodeOut(Struct, kw_only=True):
    """An entry of a tree."""

    code: str
    name: str
    name_en: str
    level: int
    parent: str | None
    leaf: bool


class UnitOut(Struct, kw_only=True):
    """A unit in use."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None


class ReasonOut(Struct, kw_only=True):
    """A reason to choose. `pauses`: clocks that may pause stand still."""

    kind: str
    code: str
    name: str
    name_en: str
    pauses: bool


class Areas(Struct, kw_only=True):
    """Areas."""

    items: list[AreaOut]


class Nodes(Struct, kw_only=True):
    """Entries of one tree, parents before children."""

    items: list[NodeOut]


class Units(Struct, kw_only=True):
    """Units."""

    items: list[UnitOut]


class Reasons(Struct, kw_only=True):
    """Reasons."""

    items: list[ReasonOut]


class FieldError(Struct, kw_only=True):
    """One field at fault."""

    field: str
    code: str
    message: str


class Problem(Struct, kw_only=True, omit_defaults=True):
    """RFC 9457: what is wrong, at which field, and what to do about it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str = ""
    errors: list[FieldError] = []
    data: dict[str, Any] = {}
