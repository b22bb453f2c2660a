"""The cached unit book: read again when any setting has changed."""

from bihuan.identity.units import UnitBook
from bihuan.kernel.cached import PerSettings

units = PerSettings(UnitBook.load)
"""The unit book as of the present settings version."""
