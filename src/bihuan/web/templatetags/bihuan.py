"""Tags and filters of our templates: times in words, chips, icons, form fields."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.web import chips, keys, nav, words

register = template.Library()
register.filter("duration", words.duration)
register.filter("local", words.local)
register.filter("short", words.short)
register.filter("ago", words.ago)


@register.filter
def listed(items: Sequence[str]) -> str:
    """Several names in a row, with the comma of the reader's language."""
    return _("、").join(items)


@register.simple_tag
def icon(name: str, label: str | Promise = "") -> SafeString:
    """A drawing from our sprite; with `label` it is read aloud, without it is decoration."""
    return _icon(name, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    href = f"{static('web/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="b-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="b-icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def moment(value: datetime | None, style: str = "local") -> SafeString | str:
    """A `<time>` element: `local` 2026-03-02 09:05, `short`, or `ago`; the full moment stands in its tooltip."""
    if value is None:
        return ""
    text = {"local": words.local, "short": words.short, "ago": words.ago}[style](value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(timespec="seconds"), words.local(value), text
    )


@register.simple_tag
def duration_between(start: datetime | None, end: datetime | None) -> str:
    """The length from one moment to another in words; empty when either is missing."""
    return words.duration(end - start) if start and end else ""


@register.inclusion_tag("web/parts/chip_time.html")
def time_chip(
    due: datetime | None,
    name: str | Promise = "",
    paused: bool = False,
    met: bool | None = None,
    warn_at: datetime | None = None,
) -> dict[str, Any]:
    """A time limit; see `bihuan.web.chips.time_chip`."""
    # A name missing in the template's context arrives as an empty string.
    ended = met if isinstance(met, bool) else None
    return {"chip": chips.time_chip(due or None, name=name, paused=bool(paused), met=ended, warn_at=warn_at or None)}


@register.simple_tag
def drawn(chip: chips.TimeChip | None) -> SafeString | str:
    """A time chip already worked out, as `web/parts/chip_time.html` draws it; for lists, in a tenth of the time."""
    if not chip:
        return ""
    shape = _icon(f"t-{chip.tone}", "")
    return format_html('<span class="b-chip b-chip-{}" title="{}">{}{}</span>', chip.tone, chip.title, shape, chip.word)


@register.simple_tag
def drawn_status(code: str) -> SafeString:
    """A case's state as `status_chip` draws it; for lists."""
    return _status(code, chips.status_word(code))


@lru_cache(maxsize=128)
def _status(code: str, word: str) -> SafeString:
    tone, _, dot = chips.STATUS_TONES.get(code, "quiet").partition(" ")
    css = f"b-chip b-chip-{tone} b-dot{' b-dot-open' if dot == 'open' else ''}"
    return format_html('<span class="{}">{}</span>', css, word)


@register.inclusion_tag("web/parts/chip_status.html")
def status_chip(code: str) -> dict[str, str]:
    """A case's state by its code."""
    tone, _, dot = chips.STATUS_TONES.get(code, "quiet").partition(" ")
    return {"tone": tone, "dot": dot, "word": chips.status_word(code)}


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, css: str = "", key: str = "") -> dict[str, Any]:
    """A form field with label, help and error, wired together for screen readers."""
    described = [
        f"{bound.id_for_label}_{part}" for part, on in (("error", bound.errors), ("help", bound.help_text)) if on
    ]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "css": css,
        "single": kind == "checkbox" and not hasattr(bound.field, "choices"),
        "group": kind in {"radio", "checkbox"} and hasattr(bound.field, "choices"),
    }


@register.simple_tag
def key_cap(action: str) -> SafeString | str:
    """The key of an action as a small key cap; nothing when it has none."""
    cap = keys.caps(action)
    return format_html("<kbd>{}</kbd>", cap) if cap else ""


@register.filter
def minutes(value: float) -> timedelta:
    """A number of minutes as a length of time, for `|duration`."""
    return timedelta(minutes=float(value))


@register.inclusion_tag("web/parts/menu.html")
def menu(entries: Sequence[nav.Entry], place: str) -> dict[str, Any]:
    """The bar's entries, each with how soon it is folded behind the last one (0: wide screens too, 1: narrow ones, 2: only
    the narrowest); that last one names the open page when it is among the folded."""
    listed = list(entries)
    wide, narrow = _unfolded(listed, place, nav.BAR_WIDTH), _unfolded(listed, place, nav.NARROW_BAR_WIDTH)
    tiers = [(entry, 0 if at >= wide else 1 if at >= narrow else 2) for at, entry in enumerate(listed)]
    here, tier = next(((entry.label, tier) for entry, tier in tiers if entry.code == place), ("", 3))
    least = min((tier for _entry, tier in tiers), default=3)
    return {"tiers": tiers, "place": place, "here": here, "tier": tier, "least": least}


def _unfolded(listed: Sequence[nav.Entry], place: str, width: int) -> int:
    count = nav.folded(listed, _("更多"), width)
    here = next((str(entry.label) for entry in listed[count:] if entry.code == place), "")
    # its name may take more room than the word that stood there
    return nav.folded(listed, max(_("更多"), here, key=nav.width_of), width) if here else count
