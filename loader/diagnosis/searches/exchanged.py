"""Exchanged columns or lines: the figures of two columns, or of two lines, stand in each other's place.

One form may print its lines as rows and another one as columns. Then they contradict each other in the same way,
whichever is wrong, so both explanations are named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, money, row_label
from loader.diagnosis.hypothesis import Hypothesis, columns_swapped
from loader.diagnosis.trials import Explanation, column_faults
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.projection import CellKey
from schema.forms.template import Where

_FEWEST_ROWS = 2  # with wrong figures; a single one counts as single wrong figures
_MOST_TRIES = 4


def exchanged_columns(found: Sequence[Difference]) -> Hypothesis | None:
    """The two columns with figures exchanged in every row where they differ. None if anything else differs."""
    if len({id(difference.form) for difference in found}) != 1:
        return None
    by_row: dict[str, dict[str, Difference]] = defaultdict(dict)
    for difference in found:
        by_row[difference.key[0]][difference.key[1]] = difference
    columns = {column for shown in by_row.values() for column in shown}
    form = found[0].form
    if len(columns) != 2 or len(by_row) < _FEWEST_ROWS or form.form.lists:
        return None
    one, other = sorted(columns, key=[column.id for column in form.form.money_columns].index)
    if any(len(shown) != 2 or not _are_exchanged(shown[one], shown[other]) for shown in by_row.values()):
        return None
    others = form.rows - by_row.keys()
    if any(form.amounts.get((row, one), 0) != form.amounts.get((row, other), 0) for row in others):
        return None  # exchanged in some rows only
    return Hypothesis(columns_swapped(form, one, other), form, {one.key: one.rebuilt for one in found})


def exchanged_totals(form: FormEvidence, wrong: Sequence[Difference]) -> Hypothesis | None:
    """The only two columns whose grand totals are exchanged, if they have other figures in several rows: in one row it
    is a figure in a wrong column. Other rows and totals are ignored, because the ledger may have chosen their split."""
    totals = sorted((one for one in wrong if one.key[0] == form.total_row), key=lambda one: one.key)
    exchanged = [pair for pair in combinations(totals, 2) if _are_exchanged(*pair)]
    if form.form.lists or len(exchanged) != 1:
        return None
    [(one, other)] = exchanged
    fault = exchange_of(form, one.key[1], other.key[1])
    return fault if len({row for row, _ in fault.cells} & form.leaf_rows) > 1 else None


def mostly_exchanged(form: FormEvidence, wrong: Sequence[Difference]) -> Hypothesis | None:
    """The two columns whose figures are exchanged in most rows that differ. The other rows are ignored, as above."""
    if form.form.lists:
        return None
    by_row: dict[str, list[Difference]] = defaultdict(list)
    for difference in wrong:
        by_row[difference.key[0]].append(difference)
    pairs = Counter(
        (one.key[1], other.key[1])
        for one, other in (sorted(pair, key=lambda cell: cell.key) for pair in by_row.values() if len(pair) == 2)
        if _are_exchanged(one, other)
    )
    (columns, count), *_ = pairs.most_common(1) or [(("", ""), 0)]
    return exchange_of(form, *columns) if 2 * count > len(by_row) else None


def exchange_of(form: FormEvidence, one: str, other: str) -> Hypothesis:
    """The hypothesis that two columns are exchanged in every row."""
    return Hypothesis(columns_swapped(form, one, other), form, _with_exchanged(form, one, other))


def exchanges(case: Case, deadline: float) -> Iterator[Explanation]:
    """The exchange that explains all cells that differ, of two columns or of two lines. For two lines, also exchanges
    of columns in other forms that would explain them as well."""
    if (columns := exchanged_columns(case.found)) is not None:
        yield (columns,), case.ledger
    if (lines := exchanged_lines(case)) is None:
        return
    yield (lines,), case.ledger
    options = [
        option
        for form in case.evidence.forms.values()
        if form is not lines.form and not form.form.lists
        for option in _columns_for(case, form)
    ]
    yield from column_faults(case, options[:_MOST_TRIES], deadline)


def exchanged_lines(case: Case) -> Hypothesis | None:
    """The two lines of a form with exchanged figures. None if anything else differs."""
    found = case.found
    lines = list(dict.fromkeys(difference.key[0] for difference in found))
    if len({id(difference.form) for difference in found}) != 1 or len(lines) != 2:
        return None
    by_column: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        by_column[difference.key[1]].append(difference)
    if any(len(pair) != 2 or not _are_exchanged(*pair) for pair in by_column.values()):
        return None
    form = found[0].form
    one, other = (row_label(case.disclosure, form, line) for line in lines)
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == lines[0]), None)
    is_partial = form.form.rows is not None and _have_other_figures(form, lines, by_column)
    if is_partial and (figure := next((one for one in found if len(found) == 2 and not one.rebuilt), None)):
        right = next(line for line in lines if line != figure.key[0])
        return Hypothesis(_in_wrong_row(case, form, figure.key, right), form, _rebuilt(found))
    if is_partial:  # only some figures of the rows
        shown = "、".join(column_label(form, column) for column in by_column)
        one, other = f"{one}（{shown}）", f"{other}（{shown}）"
    finding = Finding("rows_swapped", {"row": one, "other_row": other}, *_place(form), source)
    if lacking := [line for line in lines if line not in form.rows]:
        printed = next((line for line in lines if line not in lacking), lines[0])
        source = next((cell.source_row for cell in form.filed.cells if cell.row_key == printed), None)
        finding = Finding(
            "row_misplaced",
            {"row": row_label(case.disclosure, form, printed), "right": row_label(case.disclosure, form, lacking[0])},
            *_place(form),
            source,
        )
    return Hypothesis(finding, form, _rebuilt(found))


def _have_other_figures(form: FormEvidence, lines: Sequence[str], columns: Collection[str]) -> bool:
    """Whether two lines print different figures in other columns than these."""
    one, other = lines
    return any(form.amounts.get((one, c), 0) != form.amounts.get((other, c), 0) for c in form.columns - {*columns})


def figures_in_wrong_rows(case: Case, deadline: float) -> Iterator[Explanation]:
    """The figure that stands in a wrong row, in its own column, if only the totals of these two rows fail: the parts of
    one exceed its total by the figure, and those of the other lack it. None if the ledger tells it already."""
    if len({id(one.form) for one in case.found}) != 1 or exchanged_lines(case) is not None:
        return
    form = case.found[0].form
    table = case.tables.get(form.form.form_id)
    beyond = {failed.row: failed for failed in table.failed} if table is not None else {}
    if table is None or len(beyond) != 2 or len(table.failed) != 2:
        return
    over, under = sorted(beyond.values(), key=lambda failed: failed.difference)
    if over.check != "across" or under.check != "across" or over.difference != -under.difference:
        return
    options = [
        Hypothesis(
            _in_wrong_row(case, form, (over.row, column), under.row),
            form,
            {(over.row, column): 0, (under.row, column): under.difference},
        )
        for column in table.parts[over.column]
        if table.figures[over.row].get(column) == under.difference and not table.figures[under.row].get(column)
    ]
    yield from column_faults(case, options, deadline)


def _in_wrong_row(case: Case, form: FormEvidence, key: CellKey, right: str) -> Finding:
    """The finding for a figure that stands in a wrong row, in its own column."""
    row, column = key
    cell = form.cells.get(key)
    return Finding(
        "figure_misplaced",
        {
            "row": column_label(form, column),
            "amount": money(form.amounts[key]),
            "column": row_label(case.disclosure, form, row),
            "right": row_label(case.disclosure, form, right),
        },
        *_place(form),
        cell.source_row if cell else None,
        cell.column_no if cell else None,
    )


def _rebuilt(found: Sequence[Difference]) -> dict[CellKey, int]:
    return {difference.key: difference.rebuilt for difference in found}


def _columns_for(case: Case, form: FormEvidence) -> Iterator[Hypothesis]:
    """The exchange of each pair of columns of another form that hold the money of the two lines that differ."""
    columns_of = {difference.key[0]: columns_like(case, form, difference) for difference in case.found}
    ones, others = columns_of.values()
    for one, other in product(ones, others):
        if one != other:
            yield exchange_of(form, one, other)


def columns_like(case: Case, form: FormEvidence, difference: Difference) -> list[str]:
    """The columns of a form that hold the money of a line of another form.

    A column holds it if its total adds up the same lines of the ledger. If that is no line, it must select the same
    money.
    """
    own = [*case.rebuilt[difference.form.form.form_id].lines.get(difference.key, ())]
    totals = case.rebuilt[form.form.form_id].lines
    return [
        column.id
        for column in form.form.money_columns
        if column.id in form.columns and not column.parts
        if [*totals.get((form.total_row, column.id), ())] == own
        and (own or _shows_line(form.form.selection(column), difference))
    ]


def _shows_line(where: Where, difference: Difference) -> bool:
    """Whether a column with this selection of money shows a line. A line of a list must select the same money. A row
    with one code must be a code that the column selects."""
    line, column = difference.key
    form = difference.form.form
    if form.rows is not None:
        return len(form.rows.by) == 1 and line in where.on(form.rows.by[0])
    return any(entry and (entry.id, at.id) == (line, column) and where == own for entry, at, own in form.selections())


def _with_exchanged(form: FormEvidence, one: str, other: str) -> Mapping[tuple[str, str], int]:
    cells: dict[tuple[str, str], int] = {}
    for row in form.rows:
        left, right = form.amounts.get((row, one), 0), form.amounts.get((row, other), 0)
        if left != right:
            cells |= {(row, one): right, (row, other): left}
    return cells


def _are_exchanged(one: Difference, other: Difference) -> bool:
    return one.filed == other.rebuilt and other.filed == one.rebuilt


def _place(form: FormEvidence) -> tuple[int, str, int | None]:
    return form.filed.form_no, form.form.form_id, form.form.report_no
