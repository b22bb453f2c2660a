"""What recording a visit, an evaluation, a leak and their steps ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.days import local_day
from bihuan.catalog import snapshot as catalog
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.oversight.rules import PointIn
from bihuan.oversight.words import ANSWERABLE, DATA_KINDS, FOUND, SANCTIONS, SEVERITIES, SITES
from bihuan.web.setup.units import unit_choices
from bihuan.web.widgets import AreaPicker

FREE = 2
"""Empty lines for points that stand on no list."""


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _words(label: Any, *, required: bool = False, rows: int = 2, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=required, max_length=2000, widget=widget, help_text=help_text)


def _cases() -> forms.CharField:
    return forms.CharField(
        label=_("关联工单"), required=False, max_length=2000, help_text=_("工单编号，几个之间用空格隔开。")
    )


class _UnitForm(forms.Form):
    """With units to choose from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(_("请选择"))  # type: ignore[attr-defined]

    def numbers(self) -> Sequence[str]:
        """The cases named."""
        return str(self.cleaned_data["cases"]).split()


class PlacedForm(_UnitForm):
    """With the area it lies in, which may stay open."""

    area = forms.CharField(label=_("所在地区"), required=False, widget=AreaPicker())

    def clean_area(self) -> int | None:
        """The area's id; None when none was chosen."""
        told = str(self.cleaned_data["area"]).strip()
        found = catalog.current().area(told) if told else None
        if told and found is None:
            raise forms.ValidationError(_("请从列表中选择地区。"))
        return found.id if found else None


class PatrolForm(PlacedForm):
    """Where and when."""

    site = forms.ChoiceField(label=_("巡查对象"), choices=list(SITES.items()))
    day = day_field(_("巡查日期"))
    place = forms.CharField(label=_("地点"), max_length=200)
    unit = forms.TypedChoiceField(label=_("责任部门"), coerce=int)
    company = forms.CharField(label=_("同行人员"), max_length=200, required=False)
    summary = _words(_("总体情况"))
    cases = _cases()


class EvaluationForm(PlacedForm):
    """Who evaluated what."""

    title = forms.CharField(label=_("评估名称"), max_length=200)
    body = forms.CharField(label=_("评估机构"), max_length=200)
    first_day = day_field(_("期间自"))
    last_day = day_field(_("期间至"))
    unit = forms.TypedChoiceField(label=_("被评估部门"), coerce=int)
    file = forms.FileField(
        label=_("评估报告"),
        required=False,
        help_text=_("PDF、Word、Excel、PPT 或图片，最大 8 MB，加密保存并记录摘要。"),
    )
    summary = _words(_("结论"))
    cases = _cases()


class PointForm(forms.Form):
    """One line of the list."""

    name = forms.CharField(label=_("其他检查项目"), max_length=200, required=False)
    finding = forms.CharField(label=_("发现的问题"), max_length=2000, required=False)
    severity = forms.ChoiceField(label=_("严重程度"), choices=list(SEVERITIES.items()), required=False)
    due = day_field(_("整改期限"), required=False)

    def listed(self) -> str:
        """The point's name where it stands on the list, empty for a free line."""
        return str(self.initial.get("name", ""))

    def told(self) -> PointIn | None:
        """The line as it is kept; None for an empty one."""
        held = self.cleaned_data
        if not held.get("name"):
            return None
        return PointIn(held["name"], finding=held["finding"], severity=held["severity"], due=held["due"])


