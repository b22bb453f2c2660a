"""What people do with files: look at one, correct its mapping, save it, run it, stop it."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.channels.file import layout as layouts
from bihuan.channels.file import queries, sheets
from bihuan.channels.file.layout import Layout
from bihuan.channels.file.models import ImportJob, Mapping
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import edited_by

MOST_UPLOAD = 200 * 1024**2
"""Bytes of a file sent through a page; longer ones are imported with the command."""


@dataclass(frozen=True)
class Wishes:
    """How a file is to be taken in."""

    mapping: str = queries.AUTO
    mode: str = "history"
    dry_run: bool = False
    strict: bool = False
    create_missing: bool = False
    source_system: str = ""
    sheet: str = ""
    head_row: int = 0


def open_file(
    path: Path,
    wishes: Wishes,
    *,
    name: str = "",
    by_id: int | None = None,
    unit_id: int | None = None,
    owned: bool = False,
) -> ImportJob:
    """Look at a file and lay down how it would be read, as a job in draft; nothing is imported yet.

    Raises RuleError `file.*` for a file that cannot be read, `mapping.*` when a named mapping does not fit.
    """
    sheets.safe(path)
    look = sheets.sample(path, wishes.sheet, wishes.head_row)
    chosen = queries.choose(wishes.mapping, look.headings)
    digest = sheets.digest(path)
    read = queries.seen(chosen.layout, look, clock.now().replace(tzinfo=None))
    layout = _with_source(read, wishes.source_system, digest, Path(name or path.name).stem)
    return ImportJob.objects.create(
        file_name=(name or path.name)[:200],
        file_path=str(path.absolute()),
        file_owned=owned,
        file_digest=digest,
        file_size=path.stat().st_size,
        sheet=look.sheet,
        head_row=look.head_row,
        headings=look.headings,
        mapping_name=chosen.name,
        mapping_version=chosen.version,
        layout=layout.plain(),
        mode=wishes.mode,
        dry_run=wishes.dry_run,
        strict=wishes.strict,
        create_missing=wishes.create_missing,
        total=look.total,
        made_at=clock.now(),
        by_id=by_id,
        unit_id=unit_id,
    )


def _with_source(layout: Layout, wished: str, digest: str, stem: str) -> Layout:
    """Every row needs a source system. Without a wish: as the same file was read before, else the file's name."""
    if wished:
        return queries.with_source(layout, wished)
    if "source_system" in layout.columns or layout.constants.get("source_system"):
        return layout
    earlier = ImportJob.objects.filter(file_digest=digest).order_by("-id").values_list("layout", flat=True).first()
    known = (earlier or {}).get("constants", {}).get("source_system")
    return queries.with_source(layout, str(known or stem or "file"))


def relay(
    job: ImportJob, columns: Dict[str, Sequence[str]], source_system: str, day_order: str | None = None, **options: Any
) -> ImportJob:
    """Read a job in draft otherwise: `columns` is field → headings; what is left over goes to the further fields.
    `day_order` as of `Layout`; None keeps the one found.

    `options` are columns of the job: mode, strict, create_missing.
    """
    if job.state != ImportJob.State.DRAFT:
        raise RuleError("import.begun", _("导入已经开始，不能再改对应关系。"))
    layout = layouts.from_plain(job.layout)
    if day_order is not None:
        layout = replace(layout, day_order=day_order)
    wanted = {code: tuple(named) for code, named in columns.items() if named}
    if wanted != layout.columns:
        used = {heading for named in wanted.values() for heading in named}
        rest = [heading for heading in job.headings if heading not in used][: layouts.MOST_EXTRA - 10]
        extra = {heading: layout.extra.get(heading, heading[:64]) for heading in rest}
        layout = replace(layout, columns=wanted, extra=extra, recognise=(), name="")
        layouts.check(layout)
        layouts.check_complete(layout)
        job.mapping_name, job.mapping_version = "", 0
    job.layout = queries.with_source(layout, source_system or "file").plain()
    for name, value in options.items():
        setattr(job, name, value)
    job.save()
    return job


