"""Grids to filed cells: which forms they are, whose, and what each cell stands for."""
