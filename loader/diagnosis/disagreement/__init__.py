"""How the forms of a disclosure disagree: cells, tables, money without a meaning, and how findings name the places."""