def set_words(job: ImportJob, words: Dict[str, Dict[str, str | int]]) -> None:
    """Say what cell texts stand for: field → {text: value}."""
    layout = layouts.from_plain(job.layout)
    values = {code: dict(known) for code, known in layout.values.items()}
    for code, known in words.items():
        values.setdefault(code, {}).update(known)
    job.layout = replace(layout, values=values).plain()
    job.save(update_fields=["layout"])


def save_mapping(
    name: str, layout: Layout, headings: list[str], *, title: str = "", by_id: int | None = None
) -> Mapping:
    """Keep a layout under a name, as its next version. It is recognised by all the headings it reads from."""
    wanted = name.strip()[:60]
    if not wanted:
        raise RuleError("mapping.name", _("请给映射起个名字，以后同样的文件会自动用它。"), field="mapping_name")
    layouts.check_complete(layout)
    reads = [heading for named in layout.columns.values() for heading in named]
    plain = layout.plain() | {"name": wanted, "recognise": [heading for heading in headings if heading in reads]}
    with edited_by(by_id), transaction.atomic():
        last = Mapping.objects.select_for_update().filter(name=wanted, latest=True).first()
        Mapping.objects.filter(name=wanted, latest=True).update(latest=False)
        return Mapping.objects.create(
            name=wanted,
            version=last.version + 1 if last else 1,
            title=title or wanted,
            layouts=[plain],
            made_at=clock.now(),
            made_by_id=by_id,
        )


def resumable(job: ImportJob) -> ImportJob:
    """An interrupted job that does just this, to be continued in place of `job`; else `job` itself."""
    unfinished = (ImportJob.State.WAITING, ImportJob.State.RUNNING, ImportJob.State.FAILED, ImportJob.State.STOPPED)
    earlier = ImportJob.objects.filter(**job.key, state__in=unfinished).exclude(pk=job.pk).order_by("-id").first()
    if earlier is None:
        return job
    earlier.file_path, earlier.file_owned = job.file_path, job.file_owned
    earlier.create_missing = job.create_missing
    earlier.save(update_fields=["file_path", "file_owned", "create_missing"])
    job.delete()
    return earlier


def queue(job: ImportJob, *, dry_run: bool) -> ImportJob:
    """Have a job done in the background."""
    from bihuan.channels.file import tasks

    with transaction.atomic():
        job.dry_run = dry_run
        job.state = ImportJob.State.WAITING
        job.save(update_fields=["dry_run", "state"])
        tasks.run_import.defer(job_id=job.pk)
    return job


def in_earnest(job: ImportJob, by_id: int | None) -> ImportJob:
    """The real job after a dry run of the same file, or the same again after an interruption; queued."""
    if not job.dry_run:
        return queue(job, dry_run=False)
    real = ImportJob.objects.get(pk=job.pk)
    real.pk, real._state.adding = None, True
    for name in ("done", "created", "existing", "failed"):
        setattr(real, name, 0)
    real.warnings, real.trouble, real.started_at, real.finished_at = {}, "", None, None
    real.made_at, real.by_id = clock.now(), by_id
    real.save()
    ImportJob.objects.filter(pk=job.pk).update(file_path="", file_owned=False)
    return queue(real, dry_run=False)


def stop(job: ImportJob) -> None:
    """Have a waiting or running job stop after the chunk in hand."""
    running = (ImportJob.State.WAITING, ImportJob.State.RUNNING)
    ImportJob.objects.filter(pk=job.pk, state__in=running).update(state=ImportJob.State.STOPPED)


def keep_upload(parts: Any, name: str) -> Path:
    """Write an uploaded file (an iterable of bytes) aside, readable by us alone; refuses what is too long."""
    folder = settings.IMPORT_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = Path(name).suffix.lower()[:8]
    path = folder / f"{clock.now():%Y%m%d%H%M%S%f}{suffix}"
    size = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for part in parts:
            size += len(part)
            if size > MOST_UPLOAD:
                path.unlink()
                raise too_long()
            file.write(part)
    return path


def too_long() -> RuleError:
    """The refusal of a file that is too long for a page."""
    return RuleError(
        "file.too_long",
        _("文件超过 %(size)d MB。请分成几个文件，或请管理员用命令 bihuan import 导入。")
        % {"size": MOST_UPLOAD // 1024**2},
        field="file",
        status=413,
    )
