"""Which revision of a disclosure is current: by date, by the operator's word, or undecided."""

import datetime
from pathlib import Path

import psycopg
import pytest
from alembic import command

from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.revisions import withdraw
from schema.migrate import configuration, upgrade
from tests.conftest import url_of
from tests.contents import troubles

EARLY, LATE = datetime.date(2024, 2, 1), datetime.date(2024, 3, 1)


@pytest.fixture(scope="module")
def first(sample: Path) -> bytes:
    return sample.read_bytes()


@pytest.fixture(scope="module")
def second(sample: Path) -> bytes:
    """The sample with one total corrected."""
    text = sample.read_text(encoding="utf-8")
    return text.replace("合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00", 1).encode()


def current(connection: psycopg.Connection) -> list[int]:
    rows = connection.execute("select revision from budget.disclosure where is_current order by revision").fetchall()
    return [revision for (revision,) in rows]


def undecided(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from meta.finding where kind = 'undecided_revision'").fetchone()
    assert row is not None
    return int(row[0])


def test_the_same_document_again_changes_nothing(database: psycopg.Connection, first: bytes) -> None:
    assert load_content(database, first, "a.txt", Options()).outcome == "loaded"
    before = database.execute("select count(*), max(disclosure_id) from budget.disclosure").fetchone()
    assert load_content(database, first, "b.txt", Options()).outcome == "unchanged"
    assert database.execute("select count(*), max(disclosure_id) from budget.disclosure").fetchone() == before
    assert database.execute("select count(*) from filed.cell").fetchone() == (1520,)


@pytest.mark.parametrize("in_order", [True, False])
def test_the_later_date_is_current_in_whatever_order_they_come(
    database: psycopg.Connection, first: bytes, second: bytes, in_order: bool
) -> None:
    steps = [(first, EARLY), (second, LATE)]
    for content, date in steps if in_order else reversed(steps):
        load_content(database, content, "a.txt", Options(published_on=date))
    rows = database.execute("select published_on from budget.disclosure where is_current").fetchall()
    assert rows == [(LATE,)]
    assert undecided(database) == 0


def test_without_dates_both_stay_and_a_finding_asks(database: psycopg.Connection, first: bytes, second: bytes) -> None:
    load_content(database, first, "a.txt", Options())
    assert load_content(database, second, "b.txt", Options()).outcome == "revised"
    assert current(database) == [1, 2]
    assert undecided(database) == 2
    # each yuan counts once all the same
    row = database.execute("select sum(amount) from budget.current_amount where statement = 'expenditure'").fetchone()
    assert row is not None
    assert str(row[0]) == "896.28"


def test_supersede_decides(database: psycopg.Connection, first: bytes, second: bytes) -> None:
    load_content(database, first, "a.txt", Options())
    load_content(database, second, "b.txt", Options(supersede=True))
    assert current(database) == [2]
    load_content(database, first, "a.txt", Options(supersede=True))
    assert current(database) == [1]
    assert undecided(database) == 0


def test_a_withdrawn_disclosure_counts_no_longer_and_can_come_back(
    database: psycopg.Connection, first: bytes, second: bytes
) -> None:
    load_content(database, first, "a.txt", Options())
    load_content(database, second, "b.txt", Options(supersede=True))
    row = database.execute("select disclosure_id from budget.disclosure where revision = 2").fetchone()
    assert row is not None
    with database.transaction():
        withdraw(database, "430202", row[0])
    assert current(database) == [1]
    assert database.execute("select count(*) from filed.form where disclosure_id = %s", row).fetchone() == (20,)
    load_content(database, second, "b.txt", Options())
    assert current(database) == [2]


def test_the_comparison_is_that_of_the_current_revision(
    database: psycopg.Connection, first: bytes, second: bytes
) -> None:
    def compared() -> list[tuple[int, int]]:
        return database.execute(
            "select d.revision, count(*) filter (where c.status = 'differs') from report.comparison as c"
            " join budget.disclosure as d using (division_code, disclosure_id) group by 1 order by 1"
        ).fetchall()

    load_content(database, first, "a.txt", Options(published_on=LATE))
    load_content(database, second, "b.txt", Options(published_on=EARLY))
    assert compared() == [(1, 0)]
    row = database.execute("select disclosure_id from budget.disclosure where revision = 1").fetchone()
    assert row is not None
    with database.transaction():
        withdraw(database, "430202", row[0])
    assert compared() == [(2, 1)]


def test_goals_are_compared_with_those_of_their_own_revision(database: psycopg.Connection, first: bytes) -> None:
    assert first.count("召开1次".encode()) == 1
    load_content(database, first, "a.txt", Options())
    load_content(database, first.replace("召开1次".encode(), "召开2次".encode()), "b.txt", Options())
    assert current(database) == [1, 2]
    compared = database.execute(
        "select array_agg(distinct status), count(*) from report.comparison where report_no = 22 group by disclosure_id"
    ).fetchall()
    assert compared[0] == compared[1]
    assert compared[0][0] == ["equal"]


def part_of(content: bytes) -> bytes:
    """The first three forms of a document of twenty."""
    text = content.decode()
    return text[: text.index("\n财政拨款收支总表\n")].encode()


@pytest.mark.parametrize("part_first", [True, False])
@pytest.mark.parametrize("dates", [(None, None), (EARLY, LATE)], ids=["undated", "dated"])
def test_a_part_of_a_disclosure_does_not_count_beside_all_of_it(
    database: psycopg.Connection,
    first: bytes,
    part_first: bool,
    dates: tuple[datetime.date | None, datetime.date | None],
) -> None:
    steps = [(first, Options(published_on=dates[0])), (part_of(first), Options(published_on=dates[1]))]
    for content, options in reversed(steps) if part_first else steps:
        load_content(database, content, "a.txt", options)
    rows = database.execute("select known_form_count from budget.disclosure where is_current").fetchall()
    assert rows == [(20,)]
    ((said,),) = database.execute("select message_en from report.finding where kind = 'partial_revision'").fetchall()
    assert "has 2 forms" in said
    assert "up to 20" in said
    assert undecided(database) == 0
    assert troubles(database) == []


def test_a_part_counts_alone_or_if_it_supersedes(database: psycopg.Connection, first: bytes) -> None:
    load_content(database, part_of(first), "a.txt", Options())
    assert current(database) == [1]
    load_content(database, first, "b.txt", Options())
    assert current(database) == [2]
    load_content(database, part_of(first), "a.txt", Options(supersede=True))
    assert current(database) == [1]
    assert database.execute("select count(*) from meta.finding where kind = 'partial_revision'").fetchone() == (0,)
    load_content(database, first, "b.txt", Options(supersede=True))
    assert current(database) == [2]
    assert troubles(database) == []


def test_forms_and_figures_of_what_was_loaded_before_are_counted(loaded: psycopg.Connection) -> None:
    counted = "select known_form_count, figure_count from budget.disclosure"
    before = loaded.execute(counted).fetchall()
    assert before[0][0] == 20
    command.downgrade(configuration(url_of(loaded)), "0003")
    upgrade(url_of(loaded))
    assert loaded.execute(counted).fetchall() == before
