"""Single wrong figures, and slips of one figure in several cells."""
