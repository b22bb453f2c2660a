"""What becomes of a complaint, for filling a database: the steps it takes, how long each takes, where it stands now.

Shares follow the figures operators publish: most are answered on the spot, a good third is passed on, few come back.
"""

from dataclasses import dataclass
from random import Random

HOUR = 3600.0
_ON_THE_SPOT = "registered accepted replied"
_PASSED = "registered accepted dispatched received handling_started contacted replied"
_BOUNCED = "registered accepted dispatched returned dispatched received handling_started replied"
_MEAN_HOURS = {
    "accepted": 0.15, "declined": 0.3, "dispatched": 0.8, "received": 0.7, "returned": 1.0, "recalled": 2.0,
    "handling_started": 0.6, "contacted": 2.0, "waiting": 3.0, "replied": 9.0, "revisit_attempted": 12.0,
    "revisited": 14.0, "closed": 0.1, "reopened": 1.0, "withdrawn": 5.0,
}  # fmt: skip
ENDED = (
    (62, f"{_ON_THE_SPOT} revisited closed"),
    (28, f"{_PASSED} revisited closed"),
    (3, f"{_PASSED} revisited reopened handling_started replied revisited closed"),
    (3, f"{_BOUNCED} revisited closed"),
    (2, "registered declined"),
    (2, "registered accepted withdrawn"),
)
OPEN = (
    (7, "registered"),
    (7, "registered accepted"),
    (14, "registered accepted dispatched"),
    (8, "registered accepted dispatched received"),
    (30, "registered accepted dispatched received handling_started contacted"),
    (6, "registered accepted dispatched received handling_started waiting"),
    (2, "registered accepted dispatched returned"),
    (1, "registered accepted dispatched received recalled"),
    (3, f"{_PASSED} reopened"),
    (8, _ON_THE_SPOT),
    (9, _PASSED),
    (5, f"{_PASSED} revisit_attempted"),
)


@dataclass(frozen=True)
class Fate:
    """Steps with the seconds since registration at which each was taken."""

    steps: tuple[tuple[str, float], ...]

    @property
    def lasted(self) -> float:
        """Seconds from registration to the last step."""
        return self.steps[-1][1]


def draw(shelf: tuple[tuple[int, str], ...], rng: Random) -> Fate:
    """One fate of `ENDED` or `OPEN`, with its own pace."""
    words = rng.choices([text for _share, text in shelf], [share for share, _text in shelf])[0].split()
    pace, at, steps = rng.choice((0.4, 0.7, 1.0, 1.0, 1.6, 3.0)), 0.0, []
    for word in words:
        if word != "registered":
            on_the_spot = word == "replied" and "dispatched" not in words
            mean = 0.2 if on_the_spot else _MEAN_HOURS[word] * pace
            at += max(20.0, min(rng.expovariate(1 / mean), mean * 6) * HOUR)
        steps.append((word, at))
    return Fate(tuple(steps))
