"""The cached unit book: read again when a unit has changed."""

from bihuan.identity.units import UnitBook
from bihuan.kernel.cached import PerSettings

units = PerSettings(UnitBook.load, "identity_unit")
"""The unit book as units stand now."""
