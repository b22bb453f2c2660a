"""Trying rules on last month's cases: moments that no span tells apart are decided once, and never otherwise than alone."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.dispatch.comparison import Stretches
from bihuan.dispatch.queries import moment_facts
from bihuan.dispatch.rules import within
from bihuan.kernel import clock

MINUTE = st.integers(0, 1439)
SPAN = st.tuples(MINUTE, MINUTE).map(
    lambda told: f"{told[0] // 60:02d}:{told[0] % 60:02d}-{told[1] // 60:02d}:{told[1] % 60:02d}"
)


@given(st.lists(SPAN, max_size=4), MINUTE)
def test_a_shared_minute_lies_in_the_same_spans(spans: list[str], minute: int) -> None:
    at = clock.now() + timedelta(minutes=minute)
    shared, own = Stretches(spans).facts(at), moment_facts(at)
    assert shared["weekday"] == own["weekday"]
    assert [within(span, shared["minute"]) for span in spans] == [within(span, own["minute"]) for span in spans]
    assert (
        len({Stretches(spans).facts(at + timedelta(minutes=n))["minute"] for n in range(0, 1440, 7)})
        <= len(spans) * 2 + 1
    )
