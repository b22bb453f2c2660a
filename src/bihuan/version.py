"""The version, read from the CHANGELOG so that it is written in one place only."""

import re
from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def version() -> str:
    """Newest version heading (`## 0.1.0 …`) of CHANGELOG.md; of the installed package where no checkout is at hand."""
    if _CHANGELOG.is_file():
        found = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found.group(1)
    import importlib.metadata

    return importlib.metadata.version("bihuan")


VERSION = version()
