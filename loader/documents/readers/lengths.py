"""Units of length that documents and style sheets state sizes in."""

POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75}  # of one of each
