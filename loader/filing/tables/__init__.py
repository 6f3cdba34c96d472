"""Grids → tables: where each begins and ends, what stands above it, and which form it is."""
