"""What stands on the case page about proof."""

from typing import Any

from django import template

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.customers import marks
from bihuan.flow import marks as marking
from bihuan.handling import callers, packs, recordings, signing
from bihuan.handling.models import CallerCheck, Evidence, Pack
from bihuan.identity import roles
from bihuan.web.desk.names import Names
from bihuan.web.desk.words import PURPOSES
from bihuan.web.masked import masked_text
from bihuan.web.viewers import viewer

register = template.Library()
SHOWN = 5


@register.inclusion_tag("proof/badge.html", takes_context=True)
def proof_badge(context: dict[str, Any], case: Case, masks: dict[str, str]) -> dict[str, Any]:
    """A discreet badge for a customer known to complain by trade, for those who may know her."""
    if not marking.may_see(viewer(context["request"])):
        return {}
    mark = marks.of_party(case.party_id)
    own = mark is not None and mark.party_id == case.party_id
    return {"mark": mark, "reason": masked_text(mark.reason, masks if own else {}) if mark else ""}


@register.inclusion_tag("proof/evidence.html", takes_context=True)
def proof_evidence(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """How many files a case has; they are fetched when someone opens the fold."""
    count = Evidence.objects.filter(case_id=case.id).count() if _told(context, "evidence_added") else 0
    return {"case": case, "count": count}


def _told(context: dict[str, Any], kind: str) -> bool:
    """Whether the case's chain has such an event: without one its room need not be asked. True where nobody knows."""
    return kind in context.get("kinds", {kind})


@register.inclusion_tag("proof/beside.html", takes_context=True)
def proof_beside(context: dict[str, Any], case: Case, masks: dict[str, str]) -> dict[str, Any]:
    """The newest packs of a case, its signatures, and how whoever complains for the customer was checked."""
    names, who = Names(), viewer(context["request"])
    checks = _checks(case, masks, names) if callers.on_behalf(case) else []
    return {
        "case": case,
        "masks": masks,
        "may_mark": marking.may_set(who),
        "on_behalf": callers.on_behalf(case),
        "checks": checks,
        "passed": any(one.passed for one, *_rest in checks),
        "packs": _packs(case, names) if _told(context, "packed") else [],
        "may_verify": who.can(roles.EXPORT),
        "signed": _signed(case, masks, names) if _told(context, "signed") else [],
        "recordings": recordings.of_case(case.id) if _told(context, "contacted") else [],
        "may_sign": case.ended_at is None and access.may(who, case, roles.HANDLE, together=True),
    }


def _checks(case: Case, masks: dict[str, str], names: Names) -> list[tuple[CallerCheck, str, str]]:
    return [(one, masked_text(one.who, masks), names.staff(one.by_id)) for one in callers.of_case(case.id)]


def _packs(case: Case, names: Names) -> list[dict[str, Any]]:
    return [
        {"one": one, "by": names.staff(one.asked_by_id), "purpose": PURPOSES.get(one.purpose, one.purpose)}
        for one in packs.of_case(case.id)[:SHOWN]
        if one.state != Pack.State.GONE
    ]


def _signed(case: Case, masks: dict[str, str], names: Names) -> list[dict[str, Any]]:
    return [
        {"one": one, "by": names.staff(one.by_id), "holds": signing.holds(one), "text": masked_text(one.text, masks)}
        for one in signing.of_case(case.id)
    ]
