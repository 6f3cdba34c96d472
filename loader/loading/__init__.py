"""Documents and folders into the warehouse: one transaction a document, one process a core."""
