"""Whose a case is: people within a unit, disputes between units, units that work together, bulk deeds."""
