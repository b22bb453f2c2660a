"""Typed readers of environment variables: a value that cannot be read stops the start, it is never guessed."""

import os
from pathlib import Path

from bihuan.kernel import addresses


class BadSetting(ValueError):
    """An environment variable holds something that cannot be used; the message says what would do."""


def text(name: str, default: str = "") -> str:
    """The variable as it stands, or `default` when unset."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """`1/true/yes/on` or `0/false/no/off`, any case."""
    raw = os.environ.get(name, "").strip().lower()
    if raw == "":
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={raw!r}: write 1 or 0")


def integer(name: str, default: int, least: int = 0) -> int:
    """A whole number of at least `least`."""
    raw = os.environ.get(name, "").strip()
    if raw == "":
        return default
    try:
        number = int(raw)
    except ValueError:
        raise BadSetting(f"{name}={raw!r}: write a whole number") from None
    if number < least:
        raise BadSetting(f"{name}={number}: must be at least {least}")
    return number


def folder(name: str, default: Path) -> Path:
    """An absolute path; relative values are taken from the current folder."""
    raw = os.environ.get(name, "").strip()
    return Path(raw).expanduser().resolve() if raw else default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty parts."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def networks(name: str) -> tuple[addresses.Network, ...]:
    """A comma-separated list of addresses and networks, like `127.0.0.1,10.2.0.0/16`."""
    try:
        return addresses.networks(words(name))
    except ValueError as fault:
        raise BadSetting(
            f"{name}: {fault}; write addresses or networks by commas, e.g. 127.0.0.1,10.2.0.0/16"
        ) from None
