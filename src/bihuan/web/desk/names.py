"""Names on the desk in the reader's language, from pictures held in memory: no query a row."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.cases import lexicon
from bihuan.cases.models import Case, CaseEvent


def english() -> bool:
    """True for a reader of English."""
    return (get_language() or "").startswith("en")


def either(name: str, name_en: str) -> str:
    """The name in the reader's language; the Chinese one where there is no other."""
    return name_en if english() and name_en else name


class Names:
    """All names of one settings version; made once a request."""

    def __init__(self) -> None:
        self.book = lexicon.current()

    def staff(self, staff_id: int | None) -> str:
        """A person's name; empty for nobody."""
        person = self.book.staff.get(staff_id or 0)
        return either(person.name, person.name_en) if person else ""

    def unit(self, unit_id: int | None) -> str:
        """A unit's name; empty for none."""
        unit = self.book.units.get(unit_id or 0)
        return either(unit.name, unit.name_en) if unit else ""

    def area(self, area_id: int | None, *, whole: bool = False) -> str:
        """An area's own name, or with `whole` province, city and district in one line."""
        areas = self.book.catalog.areas
        area = areas.get(area_id or 0)
        if area is None:
            return ""
        if not whole:
            return either(area.name, area.name_en)
        steps = [areas[step] for step in area.levels if step in areas]
        if area.level > 3:
            steps.append(area)
        return " ".join(either(step.name, step.name_en) for step in steps)

    def place(self, case: Case) -> str:
        """City and district, as short as a list needs."""
        parts = (self.area(case.city_id), self.area(case.district_id))
        return " ".join(part for part in parts if part) or self.area(case.province_id) or _("地区未填")

    def node(self, node_id: int | None, *, whole: bool = False) -> str:
        """A tree entry's name, or with `whole` its path."""
        nodes = self.book.catalog.nodes
        node = nodes.get(node_id or 0)
        if node is None:
            return ""
        steps = [nodes[step] for step in node.path if step in nodes] if whole else [node]
        return " / ".join(either(step.name, step.name_en) for step in steps)

    def reason(self, kind: str, code: str) -> str:
        """A reason's name, retired ones included; the code itself when nobody knows it."""
        found = next((r for r in self.book.catalog.reasons.values() if (r.kind, r.code) == (kind, code)), None)
        return either(found.name, found.name_en) if found else code

    def doer(self, event: CaseEvent) -> str:
        """Who did it: person and unit, the customer, or the platform."""
        if event.actor_id is not None:
            return " · ".join(part for part in (self.staff(event.actor_id), self.unit(event.unit_id)) if part)
        return _("客户") if event.source == "public" else ""
