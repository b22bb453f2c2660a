"""What is done with one appeal: a step, a judgement, a correction, a letter written, shown and sent."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.appeals import actions, letters, queries
from bihuan.appeals.models import Appeal
from bihuan.cases import access
from bihuan.cases.actions import Doer, check_version
from bihuan.cases.models import Case
from bihuan.flow import appeals as flow
from bihuan.handling import evidence
from bihuan.identity import roles
from bihuan.kernel import paper
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.web.appeals.forms import CorrectionForm, JudgementForm, LetterForm
from bihuan.web.appeals.views import put, show, tell
from bihuan.web.desk.door import seen_version
from bihuan.web.desk.names import either
from bihuan.web.viewers import viewer

_KINDS: dict[str, tuple[Callable[[paper.Sheet], bytes], str]] = {
    "docx": (paper.word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (paper.pdf, "application/pdf"),
}


def _held(request: HttpRequest, number: str) -> tuple[Case, Appeal]:
    """The appeal with its case locked, as the page showed it."""
    case, found = queries.access_appeal(viewer(request), number, roles.APPEAL, lock=True)
    check_version(case, seen_version(request))
    return case, found


@login_required
@require_POST
def step(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """`POST /appeals/<no>/steps/<noun>/`."""
    who = viewer(request)
    try:
        with transaction.atomic():
            case, found = _held(request, number)
            into = None
            if request.POST.get("into", "").strip():
                _case, into = queries.access_appeal(who, request.POST["into"])
            actions.step(case, found, Doer.of(who), noun, request.POST.get("why", ""), into=into)
    except (Conflict, RuleError) as refused:
        if refused.status in {403, 404} and refused.code != "appeal.not_found":
            raise
        opened = {"refused": {"noun": noun, "message": _(str(refused.message)), "why": request.POST.get("why", "")}}
        return show(request, number, status=refused.status, **opened)
    tell(request, _("已办理。"))
    return redirect("appeals:appeal", number)


@login_required
@require_POST
def judgement(request: HttpRequest, number: str) -> HttpResponse:
    """`POST /appeals/<no>/judgement/`."""
    _case, found = queries.access_appeal(viewer(request), number, roles.APPEAL)
    form = JudgementForm(request.POST, appeal=found)
    done = _taken(form, lambda: _judge(request, number, form))
    return _after(request, number, done, judgement=form)


@transaction.atomic
def _judge(request: HttpRequest, number: str, form: JudgementForm) -> None:
    case, found = _held(request, number)
    actions.judge(case, found, Doer.of(viewer(request)), **form.values())


@login_required
@require_POST
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """`POST /appeals/<no>/letters/`: a new version."""
    queries.access_appeal(viewer(request), number, roles.APPEAL)
    form = LetterForm(request.POST)
    done = _taken(form, lambda: _write(request, number, form))
    return _after(request, number, done, letter_form=form)


@transaction.atomic
def _write(request: HttpRequest, number: str, form: LetterForm) -> None:
    case, found = _held(request, number)
    letters.write(case, found, Doer.of(viewer(request)), form.cleaned_data["title"], form.cleaned_data["text"])


def _taken(form: Any, act: Callable[[], None]) -> bool:
    """Run `act` for a valid form; what a rule refuses is said beside its field. True when it was done."""
    if not form.is_valid():
        return False
    try:
        act()
    except RuleError as refused:
        if refused.status in {403, 404}:
            raise
        put(form, refused)
        return False
    return True


def _after(request: HttpRequest, number: str, done: bool, **forms: Any) -> HttpResponse:
    if not done:
        return show(request, number, status=422, **forms)
    tell(request, _("已保存。"))
    return redirect("appeals:appeal", number)


@login_required
@require_POST
def sending(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """`POST /appeals/<no>/letters/<version>/sending/`: the copies are kept as evidence."""
    try:
        with transaction.atomic():
            case, found = _held(request, number)
            flow.send(viewer(request), case, found, version)
    except RuleError as refused:
        if refused.status in {403, 404}:
            raise
        return show(request, number, status=refused.status, letter_refused=_(str(refused.message)))
    tell(request, _("已发出，存档在证据里。"))
    return redirect("appeals:appeal", number)


@login_required
@require_safe
def file(request: HttpRequest, number: str, version: int, kind: str) -> HttpResponse:
    """A version as Word or PDF: what was sent as it left, anything else as a masked draft."""
    case, found = queries.access_appeal(viewer(request), number)
    if kind not in _KINDS:
        raise NotFound("letter")
    written, (make, media_type) = letters.find(found, version), _KINDS[kind]
    kept = written.word_id if kind == "docx" else written.pdf_id
    if written.sent_at is not None and kept is None:
        raise NotFound("letter")
    content = evidence.content_of(evidence.find(case.id, kept)) if kept else make(flow.draft_sheet(case, written))
    answer = HttpResponse(content, content_type=media_type)
    name = f"{case.number}-v{written.version}{'' if kept else '-draft'}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """`/appeals/<no>/correction/`: what was taken down wrongly; the conditions are judged anew."""
    who = viewer(request)
    case, found = queries.access_appeal(who, number, roles.APPEAL)
    before = queries.numbers_of([found.earlier_case_id or 0], who).get(found.earlier_case_id or 0, "")
    form = CorrectionForm(request.POST or None, appeal=found, earlier=before)
    if request.method == "POST" and _taken(form, lambda: _correct(request, number, form)):
        tell(request, _("已更正，受理条件已重新核对。"))
        return redirect("appeals:appeal", number)
    context = {
        "form": form, "case": case, "appeal": found, "place": "appeals",
        "body_name": either(found.body.name, found.body.name_en),
    }  # fmt: skip
    return render(request, "appeals/correction.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _correct(request: HttpRequest, number: str, form: CorrectionForm) -> None:
    who = viewer(request)
    case, found = _held(request, number)
    typed = form.cleaned_data.get("earlier", "").strip()
    earlier = access.access_case(who, typed) if typed else None
    actions.correct(case, found, Doer.of(who), form.conditions(), earlier)
