"""A solution → the lines of the ledger, with their basis, projects, support and findings."""
