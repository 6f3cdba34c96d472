"""Cells that contradict each other: the lines in doubt, and those that are possible only then."""
