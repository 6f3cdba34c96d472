"""Random budgets → the official forms as text → the loader: what comes back is what went in."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loader.documents.readers import read
from loader.documents.wording import fold
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.projection import Coordinates, cells_of
from loader.ledger.lines import Ledger, Line
from schema.codes.lists import crosswalk
from schema.forms.template import Sheet
from synthetic.budgets import FEN, Budget, Entry, Shape, budget_of, plain_shapes, shapes
from synthetic.rendering import ALL_FORMS, FORMS, Key, Mess, held, messes, prints_items_only, published, render

COORDINATES = {
    "unit_code": "unit",
    "fund_code": "fund",
    "nature": "nature",
    "functional_code": "functional",
    "department_economic_code": "department_economic",
    "government_economic_code": "government_economic",
    "item_code": "item",
    "project_id": "project",
}


# coordinate → the length of its class, and the mark of a line whose class is a choice, too
CLASSES = {
    "fund_code": (2, "fund_class"),
    "functional_code": (3, "functional_class"),
    "department_economic_code": (3, "department_economic_class"),
    "government_economic_code": (3, "government_economic_class"),
}


# few forms leave nearly five thousand lines possible, but none for the 其他对事业单位补助 that form 13 prints
MANY_POSSIBLE_LINES = Shape(
    seed=294,
    department="001",
    kinds=("agency", "agency", "agency", "agency", "institution", "agency"),
    functions=2,
    items=3,
    capital_items=0,
    project_functions=0,
    projects=0,
    other_funds=("12", "13", "173"),
    openings=("181", "189"),
    natures=("operating", "subsidy"),
    sources=(),
    closing=True,
    three_public=False,
    held_by_finance=True,
    local_practices=1,
    apart=True,
    step=10000,
)


def examples(count: int) -> settings:
    """The same examples every time where CI runs them, new ones elsewhere."""
    scale = float(os.environ.get("ROUND_TRIP_SCALE", "1"))
    return settings(
        max_examples=max(1, int(count * scale)),
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def read_document(text: str) -> FiledDisclosure:
    """The only disclosure of a document, as filed."""
    disclosures = file_disclosures(read(text.encode(), "disclosure.txt"), "430202")
    assert len(disclosures) == 1
    return disclosures[0]


def load(text: str) -> tuple[FiledDisclosure, Ledger]:
    """The only disclosure of a document and its ledger, through the front door."""
    disclosure = read_document(text)
    return disclosure, make_ledger(disclosure)


def fen(amount: Decimal) -> int:
    """万元 → 分."""
    return int(amount * FEN)


def filed_figures(disclosure: FiledDisclosure) -> dict[Key, int]:
    """Every figure other than zero that the loader read, by form, row and column."""
    figures: dict[Key, int] = defaultdict(int)
    for form in disclosure.forms:
        assert form.report_no is not None, f"unknown form at {form.place}"
        for cell in form.cells:
            if cell.amount and cell.row_key and cell.column_key:
                figures[form.report_no, fold(cell.row_key), cell.column_key] += fen(cell.amount)
    return {key: amount for key, amount in figures.items() if key[2] in _money_columns(key[0])}


def folded(figures: Mapping[Key, int]) -> dict[Key, int]:
    """Figures with their rows in one spelling: project names come with any brackets."""
    return {(no, fold(row), column): amount for (no, row, column), amount in figures.items()}


def _money_columns(no: int) -> set[str]:
    form = FORMS[no]
    return {line_list.id for line_list in form.lists} or {column.id for column in form.money_columns}


def rebuilt(lines: Iterable[Line], forms: Collection[int]) -> dict[Key, int]:
    """Every figure other than zero that the ledger gives for some forms."""
    figures: dict[Key, int] = defaultdict(int)
    for line in lines:
        for no in forms:
            for row, column in cells_of(FORMS[no], line.coordinates):
                figures[no, row, column] += fen(line.amount)
    return {key: amount for key, amount in figures.items() if amount}


def shown_only(figures: Mapping[Key, int], published_keys: Collection[Key]) -> dict[Key, int]:
    """Without the subtotals and the sheets that the document does not print."""
    rows = {(no, row) for no, row, _ in published_keys}
    columns = {(no, column) for no, _, column in published_keys}
    return {
        (no, row, column): amount
        for (no, row, column), amount in figures.items()
        if not ((no, row) not in rows and _row_may_be_missing(no, row))
        and not ((no, column) not in columns and _is_optional(no, column))
    }


def _row_may_be_missing(no: int, row: str) -> bool:
    """Sheets are filed for some projects; 类 and 款 stand in some forms; form 21 skips its units."""
    form = FORMS[no]
    if form.sheet is Sheet.PROJECT:
        return True
    functional = row.partition("/")[2]
    return (prints_items_only(form) and 0 < len(functional) < 7) or (form.report_no == 21 and len(row) == 6)


def _is_optional(no: int, column: str) -> bool:
    return any(column == c.id and c.optional for c in FORMS[no].columns)


def covered(entry: Entry | Coordinates, at: Coordinates, blank: Collection[str]) -> bool:
    """Whether a line lies within the coordinates of another, apart from the blanked ones."""
    for name in COORDINATES.values():
        mine, wanted = getattr(entry, name), getattr(at, name)
        if name in blank or mine.startswith(wanted):
            continue
        if name == "fund" and wanted == "180" and mine in ("181", "182", "183", "184"):
            continue
        return False
    return entry.statement == at.statement


def check_lines(budget: Budget, ledger: Ledger) -> None:
    """Every line that is not marked says the truth at its coordinates, and a marked one says the truth without them, or
    by the class of a code if that is not marked.

    Where the forms can be read with less local practice than there was, that reading stands.
    """
    for line in ledger.lines:
        if line.basis == "remainder":
            continue
        marked = {name for name in line.allocated if name in COORDINATES}
        certain = {COORDINATES[name]: n for name, (n, mark) in CLASSES.items() if mark not in line.allocated}
        blank = {COORDINATES[name] for name in marked} - certain.keys()
        at = line.coordinates._replace(
            **{
                name: getattr(line.coordinates, name)[:length]
                for name, length in certain.items()
                if name in {COORDINATES[mark] for mark in marked}
            }
        )
        if line.coordinates.statement == "expenditure":
            blank.add("project")
            read = local_practice(line.coordinates, (other.coordinates for other in ledger.lines))
            true = local_practice(line.coordinates, budget.amounts)
            concerned = {code for pair in read | true for code in pair}
            if len(dict(read)) < len(dict(true)) and {*line.coordinates} & concerned:
                blank.add("government_economic")
        found = sum(fen(other.amount) for other in ledger.lines if covered(other.coordinates, at, blank))
        truth = sum(amount for entry, amount in budget.amounts.items() if covered(entry, at, blank))
        assert found == truth, f"{line}: {found} found, {truth} true, apart from {sorted(blank)}"


def local_practice(at: Coordinates, entries: Iterable[Entry | Coordinates]) -> set[tuple[str, str]]:
    """The pairs of economic subjects in a unit's function that no crosswalk knows."""
    return {
        (entry.department_economic, entry.government_economic)
        for entry in entries
        if (entry.unit, entry.functional) == (at.unit, at.functional)
        and entry.department_economic
        and entry.government_economic
        and not any(
            government.startswith(entry.government_economic) or entry.government_economic.startswith(government)
            for (_, department), governments in crosswalk().items()
            for government in governments
            if department.startswith(entry.department_economic)
        )
    }


