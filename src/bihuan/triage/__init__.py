"""Scope review and classification: is it ours, and what is it? A machine suggests, a person decides; both are kept."""
