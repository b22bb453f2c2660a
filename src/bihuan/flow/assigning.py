"""Work within units, as the jobs process keeps it going: every few seconds, each part in a transaction of its own."""

from bihuan.dispatch import rounds
from bihuan.kernel import clock


def run() -> int:
    """One round: late receipts, absent people's work, its return, then whatever waits in automatic units.

    Answers how many cases were given to somebody.
    """
    now = clock.now()
    moves = rounds.lapse(now) + rounds.deputise(now)
    rounds.offer_back(now)
    while given := rounds.share_out(now):
        moves += given
        if len(given) < rounds.CHUNK:
            break
    return len(moves)
