"""Calling back, closing, reopening, withdrawing."""
