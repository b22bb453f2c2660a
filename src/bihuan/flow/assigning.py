"""Work within units, as the jobs process keeps it going: every few seconds, each part in a transaction of its own."""

from collections.abc import Sequence

from bihuan.dispatch import rounds
from bihuan.dispatch.assigning import Move
from bihuan.kernel import clock
from bihuan.notices import actions as notices
from bihuan.notices.actions import Telling


def run() -> int:
    """One round: late receipts, absent people's work, its return, then whatever waits in automatic units.

    Answers how many cases were given to somebody. People are told in one go.
    """
    now = clock.now()
    moves = rounds.lapse(now) + rounds.deputise(now)
    offered = rounds.offer_back(now)
    while given := rounds.share_out(now):
        moves += given
        if len(given) < rounds.CHUNK:
            break
    _tell(moves, offered)
    return len(moves)


def _tell(moves: Sequence[Move], offered: Sequence[tuple[int, int]]) -> None:
    tellings = [
        Telling("handed_over" if one.how == "deputy" else "assigned", [one.staff_id], one.case_id)
        for one in moves
        if one.staff_id is not None
    ]
    tellings += [Telling("offered_back", [staff_id], case_id) for case_id, staff_id in offered]
    if tellings:
        notices.tell_many(tellings)
