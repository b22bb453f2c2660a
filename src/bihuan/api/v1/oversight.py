"""Oversight over the API: patrols, third-party evaluations, what has to be put right, leaks. Pages along a key."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.oversight_shapes import (
    EvaluationOut,
    EvaluationPage,
    EvaluationTold,
    LeakOut,
    LeakPage,
    LeakStep,
    LeakTold,
    OversightPage,
    PatrolOut,
    PatrolPage,
    PatrolTold,
    PointTold,
    RectificationList,
    RectificationOut,
    RectificationPage,
    RectificationStep,
    shown_demand,
    shown_evaluation,
    shown_leak,
    shown_leaks,
    shown_patrol,
)
from bihuan.api.v1.rendering import Names
from bihuan.api.v1.steps import _person as person
from bihuan.cases.actions import Doer
from bihuan.catalog import snapshot as catalog
from bihuan.identity import audit, book, roles
from bihuan.kernel.errors import RuleError
from bihuan.oversight import actions, leaks, queries
from bihuan.oversight.rules import EvaluationIn, LeakIn, PatrolIn, PointIn


def patrol_list(call: Call) -> Answer:
    """`GET /patrols`."""
    found, after = queries.page_of_patrols(call.viewer, call.query.limit, call.query.after)
    names = Names()
    return Answer(PatrolPage(items=[shown_patrol(one, names) for one in found], after=after))


def patrol(call: Call) -> Answer:
    """`POST /patrols`."""
    told: PatrolTold = call.body
    held = PatrolIn(day=told.day, site=told.site, place=told.place, company=told.company, **_inspected(call, told))
    made = actions.patrol(held, Doer.of(call.viewer))
    return Answer(shown_patrol(made, Names()))


def evaluation_list(call: Call) -> Answer:
    """`GET /evaluations`."""
    found, after = queries.page_of_evaluations(call.viewer, call.query.limit, call.query.after)
    names = Names()
    return Answer(EvaluationPage(items=[shown_evaluation(one, names) for one in found], after=after))


def evaluation(call: Call) -> Answer:
    """`POST /evaluations`."""
    told: EvaluationTold = call.body
    held = EvaluationIn(
        body=told.body, title=told.title, first_day=told.first_day, last_day=told.last_day, **_inspected(call, told)
    )
    made = actions.evaluation(held, Doer.of(call.viewer), (told.file_name, told.file) if told.file else None)
    return Answer(shown_evaluation(made, Names()))


def _inspected(call: Call, told: PatrolTold | EvaluationTold) -> dict[str, Any]:
    """What is told alike of a visit and of an evaluation, by one who may record them."""
    queries.inspector(call.viewer)
    return {
        "unit_id": _unit(told.unit),
        "area_id": _area(told.area),
        "summary": told.summary,
        "case_ids": queries.cases_named(call.viewer, told.complaints),
        "points": [_point(one) for one in told.points],
    }


def rectification_list(call: Call) -> Answer:
    """`GET /rectifications`."""
    found, after = queries.page_of_demands(call.viewer, call.query.show, call.query.limit, call.query.after)
    names = Names()
    return Answer(RectificationList(items=[shown_demand(one, names) for one in found], after=after))


def rectify(call: Call) -> Answer:
    """`POST /rectifications/{id}/steps`."""
    told: RectificationStep = call.body
    held, doer = queries.access_demand(call.viewer, int(call.places["id"])), Doer.of(call.viewer)
    if told.step == "report":
        queries.must(queries.may_report(call.viewer, held))
        return Answer(shown_demand(actions.report(held.pk, doer, told.text), Names()))
    queries.must(queries.may_judge(call.viewer, held))
    return Answer(shown_demand(actions.judge(held.pk, doer, told.step == "accept", told.text, told.due), Names()))


def leak_list(call: Call) -> Answer:
    """`GET /leaks`: written down, as every reading of them is."""
    found, after = queries.page_of_leaks(call.viewer, call.query.limit, call.query.after)
    _read(call, "list")
    return Answer(LeakPage(items=shown_leaks(call, found), after=after))


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
    return Answer(shown_leak(call, made))


def leak_step(call: Call) -> Answer:
    """`POST /leaks/{id}/steps`."""
    told: LeakStep = call.body
    held, doer = queries.access_leak(call.viewer, int(call.places["id"])), Doer.of(call.viewer)
    _read(call, str(held.pk))
    if told.step == "note":
        return Answer(shown_leak(call, leaks.note(held.pk, doer, told.text)))
    if told.decided_on is None:
        raise RuleError("oversight.decided_on", _now("请写明决定日期。"), field="decided_on")
    return Answer(
        shown_leak(call, leaks.sanction(held.pk, doer, told.sanctions, told.decided_by, told.decided_on, told.text))
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


def _area(told: str) -> int | None:
    found = catalog.current().area(told) if told else None
    if told and found is None:
        raise RuleError("oversight.area", _now("没有找到这个地区，请用代码或全名。"), field="area")
    return found.id if found else None


def _point(told: PointTold) -> PointIn:
    score, most = (Decimal(one) if one is not None else None for one in (told.score, told.most))
    return PointIn(told.name, told.ok, score, most, told.finding, told.severity, told.due)


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
            "day": "2026-11-20", "site": "hall", "place": "湖塘营业厅", "unit": "cz.service", "area": "320412",
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
