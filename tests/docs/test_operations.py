"""The table of settings is complete: every environment variable the program reads stands in it."""

import re

from docs.docs_cast import ROOT

_READ = re.compile(r'"((?:BIHUAN_\w+|DATABASE_URL))"')


def test_every_variable_the_program_reads_is_in_the_table() -> None:
    read = {name for file in (ROOT / "src").rglob("*.py") for name in _READ.findall(file.read_text("utf-8"))}
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert read - told == set()
    assert {name for name in told if name.startswith("BIHUAN_")} - read == set()
