"""The views that hold documents of a district against each other, against what Python makes of random filed tables."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from schema.forms import FORMS
from schema.forms.template import Coordinate
from synthetic import filings
from synthetic.filings import Cell, Filing, Filings
from tests.conftest import shared_clone


@pytest.fixture(params=range(3), scope="module")
def district(request: pytest.FixtureRequest) -> Iterator[tuple[psycopg.Connection, Filings]]:
    found = filings.random_filings(request.param)
    with shared_clone(request, "district") as connection:
        with connection.transaction():
            filings.write(connection, found)
        yield connection, found


@pytest.fixture
def filed(district: tuple[psycopg.Connection, Filings]) -> Filings:
    """What was filed, by whom."""
    return district[1]


@pytest.fixture
def database(district: tuple[psycopg.Connection, Filings]) -> Iterator[psycopg.Connection]:
    """The warehouse that holds it; what a test writes is taken back."""
    with district[0].transaction(force_rollback=True):
        yield district[0]


def rows(connection: psycopg.Connection, query: str) -> Counter[tuple[Any, ...]]:
    return Counter(connection.execute(query.encode()).fetchall())


def counted(filed: Filings) -> list[Filing]:
    """Of several current revisions the one with most cells; of equals the first by content."""
    found: dict[tuple[object, ...], Filing] = {}
    for filing in sorted(filed.filings, key=lambda f: (-f.cell_count, f.content_hash)):
        if filing.is_current:
            found.setdefault((filing.division, filing.year, filing.code, filing.stage), filing)
    return list(found.values())


def beside(filing: Filing, other: Filing) -> bool:
    return (filing.division, filing.year, filing.stage) == (other.division, other.year, other.stage)


def test_of_several_current_revisions_one_counts(database: psycopg.Connection, filed: Filings) -> None:
    query = (
        "select division_code, fiscal_year, disclosure_id, reporting_unit_code, stage from budget.counted_disclosure"
    )
    assert rows(database, query) == Counter((f.division, f.year, f.id, f.code, f.stage) for f in counted(filed))


# ---------------------------------------------------------------------------- a department and its units


def test_contradictions(database: psycopg.Connection, filed: Filings) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for own in counted(filed):
        for whole in counted(filed):
            if beside(own, whole) and whole.code == own.code[:3] and whole.code != own.code:
                place = (own.division, own.year, own.stage, whole.code, whole.id, own.code, own.id)
                expected.update((*place, *row) for row in _contradictions(whole, own))
    found = rows(
        database,
        "select division_code, fiscal_year, stage, department_code, department_disclosure_id, unit_code,"
        " unit_disclosure_id, form_id, report_no, row_key, row_label, column_key, column_label, department_amount,"
        " unit_amount, difference from report.overlap_contradiction",
    )
    assert found == expected
    assert found


def _contradictions(whole: Filing, own: Filing) -> Iterator[tuple[object, ...]]:
    shared = set(whole.forms.values()) & set(own.forms.values())
    sides = [_figures(filing, own.code, shared) for filing in (whole, own)]
    printed = [{(form_id, row) for form_id, row, _ in side} for side in sides]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        form_id, row_key, column = key
        first, second = (side.get(key) for side in sides)
        is_finest = (form_id in filings.BY_FUNCTION and len(row_key.partition("/")[2]) == 7) or (
            form_id in filings.BY_PROJECT and "/" in row_key
        )
        if not is_finest and not all((form_id, row_key) in side for side in printed):
            continue
        if FORMS[form_id].column(column).parts and not (first and second):
            continue
        amounts = [
            sum((c.amount or Decimal(0) for c in side), Decimal(0)) if side else None for side in (first, second)
        ]
        halves = [max(c.half_place for c in side) if side else None for side in (first, second)]
        tolerance = max(halves) if first and second and halves[0] != halves[1] else Decimal(0)  # type: ignore[type-var]
        difference = (amounts[0] or Decimal(0)) - (amounts[1] or Decimal(0))
        if abs(difference) > (tolerance or 0):
            told = second or first
            assert told is not None
            labels = (min(c.row_label for c in told), column, min(c.column_label for c in told))
            yield (form_id, int(form_id[1:]), row_key, *labels, *amounts, difference)


def _total(cells: list[Cell]) -> Decimal:
    return sum((cell.amount or Decimal(0) for cell in cells), Decimal(0))


def _figures(filing: Filing, unit: str, forms: set[str]) -> dict[tuple[str, str, str], list[Cell]]:
    found: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in filing.cells:
        if cell.form_id not in forms or cell.amount is None or not FORMS[cell.form_id].is_by(Coordinate.UNIT):
            continue
        if cell.row_key and cell.column_key and cell.row_key.split("/")[0] == unit:
            found[cell.form_id, filings.same_row(cell.row_key), cell.column_key].append(cell)
    return found


def test_sums_over_units(database: psycopg.Connection, filed: Filings) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for whole in counted(filed):
        if len(whole.code) == 3:
            units = [own for own in counted(filed) if beside(own, whole) and _is_unit_of(own, whole)]
            place = (whole.division, whole.year, whole.stage, whole.code, whole.id)
            expected.update((*place, *row) for row in _sums(whole, units))
    found = rows(
        database,
        "select division_code, fiscal_year, stage, department_code, disclosure_id, form_id, report_no, column_key,"
        " column_label, unit_count, department_amount, units_amount, difference, tolerance, status"
        " from report.department_sum",
    )
    assert found == expected
    assert {row[-1] for row in found} >= {"differs", "equal"}


def _is_unit_of(own: Filing, whole: Filing) -> bool:
    return len(own.code) > 3 and own.code[:3] == whole.code


def _first(filing: Filing, form_id: str) -> int | None:
    return min((no for no, found in filing.forms.items() if found == form_id), default=None)


def _sums(whole: Filing, units: list[Filing]) -> Iterator[tuple[object, ...]]:
    for form_id in sorted(set(whole.forms.values())):
        filing_units = [own for own in units if _first(own, form_id) is not None]
        if not FORMS[form_id].is_by(Coordinate.UNIT) or not filing_units:
            continue
        totals = list(_cells(whole, form_id, lambda key: key == "total"))
        parts: list[tuple[str, bool, Cell]] = []
        for own in filing_units:
            parts += [(own.code, True, cell) for cell in _cells(own, form_id, lambda key: key == "total")]
        done = {own.code for own in filing_units}
        for cell in _cells(whole, form_id, lambda key: key != "total"):
            unit, slash, _ = str(cell.row_key).partition("/")
            if len(unit) >= 6 and unit not in done and bool(slash) == (form_id in filings.BY_PROJECT):
                parts.append((unit, False, cell))
        for column in sorted({str(c.column_key) for c in (*totals, *(cell for _, _, cell in parts))}):
            above = [cell for cell in totals if cell.column_key == column]
            beneath = [part for part in parts if part[2].column_key == column]
            if FORMS[form_id].column(column).parts and not (above and beneath):
                continue
            every = above + [cell for _, _, cell in beneath]
            department, of_units = _total(above), _total([cell for _, _, cell in beneath])
            tolerance = sum((c.half_place for c in every), Decimal(0))
            difference = department - of_units
            status = "equal" if not difference else "rounding" if abs(difference) <= tolerance else "differs"
            count = len({unit for unit, is_own, _ in beneath if is_own})
            told = (column, min(c.column_label for c in every), count)
            yield (form_id, int(form_id[1:]), *told, department, of_units, difference, tolerance, status)


def _cells(filing: Filing, form_id: str, fits: Any) -> Iterator[Cell]:
    for cell in filing.cells:
        if cell.form_no == _first(filing, form_id) and cell.row_key and fits(cell.row_key) and cell.amount is not None:
            yield cell


# ---------------------------------------------------------------------------- each yuan once

SPOKEN = {
    "r01": {"revenue", "carry_over", "expenditure"},
    "r02": {"revenue", "carry_over"},
    "r15": {"three_public"},
    "r21": {"special_fund"},
    "r22": {"special_fund"},
}


def _speaks(filing: Filing) -> set[str]:
    return set().union(*(SPOKEN.get(form_id, {"expenditure"}) for form_id in filing.forms.values()))


def _undivided(filing: Filing, department: str) -> set[str]:
    """Statements with money of the department as a whole, other than rounding."""
    return {statement for unit, statement, is_rounding in filing.money if unit == department and not is_rounding}


def _is_beyond(own: Filing, whole: Filing) -> bool:
    """Whether more than half of what a unit spends does not fit in its department's document. Every line is of 1."""
    part, all_of_it = (
        sum(statement == "expenditure" and not is_rounding for _, statement, is_rounding in filing.money)
        for filing in (own, whole)
    )
    return all_of_it > 0 and part - all_of_it > part / 2


