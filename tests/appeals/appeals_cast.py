"""An appeal as the regulator's letter brings it, and the people who take it in."""

from datetime import timedelta
from typing import Any

from bihuan.appeals.models import Appeal
from bihuan.cases.days import local_day
from bihuan.cases.models import Case
from bihuan.flow import appeals as flow
from bihuan.flow.appeals import AppealIn
from bihuan.intake.schema import Customer
from bihuan.kernel import clock
from cast import DISTRICT, Cast


def told(**changes: Any) -> AppealIn:
    """A complete appeal that meets every condition."""
    now = clock.now()
    day = local_day(now - timedelta(days=2))
    plain: dict[str, Any] = {
        "body": "miit",
        "number": "苏通申2026-0311",
        "received_at": now - timedelta(days=2),
        "transferred_at": now - timedelta(hours=3),
        "content": "宽带套餐到期后被自动续费，10000 号答复不予退费。",
        "demand": "退还多收的 3 个月费用。",
        "reason": "未经本人同意续约。",
        "customer": Customer(name="王小明", phone="13912345678"),
        "address": "常州市武进区人民路88号",
        "postcode": "213161",
        "area": str(DISTRICT),
        "dispute": "fee",
        "arose_on": day - timedelta(days=60),
        "complained_on": day - timedelta(days=20),
        "outcome": "dissatisfied",
    }
    return AppealIn(**{**plain, **changes})


def receive(cast: Cast, by: str = "du", **changes: Any) -> tuple[Case, Appeal]:
    """An appeal this person took in."""
    return flow.receive(cast.viewer(by), told(**changes))


def fresh(appeal: Appeal) -> Appeal:
    """As it is stored now."""
    return Appeal.objects.select_related("body").get(pk=appeal.pk)
