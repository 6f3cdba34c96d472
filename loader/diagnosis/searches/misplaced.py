"""A figure in a wrong column: its row and the sums above it lack it there, and have it in another column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import column_label, money
from loader.diagnosis.hypothesis import Hypothesis, named_figures
from loader.diagnosis.searches.exchanged import columns_like
from loader.diagnosis.trials import Explanation, column_faults, explained
from loader.filing.filed import Finding
from loader.ledger.clock import is_over
from loader.ledger.draft import ledger_of
from loader.ledger.evidence.evidence import FormEvidence, gather
from loader.ledger.evidence.projection import CellKey
from schema.forms.template import Form

_MOST_TRIES = 6


def misplaced_figure(found: Sequence[Difference]) -> Hypothesis | None:
    """The figure that stands in a wrong column and explains all cells that differ. None if there is no such figure.

    Its own column must be blank in its row, so that the whole figure was moved.
    """
    if not found or len({id(one.form) for one in found}) != 1 or found[0].form.form.rows is None:
        return None
    form, rows = found[0].form, found[0].form.form.rows
    by_row: dict[str, dict[str, int]] = defaultdict(dict)
    for one in found:
        by_row[one.key[0]][one.key[1]] = one.filed - one.rebuilt
    lowest = max(by_row, key=lambda row: len(rows.above(row)))
    printed = {lowest, *(row for row in rows.above(lowest) if row in form.rows)}
    if by_row.keys() != printed or any(moved != by_row[lowest] for moved in by_row.values()):
        return None
    columns = _moved_between(form.form, by_row[lowest])
    if columns is None or form.amounts.get((lowest, columns[0])):
        return None
    return _hypothesis(form, lowest, *columns, -by_row[lowest][columns[0]], {one.key: one.rebuilt for one in found})


def misplaced_by_totals(form: FormEvidence, wrong: Sequence[Difference]) -> Iterator[Hypothesis]:
    """Each figure that may stand in a wrong column by the grand totals of two columns.

    Other totals may differ, too, because no other form splits them, and so may other rows, because the ledger may have
    chosen their split.
    """
    totals = {one.key[1]: one.filed - one.rebuilt for one in wrong if one.key[0] == form.total_row}
    if form.form.rows is None:
        return
    pairs = [columns] if (columns := _moved_between(form.form, totals)) is not None else []
    finest = [column for column in totals if not form.form.column(column).parts]
    pairs += [pair for pair in permutations(finest, 2) if totals[pair[0]] == -totals[pair[1]] < 0 and pair not in pairs]
    moved = {one.key: one.filed - one.rebuilt for one in wrong}
    for own, other in pairs:
        amount = totals[other]
        found = [
            row
            for row in form.own_rows
            if not form.amounts.get((row, own))
            and (
                form.amounts.get((row, other)) == amount
                or (moved.get((row, own)) == -amount and moved.get((row, other)) == amount)
            )
        ]
        if len(found) == 1:
            [row] = found
            yield _hypothesis(form, row, own, other, amount, _with_moved(form, row, own, other, amount))


def misplaced_figures(case: Case, deadline: float) -> Iterator[Explanation]:
    """The figure in a wrong column that explains all cells that differ: in the form that differs, else in a form that
    the ledger followed, while the form that differs prints its columns as lines."""
    if (figure := misplaced_figure(case.found)) is not None:
        yield (figure,), case.ledger
        return
    if len({id(one.form) for one in case.found}) != 1:
        return
    options = [option for lines in _lines(case.found) for option in _options(case, *lines)]
    yield from column_faults(case, options[:_MOST_TRIES], deadline)


def may_be_misplaced(found: Sequence[Difference]) -> bool:
    """Whether any figure may stand in a wrong column in a form whose sums are right."""
    return next(_in_other_rows(found), None) is not None


def misplaced_beside_figures(case: Case, deadline: float) -> Iterator[Explanation]:
    """The figure in a wrong column, in a form whose sums are right, beside figures that are proven wrong.

    The ledger may take another row for wrong: one with more money in the wrong column, from which it moves as much.
    """
    for option in _in_other_rows(case.found):
        if is_over(deadline):
            return
        corrected = option.corrected(case.disclosure)
        evidence = gather(corrected)
        left = Case(corrected, evidence, ledger_of(evidence))
        is_less = not left.is_balanced and len(left.found) <= len(case.found) - 2
        if is_less and len(left.proven) == len(left.found):
            yield (option, *named_figures(left.proven)), explained(left.ledger)


def _in_other_rows(found: Sequence[Difference]) -> Iterator[Hypothesis]:
    """The rows with a blank in a column that lacks money in another row, and with this amount in the column that has as
    much too much there."""
    for lacking, beyond in permutations(found, 2):
        form, amount = lacking.form, lacking.rebuilt - lacking.filed
        own, other = lacking.key[1], beyond.key[1]
        is_moved = beyond.form is form and lacking.key[0] == beyond.key[0] and beyond.filed - beyond.rebuilt == amount
        rows = form.form.rows
        if not is_moved or amount <= 0 or rows is None or not rows.by:
            continue
        for row in form.own_rows if _totals(form.form, own) == _totals(form.form, other) else ():
            if not form.amounts.get((row, own)) and form.amounts.get((row, other)) == amount:
                yield _hypothesis(form, row, own, other, amount, {(row, own): amount, (row, other): 0})


def _totals(form: Form, column: str) -> list[str]:
    return [total.id for total in form.columns if column in total.parts]


def _moved_between(form: Form, moved: Mapping[str, int]) -> tuple[str, str] | None:
    """The finest column that lacks money and the finest that has it too much (分). None if there are more of them, or
    if the columns do not all differ by the same."""
    finest = [column for column in moved if not any(part in moved for part in _beneath(form, column))]
    if len(finest) != 2 or {abs(amount) for amount in moved.values()} != {abs(moved[finest[0]])}:
        return None
    one, other = finest
    if moved[one] + moved[other]:
        return None
    return (one, other) if moved[one] < 0 else (other, one)


def _beneath(form: Form, column: str) -> Iterator[str]:
    for part in form.column(column).parts:
        yield part
        yield from _beneath(form, part)


def _lines(found: Sequence[Difference]) -> Iterator[tuple[Difference, Difference]]:
    """The two lines of a form between which money seems to have moved: in the ledger the first lacks it and the second
    has it."""
    form = found[0].form.form
    held = {one.key[0] for one in found}
    finest = [one for one in found if not _holds(form, one, held)]
    column = finest[0].key[1]  # lists and tables of lines have further columns that differ alike
    alike = [(one, one.filed - one.rebuilt) for one in finest if one.key[1] == column]
    for (one, lacking), (other, moved) in permutations(alike, 2):
        if lacking == -moved and lacking > 0:
            yield one, other


def _holds(form: Form, one: Difference, lines: set[str]) -> bool:
    """Whether a cell is the sum of other cells that differ."""
    row, column = one.key
    if form.rows is not None:
        return any(row in form.rows.above(line) for line in lines)
    entry = next(entry for entry in form.lists if any(amount.id == column for amount in entry.amounts))
    return not lines.isdisjoint(entry.line(row).parts)


def _options(case: Case, right: Difference, wrong: Difference) -> Iterator[Hypothesis]:
    """The figures that may stand in the column that shows the one line, and belong in that of the other."""
    amount = right.filed - right.rebuilt
    for form in case.evidence.forms.values():
        rows = form.form.rows
        if form is right.form or rows is None or not rows.by:
            continue
        for own in columns_like(case, form, right):
            for other in columns_like(case, form, wrong):
                for row in form.own_rows if own != other else ():
                    if form.amounts.get((row, own)) or form.amounts.get((row, other)) != amount:
                        continue
                    yield _hypothesis(form, row, own, other, amount, _with_moved(form, row, own, other, amount))


def _with_moved(form: FormEvidence, row: str, own: str, other: str, amount: int) -> dict[CellKey, int]:
    """The figures of a row and the sums above it with this amount back in its own column."""
    rows = form.form.rows
    assert rows is not None
    changes: dict[str, int] = defaultdict(int)
    for column in form.form.money_columns:
        beneath = {column.id, *_beneath(form.form, column.id)}
        changes[column.id] += amount * ((own in beneath) - (other in beneath))
    return {
        (held, column): form.amounts.get((held, column), 0) + change
        for held in (row, *rows.above(row))
        for column, change in changes.items()
        if change and held in form.rows and column in form.columns
    }


def _hypothesis(
    form: FormEvidence, row: str, own: str, other: str, amount: int, cells: Mapping[CellKey, int]
) -> Hypothesis:
    cell = form.cells.get((row, other))
    label = next((one.row_label for one in form.filed.cells if one.row_key == row and one.row_label), row)
    finding = Finding(
        "figure_misplaced",
        {
            "row": label,
            "amount": money(amount),
            "column": column_label(form, other),
            "right": column_label(form, own),
        },
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        cell.source_row if cell else None,
        cell.column_no if cell else None,
    )
    return Hypothesis(finding, form, cells)
