"""Working on a case: contacts, waiting, evidence, reply."""
