"""The questions of docs/cookbook.md, their answers held against the filed forms of a small district."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schema.forms.final_accounts import FINAL_ACCOUNTS
from synthetic import workbooks
from synthetic.district import District, answers_of, write
from synthetic.set_documents import Style, amounts_of, document
from tests.conftest import load_files, shared_clone

COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
QUERIES = {
    int(number): query
    for number, query in re.findall(
        r"^## (\d+)\. .*?^```sql\n(.*?)^```$", COOKBOOK.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
}
YEAR, BEFORE, WRONG = 2024, 2023, 2022  # the documents of the last have wrong figures
FINAL = 2  # units with a final account

Row = tuple[Any, ...]
Sums = dict[Any, Decimal]


class Filed:
    """The figures that units (not departments for them) print: (year, unit, form, row key, column key) → 万元."""

    def __init__(self, connection: psycopg.Connection) -> None:
        found = connection.execute(
            "select fiscal_year, reporting_unit_code, form_id, row_key, column_key, amount"
            " from filed.cell join budget.disclosure using (division_code, fiscal_year, disclosure_id)"
            " where length(reporting_unit_code) = 6 and amount is not null"
        ).fetchall()
        self.figures: dict[Row, Decimal] = {row[:-1]: row[-1] for row in found}
        self.units = sorted({unit for year, unit, *_ in self.figures if year == YEAR})

    def sums(self, form: str, column: str, row: str, by: Callable[[str, str], Any], year: int = YEAR) -> Sums:
        """Sums of a column over the rows whose key fits the pattern, by what ``by`` makes of unit and key; no zeros."""
        found: Sums = defaultdict(Decimal)
        for (filed_year, unit, form_id, row_key, column_key), amount in self.figures.items():
            fits = re.fullmatch(row.replace("UNIT", unit), row_key)
            if (filed_year, form_id, column_key) == (year, form, column) and fits:
                found[by(unit, row_key)] += amount
        return {key: amount for key, amount in found.items() if amount}


def _write(folder: Path, departments: int, years: tuple[int, ...], wrong: float) -> list[Path]:
    write(District(folder, departments, (1, 3), years, (("text", 1.0),), 0.0, wrong, seed=1))
    return sorted(folder.glob("*/*.txt"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cookbook")


@pytest.fixture(scope="module")
def district(request: pytest.FixtureRequest, folder: Path) -> Iterator[psycopg.Connection]:
    paths = _write(folder / "sound", 3, (BEFORE, YEAR), 0.0) + _write(folder / "wrong", 1, (WRONG,), 1.0)
    with shared_clone(request, "cookbook") as connection:
        for result in load_files(connection, *paths):
            assert result.outcome == "loaded", result.error
        for result in load_files(connection, *_final_accounts(connection, folder)):
            assert result.outcome == "loaded", result.error
        yield connection


def _final_accounts(connection: psycopg.Connection, folder: Path) -> list[Path]:
    """What some units spent in the year, as their final accounts would say."""
    names = connection.execute(
        "select unit_name from budget.unit where fiscal_year = %s and length(unit_code) = 6"
        " order by unit_code limit %s",
        (YEAR, FINAL),
    ).fetchall()
    paths = []
    for seed, (name,) in enumerate(names):
        paths.append(folder / f"{name}{YEAR}年决算.xlsx")
        told = document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed), Style(is_department=False), office=name)
        paths[-1].write_bytes(workbooks.xlsx(told))
    return paths


@pytest.fixture(scope="module")
def filed(district: psycopg.Connection) -> Filed:
    return Filed(district)


@pytest.fixture
def ask(district: psycopg.Connection) -> Callable[..., list[Row]]:
    def answer(number: int, year: int = YEAR) -> list[Row]:
        return district.execute(QUERIES[number].replace(str(YEAR), str(year)).encode()).fetchall()

    return answer


Ask = Callable[..., list[Row]]


def by_unit(unit: str, _: str) -> str:
    return unit


def by_code(_: str, key: str) -> str:
    return key.split("/")[1]


def sums(rows: list[Row], *key: int) -> Sums:
    """The rows' last figure by one column, or several; no zeros."""
    found = {row[key[0]] if len(key) == 1 else tuple(row[n] for n in key): row[-1] for row in rows if row[-1]}
    assert found
    return found