def _covered(filing: Filing, unit: str, statement: str, others: list[Filing]) -> bool:
    department = unit[:3]
    own = next((other for other in others if other.code == unit), None)
    whole = next((other for other in others if other.code == department), None)
    own_speaks = own is not None and statement in _speaks(own)
    if filing.code == unit:
        if whole is None or statement not in _undivided(whole, department) or _is_beyond(filing, whole):
            return False
        return unit in whole.names or all(len(name) == 3 for name in whole.names)
    if filing.code == department:
        return own_speaks and statement not in _undivided(whole or filing, department)
    return own_speaks or (whole is not None and unit in whole.names)


def test_what_another_document_covers(database: psycopg.Connection, filed: Filings) -> None:
    known = [filing for filing in counted(filed) if filing.names]
    expected = Counter(
        {
            (f.division, f.year, f.id, unit, statement, unit[:3])
            for f in known
            for unit, statement, _ in f.money
            if unit in f.names
            and _covered(f, unit, statement, [other for other in known if beside(f, other) and other is not f])
        }
    )
    query = "select division_code, fiscal_year, disclosure_id, unit_code, statement, department_code"
    query += " from budget.covered_part"
    settle = "select budget.settle_overlap(%s, %s, array['105', '106'])"
    for division in filings.DIVISIONS:
        for year in filings.YEARS:
            place = (division, year, filed.filings[0].id, "105", "expenditure", "105")
            stale = "insert into budget.covered_part values (%s, %s, %s, %s, %s, %s)"
            database.execute(stale.encode(), place)  # what an earlier state of the warehouse covered
            for _ in range(2):
                database.execute(settle.encode(), (division, year))
    found = rows(database, query)
    assert found == expected
    counts = "select disclosure_id, unit_code, statement, count(*) from budget.current_amount group by 1, 2, 3"
    lines = Counter((f.id, unit, statement) for f in counted(filed) for unit, statement, _ in f.money)
    left = {key: number for key, number in lines.items() if key not in {row[2:5] for row in expected}}
    assert rows(database, counts) == Counter((*key, number) for key, number in left.items())


