"""What the steps that begin teamwork ask for, on the case page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.compensation import budgets, rules
from bihuan.compensation.actions import limits
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.majors.actions import interface_of
from bihuan.progress.queries import wants_news
from bihuan.tracking.models import CAUSES
from bihuan.web.desk.dispatching import handlers
from bihuan.web.desk.forms import StepForm, long_text
from bihuan.web.setup.units import unit_choices

_MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    """A moment, in the operator's time zone."""
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
        error_messages={"invalid": _("请写成 2026-03-02 09:00。")},
    )  # fmt: skip


def in_hours(hours: float) -> Any:
    """A moment so many hours from now, as a field shows it."""
    return timezone.localtime(clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


class AssistanceForm(StepForm):
    """Which units, what to find out, until when."""

    units = forms.TypedMultipleChoiceField(
        label=_("请哪些部门协查"), coerce=int, widget=forms.SelectMultiple({"size": 7}),
        help_text=_("按住 Ctrl（Mac 为 ⌘）可选几个部门，各自回复、各自计时。"),
    )  # fmt: skip
    question = long_text(_("要协查什么"), rows=3)
    needed = forms.CharField(
        label=_("需要提供"), required=False, max_length=500, help_text=_("例如：近 7 天信令、机房告警截图、情况说明")
    )
    due = moment_field(_("最晚何时回复"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"due": in_hours(24)}

    def ready(self) -> None:
        units = [choice for choice in unit_choices() if choice[0] != self.case.holder_unit_id]
        field = self.fields["units"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = units


class CompensationForm(StepForm):
    """A sum for the customer. Within her own limit it is granted at once."""

    kind = forms.ChoiceField(label=_("给什么"), choices=list(rules.KINDS.items()))
    amount = forms.CharField(label=_("金额（元）"), max_length=12)
    reason = long_text(_("为什么要给"), rows=2)
    feasibility = long_text(
        _("可行性说明"), required=False, rows=2, help_text=_("依据、能否办到、客户是否接受、会不会引起同类要求。")
    )

    def ready(self) -> None:
        mine = rules.limit_of(Staff.objects.get(pk=self.viewer.staff_id).roles, limits())
        budget = budgets.of_unit(self.viewer.unit_id)
        told = _now("您可直接批准 %(limit)s 元以内；超过的逐级审批。") % {"limit": mine}
        if budget is not None:
            rest = rules.left(budget.amount, budget.reserved, budget.used)
            told += " " + _now("本月预算还剩 %(left)s 元。") % {"left": rest}
        self.fields["amount"].help_text = told


def owners(case: Case, viewer: Any) -> list[tuple[str, str]]:
    """Who may be asked to follow a case: people of the unit that has it, of the reader's own, and of the first asker's."""
    found: dict[str, str] = {}
    for unit in (case.holder_unit_id, viewer.unit_id, case.registered_unit_id):
        found.update(handlers(unit or 0))
    return [("", str(_("由责任部门负责人"))), *found.items()]


class TrackingForm(StepForm):
    """Why, who follows it, what comes next and when."""

    cause = forms.ChoiceField(label=_("为什么专项跟踪"), choices=list(CAUSES.items()))
    owner = forms.TypedChoiceField(label=_("跟踪责任人"), coerce=int, required=False, empty_value=None)
    next_step = forms.CharField(label=_("下一步"), max_length=500)
    next_at = moment_field(_("下一步何时"))
    hot = forms.BooleanField(label=_("热点"), required=False)
    difficult = forms.BooleanField(label=_("疑难"), required=False)

    def begin(self, case: Case) -> dict[str, Any]:
        return {"cause": "unresolved", "next_at": in_hours(24)}

    def ready(self) -> None:
        self.choose("owner", owners(self.case, self.viewer))


class WishForm(StepForm):
    """Whether the customer wants messages about how it goes on."""

    told = forms.ChoiceField(
        label=_("客户要不要进展通知"), choices=[("yes", _("要")), ("no", _("不要"))], widget=forms.RadioSelect
    )
    why = forms.CharField(label=_("说明"), required=False, max_length=200)

    def begin(self, case: Case) -> dict[str, Any]:
        return {"told": "yes" if wants_news(case.id) else "no"}


class ReportForm(StepForm):
    """Who leads, until when."""

    lead = forms.TypedChoiceField(label=_("接口人"), coerce=int, required=False, empty_value=None)
    due = moment_field(_("报告最晚何时"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"due": in_hours(24)}

    def ready(self) -> None:
        person = interface_of(self.case)
        nobody = _now("按设置（%(name)s）") % {"name": person.name} if person else "—"
        self.choose("lead", [("", nobody), *owners(self.case, self.viewer)[1:]])
