"""Who works here: staff, units, roles, duty rosters, tokens, the audit log."""
