"""What a deed on many cases asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.flow import bulk
from bihuan.flow.deeds import DEEDS
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.revisit.review import EVIDENCE_KINDS, LOSSES
from bihuan.web.desk import words
from bihuan.web.desk.forms import Choices, long_text
from bihuan.web.desk.names import either
from bihuan.web.desk.widgets import PickerInput
from bihuan.web.setup.units import unit_choices

MOST_PEOPLE = 300


class DeedForm(forms.Form):
    """Which deed, on which cases, and what that deed asks for."""

    deed = forms.ChoiceField(label=_("批量办理"))
    numbers = forms.CharField(label=_("工单编号"), widget=forms.HiddenInput(), required=False)
    from_unit = forms.TypedChoiceField(
        label=_("哪个部门的全部在办工单"), coerce=int, required=False, empty_value=None,
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=_("派给或移交给"), coerce=int, required=False, empty_value=None,
        help_text=_("批量派单不选部门时按派单规则；批量移交必须选择。"),
    )  # fmt: skip
    staff = forms.TypedChoiceField(
        label=_("处理人"), coerce=int, required=False, empty_value=None, help_text=_("批量指定处理人时选择。")
    )
    cause = forms.CharField(
        label=_("原因"), required=False, widget=PickerInput("cause"), help_text=_("批量结单时选择。")
    )
    evidence_kinds = forms.MultipleChoiceField(
        label=_("用到的证据"), required=False, widget=forms.CheckboxSelectMultiple
    )
    losses = forms.MultipleChoiceField(label=_("损失原因"), required=False, widget=forms.CheckboxSelectMultiple)
    why = long_text(_("说明"), required=False, rows=2)

    def __init__(self, *args: Any, viewer: Viewer, whole_unit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self._choose("deed", [(one.code, str(one.name)) for one in DEEDS.values() if viewer.can(one.right)])
        units: Choices = [("", "—"), *unit_choices()]
        self._choose("unit", units)
        self._choose("from_unit", units)
        self._choose("staff", [("", "—"), *_people(viewer)])
        self._choose("evidence_kinds", [(kind, str(words.EVIDENCE[kind])) for kind in EVIDENCE_KINDS])
        self._choose("losses", [(kind, str(words.LOSSES[kind])) for kind in LOSSES])
        if not whole_unit:
            del self.fields["from_unit"]
        if not viewer.can(DEEDS["closures"].right):
            del self.fields["cause"], self.fields["evidence_kinds"], self.fields["losses"]
        if not viewer.can(DEEDS["dispatches"].right):
            del self.fields["unit"], self.fields["staff"]

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def told(self) -> dict[str, Any]:
        """What `flow.bulk.start` takes."""
        names = ("unit", "staff", "cause", "evidence_kinds", "losses", "why")
        return {name: value for name in names if (value := self.cleaned_data.get(name))}

    def wanted(self) -> list[str]:
        """The numbers: those picked, or all open ones of the unit."""
        whole = self.cleaned_data.get("from_unit")
        return bulk.numbers_of_unit(self.viewer, whole) if whole else self.cleaned_data["numbers"].split()


def _people(viewer: Viewer) -> Choices:
    people = Staff.objects.filter(unit_id__in=viewer.tree_ids, is_active=True, is_system=False).select_related("unit")
    rows = people.order_by("unit__code", "username")[:MOST_PEOPLE]
    return [
        (str(one.pk), f"{either(one.unit.name, one.unit.name_en)} · {either(one.name, one.name_en)}") for one in rows
    ]
