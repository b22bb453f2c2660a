"""No event is left without a sentence, and none shows what is sealed."""

import pytest
from django.utils import translation

from bihuan.cases.models import CaseEvent
from bihuan.cases.states import STEPS
from bihuan.sla.fold import ADOPTED
from bihuan.web.appeals import sentences as appeals
from bihuan.web.desk import sentences
from bihuan.web.desk.names import Names
from bihuan.web.teamwork import sentences as teamwork

KINDS = {
    *STEPS, "registered", "clock_warned", "clock_breached", "clock_escalated", ADOPTED, *appeals.SENTENCES,
    *teamwork.SENTENCES,
}  # fmt: skip


def test_every_kind_has_a_sentence():
    assert set(sentences.SENTENCES) >= KINDS


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_sentence_survives_an_empty_payload(db, cast, language):
    from bihuan.kernel import clock

    for kind in sorted(KINDS):
        event = CaseEvent(id=1, case_id=1, seq=1, kind=kind, at=clock.now(), actor_id=None, source="import", payload={})
        with translation.override(language):
            title = sentences.entry(event, Names(), {}).title
        assert title and (title.isascii() or language != "en"), kind


def test_an_unknown_kind_shows_its_code(db, cast):
    from bihuan.kernel import clock

    event = CaseEvent(id=1, case_id=1, seq=1, kind="from_the_future", at=clock.now(), source="desk", payload={})
    assert sentences.entry(event, Names(), {}).title == "from_the_future"


def test_tokens_are_shown_as_masks(db, cast):
    from bihuan.kernel import clock

    event = CaseEvent(
        id=1, case_id=1, seq=1, kind="contacted", at=clock.now(), source="desk", why="致电 ⟦P1⟧",
        payload={"means": "call", "reached": True, "text": "⟦P1⟧ 和 ⟦P2⟧"},
    )  # fmt: skip
    entry = sentences.entry(event, Names(), {"⟦P1⟧": "138****5678"})
    assert entry.text == "138****5678 和 […]"
    assert "138****5678" in entry.why
