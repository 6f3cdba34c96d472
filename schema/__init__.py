"""The schema of the warehouse: official forms, codes, tables and managed views."""
