"""Faults of whole rows: left out, twice, shifted, swapped, and sums that leave them out."""
