"""Reports of evaluations over time: those not scanned yet are caught up on, and `bihuan verify` looks at each."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F

from bihuan.cases.verify import Finding
from bihuan.kernel import clock, scanner
from bihuan.kernel.errors import RuleError
from bihuan.oversight import files
from bihuan.oversight.actions import judged
from bihuan.oversight.models import Entry, Evaluation

AT_ONCE = 20
"""Reports one run of the schedule looks at."""
_ATTACHED = Evaluation.objects.exclude(file_name="")


def scan() -> int:
    """Have scanned what could not be when it came; for the schedule. Answers how many got a verdict."""
    if not scanner.reachable():
        return 0
    waiting = _ATTACHED.filter(scan=Evaluation.Scan.UNSCANNED)
    return sum(map(_scanned, list(waiting.order_by(F("looked_at").asc(nulls_first=True), "id")[:AT_ONCE])))


def _scanned(found: Evaluation) -> bool:
    # one that is damaged, or too large for the scanner, goes behind the others: they must not wait for it
    Evaluation.objects.filter(pk=found.pk).update(looked_at=clock.now())
    try:
        verdict = scanner.scan(files.content_of(found))
    except RuleError:
        return False
    with transaction.atomic():
        held = Evaluation.objects.select_for_update().get(pk=found.pk)
        if verdict is None or held.scan != Evaluation.Scan.UNSCANNED:
            return False
        judged(held, verdict)
    return True


def verify(contents: bool) -> Iterator[Finding]:
    """Reports whose digest is not the one written down when they came, and with `contents` those whose file is gone or
    altered on disk. `case` of a finding names the evaluation."""
    told = Entry.objects.filter(about="evaluation", kind="recorded").values_list("subject_id", "payload__sha256")
    recorded = dict(told.iterator())
    for found in Evaluation.objects.order_by("id").iterator():
        digest, name = bytes(found.digest).hex(), f"evaluation {found.pk}"
        if digest != recorded.get(found.pk):
            yield Finding("report.digest_altered", name, "its digest is not the one recorded when it came")
        elif contents and digest and not files.unchanged(found):
            yield Finding("report.file_altered", name, "its file is gone or was changed on disk")
