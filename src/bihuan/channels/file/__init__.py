"""Orders from files: Excel and CSV of any column layout."""