def test_other_departments_stay_as_they_were_settled(database: psycopg.Connection, filed: Filings) -> None:
    place = ("430202", 2024, filed.filings[0].id)
    for department in ("105", "106"):
        database.execute(
            "insert into budget.covered_part values (%s, %s, %s, %s, 'procurement', %s)",
            (*place, department, department),
        )
    database.execute("select budget.settle_overlap('430202', 2024, array['105'])")
    database.execute("select budget.settle_overlap('430203', 2024, array['106'])")
    database.execute("select budget.settle_overlap('430202', 2023, array['106'])")
    found = rows(database, "select department_code from budget.covered_part where statement = 'procurement'")
    assert found == Counter([("106",)])


# ---------------------------------------------------------------------------- what is missing, and names


def test_units_without_a_disclosure(database: psycopg.Connection, filed: Filings) -> None:
    expected = Counter(
        (f.division, f.year, f.id, f.code, f.stage, unit, name, unit[:3])
        for f in counted(filed)
        for unit, name in f.names.items()
        if len(unit) > 3 and not any(beside(f, own) and own.code == unit for own in counted(filed))
    )
    found = rows(
        database,
        "select division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, unit_code, unit_name,"
        " department_code from report.unit_without_disclosure",
    )
    assert found == expected
    assert found


