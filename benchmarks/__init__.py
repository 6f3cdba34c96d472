"""Measurements, side by side in one run. Machines are noisy, so compare ratios rather than seconds."""
