"""What filed forms show: their figures by row and column, the cells that bear out a line, and their own sums."""
