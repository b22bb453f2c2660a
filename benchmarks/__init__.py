"""Measurements: each makes its own data and prints figures as ratios taken in one run."""
