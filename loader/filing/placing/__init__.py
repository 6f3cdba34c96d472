"""From tables to filed cells: the row and column of each cell, and its figure."""
