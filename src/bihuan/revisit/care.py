"""Care calls (关怀回访): some days after closing, kept on the closed case without reopening it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.cases.access import scope
from bihuan.cases.actions import Doer, append
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.revisit.book import RuleInfo
from bihuan.revisit.models import Care
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

TERM = "care"
MOST_TRIES = 3
VOID = "void"


def plan(case: Case, rule: RuleInfo, closed_at: datetime) -> Care | None:
    """Plan the call the case's rule asks for; None when it asks for none."""
    if not rule.care_days:
        return None
    due = closed_at + timedelta(days=rule.care_days)
    row = Care.objects.create(
        case_id=case.id, due_at=due, until=due + timedelta(days=rule.care_within), rule_id=rule.id,
        rule_version=rule.version,
    )  # fmt: skip
    deadlines.start(TERM, row.pk, case.id, row.until, at=closed_at, warn=())
    return row


def queue(viewer: Viewer) -> QuerySet[Care]:
    """Calls that have come due for cases in reach, the longest waiting first."""
    rows = Care.objects.filter(done_at=None, due_at__lte=clock.now())
    return rows.filter(case_id__in=Case.objects.filter(scope(viewer)).values("pk")).order_by("due_at", "id")


def open_of(case_id: int, *, lock: bool = False) -> Care | None:
    """The care call planned for a case."""
    rows = Care.objects.select_for_update() if lock else Care.objects.all()
    return rows.filter(case_id=case_id, done_at=None).first()


@transaction.atomic
def call(
    case: Case,
    doer: Doer,
    outcome: str,
    *,
    satisfaction: int | None = None,
    note: str = "",
    led_to: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """Keep how a care call went. Not reached: it comes again the next day, three times at most."""
    row = open_of(case.id, lock=True)
    if row is None or case.status != "closed":
        raise Conflict("care.none", _("这张工单没有待做的关怀回访。"))
    if outcome not in Care.Outcome.values:
        raise RuleError("care.outcome", _("请选择关怀回访的结果。"), field="outcome")
    if satisfaction not in {None, 1, 2, 3}:
        raise RuleError("care.satisfaction", _("请选择满意、一般或不满意。"), field="satisfaction")
    moment = at or clock.now()
    row.tries += 1
    row.note = vaulted(case.party_id, note, 2000, "note")
    if outcome == Care.Outcome.UNREACHED and row.tries < MOST_TRIES:
        row.due_at = moment + timedelta(days=1)
    else:
        row.done_at, row.done_by_id, row.outcome = moment, doer.staff_id, outcome
        row.satisfaction, row.led_to = satisfaction, led_to
        deadlines.end(TERM, [row.pk], moment)
    row.save()
    payload = {"outcome": outcome, "satisfaction": satisfaction, "tries": row.tries, "led_to": led_to}
    return append(case, "care_called", doer, at=moment, why=row.note, payload=payload)


def call_off(case: Case, at: datetime) -> None:
    """The case is open again: nobody needs to ask how things are."""
    rows = list(Care.objects.filter(case_id=case.id, done_at=None).values_list("pk", flat=True))
    if rows:
        Care.objects.filter(pk__in=rows).update(done_at=at, outcome=VOID)
        deadlines.end(TERM, rows, at)
