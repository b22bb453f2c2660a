"""The cached unit book: read again when any setting has changed."""

import threading

from bihuan.identity.units import UnitBook
from bihuan.kernel.history import settings_version

_lock = threading.Lock()
_held: tuple[int, UnitBook] | None = None


def units() -> UnitBook:
    """The unit book as of the present settings version (one indexed read when nothing changed)."""
    global _held
    number = settings_version()
    held = _held
    if held is not None and held[0] == number:
        return held[1]
    with _lock:
        book = UnitBook.load()
        _held = (number, book)
    return book
