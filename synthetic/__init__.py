"""Random budgets and documents made from them, for tests and benchmarks."""
