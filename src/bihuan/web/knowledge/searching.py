"""One search over cases, knowledge, people, units and areas; what a reader may not see is not there."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases import access, lexicon, numbered
from bihuan.cases.lexicon import either
from bihuan.cases.numbered import Numbered
from bihuan.cases.numbers import tidy
from bihuan.catalog import pinyin
from bihuan.catalog.models import Area
from bihuan.customers import parts
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.cached import PerSettings
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import queries
from bihuan.knowledge.search import SHOWN, Found, search
from bihuan.web.desk import searching as texts
from bihuan.web.desk.names import Names
from bihuan.web.desk.rows import rows_of
from bihuan.web.setup.door import page, show

LEAST_OF_NUMBER = 4
"""Digits of a complaint's number from which on looking for it is worth while."""
MOST_JUMPS = 8
FEW = 10
"""Cases by the end of a number that stand above those by words."""
LEVELS = {1: "province", 2: "city", 3: "district"}


def _initials() -> dict[tuple[str, int], str]:
    """Pinyin initials of every person's and unit's name."""
    book = lexicon.current()
    told = [(("person", one.id), one.name) for one in book.staff.values()]
    told += [(("unit", one.id), one.name) for one in book.units.values() if one.active]
    return {key: pinyin.initials(name, others=True) for key, name in told}


initials = PerSettings(_initials, *lexicon.current.tables)


@page(roles.READ)
@require_safe
def results(request: HttpRequest, by: Viewer) -> HttpResponse:
    """`GET /search/?q=`: the whole number leads to its case; a person's number is not taken in an address."""
    typed = request.GET.get("q", "").strip()[:100]
    if typed and access.visible(by).filter(number=tidy(typed)).exists():
        return redirect("desk:case", tidy(typed))
    context: dict[str, Any] = {"q": typed, "place": "desk", "personal": request.GET.get("by") == "number"}
    context["in_part"] = numbered.may_ask_in_part(by)
    if texts.looks_personal(typed):
        return redirect(f"{reverse('search')}?by=number")  # it must not go on standing in addresses
    refused, found = None, Found([], 0, False)
    if typed:
        try:
            with texts.patience():
                found = _cases(by, typed)
        except RuleError as error:
            refused = error
    jumps, articles = (_jumps(typed), _articles(by, typed)) if typed else ([], [])
    ended = _ended_so(by, typed)
    context |= {
        "found": found,
        "rows": rows_of(found.cases, Names()),
        "articles": articles,
        "jumps": jumps,
        "ended": ended,
        "ended_rows": rows_of(ended.cases, Names()) if ended else [],
        "refused": refused if not (jumps or articles or ended) else None,
    }
    return show(request, "knowledge/search.html", context, status=422 if context["refused"] else 200)


def _cases(by: Viewer, typed: str) -> Found:
    part = _part_of_number(by, typed)
    return part if part is not None else search(by, typed)


def _part_of_number(by: Viewer, typed: str) -> Found | None:
    """Cases whose serial holds these digits, when digits are all that was typed and some case has them."""
    bare = typed.upper().removeprefix("TS").replace("-", "").strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) >= LEAST_OF_NUMBER):
        return None
    # the serial is the case's id and a check digit: both readings of a serial's end and of a whole serial are keys
    ids = {int(bare), int(bare[:-1] or 0)}
    if len(bare) > 6:
        ids |= {int(bare[6:] or 0), int(bare[6:-1] or 0)}
    keyed = access.visible(by).filter(Q(pk__in=[one for one in ids if one < 2**62]) | Q(source_number=typed))
    found = [case for case in keyed.order_by("-id")[:SHOWN] if bare in case.number.replace("-", "")]
    return Found(found, len(found), False) if found else None


def _ended_so(by: Viewer, typed: str) -> Numbered | None:
    """Cases whose customer's number ends with these four digits, the newest few, for who may ask so."""
    part = parts.read(typed)
    if part is None or not part.masked or not numbered.may_ask_in_part(by):
        return None
    found = numbered.by_part(by, part)
    return Numbered(numbered.newest(found[:FEW]), len(found), part=True) if found else None


def _articles(by: Viewer, typed: str) -> list[Any]:
    found = queries.listed(q=typed).filter(published__isnull=False)
    return queries.rows(list(found[:5]))


def _jumps(typed: str) -> list[tuple[str, str, str]]:
    """(kind, name, address) of people, units and areas by name or by pinyin initials."""
    word, book = typed.lower(), lexicon.current()
    letters = word.isascii() and word.isalpha() and len(word) >= 2
    found: list[tuple[str, str, str]] = []
    for (kind, key), short in initials().items():
        if kind == "person":
            person = book.staff[key]
            if (letters and short.startswith(word)) or word in person.name or word == person.username:
                found.append((_("人员"), either(person.name, person.name_en), f"/cases/?handler={person.username}"))
        else:
            unit = book.units[key]
            if (letters and short.startswith(word)) or word in unit.name:
                found.append((_("部门"), either(unit.name, unit.name_en), f"/cases/?unit={unit.code}"))
    areas = Area.objects.filter(active=True, level__in=LEVELS)
    areas = areas.filter(initials__startswith=word) if letters else areas.filter(name__startswith=word)
    for area in areas.order_by("level", "id")[:MOST_JUMPS]:
        found.append((_("地区"), either(area.name, area.name_en), f"/cases/?{LEVELS[area.level]}={area.id}"))
    return found[: MOST_JUMPS * 2]
