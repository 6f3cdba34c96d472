"""Tables → filed cells: which row and column of its form each cell is, and its figure."""
