"""What batches hash is what single events hash."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases import chain
from bihuan.cases.actions import Doer, event_row, event_rows
from bihuan.cases.states import STEPS

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PAYLOADS = st.dictionaries(st.text(), st.text(min_size=1) | st.integers() | st.booleans(), max_size=4)
EVENTS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), MOMENTS, PAYLOADS), min_size=1, max_size=6)
IDS = st.integers(1, 2**62)
DOERS = st.builds(Doer, st.none() | IDS, st.none() | IDS, st.sampled_from(["import", "desk", "demo"]))


@given(IDS, EVENTS, MOMENTS, DOERS)
def test_a_life_written_at_once_has_the_chain_of_one_written_step_by_step(
    case_id: int, told: list, recorded_at: datetime, doer: Doer
):
    rows, last = event_rows(case_id, told, recorded_at, doer)
    before = chain.START
    for seq, (kind, at, payload) in enumerate(told, 1):
        row, before = event_row(before, case_id, seq, kind, at, recorded_at, doer, "", payload)
        assert rows[seq - 1] == row
    assert last == before
