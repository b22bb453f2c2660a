"""What a new installation is given: the shipped trees and limits always, the demo operator unless `--empty`."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_MARK = "installation.json"


def prepare(data: Path, *, empty: bool) -> bool:
    """Seed once; answers whether this is a demo installation (the first start decides, `--empty` counts only then).

    An interrupted first start is taken up again: the seeds must be harmless when run twice.
    """
    mark = data / _MARK
    known = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else {}
    demo = bool(known.get("demo", not empty))
    if not known.get("seeded"):
        _write(mark, {"demo": demo, "seeded": False})
        _seed(demo)
        _write(mark, {"demo": demo, "seeded": True})
    return demo


def known(demo: bool) -> dict[str, Any]:
    """`demo`, `logins` (one a role: role, username, password, name) and `api_token` (None without a demo operator)."""
    logins, token = _hook("bihuan.demo.actions", "logins"), _hook("bihuan.demo.actions", "api_token")
    return {
        "demo": demo,
        "logins": logins() if demo and logins else [],
        "api_token": token() if demo and token else None,
    }


def _seed(demo: bool) -> None:
    print("bihuan: first start, filling in trees and limits …", file=sys.stderr, flush=True)
    for room in ("catalog", "sla", "dispatch"):
        basics = _hook(f"bihuan.{room}.seeding", "seed")
        if basics:
            basics()
    operator = _hook("bihuan.demo.actions", "seed")
    if demo and operator:
        print("bihuan: making the demo operator (--empty leaves it out) …", file=sys.stderr, flush=True)
        operator()


def _hook(module: str, name: str) -> Callable[[], Any] | None:
    """A room that this installation does not have is passed over; one that is broken is not."""
    try:
        loaded: Callable[[], Any] | None = getattr(import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name == module:
            return None
        raise
    return loaded


def _write(mark: Path, content: dict[str, Any]) -> None:
    half = mark.with_suffix(".new")
    half.write_text(json.dumps(content), encoding="utf-8")
    half.rename(mark)
