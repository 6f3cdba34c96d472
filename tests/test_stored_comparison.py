"""What is stored of the comparison says the same as the live views, of untidy documents with wrong figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from schema import views
from schema.migrate import configuration, upgrade
from synthetic.district import District, write
from tests.conftest import load_files, shared_clone, url_of

COLUMNS = (
    "division_code, fiscal_year, reporting_unit_code, disclosure_id, form_id, report_no, row_key, row_label,"
    " column_key, column_label, filed, rebuilt, difference, tolerance, status, support, filed_text, rebuilt_text"
)
STATUSES = ("equal", "rounding", "differs", "not_filed")


@pytest.fixture(scope="module")
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """A warehouse with every document of three departments, all of them untidy and with a wrong figure."""
    folder: Path = tmp_path_factory.mktemp("district")
    write(District(folder, 3, (1, 2), (2024,), (("text", 1.0),), 1.0, 1.0, seed=3))
    paths = [path for path in sorted(folder.glob("*/*.txt")) if "通知" not in path.name]
    with shared_clone(request, "untidy") as connection:
        assert {result.error for result in load_files(connection, *paths)} == {None}
        yield connection


def shown(connection: psycopg.Connection, view: str = "report.comparison") -> Counter[tuple[Any, ...]]:
    return Counter(connection.execute(f"select {COLUMNS} from {view}".encode()).fetchall())


def summary(connection: psycopg.Connection) -> set[tuple[Any, ...]]:
    counts = ", ".join(f"cell_count_{status}" for status in STATUSES)
    found = connection.execute(f"select disclosure_id, form_id, {counts} from report.comparison_summary".encode())
    return set(found.fetchall())


def counted(cells: Counter[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    count = Counter((cell[3], cell[4], cell[14]) for cell in cells.elements())
    return {(*form, *(count[*form, status] for status in STATUSES)) for form in {key[:2] for key in count}}


def test_the_same_is_shown_as_computed(district: psycopg.Connection) -> None:
    live = shown(district, "internal.comparison_live")
    assert {cell[14] for cell in live} >= {"equal", "differs", "not_filed"}
    assert shown(district) == live
    assert summary(district) == counted(live)
    row = district.execute("select count(*) from internal.comparison_exception").fetchone()
    assert row is not None
    assert row[0] < live.total() / 20


def test_a_warehouse_of_an_older_program_is_carried_along(district: psycopg.Connection) -> None:
    """Its results are those that the older program stored, row for row; it judged no disclosure as rounded."""
    district.execute("update budget.disclosure set is_rounded = null")
    district.execute(
        "select report.store_comparison(division_code, array_agg(disclosure_id)) from budget.disclosure"
        " group by division_code"
    )
    before, before_summary = shown(district), summary(district)
    script = configuration(url_of(district))
    migration = ScriptDirectory.from_config(script).get_revision("0006")
    command.downgrade(script, str(migration.down_revision))
    stored = COLUMNS.replace("reporting_unit_code, ", "")
    with district.cursor().copy(
        f"copy report.comparison_result (comparison_no, {stored}) from stdin".encode()  # what is copied is text
    ) as copy:
        for number, cell in enumerate(before.elements(), start=1):
            copy.write_row((number, *cell[:2], *cell[3:]))
    told: list[tuple[int, int]] = []
    upgrade(url_of(district), progress=lambda done, count: told.append((done, count)))
    assert shown(district) == before
    assert summary(district) == before_summary
    assert told[-1][0] == told[-1][1] > 3
    assert district.execute("select to_regclass('report.comparison_result')").fetchone() == (None,)


# ---------------------------------------------------------------------------- what an upgrade computes anew


def compared_anew(connection: psycopg.Connection) -> int:
    """Upgrade, and how many disclosures that compared anew."""
    told = [0]
    upgrade(url_of(connection), progress=lambda done, _: told.append(done))
    return max(told)


def change(monkeypatch: pytest.MonkeyPatch, view: str, ending: str) -> None:
    """Let the program have another text of a view than the warehouse."""
    found = [replace(each, sql=each.sql + ending * (each.qualified == view)) for each in views.managed_views()]
    monkeypatch.setattr(views, "managed_views", lambda: found)


@pytest.mark.parametrize(
    ("view", "ending", "expected"),
    [
        ("internal.counted_path", "\nlimit all", 1),  # read by a view that is read by a view that is read
        ("internal.cell_as_equal", "\nlimit all", 1),  # says what need not be stored
        ("internal.counted_path", "\n-- said otherwise", 0),
        ("report.r03", "\nlimit all", 0),
        ("report.comparison", "\nlimit all", 0),
    ],
)
def test_comparisons_are_computed_anew_if_a_view_has_changed_that_they_rest_on(
    loaded: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, view: str, ending: str, expected: int
) -> None:
    change(monkeypatch, view, ending)
    assert compared_anew(loaded) == expected
    assert compared_anew(loaded) == 0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("meta.form_rule set fund_patterns = '{99}' where form_id = 'r03'", 1),
        # of another set, and an optional one: nobody has or lacks them
        ("meta.form_rule set fund_patterns = '{99}' where form_id in ('sh03', 'r09x')", 0),
        ("budget.subject set subject_name = subject_name || '等' where scheme = 'functional'", 1),
        ("meta.finding_kind set severity = 'note'", 0),
    ],
)
def test_comparisons_are_computed_anew_if_codes_or_declarations_have_changed_that_they_rest_on(
    loaded: psycopg.Connection, row: str, expected: int
) -> None:
    loaded.execute(f"update {row}".encode())
    assert compared_anew(loaded) == expected


def test_an_upgrade_compares_what_has_no_comparison(district: psycopg.Connection) -> None:
    before, before_summary = shown(district), summary(district)
    for table in ("count", "exception"):
        district.execute(f"delete from internal.comparison_{table} where disclosure_id in (2, 3)".encode())
    assert compared_anew(district) == 2
    assert shown(district) == before
    assert summary(district) == before_summary


def test_an_upgrade_that_is_broken_off_is_done_again(
    loaded: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(_done: int, _count: int) -> None:
        raise KeyboardInterrupt

    before = shown(loaded)
    change(monkeypatch, "internal.counted_path", "\nlimit all")
    with pytest.raises(KeyboardInterrupt):
        upgrade(url_of(loaded), progress=broken_off)
    assert shown(loaded) == before
    assert compared_anew(loaded) == 1
    assert shown(loaded) == before
