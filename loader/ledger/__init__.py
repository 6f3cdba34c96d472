"""Turns filed cells into ledger lines."""
