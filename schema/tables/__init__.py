"""The tables by subject matter, as SQLAlchemy metadata."""

from schema.tables import disclosure, judgement, ledger, reference
from schema.tables.metadata import SCHEMAS, metadata

__all__ = ["SCHEMAS", "disclosure", "judgement", "ledger", "metadata", "reference"]
