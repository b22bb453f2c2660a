"""What every page's frame needs, worked out only when a template asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.cases.lexicon import either
from bihuan.identity.book import units
from bihuan.web import keys, nav


def _entries(request: HttpRequest) -> list[nav.Entry]:
    user = getattr(request, "user", None)
    return nav.entries(user) if user is not None and user.is_authenticated else []


def _unit_name(request: HttpRequest) -> str:
    """The reader's own unit, from the units at hand."""
    unit = units().units.get(getattr(request.user, "unit_id", None) or 0)
    return either(unit.name, unit.name_en) if unit else ""


def _own_name(request: HttpRequest) -> str:
    """The reader's own name as she reads it; empty before she signed in."""
    user = request.user
    return either(getattr(user, "name", ""), getattr(user, "name_en", ""))


def _find_url() -> str:
    try:
        return reverse("desk:find")
    except NoReverseMatch:
        return ""


def _ui_words() -> dict[str, str]:
    """The few sentences the browser's own modules say; `{time}` is filled in there."""
    return {
        "offline": _("网络不通，刚才的操作没有保存，请再试一次。"),
        "draft": _("已恢复 {time} 的草稿。"),
        "discard": _("丢弃"),
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `own_name`, `unit_name`, `keys`, `key_table`, `ui_words`, `find_url`, `operator`, `product`, `demo`,
    `english`; nothing here asks the database for a page that has no signed-in reader."""
    return {
        "own_name": SimpleLazyObject(lambda: _own_name(request)),
        "unit_name": SimpleLazyObject(lambda: _unit_name(request)),
        "nav": SimpleLazyObject(lambda: _entries(request)),
        "keys": keys.KEYS,
        "key_table": keys.table,
        "ui_words": _ui_words,
        "find_url": _find_url(),
        "operator": settings.OPERATOR_NAME,
        "product": settings.PRODUCT_NAME,
        "demo": settings.DEMO,
        "english": (get_language() or "").startswith("en"),
    }
