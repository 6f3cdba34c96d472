"""From grids to filed cells: which forms a document has, who filed them, and what each cell means."""
