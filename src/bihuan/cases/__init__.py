"""The spine: the case, its chained events, its states, and the one door through which anyone reaches it."""
