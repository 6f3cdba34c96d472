"""The warehouse's schema: tables by subject matter, subject codes, form templates and the managed views."""

from schema import disclosure, judgement, ledger, reference
from schema.metadata import SCHEMAS, metadata

__all__ = ["SCHEMAS", "disclosure", "judgement", "ledger", "metadata", "reference"]
