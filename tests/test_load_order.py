"""The order of loading does not matter, nor do loads at once: the warehouse is the same."""

import itertools
import random
from pathlib import Path

import psycopg

from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.revisions import next_supersede_rank
from synthetic.budgets import random_budget
from synthetic.rendering import render
from tests.conftest import Run, url_of
from tests.contents import clear, contents
from tests.forked import Forked, wait_for_lock
from tests.test_bulk_load import small


def revision(number: int, of: int = 0) -> bytes:
    """A document of the same unit with other words."""
    return small(of) + f"\n第{number}稿\n".encode()


def stacked(*units: int) -> bytes:
    """One document with the disclosures of several units."""
    return b"\n".join(small(unit) for unit in units)


Document = tuple[str, bytes, dict[str, object]]  # name, content, what the operator says of it

FEBRUARY: dict[str, object] = {"published_on": "2024-02-01"}
MARCH: dict[str, object] = {"published_on": "2024-03-01"}
REVISIONS: list[Document] = [
    ("a.txt", revision(1), FEBRUARY),
    ("b.txt", revision(2), MARCH),
    ("c.txt", revision(3), {}),
]
DOCUMENTS: list[Document] = [
    *REVISIONS,
    ("again.txt", revision(2), {}),
    ("other.txt", small(1), {"source_address": "http://hetang.example/"}),
    ("stacked.txt", stacked(1, 2), {}),
    ("wrong.txt", small(3).replace(b"\t516.37\t516.37\t", b"\t517.37\t516.37\t", 1), {}),
    *((f"{seed}.txt", render(random_budget(seed), {1, 3, 5}).encode(), {}) for seed in (1, 2)),
]


def load(connection: psycopg.Connection, documents: list[Document]) -> None:
    for name, content, said in documents:
        result = load_content(connection, content, name, Options(**said))  # type: ignore[arg-type]
        assert result.error is None


def loaded_anew(connection: psycopg.Connection, documents: list[Document]) -> dict[str, object]:
    clear(connection)
    load(connection, documents)
    return dict(contents(connection))


def test_revisions_in_every_order(database: psycopg.Connection) -> None:
    first, *others = (loaded_anew(database, list(order)) for order in itertools.permutations(REVISIONS))
    assert all(other == first for other in others)


def test_documents_in_any_order(database: psycopg.Connection) -> None:
    expected = loaded_anew(database, DOCUMENTS)
    for seed in range(2):
        assert loaded_anew(database, random.Random(seed).sample(DOCUMENTS, len(DOCUMENTS))) == expected, seed


def test_among_the_documents_of_one_superseding_load_no_order_decides(database: psycopg.Connection) -> None:
    found = []
    for order in itertools.permutations((2, 3)):
        clear(database)
        load(database, [("a.txt", revision(1), {})])
        rank = next_supersede_rank(database)
        load(
            database,
            [(f"{number}.txt", revision(number), {"supersede": True, "supersede_rank": rank}) for number in order],
        )
        found.append(contents(database))
    assert found[0] == found[1]
    assert database.execute("select count(*) from budget.disclosure where is_current").fetchone() == (2,)


def test_loads_at_once_are_as_one_after_the_other(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two", tmp_path / "two"]  # different ones, and the same
    for number, folder in enumerate(folders[:2]):
        folder.mkdir()
        # the same names in both: whoever comes first, the documents are called alike
        for unit in (number, 2, 3, 4):
            (folder / f"{unit}.txt").write_bytes(revision(number, unit) if unit == 3 else small(unit))
        (folder / "stacked.txt").write_bytes(stacked(*((5, 6) if number else (6, 5))))
    loads = [Forked("load", folder, "--jobs", 2) for folder in folders]
    assert [load.wait() for load in loads] == [0, 0, 0]
    at_once = contents(database)
    clear(database)
    for folder in folders:
        run("load", folder, "--jobs", 1)
    assert contents(database) == at_once


def test_a_reader_sees_whole_disclosures_only(database: psycopg.Connection, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(small(0))
    (tmp_path / "stacked.txt").write_bytes(stacked(1, 2))
    with psycopg.connect(url_of(database)) as blocker:
        blocker.execute("lock table meta.load in share mode")  # the last that a document writes
        load = Forked("load", tmp_path, "--jobs", 2)
        while len(wait_for_lock(database)) < 2:
            pass
        for table in ("budget.disclosure", "filed.cell", "budget.amount", "budget.unit", "report.comparison"):
            assert database.execute(f"select count(*) from {table}".encode()).fetchone() == (0,)
    assert load.wait() == 0
    assert database.execute("select count(*) from budget.disclosure").fetchone() == (3,)
