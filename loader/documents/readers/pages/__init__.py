"""What pages of glyphs and rules have in common: PDF, OFD and pictures."""
