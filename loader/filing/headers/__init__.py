"""Headers: what the columns of a table are, and which templates fit."""
