"""What was acknowledged is there, once, whatever is killed when; limits that fell due meanwhile are recorded once.

The proof is the measurement itself (`benchmarks/kill.py`): a real `bihuan run`, clients that never give up, kill -9.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRONG = ("lost", "doubled", "never_acknowledged", "unexpected", "findings", "differences", "unfired", "fired_twice")


def kill(*words: str) -> dict[str, Any]:
    """What `./dev bench kill` tells."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill", "--json", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def assert_nothing_is_lost(figures: dict[str, Any]) -> None:
    """Promises kept, nothing twice, chains whole, limits recorded within five seconds of the next start."""
    assert {name: figures[name] for name in WRONG if figures[name]} == {}
    assert figures["acknowledged"] > 0
    assert figures["fired"] > 0
    assert figures["after_stop_s"] <= 5


@pytest.mark.long
def test_a_killed_database_loses_nothing_and_limits_due_while_stopped_are_recorded_at_once() -> None:
    assert_nothing_is_lost(kill("--rounds", "1", "--part", "database"))


@pytest.mark.long
def test_twenty_kills_lose_nothing() -> None:
    figures = kill("--rounds", "20", "--seed", "2016")
    assert figures["rounds"] == 20
    assert_nothing_is_lost(figures)
