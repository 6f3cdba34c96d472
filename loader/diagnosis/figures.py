"""Single wrong figures: the slip that made each of them, and the forms that support the proposed figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from loader.diagnosis.differences import Difference, Rebuilt
from loader.diagnosis.table import Table
from loader.filing.filed import Finding
from loader.ledger.evidence import FEN, Evidence, FormEvidence
from loader.ledger.projection import CellKey
from loader.ledger.sums import failing_sums

CENT = FEN // 100  # 0.01 万元, the last digit that forms print

# the kinds of findings on one figure, the most specific first
FIGURE_FAULTS = (
    "figure_blank",
    "figure_filled",
    "sign_turned",
    "cent_off",
    "digits_swapped",
    "point_moved",
    "figure_copied",
    "wrong_figure",
)
# kinds that rarely occur by chance: they come first among equal explanations
UNLIKELY_BY_CHANCE = ("sign_turned", "cent_off", "digits_swapped", "point_moved")


def figure_fault(filed: int, proposed: int, beside: Sequence[int]) -> str:
    """The slip that turned the proposed figure into the filed one (both in 分): one of ``FIGURE_FAULTS``. ``beside``
    are the other figures of its row and column."""
    if not filed:
        return "figure_blank"
    if not proposed:
        return "figure_filled"
    if filed == -proposed:
        return "sign_turned"
    if abs(filed - proposed) == CENT:
        return "cent_off"
    if filed * proposed > 0:
        printed, right = str(abs(filed) // CENT), str(abs(proposed) // CENT)
        if _is_swapped(printed, right):
            return "digits_swapped"
        if _is_moved(abs(filed) // CENT, abs(proposed) // CENT):
            return "point_moved"
    return "figure_copied" if filed in beside else "wrong_figure"


def _is_swapped(printed: str, right: str) -> bool:
    width = max(len(printed), len(right))
    printed, right = printed.zfill(width), right.zfill(width)
    at = [place for place in range(width) if printed[place] != right[place]]
    return len(at) == 2 and at[1] == at[0] + 1 and printed[at[0]] == right[at[1]] and printed[at[1]] == right[at[0]]


def _is_moved(printed: int, right: int) -> bool:
    powers = [10**places for places in range(1, 7)]
    return any(printed == right * power or (right >= power and printed == right // power) for power in powers)


class Suspect(NamedTuple):
    """A cell that differs, the forms that support the proposed figure, and whether they prove the filed one wrong."""

    difference: Difference
    bearing: list[str]
    is_proven: bool


def suspects(
    evidence: Evidence, tables: Mapping[str, Table], rebuilt: Rebuilt, found: Sequence[Difference]
) -> Iterator[Suspect]:
    """The cells that differ, except in rows in which every figure is wrong: these have no single wrong figures.

    A figure is proven wrong if other cells support the proposed one and none supports the filed one. In a list of lines
    another form must also print the proposed figure for the same selection of money. Otherwise a blank line of the list
    may be wrong instead.
    """
    same = _same_sums(evidence, rebuilt, found)
    wrong_in: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for difference in found:
        wrong_in[difference.form.form.form_id, difference.key[0]].append(difference)
    for difference in found:
        form = difference.form
        row = difference.key[0]
        figures = sum(key[0] == row and bool(amount) for key, amount in form.amounts.items())
        of_row = wrong_in[form.form.form_id, row]
        follows = _is_figure_with_its_totals(of_row)
        if figures <= 1 or figures > len(of_row) or follows:
            bearing = _bearing_out(evidence, difference, tables, same, rebuilt, of_row if follows else [difference])
            if follows and not bearing:
                continue  # other rows of the form may be wrong instead
            is_proven = bool(bearing) and (not form.form.lists or _is_printed_elsewhere(evidence, difference))
            yield Suspect(difference, bearing, is_proven)


def _is_figure_with_its_totals(of_row: Sequence[Difference]) -> bool:
    """Whether the wrong figures of a row are one figure and the totals of the row that follow from it: the figure was
    typed wrong before the row was added up."""
    columns = {difference.key[1] for difference in of_row}
    totals = {column.id for column in of_row[0].form.form.columns if columns.intersection(column.parts)}
    changes = {difference.filed - difference.proposed for difference in of_row}
    return len(changes) == 1 and 1 < len(columns) == len(columns & totals) + 1


def name_figure(difference: Difference, bearing: Sequence[str] = ()) -> Finding:
    """The finding for a cell that differs. ``bearing`` are the forms that support the proposed figure. If there are
    none, the finding names its own form, because its sums hold with the proposed figure."""
    form = difference.form
    row, column = difference.key
    at = form.cells.get(difference.key)
    cell = at or next((c for c in form.filed.cells if c.row_key == row), None)
    return Finding(
        figure_fault(difference.filed, difference.proposed, _beside(difference)),
        {
            "row": (at and at.row_label) or line_label(form, row, column) or (cell and cell.row_label) or row,
            "column": column_label(form, column),
            "filed": money(difference.filed),
            "proposed": money(difference.proposed),
            "evidence": list(bearing) or [_name(form)],
        },
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        cell.source_row if cell else None,
        at.column_no if at else None,
    )


def _bearing_out(
    evidence: Evidence,
    difference: Difference,
    tables: Mapping[str, Table],
    same: Mapping[frozenset[int], list[tuple[str, CellKey]]],
    rebuilt: Rebuilt,
    together: Sequence[Difference],
) -> list[str]:
    """The forms that support the proposed figure, including its own if its sums do. Empty if any form supports the
    filed figure. ``together`` are the figures of the row that are wrong by one slip."""
    form_id, key = difference.form.form.form_id, difference.key
    wrong = {(form_id, one.key) for one in together}
    lines = frozenset(rebuilt[form_id].lines.get(key, ()))
    bearing: dict[str, None] = {}
    for other_id, other_key in same.get(lines, ()):
        if (other_id, other_key) in wrong:
            continue
        shown = evidence.forms[other_id].amounts.get(other_key, 0)
        if shown == difference.rebuilt:
            bearing[other_id] = None
        elif shown == difference.filed:
            return []
    table = tables.get(form_id)
    if form_id in evidence.coarse:
        return [_name(evidence.forms[other]) for other in bearing]  # its own sums show nothing about other forms
    if table is not None and key[0] in table.figures:
        row = table.figures[key[0]] | {one.key[1]: one.rebuilt for one in together}
        rows = {key[0], *table.rows.above(key[0])}
        now = sum(failed.row in rows for failed in table.failed)
        more = sum(1 for _ in table.failing({**table.figures, key[0]: row}, rows)) - now
    else:
        amounts = {**difference.form.amounts, key: difference.rebuilt}
        more = _failing(replace(difference.form, amounts=amounts)) - _failing(difference.form)
    if more > 0:
        return []
    # one sum of a column proves nothing: any of its parts may be wrong instead
    if more < (0 if bearing else -len(together)):
        bearing[form_id] = None
    return [_name(evidence.forms[other]) for other in bearing]


def _is_printed_elsewhere(evidence: Evidence, difference: Difference) -> bool:
    """Whether another form prints the proposed figure for the same selection of money."""
    own = difference.form.form
    line, column = difference.key
    where = next(
        where for entry, amount, where in own.selections() if entry and (entry.id, amount.id) == (line, column)
    )
    return any(
        form.amounts.get((form.total_row, other.id)) == difference.rebuilt
        for form in evidence.forms.values()
        if form is not difference.form and form.form.rows is not None
        for other in form.form.money_columns
        if form.form.selection(other) == where
    )


def _failing(form: FormEvidence) -> int:
    return len(failing_sums(form))


def _same_sums(
    evidence: Evidence, rebuilt: Rebuilt, found: Sequence[Difference]
) -> dict[frozenset[int], list[tuple[str, CellKey]]]:
    """Lines of the ledger that a differing cell adds up → all cells that add up exactly these lines."""
    wanted = [rebuilt[difference.form.form.form_id].lines.get(difference.key, ()) for difference in found]
    same: dict[frozenset[int], list[tuple[str, CellKey]]] = {frozenset(lines): [] for lines in wanted}
    sizes = set(map(len, same))
    for form_id, form in evidence.forms.items():
        for key, lines in rebuilt[form_id].lines.items():
            if len(lines) in sizes and key[0] in form.rows and key[1] in form.columns:
                alike = same.get(frozenset(lines))
                if alike is not None:
                    alike.append((form_id, key))
    return same


def _name(form: FormEvidence) -> str:
    return str(form.form.report_no or form.form.form_id)


def _beside(difference: Difference) -> list[int]:
    """The other figures of the row and column, without those of the same money: these are equal anyway, such as the
    total of a column with one row."""
    row, column = key = difference.key
    lines = difference.made.lines
    return [
        amount
        for other, amount in difference.form.amounts.items()
        if other != key and (other[0] == row or other[1] == column) and lines.get(other) != lines.get(key)
    ]


def line_label(form: FormEvidence, row: str, column: str) -> str | None:
    """The label of a line in the list of a column. Lists side by side may have lines of the same id."""
    for entry in form.form.lists:
        if any(amount.id == column for amount in entry.amounts):
            return entry.line(row).label
    return None


def column_label(form: FormEvidence, column: str) -> str:
    """The label of a column as its form prints it, else as declared."""
    return next(_labels(form, column), column)


def _labels(form: FormEvidence, column: str) -> Iterator[str]:
    for cell in form.cells.values():
        if cell.column_key == column and cell.column_label:
            yield cell.column_label
    for entry in form.form.columns:
        if entry.id == column:
            yield entry.label


def money(amount: int) -> Decimal:
    """分 → 万元, with two places as forms print, or with more if needed."""
    value = Decimal(amount) / FEN
    short = value.quantize(Decimal("0.01"))
    return short if short == value else value
