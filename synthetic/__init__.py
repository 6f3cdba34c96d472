"""Random budgets and the documents made of them, for tests and benchmarks."""