class PatrolPoint(PointForm):
    """Right or not."""

    result = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("未查")), ("ok", _("合格")), ("bad", _("不合格"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("name", "result", "finding", "severity", "due")

    def told(self) -> PointIn | None:
        one = super().told()
        if one is None:
            return None
        ok = {"ok": True, "bad": False}.get(self.cleaned_data["result"])
        return PointIn(one.name, ok, None, None, one.finding, one.severity, one.due)


class EvaluationPoint(PointForm):
    """A score of at most."""

    score = forms.DecimalField(label=_("得分"), required=False, min_value=0, max_digits=7, decimal_places=2)
    most = forms.DecimalField(label=_("满分"), required=False, min_value=0, max_digits=7, decimal_places=2)
    field_order = ("name", "score", "most", "finding", "severity", "due")

    def told(self) -> PointIn | None:
        one = super().told()
        if one is None:
            return None
        held = self.cleaned_data
        return PointIn(one.name, None, held["score"], held["most"], one.finding, one.severity, one.due)


PatrolPoints = forms.formset_factory(PatrolPoint, extra=0, max_num=40)
EvaluationPoints = forms.formset_factory(EvaluationPoint, extra=0, max_num=40)


class DemandForm(forms.Form):
    """One more demand."""

    text = _words(_("整改要求"), required=True)
    severity = forms.ChoiceField(label=_("严重程度"), choices=list(SEVERITIES.items()))
    due = day_field(_("整改期限"))


class ReportForm(forms.Form):
    """What the unit did."""

    text = _words(_("做了哪些整改、现在怎样"), required=True, rows=3)


class JudgeForm(forms.Form):
    """Accepted or not."""

    accepted = forms.ChoiceField(
        label=_("验收"), choices=[("yes", _("验收通过")), ("no", _("验收不通过"))], widget=forms.RadioSelect
    )
    note = _words(_("说明"), help_text=_("不通过时必填。"))
    due = day_field(_("新的整改期限"), required=False, help_text=_("不通过时填；不填沿用原期限。"))


class LeakForm(_UnitForm):
    """What leaked, how it was found, who answers for it."""

    found_on = day_field(_("发现日期"))
    found_by = forms.ChoiceField(label=_("怎么发现的"), choices=list(FOUND.items()))
    kinds = forms.MultipleChoiceField(
        label=_("泄露了哪类信息"), choices=list(DATA_KINDS.items()), widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(
        label=_("涉及客户数（约）"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text=_("还不清楚就不填。"),
    )
    answerable = forms.ChoiceField(label=_("责任方"), choices=list(ANSWERABLE.items()), widget=forms.RadioSelect)
    unit = forms.TypedChoiceField(label=_("责任部门或合作方"), coerce=int)
    staff = forms.CharField(
        label=_("责任人账号"), required=False, max_length=100, help_text=_("平台里有账号的，写账号名。")
    )
    name = forms.CharField(
        label=_("责任人或代理商名称"), required=False, max_length=100, help_text=_("平台里没有账号的，写名称。")
    )
    account = _words(
        _("经过"), required=True, rows=4, help_text=_("什么时候、怎样泄露；只写是哪类信息，不写号码等信息本身。")
    )
    measures = _words(_("已采取的措施"))
    cases = _cases()

    def clean_staff(self) -> int | None:
        told = self.cleaned_data["staff"].strip()
        if not told:
            return None
        found = Staff.objects.filter(username=told).values_list("id", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个账号，请核对；没有账号的写在名称里。"))
        return int(found)


class NoteForm(forms.Form):
    """What came to light since."""

    text = _words(_("补充情况"), required=True, rows=3)


class SanctionForm(forms.Form):
    """The decision."""

    sanctions = forms.MultipleChoiceField(
        label=_("处理决定"), choices=list(SANCTIONS.items()), widget=forms.CheckboxSelectMultiple
    )
    decided_by = forms.CharField(label=_("由谁决定"), max_length=200, help_text=_("人或机构，例如“公司纪委”。"))
    decided_on = day_field(_("决定日期"))
    text = _words(_("说明"), help_text=_("依据、金额、期限。"))


class ChecklistForm(forms.Form):
    """One point a line."""

    items = forms.CharField(label=_("检查项目，一行一项"), max_length=10_000, widget=forms.Textarea({"rows": 8}))


def points_for(kind: Any, names: Sequence[str], data: Any, **more: Any) -> Any:
    """The lines of a list as a formset, with free ones behind them."""
    initial = [{"name": name, **more} for name in names] + [dict(more) for _line in range(FREE)]
    return kind(data, initial=initial, prefix="points")


def points_told(points: Any) -> list[PointIn]:
    """The lines that say something: every one of the list, and filled-in free ones."""
    return [told for one in points for told in [one.told()] if told is not None]


def today() -> date:
    """The operator's today, for fields to begin with."""
    return local_day(clock.now())
