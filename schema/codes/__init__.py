"""Subject codes, their names by year, older names and crosswalks: lists in CSV files, and what reads them."""
