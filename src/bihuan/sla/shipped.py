"""The limits and calendars the program brings along: every published figure as a named, editable policy.

Where two sources disagree both are here; those that make one coherent daily regime are switched on, the rest wait.
`basis` says where a figure comes from. Hours of the working calendars are an ordinary default, not a rule.
"""

# ruff: noqa: C408 - keyword form reads better than quoted keys in a table this long

from datetime import date
from typing import Any

_OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
_WORKDAYS = ("mon", "tue", "wed", "thu", "fri")

CALENDARS: tuple[dict[str, Any], ...] = (
    {"code": "7x24", "name": "7×24", "name_en": "24/7", "kind": "always"},
    {
        "code": "cn-work",
        "name": "工作时间（9–12 点、13:30–18 点，节假日和调休按国务院安排）",
        "name_en": "office hours (9–12, 13:30–18, China's holidays and make-up days)",
        "kind": "official",
        "week": dict.fromkeys(_WORKDAYS, _OFFICE),
    },
    {
        "code": "cn-days",
        "name": "工作日全天（节假日和调休按国务院安排）",
        "name_en": "whole working days (China's holidays and make-up days)",
        "kind": "official",
        "week": {day: [["00:00", "24:00"]] for day in _WORKDAYS},
    },
    {
        "code": "daytime",
        "name": "每天 8–21 点",
        "name_en": "every day 8–21",
        "kind": "weekly",
        "week": {day: [["08:00", "21:00"]] for day in (*_WORKDAYS, "sat", "sun")},
    },
)

_COMPLAINTS = {"service_type": ["complaint", "fault"]}
_FAULT = {"service_type": ["fault"]}
_DOWN = {"service_type": ["fault"], "urgency": ["major", "urgent"]}
_BROADBAND = {"service_type": ["fault"], "category__prefix": ["N02"]}
_RESOLVED = {"start_on": ["registered"], "stop_on": ["closed", "declined"], "reopen_on": ["reopened", "unmerged"]}
_ANSWERED = {"start_on": ["registered"], "stop_on": ["replied", "declined"]}
_FIRST_ANSWERED = {"start_on": ["registered"], "stop_on": ["first_replied", "replied", "declined"]}
_REPAIRED = {
    "start_on": ["registered"],
    "stop_on": ["replied", "closed", "declined"],
    "reopen_on": ["reopened", "unmerged"],
}
_RESPONDED = {"start_on": ["registered"], "stop_on": ["contacted", "first_replied", "replied", "declined"]}
_BY_UNIT = {
    "start_on": ["dispatched", "redispatched"],
    "stop_on": ["replied", "returned", "recalled", "redispatched"],
    "repeats": True,
    "owner": "unit",
}

_BODY = {
    "owner": "regulator", "start_on": ["appeal_received", "appeal_resumed"],
    "stop_on": ["appeal_answered", "appeal_ended"], "repeats": True, "cancel_on": [], "warn": ["72h", "24h"],
    "escalate": ["1h", "24h"], "tell": "daytime", "on": True,
}  # fmt: skip
"""A public body's own clock runs from its transfer to the answer sent to it; it neither pauses nor ends with the case."""