def test_other_names_of_units(database: psycopg.Connection, filed: Filings) -> None:
    expected = Counter(
        (f.division, f.year, f.id, f.code, f.stage, unit, name, filed.units[f.division, f.year, unit])
        for f in filed.filings
        if f.is_current
        for unit, name in f.names.items()
        if name not in (filed.units[f.division, f.year, unit], unit)
    )
    found = rows(
        database,
        "select division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, unit_code, unit_name,"
        " settled_name from report.unit_name_variant",
    )
    assert found == expected
    assert found


def test_forms_that_are_missing(database: psycopg.Connection, filed: Filings) -> None:
    expected = Counter(
        (f.division, f.year, f.id, f.code, f.stage, form.form_id, form.report_no, form.title)
        for f in filed.filings
        if f.is_current
        for form in FORMS.values()
        if form.report_no is not None and form.form_id not in f.forms.values()
    )
    found = rows(
        database,
        "select division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, report_no, title"
        " from report.missing_form",
    )
    assert found == expected


def test_units_that_are_missing(database: psycopg.Connection, filed: Filings) -> None:
    own = {(f.division, f.year, f.code) for f in counted(filed) if f.stage == "budget"}
    expected: Counter[tuple[Any, ...]] = Counter()
    for division, year in {(division, year) for division, year, _ in own}:
        for (where, when, former), name in filed.units.items():
            if (where, when) != (division, year - 1):
                continue
            heirs = [new for at, since, old, new in filed.successions if (at, since, old) == (division, year, former)]
            for code in heirs or [former]:
                had_filed, is_named = (division, when, former) in own, (division, year, code) in filed.units
                if (had_filed or not is_named) and (division, year, code) not in own:
                    expected[division, year, code, former, name, former[:3], had_filed, is_named] += 1
    found = rows(
        database,
        "select division_code, fiscal_year, unit_code, former_unit_code, former_unit_name, department_code, had_filed,"
        " is_named from report.missing_unit",
    )
    assert found == expected
    assert found


def test_units_are_carried_on_to_their_successors(database: psycopg.Connection, filed: Filings) -> None:
    heirs: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for division, since, old, new in filed.successions:
        heirs[division, old][since].append(new)
    expected = []
    for division, year, unit in filed.units:
        carried, at, is_divided = unit, year, False
        while not is_divided and (later := [since for since in heirs[division, carried] if since > at]):
            at = min(later)
            into = heirs[division, carried][at]
            is_divided = len(into) > 1
            carried = carried if is_divided else into[0]
        expected.append((division, year, unit, carried, is_divided))
    query = "select division_code, fiscal_year, unit_code, successor_code, is_divided from budget.unit_lineage"
    assert rows(database, query) == Counter(expected)
    assert {is_divided for *_, is_divided in expected} == {True, False}


# ---------------------------------------------------------------------------- from revision to revision


def _known_by(cell: Cell) -> tuple[object, ...]:
    """What a cell is known by in another revision: its keys, or what it says."""
    word = "".join(filings.same_row(cell.text).split())
    row = filings.same_row(cell.row_key) if cell.row_key else None
    return (cell.form_id, row, cell.column_key or cell.column_label, word if row is None else None)


