"""What the hand-written views and functions make of a district without order, as it was reviewed.

Other tests say what is right in cases that can be understood. This one notices every other change. A line of
tests/golden/views.tsv is a column of a view: its type, the number of rows and of blanks, the least and the greatest
value, and a digest of all values; the line ``*`` has a digest of whole rows. A change that is meant is written with
``python -m tests.views.test_contents`` and reviewed as the difference.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loader.warehouse.server import EmbeddedServer
from schema.migrate import upgrade
from synthetic import view_cases
from synthetic.view_contents import Line, contents, relations
from tests.conftest import shared_clone

GOLDEN = Path(__file__).parents[1] / "golden" / "views.tsv"


def _write(connection: psycopg.Connection) -> None:
    with connection.transaction():
        view_cases.write(connection)


@pytest.fixture(scope="module")
def district(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with shared_clone(request, "contents") as connection:
        _write(connection)
        yield connection


@pytest.fixture(scope="module")
def reviewed() -> dict[str, list[Line]]:
    """View or function → its lines."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        found: dict[str, list[Line]] = {}
        for line in map(Line._make, csv.reader(file, delimiter="\t")):
            found.setdefault(line.relation, []).append(line)
        return found


def test_every_relation_is_reviewed(reviewed: dict[str, list[Line]]) -> None:
    assert list(reviewed) == relations()


@pytest.mark.parametrize("relation", relations())
def test_contents_are_as_reviewed(district: psycopg.Connection, reviewed: dict[str, list[Line]], relation: str) -> None:
    assert contents(district, relation) == reviewed.get(relation)


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        server.start()
        try:
            upgrade(server.administrator_url())
            with psycopg.connect(server.administrator_url(), autocommit=True) as connection:
                connection.execute("alter system set autovacuum = off")  # as of the server of the tests
                connection.execute("select pg_reload_conf()")
                _write(connection)
                lines = [line for relation in relations() for line in contents(connection, relation)]
        finally:
            server.stop()
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    main()
