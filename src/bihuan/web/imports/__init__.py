"""Imports on pages: upload, columns and preview, dry run, run with progress, result with the refused rows."""