def test_there_are_twenty_questions() -> None:
    assert list(QUERIES) == list(range(1, 21))


def test_three_public(ask: Ask, filed: Filed, district: psycopg.Connection) -> None:
    names = {
        (year, unit): name
        for year, unit, name in district.execute("select fiscal_year, unit_code, unit_name from budget.unit").fetchall()
    }
    asked = sums([row for row in ask(1) if row[1] != WRONG], 0, 1)
    printed: Sums = {
        (names[year, unit], year): amount
        for year in (BEFORE, YEAR)
        for unit, amount in filed.sums("r15", "total", "UNIT", by_unit, year).items()
    }
    assert asked == printed
    items = ("abroad", "vehicle_purchase", "vehicle_operation", "reception")
    by_item = {item: sum(filed.sums("r15", item, "UNIT", by_unit).values(), Decimal()) for item in items}
    assert sums(ask(2), 0) == {item: amount for item, amount in by_item.items() if amount}


def test_economic_subjects(ask: Ask, filed: Filed) -> None:
    asked = [row[-1] for row in ask(3)]
    assert sorted(asked) == sorted(filed.sums("r08", "total", "30227", by_unit).values())
    assert sums(ask(4), 0) == filed.sums("r05", "basic_wages", r"UNIT/\d{7}", by_code)
    asked_classes = sums(ask(11), 0)
    for code, column in (("501", "agency_wages"), ("502", "agency_goods_services"), ("503", "agency_capital")):
        printed = sum(filed.sums("r04", column, r"UNIT/\d{7}", by_unit).values(), Decimal())
        assert asked_classes.get(code, Decimal()) == printed, code


def test_functions(ask: Ask, filed: Filed, district: psycopg.Connection) -> None:
    """A little of the money has a function that no form tells; it stands in no row of a code."""
    unknown, unknown_class = district.execute(
        "select sum(amount) filter (where functional_code is null), sum(amount) filter (where functional_class is null)"
        " from mart.expenditure where fiscal_year = %s",
        (YEAR,),
    ).fetchall()[0]
    items = filed.sums("r03", "total", r"UNIT/\d{7}", by_code)
    total = sum(items.values(), Decimal())
    assert 0 < unknown < total / 1000
    asked = ask(5)
    assert {row[0] for row in asked} == set(sorted(items, key=lambda code: -items[code])[:10])
    assert all(0 <= items[code] - amount <= unknown for code, _, amount in asked)
    assert all(name for _, name, _ in asked)

    classes = filed.sums("r03", "total", r"UNIT/\d{3}", by_code)
    shares = {code: (amount, share) for code, amount, share in ask(6)}
    assert sum(amount for amount, _ in shares.values()) == total
    assert shares.pop(None)[0] == unknown_class
    assert shares.keys() == classes.keys()
    assert all(0 <= classes[code] - amount <= unknown_class for code, (amount, _) in shares.items())
    assert all(share == round(100 * amount / total, 2) for amount, share in shares.values())


def test_units(ask: Ask, filed: Filed) -> None:
    now = filed.sums("r03", "total", "UNIT", by_unit)
    before = filed.sums("r03", "total", "UNIT", by_unit, BEFORE)
    total = sum(now.values(), Decimal())
    asked = ask(7)
    assert {row[0]: row[2:4] for row in asked} == {
        unit: (amount, round(100 * amount / total, 2)) for unit, amount in now.items()
    }
    for kind in {row[4] for row in asked}:
        assert [row[5] for row in asked if row[4] == kind] == list(range(1, sum(row[4] == kind for row in asked) + 1))
    assert {row[0]: row[2:5] for row in ask(8)} == {
        unit: (before[unit], amount, amount - before[unit]) for unit, amount in now.items()
    }
    assert [row[4] for row in ask(8)] == sorted((now[unit] - before[unit] for unit in now), reverse=True)


