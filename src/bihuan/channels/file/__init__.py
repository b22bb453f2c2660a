"""Orders from files: Excel and CSV of any column layout, finished ones (history) and open ones."""
