"""What a document shows: grids of cells, whatever the format."""