def test_budgets_against_final_accounts(ask: Ask, filed: Filed) -> None:
    budget = filed.sums("r03", "total", "UNIT", by_unit)
    spent = filed.sums("f03", "total", "total", by_unit)
    assert len(spent) == FINAL
    assert {row[0]: row[2:] for row in ask(9)} == {
        unit: (budget[unit], amount, round(100 * amount / budget[unit], 2)) for unit, amount in spent.items()
    }


def test_natures(ask: Ask, filed: Filed) -> None:
    printed = {
        nature: sum(filed.sums("r03", nature, "UNIT", by_unit).values(), Decimal()) for nature in ("basic", "project")
    }
    asked = sums(ask(10), 0)
    assert {nature: asked[nature] for nature in printed} == printed
    levels = ask(17)
    assert {level for nature, level, _ in levels if nature == "project"} <= {"class", None}
    assert sum(amount for nature, _, amount in levels if nature == "basic") == printed["basic"]


def test_revenue(ask: Ask, filed: Filed) -> None:
    total, general = (filed.sums("r02", column, "UNIT", by_unit) for column in ("total", "general_total"))
    other = {unit: amount - general.get(unit, Decimal()) for unit, amount in total.items()}
    assert {row[0]: row[-1] for row in ask(12) if row[-1]} == {unit: amount for unit, amount in other.items() if amount}
    assert sums(ask(13), 0) == filed.sums("r02", "general_non_tax", "UNIT", by_unit)


def test_projects(ask: Ask, filed: Filed) -> None:
    printed = filed.sums("r21", "total", "UNIT/.+", lambda unit, key: (unit, key.split("/", 1)[1]))
    asked = {(unit, name): amount for unit, name, amount in ask(16)}
    assert sorted(asked.values(), reverse=True) == sorted(printed.values(), reverse=True)[:10]
    assert asked.items() <= printed.items()
    with_goal = set(filed.sums("r22", "amount", ".+", lambda unit, key: (unit, key)))
    without = {(unit, name) for unit, name, _ in ask(14)}
    assert without & set(printed) == set(printed) - with_goal


def test_targets(ask: Ask, district: psycopg.Connection) -> None:
    texts = [text for *_, text in ask(15)]
    assert texts
    assert not [text for text in texts if re.search(r"\d", text or "")]
    # what is printed in the documents of units, and once more in the form of a whole department about itself
    filers = district.execute(
        "select reporting_unit_code, form_id, count(*) from budget.performance_indicator"
        " join budget.performance_goal using (division_code, fiscal_year, disclosure_id, goal_no)"
        " join budget.disclosure using (division_code, fiscal_year, disclosure_id)"
        " where fiscal_year = %s and target_number is null group by 1, 2",
        (YEAR,),
    ).fetchall()
    assert any(len(filer) == 3 and form == "r22" for filer, form, _ in filers)
    assert len(texts) == sum(count for filer, form, count in filers if len(filer) == 6 or form == "r23")


def test_wrong_figures(ask: Ask, folder: Path) -> None:
    assert ask(18) == []
    with answers_of(folder / "wrong").open(encoding="utf-8-sig") as file:
        made = [row for row in csv.DictReader(file) if row["report_no"]]
    assert made
    found = {(row[0], str(row[1]), *row[2:4], row[4]) for row in ask(18, WRONG)}
    for row in made:
        place = (row["unit"], row["report_no"], row["row_key"], row["column_key"], Decimal(row["published"]))
        assert place in found


def test_missing_forms(ask: Ask, filed: Filed, district: psycopg.Connection) -> None:
    printed = district.execute(
        "select reporting_unit_code, report_no from filed.form"
        " join budget.disclosure using (division_code, fiscal_year, disclosure_id)"
        " where fiscal_year = %s and report_no is not null",
        (YEAR,),
    ).fetchall()
    units = {unit for unit, _ in printed}
    assert set(ask(19)) == {(unit, number) for unit in units for number in range(1, 24)} - set(printed)


def test_places(ask: Ask) -> None:
    found = ask(20)
    assert found
    assert all(Decimal(text.replace(",", "")) == amount for *_, amount, _, _, text in found)
