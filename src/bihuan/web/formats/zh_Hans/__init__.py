"""Formats for Chinese readers."""
