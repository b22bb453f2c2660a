"""Formats for English readers."""
