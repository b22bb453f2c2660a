"""What calling back and closing ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.revisit.actions import EVIDENCE_KINDS
from bihuan.web.desk import words
from bihuan.web.desk.dispatching import approvers
from bihuan.web.desk.forms import StepForm, choices_of, code_of, long_text, reasons
from bihuan.web.desk.widgets import PickerInput


class CauseFields(StepForm):
    """What the closing review codes."""

    cause = forms.CharField(label=_("原因"), required=False, widget=PickerInput("cause"))
    evidence_kinds = forms.MultipleChoiceField(
        label=_("用到的证据"), required=False, widget=forms.CheckboxSelectMultiple
    )
    value_cause = forms.BooleanField(label=_("价值原因"), required=False)
    system_cause = forms.BooleanField(label=_("系统原因"), required=False)
    people_cause = forms.BooleanField(label=_("人员原因"), required=False)

    def begin(self, case: Case) -> dict[str, Any]:
        return {"cause": code_of(case.cause_id)}

    def ready(self) -> None:
        kinds = [(kind, str(words.EVIDENCE[kind])) for kind in EVIDENCE_KINDS]
        self.choose("evidence_kinds", kinds)


class RevisitForm(CauseFields):
    """A call-back that reached the customer. Satisfied closes in the same step, when the cause is given."""

    template = "desk/steps/revisit.html"
    satisfaction = forms.TypedChoiceField(label=_("客户是否满意"), coerce=int, widget=forms.RadioSelect)
    root_solved = forms.ChoiceField(
        label=_("问题是否根本解决"),
        required=False,
        choices=[("", _("没问到")), ("yes", _("已解决")), ("no", _("没有"))],
        widget=forms.RadioSelect,
    )
    left_over = forms.BooleanField(label=_("有遗留事项"), required=False)
    note = long_text(_("回访记录"), required=False, rows=3)
    field_order = ["satisfaction", "root_solved", "left_over", "note", "cause"]

    def begin(self, case: Case) -> dict[str, Any]:
        return {**super().begin(case), "root_solved": ""}

    def ready(self) -> None:
        super().ready()
        self.choose("satisfaction", choices_of(words.SATISFACTION))


class AttemptForm(StepForm):
    """A call-back that reached nobody."""

    note = long_text(_("说明"), required=False, rows=2, help_text=_("例如：无人接听、关机、空号、改约时间。"))


class ClosureForm(CauseFields):
    """The closing review; without a satisfied customer it needs a reason and another person's approval."""

    exception = forms.ChoiceField(
        label=_("例外结单"), required=False, help_text=_("客户未表示满意时才需要，并须另一位主管批准。")
    )
    approved_by = forms.TypedChoiceField(label=_("批准人"), coerce=int, required=False, empty_value=None)
    note = long_text(_("说明"), required=False, rows=2)

    def ready(self) -> None:
        super().ready()
        self.choose("exception", [("", _("不需要")), *reasons("exception")])
        self.choose("approved_by", [("", "—"), *approvers(self.viewer)])
