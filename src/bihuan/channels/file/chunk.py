"""One stretch of rows: read, checked, registered and noted in one transaction. The same in this process and in a worker."""

import json
from collections import Counter
from dataclasses import dataclass, field

from bihuan.channels.file import layout as layouts
from bihuan.channels.file.models import FailedRow, ImportChunk, ImportJob
from bihuan.channels.file.rows import Reader
from bihuan.channels.file.sheets import Row, rows_in
from bihuan.customers import vault
from bihuan.identity.models import Staff
from bihuan.intake import bulk
from bihuan.intake import context as contexts
from bihuan.intake.actions import Draft
from bihuan.kernel.errors import RuleError

ALREADY = frozenset(("complaint.source_exists", "complaint.twin"))
"""Refusals that only say: this order is in."""
MOST_WORDS = 300


@dataclass
class Counts:
    """What became of the rows of a chunk."""

    rows: int = 0
    created: int = 0
    existing: int = 0
    failed: int = 0
    warnings: dict[str, int] = field(default_factory=dict)


def subject(job_id: int, row: int) -> str:
    """What the sealed cells of a refused row are bound to."""
    return f"import:{job_id}:{row}"


def staff_by_name() -> dict[str, int]:
    """Staff by employee number and, where only one is called so, by name."""
    rows = list(Staff.objects.values_list("id", "employee_number", "name"))
    names = Counter(name for _id, _number, name in rows)
    found = {name: staff_id for staff_id, _number, name in rows if name and names[name] == 1}
    return found | {number: staff_id for staff_id, number, _name in rows if number}


def reader_of(job: ImportJob) -> Reader:
    """The reader of a job's rows, with the catalog and units as they are now."""
    return Reader(
        layouts.from_plain(job.layout),
        contexts.current(),
        headings=job.headings,
        history=job.mode == ImportJob.Mode.HISTORY,
        strict=job.strict,
        by_id=job.by_id,
        staff=staff_by_name(),
    )


def work(job: ImportJob, reader: Reader, number: int, packed: bytes, keep_failed: bool = True) -> Counts:
    """Take in one chunk; answers its counts. All of it is written, or nothing."""
    rows = rows_in(packed)
    drafts: dict[int, Draft] = {}
    unread: dict[int, RuleError] = {}
    for place, row in enumerate(rows):
        try:
            drafts[place] = reader.read(row)
        except RuleError as refused:
            unread[place] = refused
    warnings = dict(reader.warnings.most_common(MOST_WORDS))
    reader.warnings.clear()

    def write() -> Counts:
        already = ImportChunk.objects.filter(job_id=job.pk, number=number).first()
        if already is not None:  # a worker whose parent was killed has still brought it in
            return Counts(already.rows, already.created, already.existing, already.failed, already.warnings)
        counts = Counts(len(rows), warnings=warnings)
        refused = unread | _registered(job, drafts, counts)
        counts.failed = len(refused)
        if keep_failed:
            FailedRow.objects.bulk_create(
                [_failure(job, reader, rows[place], error) for place, error in sorted(refused.items())]
            )
        ImportChunk.objects.create(
            job_id=job.pk, number=number, rows=counts.rows, created=counts.created, existing=counts.existing,
            failed=counts.failed, warnings=warnings,
        )  # fmt: skip
        return counts

    result: Counts = bulk.again(write)
    return result


def _registered(job: ImportJob, drafts: dict[int, Draft], counts: Counts) -> dict[int, RuleError]:
    """Register (or, on a dry run, only check) what could be read; answers what was refused, by place."""
    answers = bulk.examine(list(drafts.values())) if job.dry_run else bulk.load(list(drafts.values()))
    refused: dict[int, RuleError] = {}
    for place, answer in zip(drafts, answers, strict=True):
        if not isinstance(answer, RuleError):
            counts.created += 1
        elif answer.code in ALREADY:
            counts.existing += 1
        else:
            refused[place] = answer
    return refused


def _failure(job: ImportJob, reader: Reader, row: Row, error: RuleError) -> FailedRow:
    key_id, sealed = vault.seal_text(json.dumps(row[2], ensure_ascii=False), subject(job.pk, row[0]))
    return FailedRow(
        job_id=job.pk,
        row=row[0],
        column=reader.heading(error.field),
        code=error.code,
        reason=str(error.message),
        key_id=key_id,
        sealed=sealed,
    )
