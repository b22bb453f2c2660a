"""Pages around closing: call-back rules, approvals, surveys, care calls, interviews, the ledger, reviews and requests."""
