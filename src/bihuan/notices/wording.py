"""A notice's facts in words of the reader's language. Facts everyone may use:

`by`, `staff`, `unit` (ids) · `due` (ISO moment) · `name`, `name_en` (of a promise or a work), `work` (a kind of
`sla.deadlines`) · `level`, `version` (of the escalation procedure) · `result` (a key of `RESULTS`) · `text` (plain, numbers
of persons already tokens)
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases import lexicon
from bihuan.kernel import phrases
from bihuan.notices.kinds import KINDS
from bihuan.sla.deadlines import NAMES
from bihuan.text.personal import TOKEN

Facts = Mapping[str, Any]
RESULTS: Mapping[str, str | Promise] = {
    "granted": gettext_lazy("同意"),
    "refused": gettext_lazy("不同意"),
    "met": gettext_lazy("已达到要求"),
    "partly": gettext_lazy("部分达到要求"),
    "not_met": gettext_lazy("没有达到要求"),
    "with_case": gettext_lazy("随工单办结"),
}
"""What was decided, for people."""


def title(kind: str) -> str:
    """What the notice is; the code itself for a kind of a later version."""
    return str(KINDS[kind].name) if kind in KINDS else kind


def detail(facts: Facts) -> str:
    """The short line behind the title: everything but the free text."""
    parts = [tell(facts) for key, tell in _PARTS.items() if facts.get(key)]
    return " · ".join(part for part in parts if part)


def said(facts: Facts) -> str:
    """The free text, numbers of persons left out."""
    return TOKEN.sub("[…]", phrases.read(str(facts.get("text", ""))))


def _staff(key: str) -> Callable[[Facts], str]:
    def tell(facts: Facts) -> str:
        person = lexicon.current().staff.get(int(facts[key]))
        return lexicon.either(person.name, person.name_en) if person else ""

    return tell


def _unit(facts: Facts) -> str:
    unit = lexicon.current().units.get(int(facts["unit"]))
    return lexicon.either(unit.name, unit.name_en) if unit else ""


def _due(facts: Facts) -> str:
    moment = timezone.localtime(datetime.fromisoformat(str(facts["due"])))
    return _("时限 %(moment)s") % {"moment": date_format(moment, "DATETIME_FORMAT")}


def _level(facts: Facts) -> str:
    return _("升级办法第 %(version)s 版第 %(level)s 级") % {
        "version": facts.get("version", ""),
        "level": facts["level"],
    }


_PARTS: dict[str, Callable[[Facts], str]] = {
    "work": lambda facts: str(NAMES.get(facts["work"], facts["work"])),
    "name": lambda facts: lexicon.either(str(facts["name"]), str(facts.get("name_en", ""))),
    "result": lambda facts: str(RESULTS.get(facts["result"], facts["result"])),
    "by": _staff("by"),
    "staff": _staff("staff"),
    "unit": _unit,
    "due": _due,
    "level": _level,
}
