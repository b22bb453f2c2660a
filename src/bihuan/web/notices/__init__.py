"""Someone comes back to her desk: what has been put before her meanwhile, the unread on top, one click to the case."""
