"""Entrances for other programs."""