def visible(budget: Budget, forms: Collection[int]) -> Budget:
    """The part of a budget that some of the forms show; about the rest they are silent."""
    shown: dict[Entry, int] = {}
    for no in forms:
        for _, _, where in FORMS[no].selections():
            if len(where.statement) == 1:
                shown |= held(budget.amounts, where)
    return replace(budget, amounts=shown)


def check_totals(budget: Budget, ledger: Ledger) -> None:
    """Each statement keeps its total."""
    for statement in ("expenditure", "revenue", "carry_over", "three_public", "special_fund"):
        found = sum(fen(line.amount) for line in ledger.lines if line.coordinates.statement == statement)
        assert found == budget.total(statement), statement


def check_figures(figures: Mapping[Key, int], expected: Mapping[Key, int]) -> None:
    """Two sets of figures are the same; the message names the first few that are not."""
    wrong = sorted(key for key in {*figures, *expected} if figures.get(key, 0) != expected.get(key, 0))
    assert not wrong, [(key, figures.get(key, 0), expected.get(key, 0)) for key in wrong[:8]]


# ---------------------------------------------------------------------------- reading


@given(shapes(), messes())
@example(Shape(), Mess(seed=23, blanks=True, narrow=True, enumeration="none", repeated_headers=True))
@examples(25)
def test_every_figure_is_read_in_its_place(shape: Shape, mess: Mess) -> None:
    budget = budget_of(shape)
    disclosure = read_document(render(budget, mess=mess))
    check_figures(filed_figures(disclosure), folded(published(budget, mess=mess)))


