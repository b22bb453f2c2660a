"""What each step asks for. Only shape is checked here; whether a step may be taken, and what it needs, the verbs say."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case, Urgency
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Node
from bihuan.flow import standing
from bihuan.handling import confirming
from bihuan.handling.models import Means
from bihuan.identity.viewer import Viewer
from bihuan.web.desk import words
from bihuan.web.desk.names import either
from bihuan.web.desk.widgets import PickerInput

Choices = list[tuple[str, Any]]
Word = Any
"""A text or its lazy translation."""


def reasons(kind: str) -> Choices:
    """The reasons in use of one kind, in the reader's language."""
    found = [r for r in catalog.current().reasons.values() if r.kind == kind and r.active]
    return [(r.code, either(r.name, r.name_en)) for r in sorted(found, key=lambda r: r.id)]


def choices_of(told: Mapping[Any, str | Promise]) -> Choices:
    """Codes with their words, as a choice field takes them."""
    return [(str(code), str(word)) for code, word in told.items()]


def long_text(label: Word, *, required: bool = True, rows: int = 4, help_text: Word = "") -> forms.CharField:
    """A text of several lines, at most 5,000 characters."""
    return forms.CharField(
        label=label, required=required, max_length=5000, help_text=help_text, widget=forms.Textarea({"rows": rows})
    )


def line(label: Word, *, required: bool = False, help_text: Word = "") -> forms.CharField:
    """One line, at most 200 characters."""
    return forms.CharField(label=label, required=required, max_length=200, help_text=help_text)


class StepForm(forms.Form):
    """The base: knows case and reader, asks for the first field's attention, ends ids with the step's name."""

    must = {"required": _("请填写这一项。")}
    template = "desk/steps/plain.html"

    def __init__(self, data: Any = None, *, case: Case, viewer: Viewer, files: Any = None) -> None:
        super().__init__(data, files, initial=self.begin(case))
        self.case, self.viewer = case, viewer
        self.ready()
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, **self.must}

    def begin(self, case: Case) -> dict[str, Any]:
        """What is filled in beforehand."""
        return {}

    def ready(self) -> None:
        """Choices that depend on the catalog or the case."""

    def choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Give a choice field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


def code_of(node_id: int | None) -> str:
    """A tree entry's code; empty for none."""
    node = catalog.current().nodes.get(node_id or 0)
    return node.code if node else ""


