"""The rank of a document that supersedes others."""

from __future__ import annotations

import psycopg

from loader.loading.options import Options
from loader.warehouse.revisions import next_supersede_rank


def rank_of(connection: psycopg.Connection, options: Options) -> int:
    """The rank of the whole load if it has one, else a new one; 0 for a document that supersedes nothing."""
    return (options.supersede_rank or next_supersede_rank(connection)) if options.supersede else 0
