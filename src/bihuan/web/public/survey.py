"""The survey's page for the customer: a link opens it without a number in the address, one press sends it, once."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.flow import aftercare
from bihuan.kernel.errors import RuleError
from bihuan.revisit import survey
from bihuan.revisit.models import Survey

_KEY = "survey"
_STARS = [(str(n), str(n)) for n in survey.SCALE]


def _scale(label: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=_STARS, widget=forms.RadioSelect, required=required,
        error_messages={"required": _("请选一个分数。")},
    )  # fmt: skip


class SurveyForm(forms.Form):
    """Half a minute: one score is all that has to be given."""

    score = _scale(_("这次处理，您打几分？"), required=True)
    solved = forms.ChoiceField(
        label=_("问题解决了吗？"), choices=[("yes", _("解决了")), ("no", _("没有解决"))], widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    attitude = _scale(_("服务态度"))
    speed = _scale(_("处理速度"))
    communication = _scale(_("沟通清楚"))
    words = forms.CharField(
        label=_("还想说什么（可不填）"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def answers(self) -> survey.Answers:
        """What was ticked, as the verb takes it."""
        told = self.cleaned_data
        parts = {name: int(told[name]) if told[name] else None for name in survey.PARTS}
        return survey.Answers(int(told["score"]), {"yes": True, "no": False}.get(told["solved"]), parts, told["words"])


@require_GET
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The link: what it opens is kept in the session, so that the token stands in no further address."""
    row = survey.find(token)
    request.session[_KEY] = row.pk if row is not None else 0
    return redirect("public:survey")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form; the thanks; or that the link is over. All three say nothing of the complaint."""
    row = Survey.objects.filter(pk=request.session.get(_KEY) or 0).first()
    if row is None or not survey.is_open(row):
        return render(request, "public/survey_over.html", {"done": row is not None and row.answered_at is not None})
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = aftercare.answer_survey(row.pk, form.answers())
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            return redirect("public:survey")
    return render(request, "public/survey.html", {"form": form}, status=422 if form.is_bound else 200)
