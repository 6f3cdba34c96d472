"""One warehouse for all tests of rules and views: a ledger that gives money to every selection of every form.

It is written straight into the tables; what the views make of it is held against what the declarations make of it.
The tests leave it as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from loader.ledger.evidence.projection import Coordinates
from schema.forms import SETS
from synthetic import selections
from tests.conftest import shared_clone


@pytest.fixture(scope="session")
def lines() -> dict[str, dict[Coordinates, Decimal]]:
    """Set → the ledger lines of a disclosure of it."""
    return {entry.id: selections.lines_of(entry) for entry in SETS}


@pytest.fixture(scope="session")
def warehouse(
    request: pytest.FixtureRequest, lines: dict[str, dict[Coordinates, Decimal]]
) -> Iterator[psycopg.Connection]:
    """A warehouse with one disclosure a set."""
    with shared_clone(request, "views") as connection:
        for entry in SETS:
            selections.write(connection, entry, lines[entry.id])
        yield connection


Contents = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def contents(warehouse: psycopg.Connection) -> Contents:
    """The rows of a view, asked for once, those of a report in their order."""

    @cache
    def of(view: str) -> list[dict[str, Any]]:
        found = rows(warehouse, f"select * from {view}")
        return sorted(found, key=lambda row: row["row_no"]) if found and "row_no" in found[0] else found

    return of


@pytest.fixture(scope="session")
def cells(contents: Contents) -> dict[str, list[dict[str, Any]]]:
    """Form → its cells as the rules make them."""
    found = defaultdict(list)
    for row in contents("report.every_cell"):
        found[row["form_id"]].append(row)
    return found


def rows(connection: psycopg.Connection, query: str, *values: object) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), values).fetchall()
