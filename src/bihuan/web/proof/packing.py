"""What people read in an evidence pack, and building it now or aside."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import get_language

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import STATES
from bihuan.customers import actions as customers
from bihuan.handling import callers, evidence, packs
from bihuan.handling.models import Evidence, Pack
from bihuan.handling.pack_writing import Contents, anchor_of
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.desk import sentences, story, words
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text

_STYLE = Path(__file__).parent / "static/proof/pack.css"


def pack(case: Case, viewer: Viewer, purpose: str, *, plain: bool) -> Pack:
    """Ask for a pack of a locked case and build it, at once where that is quick, else by the jobs process."""
    from bihuan.web.proof.tasks import build_pack

    if plain:
        callers.refuse_data(case, list(words.FIELDS), purpose)
    asked = packs.ask(case, viewer, purpose, plain=plain)
    if packs.small(asked):
        packs.build(asked, case, contents_of(asked, case))
    else:
        build_pack.defer(pack_id=asked.pk, language=get_language() or "zh-hans")
    return asked


def contents_of(pack: Pack, case: Case) -> Contents:
    """Facts, personal data (plain ones are written into the use register) and the page people read."""
    names, masks = Names(), story.masks_for(case)
    shown = masks
    if pack.plain and masks:
        shown = customers.reveal(case.party_id, list(masks), pack.asked_by_id, pack.purpose, case.number)
    facts = {str(label): masked_text(text, shown) for label, text in story.facts(case, names)}
    made_by = names.staff(pack.asked_by_id)
    told = {
        "number": case.number, "status": case.status, "content": masked_text(case.content, shown),
        "demand": masked_text(case.demand, shown), "facts": facts,
    }  # fmt: skip
    page = render_to_string(
        "proof/pack.html",
        {
            "case": case, "pack": pack, "told": told, "state": STATES[case.status].name, "made_by": made_by,
            "personal": [(str(words.FIELDS[code]), shown[code]) for code in words.FIELDS if shown.get(code)],
            "purpose": words.PURPOSES[pack.purpose], "made_at": clock.now(), "rows": list(_rows(case, names, shown)),
            "files": [_told(kept, shown) for kept in evidence.of_case(case.id)],
            "anchor": anchor_of(case), "language": get_language(), "chain_end": bytes(case.last_hash).hex(),
        },
    )  # fmt: skip
    return Contents(
        told, shown, {"case.html": page.encode(), "case.css": _STYLE.read_bytes()},
        lambda name: masked_text(name, shown), made_by,
    )  # fmt: skip


def _told(kept: Evidence, shown: dict[str, str]) -> dict[str, object]:
    name, kind = masked_text(kept.name, shown), words.EVIDENCE.get(kept.kind, kept.kind)
    return {"one": kept, "name": name, "kind": kind, "sha256": bytes(kept.digest).hex()}


def _rows(case: Case, names: Names, shown: dict[str, str]) -> list[tuple[sentences.Entry, str]]:
    """The timeline in the order it happened, each with its hash."""
    found = list(CaseEvent.objects.filter(case_id=case.id, seq__lte=case.event_count).order_by("seq"))
    return [(sentences.entry(event, names, shown), bytes(event.hash).hex()) for event in found]
