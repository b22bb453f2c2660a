"""What calling back and closing ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.handling.confirming import SPOKEN
from bihuan.revisit import book, closing, interviews, review, suggesting
from bihuan.revisit.models import Care, Sheet
from bihuan.revisit.plan import MEDIA
from bihuan.revisit.review import EVIDENCE_KINDS
from bihuan.web.desk import words
from bihuan.web.desk.forms import StepForm, choices_of, code_of, line, long_text, reasons
from bihuan.web.desk.names import either
from bihuan.web.desk.widgets import PickerInput

REVIEWED = ("cause", "evidence_kinds", "value_cause", "system_cause", "people_cause", "proof")
"""The fields that make a `Review`."""


class CauseFields(StepForm):
    """What the closing review codes."""

    cause = forms.CharField(label=pgettext_lazy("tree", "原因"), required=False, widget=PickerInput("cause"))
    evidence_kinds = forms.MultipleChoiceField(
        label=_("用到的证据"), required=False, widget=forms.CheckboxSelectMultiple
    )
    value_cause = forms.BooleanField(label=_("价值原因"), required=False)
    system_cause = forms.BooleanField(label=_("系统原因"), required=False)
    people_cause = forms.BooleanField(label=_("人员原因"), required=False)
    proof = line(_("依据（没有证据文件时）"), help_text=_("例如：账单核对记录编号、录音编号。"))

    def begin(self, case: Case) -> dict[str, Any]:
        """What was coded before, else what cases like it were coded as: to be looked at, not typed."""
        self.guess = suggesting.like_it(case)
        guessed = suggesting.as_form(self.guess) if self.guess else {}
        return {**guessed, **({"cause": code_of(case.cause_id)} if case.cause_id else {})}

    def ready(self) -> None:
        kinds = [(kind, str(words.EVIDENCE[kind])) for kind in EVIDENCE_KINDS]
        self.choose("evidence_kinds", kinds)

    @property
    def asked_for(self) -> list[tuple[str, bool]]:
        """What the category's rule asks of the closing review, in words, and whether the case has it already."""
        required = book.rule_of(self.case).required
        missing = set(review.lacking(required, review.found_of(self.case)))
        return [(str(review.REQUIREMENTS[code]), code not in missing) for code in required]

    @property
    def by_itself(self) -> bool:
        """True where the reply is enough to close: nothing has to be coded."""
        return not book.rule_of(self.case).required


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
        for place, question in enumerate(book.rule_of(self.case).questions):
            self.fields[f"question_{place}"] = forms.CharField(label=question, required=False, max_length=500)

    @property
    def further(self) -> list[Any]:
        """The fields of the rule's own questions."""
        return [self[name] for name in self.fields if name.startswith("question_")]

    def answers(self) -> dict[str, str]:
        """What was answered to them, by question."""
        told = self.data if self.is_bound else {}
        questions = book.rule_of(self.case).questions
        return {text: str(told.get(f"question_{place}", ""))[:500] for place, text in enumerate(questions)}


