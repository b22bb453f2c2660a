"""What may be done with a case now, by this reader: the state's steps cut with her rights, the likely ones on top."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases import access, states
from bihuan.cases.actions import check_step
from bihuan.cases.models import Case
from bihuan.dispatch.assigning import offered_to
from bihuan.dispatch.queries import open_dispute, ruled_owner
from bihuan.handling import confirming
from bihuan.handling.callers import on_behalf
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.requests.rules import ASKING
from bihuan.revisit import care, interviews
from bihuan.revisit.queries import handled_by, open_request
from bihuan.web.desk.names import Names
from bihuan.web.desk.nouns import NOUNS, Noun, name_of, on_the_spot
from bihuan.web.leading import nouns as leading

NEXT: dict[str, tuple[str, ...]] = {
    "registered": ("acceptance", "replies", "declination"),
    "accepted": ("dispatches", "replies", "contacts"),
    "returned": ("dispatches", "replies"),
    "recalled": ("dispatches", "replies"),
    "reopened": ("contacts", "replies", "dispatches"),
    "dispatched": ("receipts", "contributions", "returns", "recalls"),
    "received": ("contacts", "replies", "contributions", "waits", "returns"),
    "in_handling": ("replies", "contacts", "contributions", "waits", "returns"),
    "waiting": ("resumptions", "contacts", "replies"),
    "replied": ("revisits", "attempts", "confirmations"),
    "in_revisit": ("closing-decisions", "revisits", "attempts", "confirmations", "closure", "closing-requests"),
    "closed": ("care-calls", "reopenings"),
    "declined": ("reopenings",),
    "merged": ("separations",),
}
"""The steps likely next in each state, the likeliest first."""
_BESIDE = ("supervision-reports", "supervision-verdict")
"""Likely in every state, when there is something to report on or to judge."""
MOST_BUTTONS = 4
"""More beside the sentence hide which one is next; what does not fit stands first in the menu."""
_WITH_OTHERS = "assistance cohandling appointments repairs questions pleas compensation major-report tracking"
_FOR_THE_RECORD = "contacts materials evidence chasers interviews visit-wishes news-wishes packs"
GROUPS: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (gettext_lazy("请人一起办"), frozenset(_WITH_OTHERS.split(" "))),
    (gettext_lazy("记一笔"), frozenset(_FOR_THE_RECORD.split(" "))),
)
"""The menu's headings and what stands under each; all other steps come before them, under no heading."""
_BEGINS = {"received", "reopened"}
"""States in which waiting begins the handling by itself (`handling.wait`)."""


@dataclass(frozen=True)
class Offer:
    """One button."""

    code: str
    label: str
    icon: str
    url: str
    key: str
    tone: str
    asks: bool


@dataclass(frozen=True)
class Offers:
    """`likely` stand as buttons, `others` in the menu; `turn` says in words who is to do what."""

    likely: list[Offer]
    others: list[Offer]
    turn: str
    mine: bool

    @property
    def groups(self) -> list[tuple[str, list[Offer]]]:
        """`others` under the menu's headings; those under none come first, with an empty heading."""
        under = [(str(name), [one for one in self.others if one.code in codes]) for name, codes in GROUPS]
        named = set().union(*(codes for _name, codes in GROUPS))
        alone = [one for one in self.others if one.code not in named]
        return [(name, found) for name, found in [("", alone), *under] if found]


def _verbs(case: Case) -> set[str]:
    """What the state lets people do, the steps among it that take an earlier one along."""
    allowed = {step.verb for step in states.allowed(case.status)}
    if on_the_spot(case):
        allowed.add("replied")
    if case.status in _BEGINS:
        allowed.add("waiting")
    return allowed


def check_state(case: Case, noun: Noun) -> None:
    """`Conflict` where the case's state makes the step impossible: nobody is to fill in a form for nothing."""
    allowed = _verbs(case)
    interim = noun.code == "replies" and "first_replied" in allowed  # the same form gives an answer in between
    if noun.verb not in allowed and not interim:
        check_step(case, noun.verb)


