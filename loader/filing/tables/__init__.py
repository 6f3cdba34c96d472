"""From grids to tables: where each begins and ends, what is printed above it, and which form it is."""
