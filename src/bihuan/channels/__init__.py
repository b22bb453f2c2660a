"""Where complaints come in from: one folder a channel."""