def _numbered(filing: Filing) -> dict[tuple[object, ...], Cell]:
    found: dict[tuple[object, ...], Cell] = {}
    seen: Counter[tuple[object, ...]] = Counter()
    for cell in filing.cells:  # in the order of forms, then of rows
        seen[_known_by(cell)] += 1
        found[*_known_by(cell), seen[_known_by(cell)]] = cell
    return found


def _changes(earlier: Filing, later: Filing) -> Iterator[tuple[object, ...]]:
    before, after = _numbered(earlier), _numbered(later)
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        told = new or old
        assert told is not None
        amounts = (old.amount if old else None, new.amount if new else None)
        if old and new:
            words = ["".join(filings.same_row(cell.text).split()) for cell in (old, new)]
            if (None in amounts and words[0] == words[1]) or (None not in amounts and amounts[0] == amounts[1]):
                continue
        change = "changed" if old and new else "added" if new else "removed"
        difference = None if amounts == (None, None) else (amounts[1] or Decimal(0)) - (amounts[0] or Decimal(0))
        keys = (told.form_id, int(told.form_id[1:]), told.row_key, told.row_label, told.column_key, told.column_label)
        yield (*keys, change, old.text if old else None, new.text if new else None, *amounts, difference)


def test_changes_from_revision_to_revision(database: psycopg.Connection, filed: Filings) -> None:
    def order(filing: Filing) -> tuple[object, ...]:
        day = filing.published_on or datetime.date.min
        return (filing.is_current, day, filing.supersede_rank, filing.revision)

    expected: Counter[tuple[Any, ...]] = Counter()
    standing = [filing for filing in filed.filings if not filing.is_withdrawn]
    for later in standing:
        before = [f for f in standing if beside(f, later) and f.code == later.code and order(f) < order(later)]
        if before:
            earlier = max(before, key=order)
            place = (later.division, later.year, later.code, later.stage, later.id, later.revision)
            expected.update((*place, earlier.id, earlier.revision, *row) for row in _changes(earlier, later))
    found = rows(
        database,
        "select division_code, fiscal_year, reporting_unit_code, stage, disclosure_id, revision,"
        " earlier_disclosure_id, earlier_revision, form_id, report_no, row_key, row_label, column_key, column_label,"
        " change, earlier_text, later_text, earlier_amount, later_amount, difference from report.revision_change",
    )
    assert found == expected
    assert found


def test_findings_belong_to_their_disclosures(database: psycopg.Connection, filed: Filings) -> None:
    for filing in filed.filings:
        database.execute(
            "insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, message)"
            " values (%s, %s, %s, 1, 'other', %s)",
            (filing.division, filing.year, filing.id, f"{filing.content_hash}"),
        )
    columns = "division_code, fiscal_year, disclosure_id, reporting_unit_code, message_zh, message_en"
    found = rows(database, f"select {columns} from report.finding")
    assert found == Counter((f.division, f.year, f.id, f.code, f.content_hash, f.content_hash) for f in filed.filings)


def test_figures_of_other_years(database: psycopg.Connection, filed: Filings) -> None:
    database.execute("update filed.cell set column_key = 'total@2022:final' where column_key = 'total'")
    found = rows(
        database,
        "select division_code, fiscal_year, reporting_unit_code, disclosure_id, stage, form_id, report_no, row_key,"
        " row_label, column_key, column_label, of_year, of_stage, cell_text, amount from report.prior_figure",
    )
    expected: Counter[tuple[Any, ...]] = Counter()
    for f in (filing for filing in filed.filings if filing.is_current):
        for cell in (cell for cell in f.cells if cell.column_key == "total"):
            place = (f.division, f.year, f.code, f.id, f.stage, cell.form_id, int(cell.form_id[1:]))
            told = (cell.row_key, cell.row_label, "total", cell.column_label, 2022, "final", cell.text, cell.amount)
            expected[*place, *told] += 1
    assert found == expected
