"""Documents and folders into the warehouse: groups of documents in one transaction, one process a core."""
