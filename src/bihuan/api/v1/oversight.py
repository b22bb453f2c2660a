"""Oversight over the API: patrols, third-party evaluations, what has to be put right, leaks. Pages along a key."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names
from bihuan.api.v1.shapes import Named
from bihuan.api.v1.steps import _person as person
from bihuan.cases.actions import Doer
from bihuan.identity import audit, book, roles
from bihuan.kernel.errors import RuleError
from bihuan.oversight import actions, leaks, queries
from bihuan.oversight.models import Demand, Evaluation, Leak, Patrol
from bihuan.oversight.rules import EvaluationIn, LeakIn, PatrolIn, PointIn

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


def patrol_list(call: Call) -> Answer:
    """`GET /patrols`."""
    found, after = queries.page_of_patrols(call.viewer, call.query.limit, call.query.after)
    names = Names()
    return Answer(PatrolPage(items=[_patrol(one, names) for one in found], after=after))


def patrol(call: Call) -> Answer:
    """`POST /patrols`."""
    told: PatrolTold = call.body
    queries.inspector(call.viewer)
    made = actions.patrol(
        PatrolIn(
            day=told.day, site=told.site, place=told.place, unit_id=_unit(told.unit), company=told.company,
            summary=told.summary, case_ids=queries.cases_named(call.viewer, told.complaints),
            points=[_point(one) for one in told.points],
        ),
        Doer.of(call.viewer),
    )  # fmt: skip
    return Answer(_patrol(made, Names()))


def evaluation_list(call: Call) -> Answer:
    """`GET /evaluations`."""
    found, after = queries.page_of_evaluations(call.viewer, call.query.limit, call.query.after)
    names = Names()
    return Answer(EvaluationPage(items=[_evaluation(one, names) for one in found], after=after))


def evaluation(call: Call) -> Answer:
    """`POST /evaluations`."""
    told: EvaluationTold = call.body
    queries.inspector(call.viewer)
    made = actions.evaluation(
        EvaluationIn(
            body=told.body, title=told.title, first_day=told.first_day, last_day=told.last_day,
            unit_id=_unit(told.unit), summary=told.summary,
            case_ids=queries.cases_named(call.viewer, told.complaints), points=[_point(one) for one in told.points],
        ),
        Doer.of(call.viewer),
        (told.file_name, told.file) if told.file else None,
    )  # fmt: skip
    return Answer(_evaluation(made, Names()))


def rectification_list(call: Call) -> Answer:
    """`GET /rectifications`."""
    found, after = queries.page_of_demands(call.viewer, call.query.show, call.query.limit, call.query.after)
    names = Names()
    return Answer(RectificationList(items=[_demand(one, names) for one in found], after=after))


def rectify(call: Call) -> Answer:
    """`POST /rectifications/{id}/steps`."""
    told: RectificationStep = call.body
    held, doer = queries.access_demand(call.viewer, int(call.places["id"])), Doer.of(call.viewer)
    if told.step == "report":
        queries.must(queries.may_report(call.viewer, held))
        return Answer(_demand(actions.report(held.pk, doer, told.text), Names()))
    queries.must(queries.may_judge(call.viewer, held))
    return Answer(_demand(actions.judge(held.pk, doer, told.step == "accept", told.text, told.due), Names()))


def leak_list(call: Call) -> Answer:
    """`GET /leaks`: written down, as every reading of them is."""
    found, after = queries.page_of_leaks(call.viewer, call.query.limit, call.query.after)
    _read(call, "list")
    return Answer(LeakPage(items=_leaks(call, found), after=after))


def leak(call: Call) -> Answer:
    """`POST /leaks`."""
    told: LeakTold = call.body
    made = leaks.record(
        LeakIn(
            found_on=told.found_on, found_by=told.found_by, kinds=told.kinds, answerable=told.answerable,
            unit_id=_unit(told.unit), account=told.account, name=told.name, people=told.people, measures=told.measures,
            staff_id=person(told.staff, "staff") if told.staff else None,
            case_ids=queries.cases_named(call.viewer, told.complaints),
        ),
        Doer.of(call.viewer),
    )  # fmt: skip
    return Answer(_leak(call, made))


def leak_step(call: Call) -> Answer:
    """`POST /leaks/{id}/steps`."""
    told: LeakStep = call.body
    held, doer = queries.access_leak(call.viewer, int(call.places["id"])), Doer.of(call.viewer)
    _read(call, str(held.pk))
    if told.step == "note":
        return Answer(_leak(call, leaks.note(held.pk, doer, told.text)))
    if told.decided_on is None:
        raise RuleError("oversight.decided_on", _now("请写明决定日期。"), field="decided_on")
    return Answer(
        _leak(call, leaks.sanction(held.pk, doer, told.sanctions, told.decided_by, told.decided_on, told.text))
    )


def _read(call: Call, what: str) -> None:
    audit.record(
        "leak", actor_id=call.viewer.staff_id, actor_name=call.viewer.name, subject=f"leak {what}", address=call.address
    )


def _unit(code: str) -> int:
    found = book.units().by_code.get(code)
    if found is None:
        raise RuleError("oversight.unit", _now("没有这个部门代码，请核对。"), field="unit")
    return found.id


def _point(told: PointTold) -> PointIn:
    score, most = (Decimal(one) if one is not None else None for one in (told.score, told.most))
    return PointIn(told.name, told.ok, score, most, told.finding, told.severity, told.due)


def _patrol(one: Patrol, names: Names) -> PatrolOut:
    return PatrolOut(
        id=one.pk, day=one.day, site=one.site, place=one.place, unit=names.unit(one.unit_id),
        by=names.username(one.made_by_id), company=one.company, summary=one.summary,
    )  # fmt: skip


def _evaluation(one: Evaluation, names: Names) -> EvaluationOut:
    return EvaluationOut(
        id=one.pk, body=one.body, title=one.title, first_day=one.first_day, last_day=one.last_day,
        unit=names.unit(one.unit_id), score=None if one.score is None else str(one.score), summary=one.summary,
        file_name=one.file_name, sha256=bytes(one.digest).hex(),
    )  # fmt: skip


def _demand(one: Demand, names: Names) -> RectificationOut:
    return RectificationOut(
        id=one.pk, unit=names.unit(one.unit_id), text=one.text, severity=one.severity, state=one.state,
        due_on=one.due_on, patrol=one.patrol_id, evaluation=one.evaluation_id, asked_by=names.username(one.asked_by_id),
        asked_at=one.asked_at, report=one.report, reported_at=one.reported_at, refusals=one.refusals,
        accepted_at=one.accepted_at,
    )  # fmt: skip


def _leak(call: Call, one: Leak) -> LeakOut:
    return _leaks(call, [one])[0]


def _leaks(call: Call, found: Sequence[Leak]) -> list[LeakOut]:
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


_TAG = "oversight"
OPERATIONS = (
    Operation(
        "GET", "/patrols", "listPatrols", _TAG, _("巡查，新的在前，按键翻页"), queries.READERS, patrol_list, PatrolPage,
        query=OversightPage,
    ),
    Operation(
        "POST", "/patrols", "recordPatrol", _TAG, _("登记巡查；写了期限的问题即成为整改要求"), (roles.PATROL,), patrol, PatrolOut,
        body=PatrolTold, status=201,
        example={
            "day": "2026-11-20", "site": "hall", "place": "湖塘营业厅", "unit": "cz.service",
            "points": [{"name": "资费公示齐全", "ok": False, "finding": "公示栏缺三档套餐", "due": "2026-12-01"}],
        },
    ),
    Operation(
        "GET", "/evaluations", "listEvaluations", _TAG, _("第三方评估，新的在前，按键翻页"), queries.READERS, evaluation_list,
        EvaluationPage, query=OversightPage,
    ),
    Operation(
        "POST", "/evaluations", "recordEvaluation", _TAG, _("登记第三方评估和报告原件"), (roles.PATROL,), evaluation,
        EvaluationOut, body=EvaluationTold, status=201, most_bytes=12 * 1024 * 1024,
        example={
            "body": "某测评公司", "title": "三季度服务测评", "first_day": "2026-07-01", "last_day": "2026-09-30",
            "unit": "cz.service", "points": [{"name": "响应和处理及时", "score": "17.5", "most": "20"}],
        },
    ),
    Operation(
        "GET", "/rectifications", "listRectifications", _TAG, _("整改要求，期限近的在前，按键翻页"), queries.READERS,
        rectification_list, RectificationList, query=RectificationPage,
    ),
    Operation(
        "POST", "/rectifications/{id}/steps", "stepRectification", _TAG, _("报整改结果，验收通过或退回"), queries.READERS,
        rectify, RectificationOut, body=RectificationStep, status=201, example={"step": "report", "text": "公示栏已补齐。"},
    ),
    Operation(
        "GET", "/leaks", "listLeaks", _TAG, _("泄密和处罚，每次查看都记入审计日志"), (roles.LEAK,), leak_list, LeakPage,
        query=OversightPage,
    ),
    Operation(
        "POST", "/leaks", "recordLeak", _TAG, _("登记泄密：哪类信息，不写信息本身"), (roles.LEAK,), leak, LeakOut, body=LeakTold,
        status=201,
        example={
            "found_on": "2026-11-20", "found_by": "complaint", "kinds": ["phone", "bill"], "answerable": "agent",
            "unit": "cz.marketing", "name": "某代理网点", "account": "网点员工把客户登记表拍照发到群里。",
        },
    ),
    Operation(
        "POST", "/leaks/{id}/steps", "stepLeak", _TAG, _("补充情况，或记录处理决定"), (roles.LEAK,), leak_step, LeakOut,
        body=LeakStep, status=201,
        example={"step": "sanction", "sanctions": ["deduction"], "decided_by": "公司纪委", "decided_on": "2026-11-21"},
    ),
)  # fmt: skip
