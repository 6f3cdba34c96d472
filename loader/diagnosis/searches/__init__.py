"""Searches for faults of figures, rows and columns that need the case as a whole or trials."""
