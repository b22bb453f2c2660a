"""Taking complaints in: one verb, `register`, for one or for a thousand, whatever the channel."""
