"""Puts the four bodies and their terms into the database; what is there already is left as it is."""

from typing import Any

from django.db import transaction

from bihuan.appeals.models import Body, Term
from bihuan.appeals.papers import LETTER

_ORDER_35 = ["interested", "named", "claim", "details", "complained", "too_old", "settled", "elsewhere"]
_MIIT = "符合《电信用户申诉处理办法》：先向企业投诉，对处理不满意或 15 日未答复；费用争议不超过 5 个月，其他争议不超过 2 年。"

SHIPPED: tuple[dict[str, Any], ...] = (
    {
        "code": "miit", "name": "通信管理局（电信用户申诉）", "name_en": "Telecom regulator (user appeals)",
        "checks": _ORDER_35,
        "terms": {
            None: ("appeal.miit", _MIIT),
            410000: ("appeal.miit.410000", _MIIT + "河南：5 个工作日内反馈。"),
            500000: ("appeal.miit.500000", _MIIT + "重庆：15 个工作日内反馈。"),
        },
    },
    {
        "code": "12300", "name": "12300 电信用户申诉热线", "name_en": "12300 appeals line", "checks": _ORDER_35,
        "terms": {None: ("appeal.12300", _MIIT)},
    },
    {
        "code": "12345", "name": "12345 政务服务便民热线", "name_en": "12345 government line",
        "checks": ["named", "claim"], "fee_months": 0, "other_months": 0, "unanswered_days": 0,
        "terms": {None: ("appeal.12345", "事项属于本公司职责、诉求具体即受理；不属本公司的，当日说明理由退回。")},
    },
    {
        "code": "12315", "name": "12315 消费者投诉", "name_en": "12315 consumer complaints",
        "checks": ["interested", "named", "claim", "details", "too_old", "settled", "elsewhere"], "fee_months": 0,
        "other_months": 36, "unanswered_days": 0,
        "terms": {None: ("appeal.12315", "为生活消费需要、有明确的被投诉人和具体请求；知道权益受侵害起不超过 3 年。")},
    },
)  # fmt: skip


def seed() -> dict[str, int]:
    """Adds every shipped body and term that is missing, in one transaction; edited rows are never touched."""
    with transaction.atomic():
        known = {body.code: body for body in Body.objects.all()}
        added = {"bodies": 0, "terms": 0}
        for told in SHIPPED:
            body = known.get(told["code"])
            if body is None:
                fields = {name: value for name, value in told.items() if name != "terms"}
                body = Body.objects.create(**fields, letter=LETTER)
                added["bodies"] += 1
            added["terms"] += _terms(body, told["terms"])
    return added


def _terms(body: Body, told: dict[int | None, tuple[str, str]]) -> int:
    there = set(Term.objects.filter(body=body).values_list("policy_code", flat=True))
    missing = [
        Term(body=body, province_id=province, policy_code=code, conditions=text)
        for province, (code, text) in told.items()
        if code not in there
    ]
    Term.objects.bulk_create(missing)
    return len(missing)
