"""What a new database is given: the shipped trees and limits always, the demo operator on a first `run`."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

_MARK = "installation.json"


@dataclass(frozen=True)
class Prepared:
    """`demo`: whether this is a demo installation; `logins`: accounts to tell (role, username, password, name).

    `revisit_token` is there because whoever handled a complaint may not revisit it, by the API neither.
    """

    demo: bool
    logins: list[dict[str, str]]
    api_token: str | None
    revisit_token: str | None = None


def prepare(data: Path, *, empty: bool) -> Prepared:
    """Make the demo operator on the first start, without one the three administrators; answers what to tell.

    The first start decides (`--empty` counts only then); a database in use never becomes a demo. An interrupted first
    start is taken up again: the demo's seed is harmless when run twice.
    """
    mark = data / _MARK
    known = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else {}
    demo = bool(known["demo"]) if "demo" in known else not empty and not _in_use()
    logins: list[dict[str, str]] = []
    if not known.get("seeded"):
        _write(mark, {"demo": demo, "seeded": False})
        if demo:
            _make_operator()
        elif not _in_use():
            from bihuan.identity import founding

            logins = founding.administrators()
        _write(mark, {"demo": demo, "seeded": True})
    if not demo:
        return Prepared(False, logins, None)
    return _told_by_operator()


def _told_by_operator() -> Prepared:
    logins, *tokens = (_hook("bihuan.demo.actions", name) for name in ("logins", "api_token", "revisit_token"))
    return Prepared(True, logins() if logins else [], *(token() if token else None for token in tokens))


def _in_use() -> bool:
    from django.contrib.auth import get_user_model

    from bihuan.cases.models import Case

    return get_user_model().objects.exists() or Case.objects.exists()


def _make_operator() -> None:
    seed = _hook("bihuan.demo.actions", "seed")
    if seed:
        print("bihuan: first start, making the demo operator (--empty leaves it out) …", file=sys.stderr, flush=True)
        seed()


def basics() -> None:
    """Add what is missing of the shipped areas, trees, limits and routing rules; edited rows stay as they are."""
    from bihuan.appeals import seeding as appeals
    from bihuan.catalog import seeding as catalog
    from bihuan.compensation import seeding as compensation
    from bihuan.dispatch import seeding as dispatch
    from bihuan.escalation import seeding as escalation
    from bihuan.progress import seeding as progress
    from bihuan.revisit import seeding as revisit
    from bihuan.sla import seeding as limits

    for room in (catalog, limits, dispatch, escalation, appeals, revisit, compensation, progress):
        room.seed()


def has_basics() -> bool:
    """Whether the shipped rows were ever put in (one question to the database)."""
    from bihuan.dispatch.models import RuleSet

    return RuleSet.objects.exists()


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
