"""From stored cases to what the API shows of them: codes and names for ids, masks for personal data."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.api.v1.operation import BASE
from bihuan.api.v1.shapes import CaseSummary, Due, EvidenceOut, Named
from bihuan.cases import lexicon
from bihuan.cases.lexicon import either
from bihuan.cases.models import Case
from bihuan.cases.scales import CODES
from bihuan.cases.states import STATES
from bihuan.customers import queries as customers
from bihuan.handling.models import Evidence
from bihuan.kernel import phrases
from bihuan.text.personal import TOKEN

GIST = 80
URGENCY, IMPACT, COMPLEXITY = CODES["urgency"], CODES["impact"], CODES["complexity"]
SATISFACTION = {1: "dissatisfied", 2: "neutral", 3: "satisfied"}


def masked(text: str, masks: Mapping[str, str]) -> str:
    """A stored text with the masks of its personal numbers in place of the tokens, the platform's own in the reader's words."""
    text = phrases.read(text)
    return TOKEN.sub(lambda token: masks.get(token[0], "****"), text) if "⟦" in text else text


def masked_all(value: Any, masks: Mapping[str, str]) -> Any:
    """Plain values with every text in them masked."""
    if isinstance(value, str):
        return masked(value, masks)
    if isinstance(value, Mapping):
        return {key: masked_all(inner, masks) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked_all(inner, masks) for inner in value]
    return value


class Names:
    """Everything that turns ids into codes and names in the reader's language, read once an answer."""

    def __init__(self) -> None:
        self._all = lexicon.current()

    def node(self, node_id: int | None) -> Named | None:
        """A tree entry."""
        found = self._all.catalog.nodes.get(node_id or 0)
        return Named(code=found.code, name=either(found.name, found.name_en)) if found else None

    def area(self, area_id: int | None) -> Named | None:
        """An area."""
        found = self._all.catalog.areas.get(area_id or 0)
        return Named(code=str(found.id), name=either(found.name, found.name_en)) if found else None

    def unit(self, unit_id: int | None) -> Named | None:
        """A unit, also one no longer in use."""
        found = self._all.units.get(unit_id or 0)
        return Named(code=found.code, name=either(found.name, found.name_en)) if found else None

    def person(self, staff_id: int | None) -> Named | None:
        """A member of staff by her account's name."""
        found = self._all.staff.get(staff_id or 0)
        return Named(code=found.username, name=either(found.name, found.name_en)) if found else None

    def username(self, staff_id: int | None) -> str | None:
        """The name of her account."""
        found = self._all.staff.get(staff_id or 0)
        return found.username if found else None


def summary_fields(case: Case, names: Names, masks: Mapping[str, str]) -> dict[str, Any]:
    """The fields of `CaseSummary`."""
    text = masked(case.content, masks)
    due = case.next_due_at
    return {
        "number": case.number,
        "href": f"{BASE}/complaints/{case.number}",
        "status": case.status,
        "status_name": str(STATES[case.status].name),
        "version": case.version,
        "channel": case.channel,
        "source_system": case.source_system,
        "source_number": case.source_number,
        "gist": text if len(text) <= GIST else text[: GIST - 1] + "…",
        "area": names.area(case.area_id),
        "category": names.node(case.category_id),
        "urgency": URGENCY[case.urgency],
        "priority": case.priority,
        "unit": names.unit(case.holder_unit_id),
        "handler": names.username(case.handler_id),
        "registered_at": case.registered_at,
        "promised_at": case.promised_at,
        "replied_at": case.replied_at,
        "ended_at": case.ended_at,
        "next_due": Due(at=due, policy=case.next_due_policy, owner=case.next_due_owner) if due else None,
        "paused": case.paused,
    }


def summaries(cases: Sequence[Case]) -> list[CaseSummary]:
    """Cases as a list shows them: a fixed number of statements however many there are."""
    names = Names()
    masks = customers.masks_of(case.party_id for case in cases)
    return [CaseSummary(**summary_fields(case, names, masks.get(case.party_id, {}))) for case in cases]


def summary(case: Case) -> CaseSummary:
    """One case as a list shows it."""
    return summaries([case])[0]


def evidence_out(case: Case, kept: Evidence, names: Names, masks: Mapping[str, str]) -> EvidenceOut:
    """A piece of evidence without its content."""
    return EvidenceOut(
        id=kept.id,
        href=f"{BASE}/complaints/{case.number}/evidence/{kept.id}",
        kind=kept.kind,
        name=masked(kept.name, masks),
        media_type=kept.media_type,
        size=kept.size,
        sha256=bytes(kept.digest).hex(),
        at=kept.at,
        by=names.username(kept.by_id),
        from_customer=kept.from_customer,
        scan=kept.scan,
    )
