"""Reports on major complaints: what is to be written, one beside its case, its file; set-up of template and interface."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.flow import majors as flow
from bihuan.handling import evidence
from bihuan.identity import book, roles
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel import paper
from bihuan.kernel.errors import NotFound
from bihuan.majors import actions, queries, rules
from bihuan.majors.models import Interface, Report, Version
from bihuan.web import chips
from bihuan.web.desk import story
from bihuan.web.desk.names import Names
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import named
from bihuan.web.setup.units import unit_choices
from bihuan.web.teamwork import shell

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class ReportForm(forms.Form):
    """One version."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    text = forms.CharField(label=gettext_lazy("正文"), max_length=rules.MOST, widget=forms.Textarea({"rows": 18}))


class HandingForm(forms.Form):
    """To whom."""

    to = forms.TypedChoiceField(label=gettext_lazy("上报给"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = unit_choices()  # type: ignore[attr-defined]
        known = book.units().units.values()
        first = next((unit.id for unit in known if unit.kind in {"service_management", "management"}), None)
        self.fields["to"].initial = first


def chip_of(report: Report) -> chips.TimeChip:
    """Its term as a chip."""
    if report.handed_at is None:
        warn = report.begun_at + (report.due_at - report.begun_at) * 0.75
        return chips.time_chip(report.due_at, name=_("报告期限"), warn_at=warn)
    return chips.time_chip(report.due_at, name=_("报告期限"), met=report.handed_at <= report.due_at)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Reports to write, or (`show=done`) handed in."""
    who = shell.entered(request, "reports")
    done = request.GET.get("show") == "done"
    held = paged(request, queries.listing(who, done=done))
    context = {
        **held, "rows": rows_of(held["rows"]), "done": done, "may_edit": who.can(roles.SETUP),
        "may_export": who.can(roles.EXPORT),
    }  # fmt: skip
    return shell.show(request, "teamwork/reports.html", "reports", context)


def rows_of(found: list[Report]) -> list[dict[str, Any]]:
    """Lines of the list: one statement however many."""
    names, cases = Names(), Case.objects.in_bulk([one.case_id for one in found])
    return [
        {
            "report": one, "case": cases[one.case_id], "lead": names.staff(one.lead_id), "unit": names.unit(one.unit_id),
            "chip": chip_of(one), "to": names.unit(one.to_unit_id), "category": names.node(cases[one.case_id].category_id),
            "place": names.place(cases[one.case_id]),
        }
        for one in found
    ]  # fmt: skip


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is shown, as Excel."""
    who = shell.entered(request, "reports")
    found = list(queries.listing(who, done=request.GET.get("show") == "done")[: shell.MOST_ROWS])
    headings = [
        _("工单编号"), _("地区"), _("分类"), _("接口人"), _("部门"), _("开始时间"), _("报告期限"), _("上报给"), _("上报时间"),
    ]  # fmt: skip
    lines = (
        [
            row["case"].number, row["place"], row["category"], row["lead"], row["unit"], row["report"].begun_at,
            row["report"].due_at, row["to"], row["report"].handed_at,
        ]
        for row in rows_of(found)
    )  # fmt: skip
    return shell.workbook(request, who, _("重大报告"), headings, lines)


@login_required
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report beside its case."""
    return _page(request, report_id)


def _page(request: HttpRequest, report_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    who = shell.entered(request, "reports")
    found, case = _seen(who, report_id)
    versions, names = list(Version.objects.filter(report=found)), Names()
    title, text = (versions[0].title, versions[0].text) if versions else flow.proposal(case)
    context = {
        **story.of(who, case), "report": found, "versions": versions, "chip": chip_of(found),
        "lead": names.staff(found.lead_id), "lead_unit": names.unit(found.unit_id), "to": names.unit(found.to_unit_id),
        "may": queries.may_write(who, found) and found.handed_at is None, "has_font": paper.has_font(),
        "report_form": ReportForm(initial={"title": title, "text": text}), "handing_form": HandingForm(), **more,
    }  # fmt: skip
    return shell.show(request, "teamwork/report.html", "reports", context, status=status)


def _seen(who: Viewer, report_id: int) -> tuple[Report, Case]:
    found = Report.objects.filter(pk=report_id).first()
    case = access.visible(who).filter(pk=found.case_id).first() if found else None
    if found is None or case is None:
        raise NotFound("report")
    return found, case


@login_required
@require_POST
def version(request: HttpRequest, report_id: int) -> HttpResponse:
    """`POST /teamwork/reports/<id>/versions/`: keep what was written."""
    who = shell.entered(request, "reports")
    form = ReportForm(request.POST)

    def act() -> None:
        with transaction.atomic():
            case, found = queries.access_report(who, report_id)
            actions.write(case, found, Doer.of(who), form.cleaned_data["title"], form.cleaned_data["text"])

    if not shell.taken(form, act):
        return _page(request, report_id, status=422, report_form=form)
    shell.tell(request, _("已保存一版。"))
    return redirect("teamwork:report", report_id)


@login_required
@require_POST
def handing(request: HttpRequest, report_id: int) -> HttpResponse:
    """`POST /teamwork/reports/<id>/handing/`: hand the latest version in."""
    who = shell.entered(request, "reports")
    form = HandingForm(request.POST)

    def act() -> None:
        with transaction.atomic():
            case, found = queries.access_report(who, report_id)
            flow.hand_in(case, found, Doer.of(who), form.cleaned_data["to"])

    if not shell.taken(form, act):
        return _page(request, report_id, status=422, handing_form=form)
    shell.tell(request, _("已上报，存档在证据里。"))
    return redirect("teamwork:report", report_id)


@login_required
@require_safe
def file(request: HttpRequest, report_id: int, number: int, kind: str) -> HttpResponse:
    """A version as Word or PDF: what was handed in as it left, anything else as a draft."""
    who = shell.entered(request, "reports")
    found, case = _seen(who, report_id)
    written = Version.objects.filter(report=found, version=number).first()
    if written is None or kind not in _TYPES:
        raise NotFound("report")
    kept = (found.word_id if kind == "docx" else found.pdf_id) if found.version == number else None
    make = paper.word if kind == "docx" else paper.pdf
    content = evidence.content_of(evidence.find(case.id, kept)) if kept else make(flow.sheet(case, written, _("草稿")))
    answer = HttpResponse(content, content_type=_TYPES[kind])
    answer["Content-Disposition"] = content_disposition_header(True, f"{case.number}-report-v{number}.{kind}") or ""
    answer["Content-Security-Policy"] = "sandbox"
    return answer


class TemplateForm(forms.Form):
    """The words every report begins with."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    text = forms.CharField(label=gettext_lazy("正文"), max_length=rules.MOST, widget=forms.Textarea({"rows": 14}))


class InterfaceForm(forms.Form):
    """The interface person of one unit; none takes the name away."""

    unit = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int)
    staff = forms.TypedChoiceField(label=gettext_lazy("接口人"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Staff.objects.filter(is_active=True, is_system=False).select_related("unit").order_by("unit__code")
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        told = [(one.pk, f"{named(one)} · {named(one.unit)}") for one in people]
        self.fields["staff"].choices = [("", "—"), *told]  # type: ignore[attr-defined]


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The template, and who is whose interface person."""
    held = actions.template()
    form = TemplateForm(request.POST or None, initial={"title": held.title, "text": held.text})

    def act() -> None:
        actions.edit_template(form.cleaned_data["title"], form.cleaned_data["text"], by.staff_id)

    if request.method == "POST" and taken(form, act):
        tell(request, _("已保存，对之后的报告生效。"))
        return redirect("teamwork:report-template")
    return _setup(request, form, InterfaceForm())


def _setup(request: HttpRequest, form: TemplateForm, interface_form: InterfaceForm, status: int = 200) -> HttpResponse:
    names = Names()
    rows = [(names.unit(one.unit_id), names.staff(one.staff_id)) for one in Interface.objects.all()]
    context = {"form": form, "interface_form": interface_form, "rows": rows, "spots": rules.PLACEHOLDERS}
    return show(request, "teamwork/report_template.html", context, status=status)


@page(roles.SETUP)
@require_POST
def interface(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Name a unit's interface person."""
    form = InterfaceForm(request.POST)
    told = form.data
    if taken(form, lambda: actions.name_interface(form.cleaned_data["unit"], form.cleaned_data["staff"], by.staff_id)):
        tell(request, _("接口人已保存。"))
        return redirect("teamwork:report-template")
    held = actions.template()
    return _setup(request, TemplateForm(initial={"title": held.title, "text": held.text}), InterfaceForm(told), 422)
