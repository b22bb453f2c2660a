"""Version 1 of the API: schemas and mapping, no rules."""
