"""The fiscal years that a disclosure may have."""

from __future__ import annotations

YEARS = range(2000, 2100)  # the patterns for years in titles find no others
