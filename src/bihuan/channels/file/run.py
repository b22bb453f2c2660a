"""Running a job from where it stands: chunk after chunk, alone or with a crew of workers, resumable at any moment."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from bihuan.channels.file import chunk as chunks
from bihuan.channels.file import layout as layouts
from bihuan.channels.file import missing, sheets
from bihuan.channels.file.chunk import Counts
from bihuan.channels.file.crew import Crew
from bihuan.channels.file.headings import folded
from bihuan.channels.file.models import ImportChunk, ImportJob
from bihuan.identity import audit
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError

Progress = Callable[[ImportJob], None]
ALONE_UP_TO = 8000
"""Rows for which starting workers would take longer than the work."""
MOST_KEPT = 50_000
"""Refused rows that are kept for the error file; the rest is only counted."""
_LOCK = 7272_0001
_SHOW_EVERY = 1.0


def run(job_id: int, *, workers: int | None = None, progress: Progress | None = None) -> ImportJob:
    """Take in what is not in yet. Raises RuleError when the file cannot be read on; what is in stays in.

    `workers`: processes beside each other (default: one more than cores for long files); 0 does the work in this process.
    """
    with _alone(job_id):
        job = ImportJob.objects.get(pk=job_id)
        if job.state == ImportJob.State.DONE:
            return job
        try:
            _begin(job)
            if job.create_missing and not job.dry_run:
                missing.create(job)
            _all(job, workers, progress or (lambda _job: None))
        except RuleError as error:
            _interrupted(job, str(error.message))
            raise
        except Exception as error:
            _interrupted(job, type(error).__name__)
            raise
        _end(job)
    return job


@contextmanager
def _alone(job_id: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, job_id])
        if not cursor.fetchone()[0]:
            raise Conflict("import.running", _("这次导入正在进行，请等它结束。"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, job_id])


def _begin(job: ImportJob) -> None:
    if not job.file_path or not Path(job.file_path).is_file():
        raise RuleError("file.missing", _("文件已不在，请重新上传。"), field="file")
    sheets.safe(Path(job.file_path))
    layouts.check_complete(layouts.from_plain(job.layout))
    job.state, job.trouble = ImportJob.State.RUNNING, ""
    job.started_at = job.started_at or clock.now()
    job.save(update_fields=["state", "trouble", "started_at"])
    _audit(job, "started")


def _all(job: ImportJob, workers: int | None, progress: Progress) -> None:
    numbers = set(job.chunks.values_list("number", flat=True))
    size = _size(job, workers)
    state = _State(job, progress)
    layout = layouts.from_plain(job.layout)
    with sheets.chunks(Path(job.file_path), job.sheet, job.head_row, _number_at(layout, job.headings)) as found:
        fresh = (one for one in found if one.number not in numbers)
        outcomes = _with_crew(job, fresh, size, state) if size else _here(job, fresh, state)
        for _number, counts in outcomes:
            state.add(counts)


def _size(job: ImportJob, workers: int | None) -> int:
    if workers is not None:
        return workers
    if job.total <= ALONE_UP_TO or connection.in_atomic_block:
        return 0
    return min(5, (os.cpu_count() or 2) + 1)  # one more than cores: one always waits for a commit


def _number_at(layout: layouts.Layout, headings: list[str]) -> int:
    wanted = [folded(heading) for heading in layout.columns.get("source_number", ())]
    return next((place for place, heading in enumerate(headings) if folded(heading) in wanted), -1)


def _here(job: ImportJob, fresh: Iterator[sheets.Chunk], state: "_State") -> Iterator[tuple[int, Counts]]:
    reader = chunks.reader_of(job)
    for one in fresh:
        yield one.number, chunks.work(job, reader, one.number, one.packed, state.keep_failed)


def _with_crew(
    job: ImportJob, fresh: Iterator[sheets.Chunk], size: int, state: "_State"
) -> Iterator[tuple[int, Counts]]:
    crew = Crew(job.pk, size)
    try:
        for one in fresh:
            yield from crew.hand(one, state.keep_failed)
        yield from crew.finish()
    finally:
        crew.end()


class _State:
    """Running sums, shown on the job about once a second; notices when someone has stopped it."""

    def __init__(self, job: ImportJob, progress: Progress) -> None:
        self.job, self.progress = job, progress
        self.shown = 0.0
        _sum_up(job)

    @property
    def keep_failed(self) -> bool:
        """Whether refused rows are still kept."""
        return self.job.failed < MOST_KEPT

    def add(self, counts: Counts) -> None:
        """Count a finished chunk."""
        job = self.job
        job.done += counts.rows
        job.created += counts.created
        job.existing += counts.existing
        job.failed += counts.failed
        job.total = max(job.total, job.done)
        moment = clock.now().timestamp()
        if moment - self.shown < _SHOW_EVERY:
            return
        self.shown = moment
        fields = ["done", "created", "existing", "failed", "total"]
        job.save(update_fields=fields)
        self.progress(job)
        if ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.STOPPED).exists():
            raise RuleError("import.stopped", _("导入已被停止；已完成的部分有效，再次运行会继续。"))


def _sum_up(job: ImportJob) -> None:
    """The sums over all chunks that are in."""
    sums = job.chunks.aggregate(
        rows=Sum("rows"), created=Sum("created"), existing=Sum("existing"), failed=Sum("failed")
    )
    job.done, job.created = sums["rows"] or 0, sums["created"] or 0
    job.existing, job.failed = sums["existing"] or 0, sums["failed"] or 0


def _interrupted(job: ImportJob, why: str) -> None:
    _sum_up(job)
    stopped = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.STOPPED).exists()
    job.state = ImportJob.State.STOPPED if stopped else ImportJob.State.FAILED
    job.trouble = why
    job.save(update_fields=["state", "trouble", "done", "created", "existing", "failed"])
    _audit(job, job.state)


def _end(job: ImportJob) -> None:
    _sum_up(job)
    words: Counter[str] = Counter()
    for warnings in ImportChunk.objects.filter(job=job).exclude(warnings={}).values_list("warnings", flat=True):
        words.update(warnings)
    job.warnings = dict(words.most_common(chunks.MOST_WORDS))
    job.total, job.state, job.finished_at = job.done, ImportJob.State.DONE, clock.now()
    if job.file_owned and not job.dry_run:
        with suppress(OSError):
            Path(job.file_path).unlink()
        job.file_path = ""
    job.save()
    _audit(job, "done")


def _audit(job: ImportJob, result: str) -> None:
    detail = {
        "file": job.file_digest, "rows": job.done, "created": job.created, "existing": job.existing,
        "failed": job.failed, "mode": job.mode, "dry_run": job.dry_run,
    }  # fmt: skip
    actor = Staff.objects.filter(pk=job.by_id).values_list("name", flat=True).first() if job.by_id else None
    audit.record(
        "import", actor_id=job.by_id, actor_name=actor or "", subject=f"import {job.pk}", result=result, detail=detail
    )
