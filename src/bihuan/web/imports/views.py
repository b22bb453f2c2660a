"""The pages of imports; every one of them exists only for who may import."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.channels.file import actions, failures, queries
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.models import FailedRow, ImportJob
from bihuan.channels.file.preview import preview
from bihuan.identity import audit, roles
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.imports import sampling
from bihuan.web.imports.forms import ReadingForm, UploadForm, layout_of
from bihuan.web.viewers import needs, viewer

_UNDER_WAY = (ImportJob.State.WAITING, ImportJob.State.RUNNING)
_PLACE = {"place": "imports"}


@needs(roles.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported lately; a file is uploaded here."""
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("imports:job", job_id=_opened(request, form).pk)
            except RuleError as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
                status = refused.status
    context = _PLACE | {"form": form, "jobs": queries.jobs(), "drafts": _drafts(request)}
    return render(request, "imports/index.html", context, status=status)


def _opened(request: HttpRequest, form: UploadForm) -> ImportJob:
    upload, who = form.cleaned_data["file"], viewer(request)
    if upload.size and upload.size > actions.MOST_UPLOAD:
        raise actions.too_long()
    path = actions.keep_upload(upload.chunks(), upload.name)
    try:
        wishes = Wishes(mapping=form.cleaned_data["mapping"] or queries.AUTO)
        return actions.open_file(path, wishes, name=upload.name, by_id=who.staff_id, unit_id=who.unit_id, owned=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _drafts(request: HttpRequest) -> list[ImportJob]:
    own = ImportJob.objects.filter(state=ImportJob.State.DRAFT, by_id=viewer(request).staff_id)
    return list(own.order_by("-id")[:5])


def _job(job_id: int) -> ImportJob:
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound("import")
    return job


@needs(roles.IMPORT)
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How a file would be read, how far it is, or what became of it."""
    found = _job(job_id)
    if found.state == ImportJob.State.DRAFT:
        return _reading(request, found, ReadingForm(found))
    return render(request, "imports/job.html", _PLACE | _told(request, found))


def _told(request: HttpRequest, found: ImportJob) -> dict[str, object]:
    own = found.by_id == viewer(request).staff_id
    problems = FailedRow.objects.filter(job=found).order_by("row", "id")[:50]
    return {
        "job": found,
        "under_way": found.state in _UNDER_WAY,
        "problems": problems,
        "own": own,
        "again": own and bool(found.file_path) and found.state not in _UNDER_WAY,
        "percent": round(100 * found.done / found.total) if found.total else 0,
    }


def _own_draft(request: HttpRequest, job_id: int) -> ImportJob:
    """Someone else's draft shows that person's file: it does not exist for others."""
    found = _job(job_id)
    if found.by_id != viewer(request).staff_id:
        raise NotFound("import")
    return found


def _reading(request: HttpRequest, found: ImportJob, form: ReadingForm, status: int = 200) -> HttpResponse:
    _own_draft(request, found.pk)
    if not Path(found.file_path).is_file():
        raise RuleError("file.missing", _("文件已不在，请重新上传。"), field="file")
    samples = sampling.columns(found)
    rows = preview(found)
    context = _PLACE | {
        "job": found,
        "form": form,
        "columns": list(zip(form.column_fields(), samples, strict=True)),
        "words": sampling.unknown(found),
        "rows": rows,
        "refused": sum(bool(row.problem) for row in rows),
    }
    return render(request, "imports/reading.html", context, status=status)


@needs(roles.IMPORT)
@require_POST
def mapping(request: HttpRequest, job_id: int) -> HttpResponse:
    """Read the file as the page says; then show it, try it, or take it in."""
    found = _own_draft(request, job_id)
    form = ReadingForm(found, request.POST)
    if not form.is_valid():
        return _reading(request, found, form, 422)
    try:
        _apply(found, form, request)
    except RuleError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        return _reading(request, found, form, refused.status)
    wanted = request.POST.get("do", "preview")
    if wanted in ("rehearsal", "run"):
        actions.queue(found, dry_run=wanted == "rehearsal")
    return redirect("imports:job", job_id=found.pk)


def _apply(found: ImportJob, form: ReadingForm, request: HttpRequest) -> None:
    told = form.cleaned_data
    words = sampling.words_from(found, request.POST.dict())
    options = {name: told[name] for name in ("mode", "strict", "create_missing", "day_order")}
    actions.relay(found, form.columns(), told["source_system"], **options)
    if words:
        actions.set_words(found, words)
    if told["mapping_name"]:
        layout = layout_of(found)
        saved = actions.save_mapping(told["mapping_name"], layout, found.headings, by_id=viewer(request).staff_id)
        found.mapping_name, found.mapping_version = saved.name, saved.version
        found.save(update_fields=["mapping_name", "mapping_version"])


@needs(roles.IMPORT)
@require_safe
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The moving part of a job under way; once it has ended the whole page is asked for anew."""
    found = _job(job_id)
    answer = render(request, "imports/progress.html", _told(request, found))
    if found.state not in _UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


@needs(roles.IMPORT)
@require_POST
def run(request: HttpRequest, job_id: int) -> HttpResponse:
    """In earnest after a dry run, or on from where it was interrupted."""
    found = _own_draft(request, job_id)
    if found.state in (*_UNDER_WAY, ImportJob.State.DRAFT) or not found.file_path:
        raise RuleError("import.not_ready", _("这次导入现在不能运行，请刷新后再看。"), status=409)
    real = actions.in_earnest(found, viewer(request).staff_id)
    return redirect("imports:job", job_id=real.pk)


@needs(roles.IMPORT)
@require_POST
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stop after the chunk in hand; what is in stays in."""
    actions.stop(_job(job_id))
    return redirect("imports:job", job_id=job_id)


@needs(roles.IMPORT)
@require_safe
def refused_xlsx(request: HttpRequest, job_id: int) -> HttpResponse:
    """The refused rows as a workbook, for who brought the file."""
    found = _downloaded(request, job_id)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(failures.xlsx(found), kind, f"refused-{found.pk}.xlsx")


@needs(roles.IMPORT)
@require_safe
def refused_csv(request: HttpRequest, job_id: int) -> HttpResponse:
    """The refused rows as CSV, for who brought the file."""
    found = _downloaded(request, job_id)
    return _file(failures.csv_bytes(found), "text/csv; charset=utf-8", f"refused-{found.pk}.csv")


def _downloaded(request: HttpRequest, job_id: int) -> ImportJob:
    found = _own_draft(request, job_id)
    who = viewer(request)
    audit.record(
        "export", actor_id=who.staff_id, actor_name=who.name, subject=f"import {found.pk}",
        address=request.META.get("REMOTE_ADDR", ""), detail={"rows": found.failed},
    )  # fmt: skip
    return found


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
