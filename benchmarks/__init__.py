"""Measurements that compare things side by side in one run. Machines are noisy: compare ratios, not seconds."""
