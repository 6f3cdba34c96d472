"""The fiscal years that a disclosure can be of."""

from __future__ import annotations

YEARS = range(2000, 2100)  # the patterns that find a year in titles know no others
