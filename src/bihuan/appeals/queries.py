"""Reading appeals: one through the door of its case, lists in the viewer's reach, the bodies and their limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.appeals import own, rules
from bihuan.appeals.models import Appeal, Body, Term
from bihuan.cases import access
from bihuan.cases.days import local_day
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.numbers import tidy
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.sla import models as sla
from bihuan.sla import queries as limits
from bihuan.sla.book import Clock
from bihuan.sla.clocks import ALIVE, State


def access_appeal(viewer: Viewer, number: str, right: str = roles.READ, *, lock: bool = False) -> tuple[Case, Appeal]:
    """The case with this number and its appeal, for doing what `right` allows; reach is that of the case.

    `NotFound` for a case without an appeal too. `lock` holds the case until the transaction ends.
    """
    case = access.access_case(viewer, number, right, lock=lock)
    appeal = Appeal.objects.select_related("body").filter(case_id=case.id).first()
    if appeal is None:
        raise NotFound("appeal")
    return case, appeal


def of_case(case_id: int) -> Appeal | None:
    """The appeal behind a case, None for an ordinary complaint."""
    return Appeal.objects.select_related("body").filter(case_id=case_id).first()


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; empty: not. `late`: the body's own limit has passed."""

    body: str = ""
    status: str = ""
    number: str = ""
    late: bool = False
    failing: bool = False


def listing(viewer: Viewer, wanted: Wanted) -> QuerySet[Appeal]:
    """The appeals in the viewer's reach, newest first. `status` is a code, or `open` for all the body still waits for."""
    found = Appeal.objects.select_related("body").filter(case_id__in=access.visible(viewer).values("id"))
    if wanted.body:
        found = found.filter(body__code=wanted.body)
    if wanted.status:
        found = found.filter(status__in=rules.OPEN if wanted.status == "open" else [wanted.status])
    if wanted.number:
        found = found.filter(Q(number=wanted.number) | Q(case_id__in=_numbered(wanted.number)))
    if wanted.failing:
        found = found.exclude(failing=[])
    if wanted.late:
        found = found.filter(_late())
    return found.order_by("-id")


def _numbered(number: str) -> QuerySet[Case, int]:
    return Case.objects.filter(number=tidy(number)).values_list("id", flat=True)


def _late() -> Q:
    """Its body's clock has run out, or ended late. The alive ones are compared with now, whether watched yet or not."""
    mine = sla.Clock.objects.filter(case_id=OuterRef("case_id"), policy_id__in=_policies())
    late = Q(state=State.LATE) | Q(state=State.RUNNING, due_at__lt=clock.now())
    return Q(Exists(mine.filter(late)))


def _policies() -> list[int]:
    """All versions of the bodies' time limits; mediation has its own and is not among them."""
    wanted = tuple(f"appeal.{code}" for code in rules.BODIES)
    return [ident for ident, one in limits.book().compiled.items() if one.policy.kin.startswith(wanted)]


def clocks(case_ids: Sequence[int]) -> dict[int, Clock]:
    """The body's clock of each case, the latest round; one statement."""
    mine = set(_policies())
    found: dict[int, Clock] = {}
    for case_id, held in limits.stored(case_ids).items():
        own_clocks = [one for one in held if one.policy_id in mine]
        if own_clocks:
            found[case_id] = max(own_clocks, key=lambda one: (one.state.state in ALIVE, one.round))
    return found


def limits_of(body: Body) -> rules.Limits:
    """The body's conditions as plain values."""
    return rules.Limits(frozenset(body.checks), body.fee_months, body.other_months, body.unanswered_days)


def claim_of(appeal: Appeal, case: Case, masks: Mapping[str, str] | None = None) -> rules.Claim:
    """What the conditions ask about, from the appeal, its case, and which personal fields were given at all."""
    masks = customers.masks_of([case.party_id]).get(case.party_id, {}) if masks is None else masks
    there: Mapping[str, object] = {
        **masks, "postcode": appeal.postcode, "reason": appeal.reason, "demand": case.demand,
        "phone": masks.get("phone") or masks.get("other_contact"),
    }  # fmt: skip
    return rules.Claim(
        received_on=local_day(appeal.received_at),
        interested=appeal.interested,
        named=appeal.named,
        claim=case.demand or case.content,
        dispute=appeal.dispute,
        arose_on=appeal.arose_on,
        complained_on=appeal.complained_on,
        outcome=appeal.outcome,
        settled=appeal.settled,
        elsewhere=appeal.elsewhere,
        missing=own.missing(appeal.body.code, there),
    )


def term(body: Body, province_id: int | None) -> Term | None:
    """The row that goes for this province: its own, else the general one."""
    rows = list(Term.objects.filter(Q(province_id=province_id) | Q(province_id=None), body=body))
    return max(rows, key=lambda row: row.province_id is not None) if rows else None


def latest_reply(case_id: int) -> str:
    """What the customer was answered last, tokens unopened; empty before any reply."""
    payload = (
        CaseEvent.objects.filter(case_id=case_id, kind="replied").order_by("-seq").values_list("payload", flat=True)
    ).first()
    return "\n".join(part for part in (payload.get("text"), payload.get("solution")) if part) if payload else ""


def numbers_of(case_ids: Iterable[int], viewer: Viewer) -> dict[int, str]:
    """The numbers of these cases, as far as they exist for the viewer."""
    return dict(access.visible(viewer).filter(pk__in=list(case_ids)).values_list("id", "number"))
