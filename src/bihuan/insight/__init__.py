"""Figures: read, never written. Each measure is defined once and used by page, Excel, command line and API."""
