"""Active rules, the suggestion for a case, and its dispatches."""

from datetime import datetime
from typing import Any

from bihuan.cases.days import LOCAL
from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.dispatch.models import Dispatch, Dispute, Rule
from bihuan.dispatch.rules import Choice, RuleInfo, choose
from bihuan.identity import book as units
from bihuan.kernel.cached import PerSettings


def _load() -> list[RuleInfo]:
    rows = Rule.objects.filter(rule_set__active=True).select_related("rule_set").order_by("position")
    return [rule_info(rule, place) for place, rule in enumerate(rows, 1) if rule.active]


active_rules = PerSettings(_load, "dispatch_ruleset", "dispatch_rule")
"""The rules of the active set in order."""


def rule_info(rule: Rule, place: int = 0) -> RuleInfo:
    """A stored rule as plain values."""
    return RuleInfo(
        rule.id, rule.rule_set.code, rule.rule_set.version, rule.code, rule.position, rule.conditions, rule.target,
        rule.priority, rule.demands, rule.demands_en, rule.reason, rule.reason_en, place,
    )  # fmt: skip


def routing_facts(case: Case) -> dict[str, Any]:
    """What routing rules ask about, from the case as it stands."""
    snapshot = catalog.current()
    category = snapshot.nodes.get(case.category_id or case.suggested_category_id or 0)
    product = snapshot.nodes.get(case.product_id or 0)
    area = snapshot.areas.get(case.area_id or 0)
    return {
        "category": category.code if category else "",
        "product": product.code if product else "",
        "service_type": case.service_type,
        "channel": case.channel,
        "flags": case.flags,
        "areas": [case.province_id, case.city_id, case.district_id, case.area_id],
        "area_level": area.level if area else 0,
        "customer_level": case.customer_level,
        "urgency": case.urgency,
        "text": f"{case.content}\n{case.demand}",
        **moment_facts(case.registered_at),
    }


def moment_facts(at: datetime) -> dict[str, int]:
    """`minute` of the local day and `weekday` of a moment, as rules ask for them."""
    local = at.astimezone(LOCAL)
    return {"minute": local.hour * 60 + local.minute, "weekday": local.isoweekday()}


def suggestion(case: Case) -> Choice | None:
    """Where the rules would send this case, and which rule says so."""
    areas = (case.province_id, case.city_id, case.district_id)
    return choose(active_rules(), routing_facts(case), areas, units.units())


def latest(case_id: int) -> Dispatch | None:
    """The newest dispatch of a case."""
    return Dispatch.objects.filter(case_id=case_id).order_by("-id").first()


def open_dispute(case_id: int) -> Dispute | None:
    """The dispute over this case that waits for its ruling."""
    return Dispute.objects.filter(case_id=case_id, ruled_at=None).first()


def ruled_owner(case_id: int) -> int | None:
    """The unit that a ruling made the final owner of this case."""
    ruled = Dispute.objects.filter(case_id=case_id, ruled_by_id__isnull=False).order_by("-id")
    return ruled.values_list("owner_unit_id", flat=True).first()


def customer_contact(case: Case) -> int | None:
    """Who talks with the customer now: once passed on, the leader of the unit that has the case (or of the next above);
    before that whoever took it. The first asker stays answerable all the same."""
    if case.dispatched_at is None or case.holder_unit_id == case.registered_unit_id:
        return case.registered_by_id
    known = units.units().units
    holder = known.get(case.holder_unit_id or 0)
    path = reversed(holder.path) if holder else ()
    leaders = (known[step].responsible_id for step in path if step in known)
    return next((one for one in leaders if one is not None), None)
