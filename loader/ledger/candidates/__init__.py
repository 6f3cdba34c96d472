"""The lines that a ledger may have, coordinate by coordinate."""
