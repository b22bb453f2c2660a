"""Time stands still only as long as somebody asks for it."""

from datetime import UTC, datetime

from bihuan.kernel import clock

FIRST, SECOND = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def test_blocks_that_do_not_end_in_the_order_they_began_leave_nothing_behind() -> None:
    one, two = clock.at(FIRST), clock.at(SECOND)
    one.__enter__()
    two.__enter__()
    assert clock.now() == SECOND
    one.__exit__(None, None, None)
    two.__exit__(None, None, None)
    clock._frozen.set(None)
    assert clock.now() > SECOND
