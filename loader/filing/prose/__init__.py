"""Prose → stated facts: the figures that sentences state."""
