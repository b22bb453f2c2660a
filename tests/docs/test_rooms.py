"""The map of rooms says what the code does: its rules, its layers."""

import re
import tomllib

from docs.docs_cast import ROOT, names_in, text_of

PAGE = ROOT / "docs" / "rooms.md"


def _rules() -> list[tuple[str, str, str, str]]:
    rows = re.findall(
        r"^\| .+? \| `(?P<file>[\w/]+\.py)` \| `(?P<name>\w+)` \| `(?P<test>[\w/]+\.py)` `(?P<case>\w+)` \|$",
        text_of(PAGE), re.MULTILINE,
    )  # fmt: skip
    assert len(rows) > 10
    return rows


def test_every_rule_is_where_the_table_says() -> None:
    for file, name, test, case in _rules():
        assert name in names_in(ROOT / "src" / "bihuan" / file), f"{name} in {file}"
        assert case in names_in(ROOT / test), f"{case} in {test}"


def test_the_map_names_every_room_in_the_order_of_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    rooms = [re.findall(r"bihuan\.(\w+)", layer) for layer in contract["layers"]]
    told = [re.findall(r"`([\w.]+)`", row) for row in re.findall(r"^\| (`.+?) \| .* \|$", text_of(PAGE), re.MULTILINE)]
    map_ = [[name.removesuffix(".py") for name in row] for row in told[: len(rooms)]]
    assert map_ == rooms
