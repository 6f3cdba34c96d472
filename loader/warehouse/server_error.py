"""Errors of the database server."""

from __future__ import annotations


class ServerError(Exception):
    """The database cannot be reached, started, backed up or restored; the message says why and what to do."""
