"""Finds the clerk's fault in a disclosure if its forms contradict each other, and names it."""
