"""What can be told from words alone: hygiene, personal data, classification, likeness, search terms. Knows no case."""
