"""Ground that knows no telecom: time, errors, encryption, hashing, outbox, database."""
