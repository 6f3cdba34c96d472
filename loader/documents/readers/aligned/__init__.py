"""Tables without rules or separators, in texts and on pages: their columns stand below one another."""
