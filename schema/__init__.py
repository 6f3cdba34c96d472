"""The warehouse's schema: official forms, codes, tables and the managed views."""
