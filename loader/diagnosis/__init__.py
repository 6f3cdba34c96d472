"""What is wrong with a disclosure whose forms contradict each other: the clerk's fault by name, not only its cells."""
