"""What stands on the case page about proof: its packs."""

from typing import Any

from django import template

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.handling import callers, packs, signing
from bihuan.handling.models import Evidence, Pack
from bihuan.identity import roles
from bihuan.web.desk.names import Names
from bihuan.web.desk.words import PURPOSES
from bihuan.web.masked import masked_text
from bihuan.web.viewers import viewer

register = template.Library()
SHOWN = 5


@register.inclusion_tag("proof/evidence.html")
def proof_evidence(case: Case) -> dict[str, Any]:
    """How many files a case has; they are fetched when someone opens the fold."""
    return {"case": case, "count": Evidence.objects.filter(case_id=case.id).count()}


@register.inclusion_tag("proof/beside.html", takes_context=True)
def proof_beside(context: dict[str, Any], case: Case, masks: dict[str, str]) -> dict[str, Any]:
    """The newest packs of a case."""
    names = Names()
    rows = [
        {"one": one, "by": names.staff(one.asked_by_id), "purpose": PURPOSES.get(one.purpose, one.purpose)}
        for one in packs.of_case(case.id)[:SHOWN]
        if one.state != Pack.State.GONE
    ]
    signed = [
        {"one": one, "by": names.staff(one.by_id), "holds": signing.holds(one), "text": masked_text(one.text, masks)}
        for one in signing.of_case(case.id)
    ]
    who = viewer(context["request"])
    may_sign = case.ended_at is None and access.may(who, case, roles.HANDLE, together=True)
    checks = [(one, masked_text(one.who, masks), names.staff(one.by_id)) for one in callers.of_case(case.id)]
    return {
        "case": case,
        "masks": masks,
        "on_behalf": callers.on_behalf(case),
        "checks": checks,
        "passed": any(one.passed for one, *_rest in checks),
        "packs": rows,
        "may_verify": who.can(roles.EXPORT),
        "signed": signed,
        "may_sign": may_sign,
    }
