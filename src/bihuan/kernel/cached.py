"""Something read from the settings and kept until any setting changes: catalog, units, limits, rules."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

from bihuan.kernel.history import settings_version

Kept = TypeVar("Kept")


class PerSettings(Generic[Kept]):
    """Calling it answers what `load` made at the present settings version: one indexed read when nothing changed.

    What is kept must be immutable: it is shared by all threads of the process.
    """

    def __init__(self, load: Callable[[], Kept]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._held: tuple[int, str, Kept] | None = None

    def __call__(self) -> Kept:
        number, where = settings_version(), str(connection.settings_dict["NAME"])
        held = self._held
        if held is not None and held[:2] == (number, where):
            return held[2]
        with self._lock:
            loaded = self._load()
            self._held = (number, where, loaded)
        return loaded
