"""Something read from the settings and kept until they change: catalog, units, limits, rules."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

from bihuan.kernel.history import settings_version

Kept = TypeVar("Kept")


class PerSettings(Generic[Kept]):
    """Calling it answers what `load` made of `tables` as they stand: one small read when nothing in them has changed.

    No tables named: any setting counts. What is kept must be immutable: all threads of the process share it.
    """

    def __init__(self, load: Callable[[], Kept], *tables: str) -> None:
        self.tables = tables
        self._load = load
        self._lock = threading.Lock()
        self._held: tuple[tuple[int, ...], str, Kept] | None = None

    def __call__(self) -> Kept:
        version, where = settings_version(self.tables), str(connection.settings_dict["NAME"])
        held = self._held
        if held is not None and held[:2] == (version, where):
            return held[2]
        with self._lock:
            loaded = self._load()
            self._held = (version, where, loaded)
        return loaded
