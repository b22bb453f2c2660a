"""The look keeps its promises: contrast, a tone for each state, one action a key."""

import re
from pathlib import Path

import pytest

import bihuan.web
from bihuan.cases.states import STATES
from bihuan.web import chips, keys

CSS = (Path(bihuan.web.__file__).parent / "static" / "web" / "bihuan.css").read_text()
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", CSS))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(TOKENS.get(one, one)), _luminance(TOKENS.get(other, other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(text, ground) for text in ("ink", "ink-2", "ink-3", "accent") for ground in ("surface", "ground", "hover")],
        *[(tone, f"{tone}-soft") for tone in ("ok", "soon", "late", "paused", "quiet")],
        ("accent-ink", "accent-soft"),
        ("bar-ink", "bar"),
        ("bar-ink", "bar-2"),
        ("#b5c3dc", "bar-2"),
        ("#fff", "accent"),
        ("#fff", "late"),
        ("#6b7587", "surface"),
    ],
)
def test_text_stands_out_from_its_ground_by_four_and_a_half(text: str, ground: str):
    assert _contrast(text, ground) >= 4.5


def test_every_state_of_a_case_has_a_tone():
    assert set(chips.STATUS_TONES) == set(STATES)


def test_every_tone_has_a_rule_in_the_sheet():
    tones = {value.split()[0] for value in chips.STATUS_TONES.values()} | {
        "ok",
        "soon",
        "late",
        "paused",
        "met",
        "missed",
    }
    assert {tone for tone in tones if f".b-chip-{tone}" not in CSS} <= {"quiet"}, "quiet is the chip's own look"


def test_no_key_does_two_things():
    combos = [key.combo for key in keys.KEYS]
    actions = [key.action for key in keys.KEYS]
    assert len(set(combos)) == len(combos)
    assert len(set(actions)) == len(actions)