def possible(viewer: Viewer, case: Case) -> list[Noun]:
    """Every step this reader may take now. `access_case` and the verb check it all again when it is taken."""
    allowed = _verbs(case)
    helping = not access.holds(viewer, case) and viewer.can(roles.HANDLE) and access.helps(viewer, case)
    found = [
        noun
        for noun in NOUNS.values()
        if noun.verb in allowed
        and (access.may(viewer, case, noun.right) or (helping and noun.together and viewer.can(noun.right)))
        and (helping or noun.code != "contributions")
    ]
    if any(noun.code in _NOT_BY_HANDLERS for noun in found) and handled_by(case.id, viewer.staff_id):
        found = [noun for noun in found if noun.code not in _NOT_BY_HANDLERS]
    found = [noun for noun in found if _has_object(noun, viewer, case)]
    if on_the_spot(case) and not access.may(viewer, case, NOUNS["acceptance"].right):
        found = [noun for noun in found if noun.code != "replies"]
    return found


_NOT_BY_HANDLERS = {"revisits", "attempts", "closure", "closing-requests", "closing-decisions"}


def _has_object(noun: Noun, viewer: Viewer, case: Case) -> bool:
    """Steps about something beside the case's state need it to be there: an application to decide, a call to make."""
    if noun.code in {"closing-requests", "closing-decisions"}:
        row = open_request(case.id)
        deciders = {row.approver_id, row.deputy_id} if row else set()
        return row is None if noun.code == "closing-requests" else viewer.staff_id in deciders
    if noun.code == "confirmations":
        return confirming.awaits(case)
    if noun.code in {"caller-checks", "caller-codes"}:
        return on_behalf(case)
    if noun.code == "takebacks":
        return offered_to(case.id, viewer.staff_id)
    if noun.code == "disputes":
        return open_dispute(case.id) is None and ruled_owner(case.id) != case.holder_unit_id
    if noun.code in leading.CODES:
        return leading.has_object(noun.code, viewer, case)
    if noun.code == "care-calls":
        planned = care.open_of(case.id)
        return planned is not None and planned.due_at <= clock.now()
    if noun.code == "pass-on-reviews":
        return case.dispatched_at is not None and case.registered_by_id != viewer.staff_id
    if noun.code == "requests":
        return case.service_type in ASKING
    if noun.code == "interviews":
        return bool(interviews.sheets())
    return True


def offers(viewer: Viewer, case: Case, names: Names) -> Offers:
    """The buttons of a case page and the sentence above them."""
    may = {noun.code: noun for noun in possible(viewer, case)}
    first = [code for code in ("answers", *NEXT.get(case.status, ()), *_BESIDE) if code in may]
    first = [*first[:MOST_BUTTONS], *(code for code in _BESIDE if code in first[MOST_BUTTONS:])]
    likely = [_offer(may[code], case, main=place == 0) for place, code in enumerate(first)]
    others = [_offer(noun, case) for noun in may.values() if noun.code not in first]
    return Offers(likely, others, turn(case, names), bool(first) and case.status in states.OPEN_STATES)


def _offer(noun: Noun, case: Case, *, main: bool = False) -> Offer:
    url = reverse("desk:step", args=[case.number, noun.code])
    tone = noun.tone or ("main" if main else "")
    return Offer(noun.code, name_of(noun, case), noun.icon, url, noun.key, tone, bool(noun.form.base_fields))


def turn(case: Case, names: Names) -> str:
    """Whose turn it is, in words."""
    if confirming.awaits(case):
        return _("已书面答复，等客户确认")
    unit = names.unit(case.holder_unit_id) or _("责任部门")
    handler = names.staff(case.handler_id)
    who = f"{unit} {handler}".strip()
    return {
        "registered": _("等 %(who)s 受理") % {"who": unit},
        "accepted": _("等 %(who)s 派单或答复") % {"who": unit},
        "dispatched": _("等 %(who)s 接单") % {"who": who},
        "received": _("%(who)s 已接单，等联系客户") % {"who": who},
        "in_handling": _("%(who)s 处理中，等答复客户") % {"who": who},
        "waiting": _("%(who)s 已挂起") % {"who": who},
        "returned": _("被退回，等 %(who)s 重新派单") % {"who": unit},
        "recalled": _("已撤回，等 %(who)s 重新派单") % {"who": unit},
        "reopened": _("重新处理，等 %(who)s 处理") % {"who": who},
        "replied": _("已答复，等回访"),
        "in_revisit": _("回访中"),
    }.get(case.status, "")
