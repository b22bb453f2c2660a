"""Supervision (督办): somebody above demands something of whoever holds a case, by a day of its own, and judges how it ended."""
