"""Accept, decline, classify."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.priority import priority_of, with_major
from bihuan.cases.scales import SCALES
from bihuan.catalog import snapshot as catalog
from bihuan.customers import actions as customers
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted
from bihuan.triage.models import Classification, ScopeReview


@transaction.atomic
def accept(case: Case, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """It is ours: take responsibility for it."""
    moment = at or clock.now()
    event = steps.take(case, "accepted", doer, at=moment, accepted_at=moment)
    ScopeReview.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, accepted=True)
    return event


@transaction.atomic
def decline(case: Case, doer: Doer, reason_code: str, *, note: str = "", at: datetime | None = None) -> CaseEvent:
    """It is not ours: the customer is told the reason, which is the reply a declined complaint owes."""
    reason = catalog.current().reason("decline", reason_code)
    if reason is None:
        raise RuleError("decline.reason", _("不予受理必须选择原因：客户会被告知。"), field="reason")
    moment = at or clock.now()
    told = reason.told[0] or reason.name
    event = steps.take(
        case,
        "declined",
        doer,
        at=moment,
        why=vaulted(case.party_id, note, 2000, "note"),
        payload={"reason": reason.code, "told": told},
        first_reply_at=case.first_reply_at or moment,
        ended_at=moment,
        handler_id=None,
    )
    ScopeReview.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, accepted=False, reason_id=reason.id)
    customers.tell(case.party_id, "decline", f"您的投诉 {case.number} 未能受理：{told}", case.id)
    return event


@transaction.atomic
def classify(
    case: Case,
    doer: Doer,
    *,
    category: str,
    service_type: str = "",
    urgency: int | None = None,
    impact: int | None = None,
    complexity: int | None = None,
    product: str = "",
    dispute: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """Decide the class; what is left out follows the category, else stays. The suggestion is kept beside the choice."""
    node = catalog.current().node("phenomenon", category)
    if node is None or not node.active:
        raise RuleError("category.unknown", _("请选择现象树中的一个分类。"), field="category")
    scales = {"urgency": urgency, "impact": impact, "complexity": complexity}
    changes = {
        **_classed(case, node, service_type, scales),
        **_of_trees(dispute or node.dispute, product),
    }
    moment = at or clock.now()
    payload = {"category": node.code, "suggested": case.suggested_category_id, "score": case.suggested_score}
    event = steps.take(case, "classified", doer, at=moment, payload=payload, **changes)
    Classification.objects.create(
        case_id=case.id, at=moment, by_id=doer.staff_id, category_id=node.id, service_type=case.service_type,
        urgency=case.urgency, impact=case.impact, complexity=case.complexity,
        suggested_category_id=case.suggested_category_id, suggested_score=case.suggested_score,
    )  # fmt: skip
    return event


def _classed(case: Case, node: catalog.NodeInfo, service_type: str, scales: Mapping[str, int | None]) -> dict[str, Any]:
    """Category, type and scales, told or the category's own, and what follows from them: flags and priority."""
    changes: dict[str, Any] = {
        "category_id": node.id,
        "category_path": list(node.path),
        "service_type": service_type or node.service_type or case.service_type,
        **{name: told or getattr(node, name) or getattr(case, name) for name, told in scales.items()},
    }
    _check_scales(changes)
    flags = with_major(case.flags, changes["urgency"], changes["impact"])
    priority = priority_of(changes["urgency"], changes["impact"], changes["complexity"], case.customer_level, flags)
    return {**changes, "flags": flags, "priority": priority}


def _of_trees(dispute: str, product: str) -> dict[str, int]:
    """Dispute and product, where they are told."""
    snapshot = catalog.current()
    disputed = snapshot.node("dispute", dispute)
    sold = snapshot.node("product", product) if product else None
    if product and sold is None:
        raise RuleError("product.unknown", _("请选择产品树中的一个产品。"), field="product")
    found = {"dispute_id": disputed, "product_id": sold}
    return {name: node.id for name, node in found.items() if node is not None}


@transaction.atomic
def prioritise(
    case: Case, doer: Doer, *, priority: int, why: str, urgency: int | None = None, at: datetime | None = None
) -> CaseEvent:
    """More or less pressing than the table says, with a reason; another urgency may bring other time limits."""
    if not 1 <= priority <= 5:
        raise RuleError("priority.range", _("取值超出范围，请从列表中选择。"), field="priority")
    if urgency is not None and not 1 <= urgency <= 4:
        raise RuleError("urgency.range", _("取值超出范围，请从列表中选择。"), field="urgency")
    reason = vaulted(case.party_id, why, 2000, "why")
    if not reason:
        raise RuleError("priority.reason", _("请写明为什么调整。"), field="why")
    payload = {"priority": [case.priority, priority], "urgency": [case.urgency, urgency or case.urgency]}
    return steps.take(
        case, "priority_changed", doer, at=at or clock.now(), why=reason, payload=payload,
        priority=priority, urgency=urgency or case.urgency,
    )  # fmt: skip


def _check_scales(changes: dict[str, Any]) -> None:
    if changes["service_type"] not in {"fault", "complaint", "enquiry", "request"}:
        raise RuleError("service_type.unknown", _("服务类型只能是故障、投诉、咨询或业务请求。"), field="service_type")
    for name, codes in SCALES.items():
        value = changes[name]
        if not isinstance(value, int) or not 1 <= value <= len(codes):
            raise RuleError(f"{name}.range", _("取值超出范围，请从列表中选择。"), field=name)
