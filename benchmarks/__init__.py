"""Measurements, side by side in one run: machines are noisy, so read ratios rather than seconds."""
