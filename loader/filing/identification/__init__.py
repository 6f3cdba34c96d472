"""Whose disclosure a document holds: unit, year and stage."""
