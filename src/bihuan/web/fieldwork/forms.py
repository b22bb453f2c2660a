"""What appointments ask for, on the case page and on their own."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.fieldwork import queries
from bihuan.fieldwork.models import Crew
from bihuan.fieldwork.rules import AGREED_BY, AGREED_MEANS, DAYS, Slot
from bihuan.identity.models import Staff
from bihuan.kernel.errors import RuleError
from bihuan.web.desk.forms import StepForm, choices_of, long_text
from bihuan.web.desk.names import either
from bihuan.web.fieldwork.words import day_name, span

DAYS_AHEAD = 10
Told = tuple[int, datetime, datetime]


def slot_choices(case: Case) -> list[tuple[str, Any]]:
    """Free slots of the crews that serve the case's area: what meets her wishes first, then day by day."""
    slots = queries.free(case, days=DAYS_AHEAD)
    crews = {crew.pk: either(crew.name, crew.name_en) for crew in Crew.objects.filter(active=True)}

    def told(one: Slot, *, day: bool = False) -> tuple[str, str]:
        left = _now("还可约 %(left)d 户") % {"left": one.left}
        words = (
            day_name(one.starts_at) if day else "",
            span(one.starts_at, one.ends_at),
            crews.get(one.crew_id, ""),
            left,
        )
        return one.key, " · ".join(word for word in words if word)

    wish = queries.wish_of(case.id)
    best = [one for one in slots if wish and one.fits == 2][:8]
    groups: list[tuple[str, Any]] = [("", "—")]
    if best:
        groups.append((_now("符合客户意愿"), [told(one, day=True) for one in best]))
    by_day = sorted((one for one in slots if one not in best), key=lambda one: (one.starts_at, one.crew_id))
    groups += [
        (name, [told(one) for one in some]) for name, some in groupby(by_day, lambda one: day_name(one.starts_at))
    ]
    return groups


def slot_of(told: str) -> Told:
    """What a form's slot means: crew, from, to. `RuleError` for anything else."""
    parts = told.split("|")
    try:
        return int(parts[0]), datetime.fromisoformat(parts[1]), datetime.fromisoformat(parts[2])
    except (ValueError, IndexError):
        raise RuleError("visit.slot", _now("请从列表中选择时段。"), field="slot") from None


class SlotField(forms.CharField):
    """A slot from the list; whether it is still free the verb says."""

    def clean(self, value: Any) -> Any:
        try:
            return slot_of(super().clean(value))
        except RuleError as refused:
            raise forms.ValidationError(str(refused.message)) from refused


def _slot_field() -> SlotField:
    return SlotField(
        label=_("上门时段"),
        widget=forms.Select,
        help_text=_("按工单地区列出有空位的班组；先记下客户意愿，合适的会排在前面。"),
    )


def _by() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("谁同意了这个时间"), choices=choices_of(AGREED_BY))


def _means() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("以什么方式同意"), choices=choices_of(AGREED_MEANS))


class BookForm(StepForm):
    """A slot, and that the customer agreed to it."""

    slot = _slot_field()
    agreed_by = _by()
    agreed_means = _means()
    wait_for = forms.ChoiceField(
        label=_("等上门期间挂起"), required=False, help_text=_("按约定原因暂停计时，到约定时间自动恢复。")
    )
    note = long_text(_("给上门师傅的话"), required=False, rows=2)

    def ready(self) -> None:
        widget = self.fields["slot"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = slot_choices(self.case)
        if len(list(widget.choices)) == 1:
            self.fields["slot"].help_text = _("这个地区近 10 天没有空位，请联系班组长增加时段。")
        found = [
            one for one in catalog.current().reasons.values() if one.kind == "waiting" and one.active and one.pauses
        ]
        pausing = [(one.code, either(one.name, one.name_en)) for one in sorted(found, key=lambda one: one.id)]
        if self.case.status in {"received", "in_handling", "reopened"}:
            self.choose("wait_for", [("", _now("不挂起")), *pausing])
        else:
            del self.fields["wait_for"]


class WishForm(StepForm):
    """Days and hours the customer would rather have."""

    days = forms.MultipleChoiceField(
        label=_("方便的日子"), required=False, choices=choices_of(DAYS), widget=forms.CheckboxSelectMultiple
    )
    hour_from = forms.CharField(label=_("几点以后"), required=False, widget=forms.TimeInput({"type": "time"}))
    hour_to = forms.CharField(label=_("几点以前"), required=False, widget=forms.TimeInput({"type": "time"}))
    note = long_text(
        _("其他习惯"), required=False, rows=2, help_text=_("例如：中午有老人休息，不要按门铃；请先打电话。")
    )

    def begin(self, case: Case) -> dict[str, Any]:
        kept = queries.wish_of(case.id)
        if kept is None:
            return {}
        return {"days": kept.days, "hour_from": kept.hour_from, "hour_to": kept.hour_to, "note": kept.note}


class MoveForm(forms.Form):
    """Another slot, agreed anew, with the reason."""

    slot = _slot_field()
    agreed_by = _by()
    agreed_means = _means()
    why = forms.CharField(label=_("为什么改约"), max_length=500)

    def __init__(self, *args: Any, case: Case, crew: Crew, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["slot"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = slot_choices(case)


class AssignForm(forms.Form):
    """Who of the crew goes."""

    staff = forms.TypedChoiceField(label=_("谁上门"), coerce=int)

    def __init__(self, *args: Any, case: Case, crew: Crew, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people(crew)


def people(crew: Crew) -> list[tuple[Any, Any]]:
    """The crew's members as choices."""
    found = Staff.objects.filter(pk__in=crew.member_ids, is_active=True).order_by("username")
    return [(one.pk, either(one.name, one.name_en)) for one in found]


class _Plain(forms.Form):
    """A form that does not depend on the case."""

    def __init__(self, *args: Any, case: Case, crew: Crew, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class NothingForm(_Plain):
    """Nothing to ask."""


class ResultForm(_Plain):
    """What was done on the visit."""

    result = forms.CharField(label=_("上门结果"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class MissForm(_Plain):
    """Who was not there."""

    who = forms.ChoiceField(
        label=_("谁失约"), choices=[("customer", _("客户不在或不开门")), ("crew", _("班组没有按时到"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("经过"), max_length=2000, widget=forms.Textarea({"rows": 2}))


class WhyForm(_Plain):
    """A reason."""

    why = forms.CharField(label=_("为什么取消"), max_length=500)
