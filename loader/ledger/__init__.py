"""Filed cells to ledger lines."""
