"""`hetang load --again`: known documents are read anew, and what is stored of them is replaced in the same revision."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from synthetic.workbooks import sheets_of, xlsx
from tests.conftest import SAMPLE, Run
from tests.contents import contents, troubles
from tests.test_bulk_load import small


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(small(0))
    return path


def again(run: Run, path: Path, *options: object) -> dict[str, object]:
    (row,) = json.loads(run("load", path, "--again", *options, "--json").stdout)
    return row  # type: ignore[no-any-return]


def identities(connection: psycopg.Connection) -> list[tuple[str, int, str, int, bool]]:
    return connection.execute(
        "select reporting_unit_code, fiscal_year, stage, revision, is_current from budget.disclosure order by 1, 2, 3"
    ).fetchall()


def test_what_reads_the_same_is_unchanged(database: psycopg.Connection, run: Run, path: Path) -> None:
    run("load", path)
    before = contents(database)
    row = again(run, path)
    assert (row["outcome"], row["changes"]) == ("unchanged", [])
    assert contents(database) == before
    assert troubles(database) == []


def test_what_an_older_release_misread_is_put_right_and_named(
    database: psycopg.Connection, run: Run, path: Path
) -> None:
    run("load", path)
    before = contents(database)
    database.execute("update budget.disclosure set read_by = '0.0.9'")
    database.execute("update filed.cell set amount = amount * 10 where form_id = 'r03' and row_key = 'total'")
    database.execute(
        "update filed.cell set amount = 7.000000 where form_id = 'r03' and row_key = 'total' and column_key = 'basic'"
    )
    database.execute("delete from budget.amount where line_no > 5")
    row = again(run, path)
    assert row["outcome"] == "reread"
    changes = row["changes"]
    assert isinstance(changes, list)
    assert "form r03, row total 合计, column total 合计: 8962.80 -> 896.28" in changes
    assert "form r03, row total 合计, column basic 基本支出: 7.00 -> 790.28" in changes
    assert contents(database) == before
    assert troubles(database) == []
    assert "form r03, row total" not in run("load", path, "--again").stderr


def test_the_ledger_alone_may_change(database: psycopg.Connection, run: Run, path: Path) -> None:
    run("load", path)
    database.execute("update budget.amount set amount = amount + 1 where line_no = 1")
    row = again(run, path)
    assert row["outcome"] == "reread"
    assert row["changes"] == ["no figure changed, but other cells, the ledger or the findings did"]


def test_a_budget_that_is_a_final_account_moves_there(database: psycopg.Connection, run: Run, path: Path) -> None:
    run("load", path)
    row = again(run, path, "--stage", "final")
    assert (row["outcome"], row["changes"]) == ("reread", ["stage budget -> final"])
    assert identities(database) == [("001001", 2024, "final", 1, True)]
    assert database.execute("select count(*) from mart.expenditure").fetchone() == (0,)
    assert troubles(database) == []


def test_a_wrong_year_is_put_right_and_frees_what_it_replaced(
    database: psycopg.Connection, run: Run, path: Path, tmp_path: Path
) -> None:
    run("load", path)
    wrong = tmp_path / "b.txt"
    wrong.write_bytes(small(0).replace("2024年".encode(), "2023年".encode()).replace(b"516.37", b"520.37"))
    run("load", wrong, "--year", 2024, "--supersede")
    assert [current for *_, current in identities(database)] == [False, True]
    assert again(run, wrong, "--year", 2023)["changes"] == ["year 2024 -> 2023"]
    assert identities(database) == [("001001", 2023, "budget", 1, True), ("001001", 2024, "budget", 1, True)]
    sums = database.execute(
        "select fiscal_year, sum(amount) from mart.expenditure group by fiscal_year order by 1"
    ).fetchall()
    assert [year for year, _ in sums] == [2023, 2024]
    assert sums[1][1] == Decimal("896.28")
    assert database.execute("select distinct fiscal_year from filed.cell").fetchall() != [(2024,)]
    assert troubles(database) == []


def test_a_dry_run_tells_and_changes_nothing(database: psycopg.Connection, run: Run, path: Path) -> None:
    run("load", path)
    before = contents(database)
    assert again(run, path, "--stage", "final", "--dry-run")["changes"] == ["stage budget -> final"]
    assert contents(database) == before


def test_a_new_document_and_one_that_is_attached(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    text, workbook = tmp_path / "a.txt", tmp_path / "a.xlsx"
    text.write_bytes(SAMPLE.read_bytes())
    workbook.write_bytes(xlsx(sheets_of(SAMPLE.read_text(encoding="utf-8"))))
    assert again(run, text)["outcome"] == "loaded"
    run("load", workbook)
    rows = json.loads(run("load", tmp_path, "--again", "--json").stdout)
    assert [row["outcome"] for row in rows] == ["unchanged", "unchanged"]
    assert database.execute("select count(*) from budget.attached_document").fetchone() == (1,)


def test_a_document_that_can_no_longer_be_read_keeps_its_reading(
    database: psycopg.Connection, run: Run, path: Path
) -> None:
    run("load", path)
    before = contents(database)
    run("load", path, "--again", "--year", 2024, "--jobs", 1)
    path.write_bytes(b"")
    run("load", path, "--again", code=1)
    assert contents(database) == before