@given(shapes(), messes(), st.sets(st.sampled_from(ALL_FORMS), min_size=1))
@example(Shape(), Mess(title_prefix="2024年"), {4, 17})  # the contents end with the other form of the same columns
@example(Shape(), Mess(blank_columns=False), {8})  # without 人员经费 it has all columns of a national form
@examples(25)
def test_every_figure_is_read_whatever_forms_are_filed(shape: Shape, mess: Mess, forms: set[int]) -> None:
    budget = budget_of(shape)
    forms = {no for no in forms if no != 22 or budget.sheets}
    if not forms or forms <= {22, 23}:
        return
    # without their neighbours and without the names of the units, some things cannot be told
    mess = replace(mess, untitled=(), unit_rows_in_21=mess.unit_rows_in_21 and bool(forms & {2, 3, 7}))
    disclosure = read_document(render(budget, forms, mess))
    check_figures(filed_figures(disclosure), folded(published(budget, forms, mess)))


# ---------------------------------------------------------------------------- the ledger


@given(shapes())
@examples(15)
def test_unmarked_lines_are_true(shape: Shape) -> None:
    budget = budget_of(shape)
    _, ledger = load(render(budget))
    check_totals(budget, ledger)
    check_lines(budget, ledger)


@given(plain_shapes())
@examples(15)
def test_nothing_is_allocated_where_the_forms_tell(shape: Shape) -> None:
    budget = budget_of(shape)
    _, ledger = load(render(budget))
    check_lines(budget, ledger)
    marked = [line for line in ledger.lines if set(line.allocated) - {"project_id"} or line.basis == "remainder"]
    assert not marked


@given(shapes())
@examples(15)
def test_the_ledger_rebuilds_every_form(shape: Shape) -> None:
    budget = budget_of(shape)
    _, ledger = load(render(budget))
    expected = published(budget)
    check_figures(shown_only(rebuilt(ledger.lines, ALL_FORMS), expected), expected)


@given(shapes(), st.sets(st.sampled_from(ALL_FORMS), min_size=1))
@example(Shape(other_funds=("12", "13"), closing=True), {2, 3})
@example(Shape(functions=1, items=1, project_functions=0, projects=0, openings=("181",)), {6})
@example(MANY_POSSIBLE_LINES, {1, 8, 10, 11, 12, 13, 16, 17, 19, 21, 23})
@examples(8)
def test_the_ledger_rebuilds_whatever_forms_are_filed(shape: Shape, forms: set[int]) -> None:
    budget = budget_of(shape)
    forms = {no for no in forms if no != 22 or budget.sheets}
    if not forms or forms <= {22, 23}:
        return
    _, ledger = load(render(budget, forms))
    expected = published(budget, forms)
    check_figures(shown_only(rebuilt(ledger.lines, forms), expected), expected)
    if not shape.local_practices:
        # where the forms that would show a local practice are left out, the official crosswalk is assumed
        check_lines(visible(budget, forms), ledger)
