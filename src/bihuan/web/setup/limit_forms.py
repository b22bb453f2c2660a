"""Forms of a limit: its figures as a manager writes them, and the start and pauses of a trial."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla import models
from bihuan.sla.wording import EVENTS, event
from bihuan.web.setup import conditions
from bihuan.web.setup.names import named

MOMENT = "%Y-%m-%dT%H:%M"


def lang() -> str:
    """`en` or `zh`, as the limits' own words want it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _events() -> list[tuple[str, str]]:
    return [(kind, event(kind, lang())) for kind in EVENTS if kind != "limit_adopted"]


class LimitForm(forms.Form):
    """Every figure of one policy."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    duration = forms.CharField(
        label=gettext_lazy("时长"),
        help_text=gettext_lazy("72h、1h30m、45s；15d 为自然日，5wd 为工作日。"),
        max_length=20,
    )
    calendar = forms.ChoiceField(label=gettext_lazy("按哪个日历计时"))
    owner = forms.ChoiceField(label=gettext_lazy("对谁承诺"), choices=models.Policy.Owner.choices)
    tell = forms.ChoiceField(
        label=gettext_lazy("何时通知人员"),
        help_text=gettext_lazy("到期本身总按时记录，只是夜间不打扰人。"),
        required=False,
    )
    warn = forms.CharField(
        label=gettext_lazy("预警"), help_text=gettext_lazy("用时达到的比例或到期前的时长，如 80% 2h。"), required=False
    )
    escalate = forms.CharField(
        label=gettext_lazy("超时后升级"), help_text=gettext_lazy("超时后多久逐级升级，如 2h 24h。"), required=False
    )
    start_on = forms.MultipleChoiceField(label=gettext_lazy("从什么时候起算"), widget=forms.CheckboxSelectMultiple)
    stop_on = forms.MultipleChoiceField(label=gettext_lazy("做到什么为止"), widget=forms.CheckboxSelectMultiple)
    reopen_on = forms.MultipleChoiceField(
        label=gettext_lazy("什么情况下接着计时"), widget=forms.CheckboxSelectMultiple, required=False
    )
    pausable = forms.BooleanField(label=gettext_lazy("挂起时暂停计时（只限约定的原因）"), required=False)
    repeats = forms.BooleanField(label=gettext_lazy("每次重新起算（如每次派单各算一次）"), required=False)
    applies = forms.CharField(
        label=gettext_lazy("适用于哪些投诉"),
        help_text=gettext_lazy(
            "不填为全部。一行一组，符合任一组即适用；组内用分号隔开，须全部符合。"
            "例：service_type=fault; urgency=major,urgent 或 category__prefix=N02 或 customer_level__gte=5"
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        required=False,
    )
    variants = forms.CharField(
        label=gettext_lazy("部分投诉用不同时长"),
        help_text=gettext_lazy("一行一种：条件 => 时长。例：customer_level__gte=5 => 24h"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        required=False,
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendars = [(row.code, named(row)) for row in models.Calendar.objects.filter(active=True)]
        self.fields["calendar"].choices = calendars  # type: ignore[attr-defined]
        self.fields["tell"].choices = [("", _("随时")), *calendars]  # type: ignore[attr-defined]
        for name in ("start_on", "stop_on", "reopen_on"):
            held = [kind for kind in self.initial.get(name) or [] if kind not in EVENTS]
            choices = [*_events(), *((kind, event(kind, lang())) for kind in held)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `sla.editing` takes."""
        told = dict(self.cleaned_data)
        told["warn"] = [_warn(part) for part in _parts(told["warn"])]
        told["escalate"] = _parts(told["escalate"])
        told["applies"] = conditions.read_lines(told["applies"], "applies")
        told["variants"] = [_variant(line) for line in told["variants"].splitlines() if line.strip()]
        return told


def initial(row: models.Policy) -> dict[str, Any]:
    """A stored policy as the form shows it."""
    plain = (
        "name",
        "name_en",
        "duration",
        "owner",
        "tell",
        "start_on",
        "stop_on",
        "reopen_on",
        "pausable",
        "repeats",
        "basis",
    )
    return {name: getattr(row, name) for name in plain} | {
        "calendar": row.calendar.code,
        "warn": levels(row.warn),
        "escalate": levels(row.escalate),
        "applies": conditions.write_lines(row.applies),
        "variants": "\n".join(
            f"{conditions.write_lines(sets_of(one.get('applies')))} => {one['duration']}" for one in row.variants
        ),
    }


def sets_of(applies: Any) -> list[dict[str, Any]]:
    """Conditions as stored, one set or several, as a list of sets."""
    return [applies] if isinstance(applies, dict) else list(applies or [])


def levels(parts: list[Any]) -> str:
    """`[0.8, "2h"]` as `80% 2h`."""
    return " ".join(f"{part * 100:g}%" if isinstance(part, float) else str(part) for part in parts)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,，、]+", text.strip()) if part]


def _warn(part: str) -> float | str:
    if not part.endswith(("%", "％")):
        return part
    digits = part[:-1].replace(".", "", 1)
    ratio = round(float(part[:-1]) / 100, 4) if digits.isascii() and digits.isdigit() else 0.0
    if not 0 < ratio < 1:
        raise RuleError("policy.warn", _("预警比例“%s”应在 0 与 100%% 之间，如 80%%。") % part, field="warn")
    return ratio


def _variant(line: str) -> dict[str, Any]:
    before, arrow, duration = line.rpartition("=>")
    if not arrow:
        raise RuleError("policy.variant", _("请写成：条件 => 时长。"), field="variants")
    return {"applies": conditions.read_lines(before, "variants"), "duration": duration.strip()}


class TrialForm(forms.Form):
    """When a trial begins, and when it stands still."""

    start = forms.DateTimeField(
        label=gettext_lazy("起算时间"),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    pauses = forms.CharField(
        label=gettext_lazy("其间暂停"),
        help_text=gettext_lazy("一行一段：2026-03-02 10:00 ~ 2026-03-02 12:00；尚未恢复的只写开始。"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def spans(self) -> list[tuple[datetime, datetime | None]]:
        """The pauses as moments."""
        found: list[tuple[datetime, datetime | None]] = []
        for line in self.cleaned_data["pauses"].splitlines():
            if line.strip():
                begin, _mark, end = (part.strip() for part in line.replace("～", "~").partition("~"))
                found.append((_moment(begin), _moment(end) if end else None))
        return found


def _moment(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.fromisoformat(text.replace("/", "-")))
    except ValueError:
        raise RuleError("trial.moment", _("时间“%s”应写成 2026-03-02 10:00。") % text, field="pauses") from None