class AcceptanceForm(StepForm):
    """Ours; classified in the same step when a class is chosen."""

    category = forms.CharField(label=_("现象分类"), required=False, widget=PickerInput("phenomenon"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"category": code_of(case.category_id or case.suggested_category_id)}


class DeclinationForm(StepForm):
    """Not ours; the customer is told the reason."""

    reason = forms.ChoiceField(label=_("不予受理的原因"), help_text=_("客户会收到这个原因的说明。"))
    note = long_text(_("内部说明"), required=False, rows=2)

    def ready(self) -> None:
        self.choose("reason", [("", "—"), *reasons("decline")])


class ClassificationForm(StepForm):
    """What it is; beside it what was suggested."""

    category = forms.CharField(label=_("现象分类"), widget=PickerInput("phenomenon"))
    service_type = forms.ChoiceField(label=_("服务类型"), required=False)
    urgency = forms.TypedChoiceField(label=_("紧急程度"), coerce=int, required=False, empty_value=None)
    impact = forms.TypedChoiceField(label=_("影响范围"), coerce=int, required=False, empty_value=None)
    complexity = forms.TypedChoiceField(label=_("复杂程度"), coerce=int, required=False, empty_value=None)
    product = forms.CharField(label=_("产品"), required=False, widget=PickerInput("product"))
    dispute = forms.CharField(label=_("争议类型"), required=False, widget=PickerInput("dispute"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {
            "category": code_of(case.category_id or case.suggested_category_id),
            "product": code_of(case.product_id),
            "dispute": code_of(case.dispute_id),
        }

    def ready(self) -> None:
        follow = ("", _("跟随分类"))
        self.choose("service_type", [follow, *choices_of(dict(Node.ServiceType.choices))])
        self.choose("urgency", [follow, *choices_of(dict(Urgency.choices))])
        self.choose("impact", [follow, *choices_of(words.IMPACTS)])
        self.choose("complexity", [follow, *choices_of(words.COMPLEXITIES)])


class PriorityForm(StepForm):
    """More or less pressing than the table says, with a reason."""

    priority = forms.TypedChoiceField(label=_("优先级"), coerce=int)
    urgency = forms.TypedChoiceField(label=_("紧急程度"), coerce=int, help_text=_("紧急程度会改变适用的时限。"))
    why = long_text(_("原因"), rows=2)

    def begin(self, case: Case) -> dict[str, Any]:
        return {"priority": case.priority, "urgency": case.urgency}

    def ready(self) -> None:
        self.choose("priority", choices_of(words.PRIORITIES))
        self.choose("urgency", choices_of(dict(Urgency.choices)))


class DispatchForm(StepForm):
    """To which unit, for whom, to do what."""

    template = "desk/steps/dispatch.html"
    unit = forms.IntegerField(
        label=_("责任部门"),
        widget=PickerInput("units"),
        error_messages={"required": _("请选择责任部门。"), "invalid": _("请从列表中选择责任部门。")},
    )
    handler = forms.TypedChoiceField(label=_("责任人"), coerce=int, required=False, empty_value=None)
    demands = long_text(_("处理要求"), required=False, rows=3)
    why = long_text(_("派单说明"), required=False, rows=2)
    beside = forms.TypedMultipleChoiceField(
        label=_("协同部门"),
        coerce=int,
        required=False,
        widget=forms.SelectMultiple({"size": 5}),
        help_text=_("可不选。主办部门答复客户，协同部门按处理要求各办各的部分。"),
    )

    def begin(self, case: Case) -> dict[str, Any]:
        from bihuan.web.desk.dispatching import proposal

        said = proposal(case)
        if said is None or said.unit_id == case.holder_unit_id:
            return {}
        return {"unit": said.unit_id, "demands": said.demands}

    def ready(self) -> None:
        from bihuan.web.desk.dispatching import handlers
        from bihuan.web.setup.units import unit_choices

        told = str(self.data.get("unit") or self.initial.get("unit") or "")
        unit = int(told) if told.isdigit() else 0
        self.choose("handler", [("", _("由部门指定")), *handlers(unit)])
        beside = self.fields["beside"]
        assert isinstance(beside, forms.TypedMultipleChoiceField)
        beside.choices = [choice for choice in unit_choices() if choice[0] != unit]


class RecallForm(StepForm):
    """Taken back, saying why."""

    why = long_text(_("撤回原因"), rows=2)


class SeparationForm(StepForm):
    """Standing on its own again, saying why."""

    why = long_text(_("撤销并单的原因"), rows=2)


class ReceiptForm(StepForm):
    """Taken, with how it can be solved."""

    assessment = forms.ChoiceField(label=_("能否解决"), widget=forms.RadioSelect, required=False)
    verify_with = line(_("由哪个专业核实"), help_text=_("选“需要其他专业核实”时填写，例如数据、网络、计费。"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"assessment": "self"}

    def ready(self) -> None:
        self.choose("assessment", choices_of(words.ASSESSMENTS))


class ReturnForm(StepForm):
    """Not this unit's."""

    reason = forms.ChoiceField(label=_("退单原因"))
    note = long_text(_("应由谁处理、为什么"), rows=2)

    def ready(self) -> None:
        self.choose("reason", [("", "—"), *reasons("return")])


class ContactForm(StepForm):
    """One contact with the customer."""

    means = forms.ChoiceField(label=_("联系方式"), choices=Means.choices)
    reached = forms.BooleanField(label=_("联系上了"), required=False)
    note = long_text(_("沟通内容"), required=False, help_text=_("写下的号码会自动保护。"))
    recording = forms.CharField(
        label=_("通话录音"), required=False, max_length=500, help_text=_("录音系统里的地址或编号，可不填。")
    )

    def begin(self, case: Case) -> dict[str, Any]:
        return {"means": "call", "reached": True}


class WaitForm(StepForm):
    """Waiting for an agreed reason."""

    reason = forms.ChoiceField(label=_("挂起原因"))
    note = long_text(_("说明"), required=False, rows=2)
    until = forms.DateTimeField(
        label=_("到何时"),
        required=False,
        help_text=_("到时自动恢复处理。"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成 2026-03-02 09:00。")},
    )

    def ready(self) -> None:
        pausing = {r.code for r in catalog.current().reasons.values() if r.kind == "waiting" and r.pauses}
        told = [(code, f"{name}{_('（暂停时限）')}" if code in pausing else name) for code, name in reasons("waiting")]
        self.choose("reason", [("", "—"), *told])


class ResumptionForm(StepForm):
    """What was waited for has come."""

    note = long_text(_("说明"), required=False, rows=2)


class ReplyForm(StepForm):
    """What the customer is told."""

    template = "desk/steps/reply.html"
    means = forms.ChoiceField(label=_("答复方式"), choices=Means.choices)
    text = long_text(
        _("答复内容"),
        rows=6,
        help_text=_("处理人、原因、核实情况、解决办法。选短信或邮件时，这段话会发给客户。"),
    )
    solution = long_text(_("解决办法（内部）"), required=False, rows=2)
    interim = forms.BooleanField(label=_("这是阶段性回复，工单继续处理"), required=False)
    accepted = forms.ChoiceField(
        label=_("客户是否接受"),
        required=False,
        choices=[("", _("还不知道")), ("yes", _("接受")), ("no", _("不接受"))],
        widget=forms.RadioSelect,
    )
    despite = forms.BooleanField(label=_("我已确认：上门或维修还没完成，也要现在作最终答复"), required=False)

    def begin(self, case: Case) -> dict[str, Any]:
        return {"means": "call", "accepted": ""}

    def ready(self) -> None:
        if self.case.status == "registered":
            del self.fields["interim"]
        self.stands = standing.words(standing.standing(self.case.id))
        self.unphoned = not confirming.phoned(self.case)
        if not (self.stands or self.unphoned):
            del self.fields["despite"]
        elif not self.stands:
            self.fields["despite"].label = _("我已确认：没有先打电话，也要现在用短信或邮件答复")


class StartForm(StepForm):
    """Nothing to ask: work begins."""
