"""Errors of the database that end a load: they are not the fault of a document."""

import psycopg
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from loader.warehouse.server_error import ServerError

DATABASE_ERRORS = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    InsufficientPrivilege,
    ReadOnlySqlTransaction,
    ServerError,
)
