"""What repair orders and the control lists ask for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.fieldwork import crews
from bihuan.fieldwork.models import Crew, Order
from bihuan.fieldwork.orders_rules import BLOCKS, CLEANUP, REASONS
from bihuan.fieldwork.tiers import TIERS
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.desk.forms import StepForm, choices_of, line, long_text
from bihuan.web.desk.names import either
from bihuan.web.fieldwork.shell import open_to
from bihuan.web.teamwork.forms import in_hours, moment_field

_DBM = _("dBm，例如 -21.5")


def crew_choices(case: Case, *, without: int | None = None) -> list[tuple[Any, Any]]:
    """Crews that serve the case's area by tier, the nearest contract first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for crew in crews.serving(case):
        if crew.pk != without:
            found.setdefault(crew.tier, []).append((crew.pk, either(crew.name, crew.name_en)))
    return [(str(TIERS[tier]), found[tier]) for tier in TIERS if tier in found]


def _no_crew(viewer: Viewer) -> str:
    """Who sets crews up; a link for whoever may herself."""
    if not any(tab.code == "crews" for tab in open_to(viewer)):
        return _now("这个地区没有班组。班组由班组长或业务管理员在“班组与片区”里设置。")
    said = _now("这个地区没有班组，请先在“班组与片区”里设置。")
    return format_html('{} <a href="{}">{}</a>', said, reverse("fieldwork:crews"), _now("设置班组与片区"))


class RepairForm(StepForm):
    """Which crew, what is broken and where, until when."""

    crew = forms.TypedChoiceField(label=_("派给班组"), coerce=int)
    product = line(_("产品或线路"), help_text=_("例如：家宽 500M，OLT 端口或分光器编号"))
    fault = long_text(_("故障现象和要求"), rows=3)
    place = line(_("故障地址"), help_text=_("不填就是客户登记的地址。地址会加密保存，页面上只显示掩码。"))
    due = moment_field(_("最晚何时修好"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"due": in_hours(24)}

    def ready(self) -> None:
        choices = crew_choices(self.case)
        self.choose("crew", choices)
        if not choices:
            self.fields["crew"].help_text = _no_crew(self.viewer)


class _OrderForm(forms.Form):
    """A step of an order. `key` makes it count once; `pressed` is when the button was pressed."""

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    pressed = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready(case, order)

    def ready(self, case: Case, order: Order) -> None:
        """Choices that depend on the order."""


class PressForm(_OrderForm):
    """Nothing but the press."""


class DoneForm(_OrderForm):
    """How it was repaired, and the light before and after."""

    text = forms.CharField(label=_("怎么修好的"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    before = forms.CharField(
        label=_("修前光功率"),
        required=False,
        max_length=12,
        help_text=_DBM,
        widget=forms.TextInput({"inputmode": "text"}),
    )
    after = forms.CharField(
        label=_("修后光功率"),
        required=False,
        max_length=12,
        help_text=_DBM,
        widget=forms.TextInput({"inputmode": "text"}),
    )

    def ready(self, case: Case, order: Order) -> None:
        for name, value in (("before", order.before_dbm), ("after", order.after_dbm)):
            self.fields[name].initial = "" if value is None else str(value)


class MeasureForm(DoneForm):
    """The light alone."""

    text = None  # type: ignore[assignment]


class FailForm(_OrderForm):
    """Why it could not be repaired."""

    text = forms.CharField(label=_("为什么没修好，还需要什么"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class CancelForm(_OrderForm):
    """Why it is no longer needed."""

    text = forms.CharField(label=_("为什么撤销"), max_length=500)


class BlockForm(_OrderForm):
    """Which list, why, and when it should be free."""

    what = forms.ChoiceField(label=_("被什么卡住"))
    expected = forms.DateField(label=_("预计哪天解除"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("说明"), required=False, max_length=1000)

    def ready(self, case: Case, order: Order) -> None:
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(BLOCKS[kind]), [(f"{kind}:{code}", word) for code, word in REASONS[kind].items()]) for kind in BLOCKS
        ]
        self.fields["expected"].initial = timezone.localtime(clock.now() + timedelta(days=2)).date()


class HandForm(_OrderForm):
    """Another crew or tier, and why."""

    crew = forms.TypedChoiceField(label=_("转给"), coerce=int)
    why = forms.CharField(
        label=_("为什么转"), max_length=500, help_text=_("例如：现场测量正常，疑似局端数据，请调度中心远程处理")
    )

    def ready(self, case: Case, order: Order) -> None:
        field = self.fields["crew"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = crew_choices(case, without=order.crew_id)


class FreeForm(forms.Form):
    """How it was freed."""

    outcome = forms.CharField(label=_("怎样解除的"), max_length=500)


class CleanForm(forms.Form):
    """What becomes of a line with too weak light."""

    status = forms.ChoiceField(label=_("整治状态"), choices=choices_of(CLEANUP))
    planned = forms.DateField(
        label=_("排期日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    measured = forms.CharField(label=_("整治后光功率"), required=False, max_length=12, help_text=_DBM)
    note = forms.CharField(label=_("说明"), required=False, max_length=500)


class LimitsForm(forms.Form):
    """Between which powers a line is good."""

    lowest = forms.CharField(label=_("光功率下限"), max_length=12, help_text=_("低于它就列入整治清单"))
    highest = forms.CharField(label=_("光功率上限"), max_length=12, help_text=_("高于它就列入整治清单"))


class FilterForm(forms.Form):
    """What a list of orders shows."""

    status = forms.ChoiceField(label=_("状态"), required=False)
    crew = forms.ChoiceField(label=_("班组"), required=False)
    tier = forms.ChoiceField(label=_("支撑层级"), required=False)
    days = forms.ChoiceField(label=_("派出时间"), required=False)

    def __init__(self, *args: Any, seen: list[Crew], statuses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(crew.pk), either(crew.name, crew.name_en)) for crew in seen]
        days = [("7", _now("近 7 天")), ("31", _now("近 31 天")), ("92", _now("近 92 天"))]
        every = [("", _now("全部"))]
        for name, choices in (
            ("status", statuses), ("crew", [*every, *named]), ("tier", [*every, *TIERS.items()]), ("days", [*every, *days]),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
