"""What the steps of sharing work ask for, on the case page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.dispatch import rounds
from bihuan.identity import presence
from bihuan.kernel import clock
from bihuan.web.desk.dispatching import handlers
from bihuan.web.desk.forms import StepForm, long_text
from bihuan.web.desk.widgets import PickerInput
from bihuan.web.setup.units import unit_choices


class AssignmentForm(StepForm):
    """Whom of the unit; beside each name, whether she is there and how much she has."""

    staff = forms.TypedChoiceField(label=_("处理人"), coerce=int, required=False, empty_value=None)
    why = long_text(_("说明"), required=False, rows=2)

    def ready(self) -> None:
        people = handlers(self.case.holder_unit_id or 0)
        now = clock.now()
        there, held = presence.at(now), rounds.standing_of([int(ident) for ident, _name in people], now)
        here = set(there.working(self.case.holder_unit_id or 0, [int(ident) for ident, _name in people]))
        told = [(ident, self._named(int(ident), name, held.open, here)) for ident, name in people]
        pool = [("", _("放回待接单"))] if self.case.status == "dispatched" else []
        self.choose("staff", [*pool, *[one for one in told if int(one[0]) != self.case.handler_id]])

    def _named(self, ident: int, name: str, load: dict[int, int], here: set[int]) -> str:
        state = _("当班") if ident in here else _("不在岗")
        return str(_("%(name)s（%(state)s，手上 %(count)d 件）") % {
            "name": name, "state": state, "count": load.get(ident, 0)
        })  # fmt: skip


class ReleaseForm(StepForm):
    """Back to those waiting to be received."""

    why = long_text(_("说明"), required=False, rows=2)


class TakeBackForm(StepForm):
    """Nothing to ask."""


class DisputeForm(StepForm):
    """Whose it is, and why."""

    unit = forms.IntegerField(
        label=_("应由哪个部门处理"),
        widget=PickerInput("units"),
        error_messages={"required": _("请选择应由哪个部门处理。"), "invalid": _("请从列表中选择责任部门。")},
    )
    reason = long_text(_("理由"), rows=3, help_text=_("裁定前仍由本部门负责；对方可以陈述理由，由值班长限时裁定。"))


class CohandlingForm(StepForm):
    """Which units beside the lead, to do what."""

    units = forms.TypedMultipleChoiceField(
        label=_("协同部门"),
        coerce=int,
        widget=forms.SelectMultiple({"size": 7}),
        help_text=_("主办部门统一答复客户；协同部门可以联系客户、添加证据、报告结果。"),
    )
    ask = long_text(_("请他们做什么"), rows=3)
    hours = forms.IntegerField(label=_("几小时内完成"), min_value=1, max_value=720)

    def begin(self, case: Any) -> dict[str, Any]:
        return {"hours": 24}

    def ready(self) -> None:
        field = self.fields["units"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [choice for choice in unit_choices() if choice[0] != self.case.holder_unit_id]


class ContributionForm(StepForm):
    """What our unit found and did."""

    report = long_text(_("核实和处理的结果"), rows=4)
    done = forms.BooleanField(label=_("本部门的部分已完成"), required=False)

    def begin(self, case: Any) -> dict[str, Any]:
        return {"done": True}