POLICIES: tuple[dict[str, Any], ...] = (
    # On by default: one coherent regime from arrival to closing.
    dict(
        code="classify.15m", name="15 分钟内审核分类", name_en="classified within 15 minutes", owner="operator",
        duration="15m", start_on=["registered"], stop_on=["accepted", "declined", "classified", "replied"],
        warn=[0.67], escalate=["15m"], tell="daytime", on=True, basis="初步审核：受理后 15 分钟内识别分类",
    ),
    dict(
        code="dispatch.2h", name="2 小时内派单", name_en="dispatched within 2 hours", owner="operator", duration="2h",
        start_on=["accepted", "returned", "recalled", "reopened", "unmerged"],
        stop_on=["dispatched", "replied", "handling_started"],
        repeats=True, warn=[0.75], escalate=["1h"], tell="daytime", on=True, basis="派单：受理后 2 小时内",
    ),
    dict(
        code="unit.24h", name="部门 24 小时内处理", name_en="handled by the unit within 24 hours", duration="24h",
        **_BY_UNIT, pausable=True, warn=[0.8], escalate=["2h", "24h"], tell="daytime", on=True, basis="一般问题 24 小时",
    ),
    dict(
        code="reopened.24h", name="重新处理 24 小时内答复", name_en="answered within 24 hours after reopening",
        owner="operator", duration="24h", start_on=["reopened"], stop_on=["replied", "closed", "declined"], repeats=True,
        pausable=True, warn=[0.75], escalate=["2h", "12h"], tell="daytime", on=True,
        basis="客户不满意或评价差而转回的，另计 24 小时",
    ),
    dict(
        code="reply.48h", name="48 小时内首次回复", name_en="first reply within 48 hours", owner="customer",
        duration="48h", **_FIRST_ANSWERED, warn=[0.5, 0.9], escalate=["2h", "24h"], tell="daytime", on=True,
        basis="首次回复不超过 48 小时",
    ),
    dict(
        code="resolve.72h", name="72 小时办结", name_en="resolved within 72 hours", owner="customer", duration="72h",
        family="resolve", **_RESOLVED, pausable=True, warn=[0.8], escalate=["4h", "24h", "72h"], tell="daytime",
        on=True, basis="投诉 72 小时办结",
    ),
    dict(
        code="urgent.respond.2h", name="紧急故障 2 小时响应", name_en="urgent fault answered within 2 hours",
        owner="customer", duration="2h", **_RESPONDED, applies=_DOWN, warn=[0.5], escalate=["30m", "2h"], on=True,
        basis="紧急投诉（网络或业务中断）2 小时响应",
    ),
    dict(
        code="urgent.repair.48h", name="紧急故障 48 小时修复", name_en="urgent fault repaired within 48 hours",
        owner="customer", duration="48h", family="resolve", rank=10, **_REPAIRED, applies=_DOWN, pausable=True,
        warn=[0.5, 0.8], escalate=["1h", "4h", "24h"], on=True, basis="紧急投诉（网络或业务中断）48 小时修复",
    ),
    dict(
        code="regulator.15d", name="监管要求 15 日内答复", name_en="answered within 15 days (regulator)",
        owner="regulator", duration="15d", **_ANSWERED, applies=[_COMPLAINTS, {"channel": ["regulator"]}],
        warn=["120h", "48h"], escalate=["1h"], tell="daytime", on=True,
        basis="《电信用户申诉处理办法》（工信部令第 35 号）：15 日内答复，不因等待而停",
    ),
    dict(
        code="regulator.henan.5wd", name="河南 5 个工作日内答复", name_en="answered within 5 working days (Henan)",
        owner="regulator", duration="5wd", calendar="cn-work", **_ANSWERED,
        applies=[{**_COMPLAINTS, "province": [410000]}], warn=[0.6, 0.8], tell="daytime", on=True, basis="河南省规定",
    ),
    dict(
        code="regulator.chongqing.15wd", name="重庆 15 个工作日内答复",
        name_en="answered within 15 working days (Chongqing)", owner="regulator", duration="15wd", calendar="cn-work",
        **_ANSWERED, applies=[{**_COMPLAINTS, "province": [500000]}], warn=[0.6, 0.8], tell="daytime", on=True,
        basis="重庆市规定",
    ),
    # Public bodies' own limits, one family each: a province's row goes before the general one.
    dict(
        code="appeal.miit", name="管局申诉 10 日内反馈", name_en="appeal fed back to the regulator within 10 days",
        family="appeal.miit", duration="10d", applies={"appeal_body": ["miit"]}, **_BODY,
        basis="《电信用户申诉处理办法》转办反馈，天数各地有别，可改",
    ),
    dict(
        code="appeal.miit.410000", name="河南管局申诉 5 个工作日内反馈",
        name_en="appeal fed back within 5 working days (Henan)", family="appeal.miit", rank=10, duration="5wd",
        calendar="cn-work", applies={"appeal_body": ["miit"], "province": [410000]}, **_BODY, basis="河南省规定",
    ),
    dict(
        code="appeal.miit.500000", name="重庆管局申诉 15 个工作日内反馈",
        name_en="appeal fed back within 15 working days (Chongqing)", family="appeal.miit", rank=10, duration="15wd",
        calendar="cn-work", applies={"appeal_body": ["miit"], "province": [500000]}, **_BODY, basis="重庆市规定",
    ),
    dict(
        code="appeal.12300", name="12300 申诉 10 日内反馈", name_en="12300 appeal fed back within 10 days",
        family="appeal.12300", duration="10d", applies={"appeal_body": ["12300"]}, **_BODY,
        basis="同管局申诉，各地惯例，可改",
    ),
    dict(
        code="appeal.12345", name="12345 工单 5 个工作日内答复", name_en="12345 order answered within 5 working days",
        family="appeal.12345", duration="5wd", calendar="cn-work", applies={"appeal_body": ["12345"]}, **_BODY,
        basis="政务热线派单时限，各地惯例，可改",
    ),
    dict(
        code="appeal.12315", name="12315 投诉 10 个工作日内反馈",
        name_en="12315 complaint fed back within 10 working days", family="appeal.12315", duration="10wd",
        calendar="cn-work", applies={"appeal_body": ["12315"]}, **_BODY, basis="消费投诉转办，各地惯例，可改",
    ),
    dict(
        code="appeal.mediation", name="申诉调解 30 日", name_en="mediation of an appeal within 30 days",
        owner="regulator", duration="30d", start_on=["appeal_step"], stop_on=["appeal_step", "appeal_ended"],
        cancel_on=[], applies={"appeal_status": ["mediation"]}, warn=["120h", "24h"], tell="daytime", on=True,
        basis="《电信用户申诉处理办法》调解期限，可改",
    ),
    # Off by default: the other published figures.
    dict(
        code="general.24h", name="一般问题 24 小时办结", name_en="general matters within 24 hours", owner="customer",
        duration="24h", **_RESOLVED, applies={"urgency": ["normal"]}, pausable=True, warn=[0.8], escalate=["4h"],
        basis="一般问题 24 小时",
    ),
    dict(
        code="basic.respond.1h", name="基础业务 1 小时响应", name_en="basic service answered within 1 hour",
        owner="customer", duration="1h", **_RESPONDED, applies={"complexity": ["simple"]}, warn=[0.75],
        basis="基础服务 1 小时响应",
    ),
    dict(
        code="complex.24h", name="复杂或重大问题 24 小时办结", name_en="complex or major matters within 24 hours",
        owner="customer", duration="24h", **_RESOLVED, applies=[{"complexity": ["complex"]}, {"urgency": ["major", "urgent"]}],
        pausable=True, warn=[0.8], basis="复杂、重大问题 24 小时办结",
    ),
    dict(
        code="network.repair.2h", name="网络故障 2 小时修复", name_en="network fault repaired within 2 hours",
        owner="operator", duration="2h", **_REPAIRED, applies={**_FAULT, "category__prefix": ["N01", "N05", "N06"]},
        pausable=True, warn=[0.5], escalate=["2h"], basis="网络故障 2 小时修复",
    ),
    dict(
        code="network.deliver.45s", name="网络服务 45 秒响应", name_en="network service responds within 45 seconds",
        owner="operator", duration="45s", start_on=["dispatched"], stop_on=["received", "returned", "recalled"],
        repeats=True, applies={"category__prefix": ["N"]}, basis="网络服务响应 45 秒（交付指标）",
    ),
    dict(
        code="broadband.24h", name="宽带故障 24 小时修复", name_en="broadband fault repaired within 24 hours",
        owner="customer", duration="24h", **_REPAIRED, applies=_BROADBAND, pausable=True, warn=[0.5, 0.8],
        escalate=["2h"], basis="宽带故障 24 小时",
    ),
    dict(
        code="progress.3h", name="开始处理 3 小时内告知进展", name_en="first news within 3 hours of handling",
        owner="customer", duration="3h", start_on=["handling_started"],
        stop_on=["contacted", "first_replied", "replied", "returned"], warn=[0.67], basis="3 小时内给出初步答复",
    ),
    dict(
        code="supervision.answer.48h", name="督办：48 小时内答复", name_en="supervision: answered within 48 hours",
        owner="assessment", duration="48h", **_FIRST_ANSWERED, warn=[0.8], basis="监督：每件投诉 48 小时内答复",
    ),
    dict(
        code="supervision.feedback.72h", name="督办：72 小时内查清并反馈",
        name_en="supervision: investigated and fed back within 72 hours", owner="assessment", duration="72h",
        start_on=["registered"], stop_on=["replied", "closed", "declined"], reopen_on=["reopened"], warn=[0.8],
        basis="监督：72 小时内调查并反馈",
    ),
    dict(
        code="assess.respond.20m", name="考核：20 分钟响应", name_en="assessment: response within 20 minutes",
        owner="assessment", duration="20m", start_on=["registered"],
        stop_on=["accepted", "contacted", "first_replied", "replied", "declined"], basis="考核：服务响应不超过 20 分钟",
    ),
    dict(
        code="assess.solve.48h", name="考核：48 小时解决", name_en="assessment: solved within 48 hours",
        owner="assessment", duration="48h", start_on=["registered"], stop_on=["replied", "closed", "declined"],
        reopen_on=["reopened"], basis="考核：48 小时内解决",
    ),
    dict(
        code="support.24h", name="技术支持 24 小时", name_en="technical support within 24 hours", duration="24h",
        **_BY_UNIT, applies={"unit_kind": ["support"]}, pausable=True, warn=[0.8], basis="技术支持 24 小时",
    ),
    dict(
        code="conflict.48h", name="纠纷超过 48 小时须标记", name_en="conflict open for 48 hours is flagged",
        owner="operator", duration="48h", start_on=["registered", "escalated"], stop_on=["closed", "declined"],
        applies={"flags__has": ["conflict"]}, warn=[0.5], basis="纠纷协商优先，超过 48 小时标记",
    ),
    dict(
        code="law.repair.city.48h", name="城镇线路故障 48 小时修复", name_en="fixed-line fault in town within 48 hours",
        owner="regulator", duration="48h", **_REPAIRED, applies={**_BROADBAND, "rural__not": [True]},
        warn=[0.8], basis="《电信条例》第三十二条",
    ),
    dict(
        code="law.repair.country.72h", name="农村线路故障 72 小时修复",
        name_en="fixed-line fault in the country within 72 hours", owner="regulator", duration="72h", **_REPAIRED,
        applies={**_BROADBAND, "rural": [True]}, warn=[0.8], basis="《电信条例》第三十二条",
    ),
    dict(
        code="regulator.feedback.10d", name="转办申诉 10 日内反馈", name_en="transferred appeal fed back within 10 days",
        owner="regulator", duration="10d", **_ANSWERED, applies=[{"channel": ["regulator"]}],
        warn=["72h", "24h"], basis="申诉转办反馈，各地惯例，可改",
    ),
    dict(
        code="local.contact.24h", name="地方标准：24 小时内联系", name_en="local standard: contact within 24 hours",
        owner="regulator", duration="24h", **_RESPONDED, warn=[0.8], basis="DB3212/T 1102-2022",
    ),
    dict(
        code="local.news.48h", name="地方标准：每 48 小时告知进展", name_en="local standard: news every 48 hours",
        owner="regulator", duration="48h", start_on=["registered", "contacted", "first_replied"],
        stop_on=["contacted", "first_replied", "replied", "declined"], repeats=True, warn=[0.8], basis="DB3212/T 1102-2022",
    ),
    dict(
        code="abroad.uk.6w", name="英国：6 周内答复", name_en="United Kingdom: six weeks to the ADR letter",
        owner="regulator", duration="42d", **_ANSWERED, warn=[0.8], basis="Ofcom C4，2026 年 4 月起",
    ),
    dict(
        code="abroad.us.30d", name="美国：30 日书面答复", name_en="United States: written answer in 30 days",
        owner="regulator", duration="30d", **_ANSWERED, applies=[{"channel": ["regulator"]}], warn=[0.8], basis="FCC",
    ),
)  # fmt: skip


def official_days() -> list[tuple[date, bool, str]]:
    """(day, worked?, name) of every day off and make-up day China's State Council has announced, 2004 onwards."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    chinese = {one.value: one.chinese for one in Holiday}
    off = [(day, False, chinese.get(name, name)) for day, name in holidays.items()]
    made_up = [(day, True, chinese.get(name, name)) for day, name in workdays.items()]
    return sorted(off + made_up)