class AttemptForm(StepForm):
    """A call-back that reached nobody, or at a bad time."""

    means = forms.ChoiceField(label=_("回访方式"))
    again_at = forms.DateTimeField(
        label=_("客户约的时间"),
        required=False,
        help_text=_("客户说好何时再打就填；不填按回访规则排。"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成 2026-03-02 09:00。")},
    )
    note = long_text(_("说明"), required=False, rows=2, help_text=_("例如：无人接听、关机、空号、改约时间。"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"means": "call"}

    def ready(self) -> None:
        self.choose("means", [(medium, str(words.MEANS[medium])) for medium in MEDIA])


class ConfirmationForm(StepForm):
    """The customer told staff that the written answer arrived."""

    template = "desk/steps/confirmation.html"
    means = forms.ChoiceField(label=_("怎样确认的"))
    note = long_text(_("客户怎么说"), rows=2, help_text=_("例如：客户说收到短信，网络已经正常。"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"means": "call"}

    def ready(self) -> None:
        self.choose("means", [(means, str(words.MEANS[means])) for means in SPOKEN])


class ClosureForm(CauseFields):
    """The closing review of a satisfied customer's case."""

    template = "desk/steps/closure.html"
    note = long_text(_("说明"), required=False, rows=2)


class ClosingRequestForm(CauseFields):
    """A closing without a satisfied customer: why, and who is to confirm it."""

    template = "desk/steps/closing_request.html"
    exception = forms.ChoiceField(label=_("例外结单的原因"))
    approved_by = forms.TypedChoiceField(label=_("请谁审批"), coerce=int)
    note = long_text(_("为什么要例外结单"), rows=3)
    field_order = ["exception", "approved_by", "note", "cause"]

    def ready(self) -> None:
        super().ready()
        may = closing.exceptions(self.case)
        known = dict(reasons("exception"))
        self.choose("exception", [("", "—"), *((code, known[code]) for code in may if code in known)])
        people = closing.approvers(self.case, self.viewer)
        self.choose("approved_by", [("", "—"), *((str(one.id), either(one.name, one.name_en)) for one in people)])

    @property
    def not_yet(self) -> str:
        """Why "unreachable" is not offered yet, in words; empty when it is."""
        missing = closing.unreachable(self.case)
        return "" if missing.met else closing.lacking_words(missing)


class ClosingDecisionForm(StepForm):
    """The approver's own word."""

    template = "desk/steps/closing_decision.html"
    approved = forms.ChoiceField(
        label=_("您的决定"), choices=[("yes", _("同意，结单")), ("no", _("不同意，继续回访"))], widget=forms.RadioSelect
    )
    why = long_text(_("意见"), required=False, rows=2, help_text=_("不同意要写明原因。"))


class CareForm(StepForm):
    """How a care call went."""

    template = "desk/steps/care.html"
    outcome = forms.ChoiceField(label=_("结果"), choices=Care.Outcome.choices, widget=forms.RadioSelect)
    satisfaction = forms.TypedChoiceField(
        label=_("客户是否满意"), coerce=int, required=False, empty_value=None, widget=forms.RadioSelect
    )
    then = forms.ChoiceField(
        label=_("问题又出现了：怎么办"),
        required=False,
        choices=[("", _("—")), ("reopen", _("转回重新处理")), ("complaint", _("另立一张关联投诉"))],
    )
    note = long_text(_("客户怎么说"), required=False, rows=3)

    def ready(self) -> None:
        self.choose("satisfaction", [("", _("没问到")), *choices_of(words.SATISFACTION)])


class InterviewForm(StepForm):
    """Every sheet in use; whichever is filled in is kept."""

    template = "desk/steps/interview.html"

    def ready(self) -> None:
        self.sheets = interviews.sheets()
        for sheet in self.sheets:
            for place, question in enumerate(sheet.questions):
                self.fields[_name(sheet, place)] = _asked(question)

    @property
    def groups(self) -> list[tuple[Sheet, list[Any]]]:
        """The sheets with their fields."""
        return [(one, [self[_name(one, place)] for place in range(len(one.questions))]) for one in self.sheets]

    def told(self) -> list[tuple[Sheet, list[str]]]:
        """The sheets of which something was answered, with their answers in order."""
        data = self.cleaned_data
        found = [(one, [data[_name(one, place)] for place in range(len(one.questions))]) for one in self.sheets]
        return [(one, answers) for one, answers in found if any(answers)]

    def clean(self) -> dict[str, Any]:
        """At least one answer."""
        super().clean()
        told = self.told()
        if not told:
            raise forms.ValidationError(_("请至少回答一个问题。"))
        return {**self.cleaned_data, "told": told}


def _name(sheet: Sheet, place: int) -> str:
    return f"s{sheet.pk}_{place}"


def _asked(question: dict[str, Any]) -> forms.Field:
    """One question as a field, by its kind."""
    known: dict[str, list[tuple[str, Any]]] = {
        "score": [(str(score), str(score)) for score in range(1, 6)],
        "yes_no": [("yes", _("是")), ("no", _("否"))],
        "choice": [(one, one) for one in question.get("choices", [])],
    }
    choices = known.get(question["kind"])
    if choices is None:
        return forms.CharField(label=question["text"], required=False, max_length=1000)
    return forms.ChoiceField(label=question["text"], required=False, choices=choices, widget=forms.RadioSelect)


class ReopeningForm(StepForm):
    """Back to handling."""

    reason = forms.ChoiceField(label=_("重新处理的原因"))
    note = long_text(_("说明"), rows=2)

    def ready(self) -> None:
        self.choose("reason", [("", "—"), *reasons("reopen")])
