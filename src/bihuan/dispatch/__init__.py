"""Sending a case to the unit that owns it, by rules or by hand; receipt, return, recall."""
