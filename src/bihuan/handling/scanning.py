"""What follows from a scanner's verdict: infected files are shut away and told; those not scanned yet are caught up on."""

from django.db import transaction
from django.db.models import F

from bihuan.cases import actions as cases
from bihuan.cases.models import Case
from bihuan.handling.models import Evidence
from bihuan.kernel import clock, scanner
from bihuan.kernel.errors import RuleError
from bihuan.kernel.scanner import Verdict
from bihuan.notices import actions as notices

AT_ONCE = 20
"""Files one run of the schedule looks at."""


def judged(case: Case, kept: Evidence, verdict: Verdict | None) -> None:
    """Note the verdict on a file of a locked case. An infected one is told on the timeline, to whoever added it and to the
    handler; its content is given out to nobody from then on."""
    if verdict is None:
        return
    kept.scanned_at = clock.now()
    kept.scan = Evidence.Scan.INFECTED if verdict.infected else Evidence.Scan.CLEAN
    kept.found = verdict.found
    kept.save(update_fields=["scanned_at", "scan", "found"])
    if verdict.infected:
        payload = {"infected": kept.pk, "name": kept.name, "found": verdict.found}
        cases.append(case, "evidence_quarantined", cases.SYSTEM, payload=payload)
        notices.tell("file_infected", [kept.by_id, case.handler_id], case.id, {"text": f"{kept.name} {verdict.found}"})


def run() -> int:
    """Scan what could not be scanned when it came; for the schedule. Answers how many got a verdict."""
    if not scanner.reachable():
        return 0
    from bihuan.handling.evidence import content_of

    done = 0
    waiting = Evidence.objects.filter(scan=Evidence.Scan.UNSCANNED)
    for kept in waiting.order_by(F("looked_at").asc(nulls_first=True), "id")[:AT_ONCE]:
        # one that is damaged, or too large for the scanner, goes behind the others: they must not wait for it
        Evidence.objects.filter(pk=kept.pk).update(looked_at=clock.now())
        try:
            verdict = scanner.scan(content_of(kept))
        except RuleError:
            continue
        if verdict is None:
            continue
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=kept.case_id)
            row = Evidence.objects.get(pk=kept.pk)
            if row.scan == Evidence.Scan.UNSCANNED:
                judged(case, row, verdict)
                done += 1
    return done
