"""Lists of appeals, their intake, and one appeal beside its case."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.appeals import letters, own, papers, queries, rules
from bihuan.appeals.models import Appeal, Body, Letter, Term
from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.flow import appeals as flow
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.appeals.chips import chip_of
from bihuan.web.appeals.forms import IntakeForm, JudgementForm, LetterForm
from bihuan.web.appeals.words import own_shown
from bihuan.web.desk import story
from bihuan.web.desk.names import Names, either
from bihuan.web.hotline.queries import of_caller
from bihuan.web.setup.door import paged
from bihuan.web.viewers import needs, viewer

TOLD = "appeals_told"
_WORTH = 6


def tell(request: HttpRequest, text: str) -> None:
    """Say this in the corner of the next page."""
    request.session[TOLD] = [str(text)]


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The appeals in reach, narrowed by the address."""
    who = viewer(request)
    if not who.can(roles.READ):
        raise NotFound("page")
    wanted = queries.Wanted(
        body=request.GET.get("body", "")[:16],
        status=request.GET.get("status", "")[:32],
        number=request.GET.get("number", "").strip()[:64],
        late="late" in request.GET,
        failing="failing" in request.GET,
    )
    page = paged(request, queries.listing(who, wanted))
    context = {
        **page,
        "rows": _rows(page["rows"], who),
        "wanted": wanted,
        "bodies": Body.objects.filter(active=True),
        "statuses": rules.STATUSES.values(),
        "may_take": who.can(roles.APPEAL) and who.can(roles.REGISTER),
        "may_edit": who.can(roles.SETUP),
        "place": "appeals",
        "toasts": request.session.pop(TOLD, []),
    }
    return render(request, "appeals/list.html", context)


def _rows(found: list[Appeal], who: Viewer) -> list[dict[str, Any]]:
    cases = Case.objects.in_bulk([one.case_id for one in found])
    held, names = queries.clocks(list(cases)), Names()
    return [
        {
            "appeal": one,
            "case": cases[one.case_id],
            "chip": chip_of(held.get(one.case_id)),
            "holder": names.staff(cases[one.case_id].handler_id) or names.unit(cases[one.case_id].holder_unit_id),
            "place": names.place(cases[one.case_id]),
            "body": either(one.body.name, one.body.name_en),
        }
        for one in found
        if one.case_id in cases
    ]


@needs(roles.APPEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, body: str) -> HttpResponse:
    """Take a body's order down: a case is registered for it and its clock begins."""
    row = Body.objects.filter(code=body, active=True).first()
    if row is None or not viewer(request).can(roles.REGISTER):
        raise NotFound("page")
    form = IntakeForm(request.POST or None, body=body)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            case, _appeal = flow.receive(viewer(request), form.appeal())
        except RuleError as refused:
            put(form, refused)
            status = refused.status
        else:
            tell(request, _("已登记，工单 %(number)s。") % {"number": case.number})
            return redirect("appeals:appeal", case.number)
    context = {
        "form": form, "body": row, "bodies": Body.objects.filter(active=True), "place": "appeals",
        "terms": _terms(row), "title": either(row.name, row.name_en), "required": own.REQUIRED[body],
    }  # fmt: skip
    return render(request, "appeals/intake.html", context, status=422 if form.errors and status == 200 else status)


def put(form: Any, refused: RuleError) -> None:
    """A refusal beside the field it names."""
    name = refused.field.removeprefix("customer.").replace("own.", "own_").replace("penalty_unit_id", "penalty_unit")
    form.add_error(name if name in form.fields else None, _(str(refused.message)))


def _terms(body: Body) -> list[tuple[str, Term]]:
    names = Names()
    rows = Term.objects.filter(body=body)
    return [(names.area(row.province_id) if row.province_id else _("全国"), row) for row in rows]


@needs(roles.APPEAL)
@require_POST
def earlier(request: HttpRequest) -> HttpResponse:
    """The complaints this number made before, to be linked. By POST: no number ever stands in an address."""
    number = request.POST.get("complained_number", "")[:32] or request.POST.get("phone", "")[:32]
    enough = sum(mark.isdigit() for mark in number) >= _WORTH
    found = of_caller(viewer(request), number) if enough else []
    return render(request, "appeals/earlier.html", {"found": found, "waiting": not enough})


@login_required
@require_safe
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """One appeal, the case beside it."""
    return show(request, number)


def show(request: HttpRequest, number: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one appeal; `more` are forms that were not taken."""
    who = viewer(request)
    case, found = queries.access_appeal(who, number)
    context = {**story.of(who, case), **_told(case, found, who), "place": "appeals", **more}
    context["toasts"] = request.session.pop(TOLD, [])
    return render(request, "appeals/appeal.html", context, status=status)


def _told(case: Case, found: Appeal, who: Viewer) -> dict[str, Any]:
    claim, limits = queries.claim_of(found, case), queries.limits_of(found.body)
    versions = list(Letter.objects.filter(appeal=found))
    names = Names()
    row = queries.term(found.body, case.province_id)
    return {
        "appeal": found,
        "body_name": either(found.body.name, found.body.name_en),
        "body_chip": chip_of(queries.clocks([case.id]).get(case.id)),
        "checks": [(rules.CHECKS[code], code in found.failing) for code in rules.CHECKS if code in found.body.checks],
        "grounds": rules.grounds(found.failing, claim, limits) if found.failing else "",
        "term": row,
        "own_told": own_shown(found),
        "may_handle": access.may(who, case, roles.APPEAL),
        "steps": rules.allowed(found.status),
        "earlier": queries.numbers_of([found.earlier_case_id or 0], who).get(found.earlier_case_id or 0, ""),
        "into": _into(found, who),
        "penalty_unit": names.unit(found.penalty_unit_id),
        "letters": versions,
        "letter_form": _letter_form(case, found, versions),
        "judgement": JudgementForm(appeal=found),
        "spots": papers.PLACEHOLDERS,
    }


def _into(found: Appeal, who: Viewer) -> str:
    other = Appeal.objects.filter(pk=found.merged_into_id).first() if found.merged_into_id else None
    return queries.numbers_of([other.case_id], who).get(other.case_id, "") if other else ""


def _letter_form(case: Case, found: Appeal, versions: list[Letter]) -> LetterForm:
    if versions:
        return LetterForm(initial={"title": versions[0].title, "text": versions[0].text})
    title, text = letters.proposal(found, case, settings.OPERATOR_NAME)
    return LetterForm(initial={"title": title, "text": text})
