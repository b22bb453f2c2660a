"""What goes into the operations of oversight, and what comes out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Note, _In
from bihuan.api.v1.operation import Call
from bihuan.api.v1.rendering import Names
from bihuan.api.v1.shapes import Named
from bihuan.oversight import queries
from bihuan.oversight.models import Demand, Evaluation, Leak, Patrol

Area = Annotated[str, Meta(max_length=200, description="Code or name of an area; empty for none")]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Severity = Literal["", "minor", "serious", "grave"]
Number = Annotated[str, Meta(pattern=r"^[0-9]{1,5}(\.[0-9]{1,2})?$", description="Points, e.g. 17.5")]


class PointTold(_In):
    """One line: `ok` on a patrol, `score` of `most` in an evaluation; with `due` it becomes a demand."""

    name: Line
    ok: bool | None = None
    score: Number | None = None
    most: Number | None = None
    finding: Note = ""
    severity: Severity = ""
    due: date | None = None


class PatrolTold(_In):
    """A visit."""

    day: date
    site: Literal["unit", "hall", "channel", "partner", "field"]
    place: Line
    unit: Code
    area: Area = ""
    company: Annotated[str, Meta(max_length=200)] = ""
    summary: Note = ""
    complaints: Annotated[list[Code], Meta(max_length=50)] = []
    points: Annotated[list[PointTold], Meta(max_length=40)] = []


class EvaluationTold(_In):
    """What a body outside found; `file` is its report."""

    body: Line
    title: Line
    first_day: date
    last_day: date
    unit: Code
    area: Area = ""
    summary: Note = ""
    complaints: Annotated[list[Code], Meta(max_length=50)] = []
    points: Annotated[list[PointTold], Meta(max_length=40)] = []
    file_name: Annotated[str, Meta(max_length=200)] = ""
    file: Annotated[bytes, Meta(description="Base64")] = b""


class RectificationStep(_In):
    """`report` what was done; `accept` it, or `refuse` it with a reason and perhaps another day."""

    step: Literal["report", "accept", "refuse"]
    text: Note = ""
    due: date | None = None


class LeakTold(_In):
    """A leak; kinds of data, never the data. `staff` is a username, `name` somebody without an account."""

    found_on: date
    found_by: Code
    kinds: Annotated[list[Code], Meta(min_length=1, max_length=20)]
    answerable: Literal["staff", "agent", "partner"]
    unit: Code
    account: Annotated[str, Meta(min_length=1, max_length=2000)]
    staff: Code = ""
    name: Annotated[str, Meta(max_length=100)] = ""
    people: Annotated[int, Meta(ge=0, le=2_000_000_000)] | None = None
    measures: Note = ""
    complaints: Annotated[list[Code], Meta(max_length=50)] = []


class LeakStep(_In):
    """`note` what came to light, or `sanction`: which, decided by whom, on which day."""

    step: Literal["note", "sanction"]
    text: Note = ""
    sanctions: Annotated[list[Code], Meta(max_length=20)] = []
    decided_by: Annotated[str, Meta(max_length=200)] = ""
    decided_on: date | None = None


class OversightPage(_In):
    """From where on."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=64, description="From the page before")] = ""


class RectificationPage(OversightPage):
    """Which of them, from where on."""

    show: Literal["", "open", "late", "reported", "accepted"] = "open"


class PatrolOut(Struct, kw_only=True):
    """A visit."""

    id: int
    day: date
    site: str
    place: str
    unit: Named | None
    area: Named | None
    by: str | None
    company: str
    summary: str


class EvaluationOut(Struct, kw_only=True):
    """An evaluation; `sha256` proves its report unchanged, empty without one."""

    id: int
    body: str
    title: str
    first_day: date
    last_day: date
    unit: Named | None
    area: Named | None
    score: str | None
    summary: str
    file_name: str
    sha256: str


class RectificationOut(Struct, kw_only=True):
    """What a unit has to put right."""

    id: int
    unit: Named | None
    text: str
    severity: str
    state: str
    due_on: date
    patrol: int | None
    evaluation: int | None
    asked_by: str | None
    asked_at: datetime
    report: str
    reported_at: datetime | None
    refusals: int
    accepted_at: datetime | None


class LeakOut(Struct, kw_only=True):
    """A leak and its sanction."""

    id: int
    found_on: date
    found_by: str
    kinds: list[str]
    people: int | None
    answerable: str
    unit: Named | None
    staff: str | None
    name: str
    account: str
    measures: str
    complaints: list[str]
    sanctions: list[str]
    decided_by: str
    decided_on: date | None


class PatrolPage(Struct, kw_only=True):
    """Newest first; `after` is the key of the next page, empty on the last."""

    items: list[PatrolOut]
    after: str


class EvaluationPage(Struct, kw_only=True):
    """The latest first; `after` as everywhere."""

    items: list[EvaluationOut]
    after: str


class RectificationList(Struct, kw_only=True):
    """The nearest day first; `after` as everywhere."""

    items: list[RectificationOut]
    after: str


class LeakPage(Struct, kw_only=True):
    """Newest first; `after` as everywhere."""

    items: list[LeakOut]
    after: str


def shown_patrol(one: Patrol, names: Names) -> PatrolOut:
    """One visit."""
    return PatrolOut(
        id=one.pk, day=one.day, site=one.site, place=one.place, unit=names.unit(one.unit_id),
        area=names.area(one.area_id), by=names.username(one.made_by_id), company=one.company, summary=one.summary,
    )  # fmt: skip


def shown_evaluation(one: Evaluation, names: Names) -> EvaluationOut:
    """One evaluation without its report."""
    return EvaluationOut(
        id=one.pk, body=one.body, title=one.title, first_day=one.first_day, last_day=one.last_day,
        unit=names.unit(one.unit_id), area=names.area(one.area_id),
        score=None if one.score is None else str(one.score), summary=one.summary,
        file_name=one.file_name, sha256=bytes(one.digest).hex(),
    )  # fmt: skip


def shown_demand(one: Demand, names: Names) -> RectificationOut:
    """One demand."""
    return RectificationOut(
        id=one.pk, unit=names.unit(one.unit_id), text=one.text, severity=one.severity, state=one.state,
        due_on=one.due_on, patrol=one.patrol_id, evaluation=one.evaluation_id, asked_by=names.username(one.asked_by_id),
        asked_at=one.asked_at, report=one.report, reported_at=one.reported_at, refusals=one.refusals,
        accepted_at=one.accepted_at,
    )  # fmt: skip


def shown_leak(call: Call, one: Leak) -> LeakOut:
    """One leak."""
    return shown_leaks(call, [one])[0]


def shown_leaks(call: Call, found: Sequence[Leak]) -> list[LeakOut]:
    """Leaks with the numbers of the cases this caller may see."""
    names, numbers = Names(), queries.numbers_by_id(call.viewer, {ident for one in found for ident in one.case_ids})
    return [
        LeakOut(
            id=one.pk, found_on=one.found_on, found_by=one.found_by, kinds=one.kinds, people=one.people,
            answerable=one.answerable, unit=names.unit(one.unit_id), staff=names.username(one.staff_id), name=one.name,
            account=one.account, measures=one.measures,
            complaints=sorted(numbers[ident] for ident in one.case_ids if ident in numbers),
            sanctions=one.sanctions, decided_by=one.decided_by, decided_on=one.decided_on,
        )
        for one in found
    ]  # fmt: skip
