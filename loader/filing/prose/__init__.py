"""From prose to stated facts: the figures in its sentences."""
