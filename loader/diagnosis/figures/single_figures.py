"""Single wrong figures: the slip that made each of them, and the forms that support the proposed figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from loader.diagnosis.disagreement.differences import Difference, Rebuilt
from loader.diagnosis.disagreement.labels import column_label, line_label, money
from loader.diagnosis.disagreement.table import Table
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FEN, Evidence, FormEvidence
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums
from schema.forms.template import Form

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
        if _is_moved(abs(filed) // CENT, abs(proposed) // CENT):
            return "point_moved"
        if _is_swapped(printed, right):
            return "digits_swapped"
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
    """A cell that differs, the forms that support the proposed figure, and whether they prove the filed one wrong.

    ``slip`` are all cells that are wrong by the same slip, the finest first: a figure and the sums that add it up.
    """

    difference: Difference
    bearing: list[str]
    is_proven: bool
    slip: tuple[Difference, ...]

    @property
    def is_in_row(self) -> bool:
        """Whether the slip touches one row only: no fault on rows explains it as well."""
        return len({one.key[0] for one in self.slip}) == 1


def suspects(
    evidence: Evidence, tables: Mapping[str, Table], rebuilt: Rebuilt, found: Sequence[Difference]
) -> Iterator[Suspect]:
    """The cells that differ, except in rows in which every figure is wrong: these have no single wrong figures.

    A figure is proven wrong if other cells support the proposed one and none supports the filed one. In a list of lines
    another form must also print the proposed figure for the same selection of money. Otherwise a blank line of the list
    may be wrong instead.
    """
    same = _same_sums(evidence, rebuilt, found)
    by_form: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        by_form[difference.form.form.form_id].append(difference)
    longest_last = sorted((slip for wrong in by_form.values() for slip in _slips(wrong, tables)), key=len)
    slips = {id(one): slip for slip in longest_last for one in slip}
    for difference in found:
        form = difference.form
        row = difference.key[0]
        figures = sum(key[0] == row and bool(amount) for key, amount in form.amounts.items())
        of_row = sum(one.key[0] == row for one in by_form[form.form.form_id])
        slip = slips.get(id(difference), (difference,))
        if figures <= 1 or figures > of_row or len(slip) > 1:
            bearing = _bearing_out(evidence, difference, tables, same, rebuilt, slip)
            if len(slip) > 1 and not bearing:
                continue  # other rows of the form may be wrong instead
            is_proven = bool(bearing) and (not form.form.lists or _is_printed_elsewhere(evidence, difference))
            yield Suspect(difference, bearing, is_proven, slip)


def _slips(wrong: Sequence[Difference], tables: Mapping[str, Table]) -> Iterator[tuple[Difference, ...]]:
    """Cells of one form that are one figure and the sums that follow from it, because it was typed wrong before they
    were added up: totals of its row, and if the row is a finest one, sums above it. The figure comes first."""
    form = wrong[0].form
    table = tables.get(form.form.form_id)
    rows = form.form.rows
    if rows is None or len(wrong) < 2:
        return
    for figure in wrong:
        row, column = figure.key
        is_finest = table is not None and row in table.finest
        held_rows = {row, *(rows.above(row) if is_finest else ())}
        held_columns = {column, *totals_of(form.form, column)}
        slip = [one for one in wrong if {one.key[0]} <= held_rows and {one.key[1]} <= held_columns]
        changes = {one.filed - one.proposed for one in slip}
        in_row = sum(one.key[0] == row for one in wrong)
        if len(slip) > 1 and len(changes) == 1 and sum(one.key[0] == row for one in slip) == in_row:
            yield (figure, *(one for one in slip if one is not figure))


def totals_of(form: Form, column: str) -> Iterator[str]:
    """The columns that add up a column, at any height."""
    for total in form.columns:
        if column in total.parts:
            yield total.id
            yield from totals_of(form, total.id)


def name_figure(difference: Difference, bearing: Sequence[str] = ()) -> Finding:
    """The finding for a cell that differs. ``bearing`` are the forms that support the proposed figure. If there are
    none, the finding names its own form, because its sums hold with the proposed figure."""
    form = difference.form
    row, column = difference.key
    at = form.cells.get(difference.key)
    cell = at or next((c for c in form.filed.cells if c.row_key == row), None)
    return wrong_figure(
        form,
        (at and at.row_label) or line_label(form, row, column) or (cell and cell.row_label) or row,
        column_label(form, column),
        (difference.filed, difference.proposed),
        _beside(difference),
        bearing or [form_name(form)],
        cell.source_row if cell else None,
        at.column_no if at else None,
    )


def wrong_figure(
    form: FormEvidence,
    row: str,
    column: str,
    figures: tuple[int, int],
    beside: Sequence[int],
    evidence: Sequence[str],
    source_row: int | None,
    column_no: int | None = None,
) -> Finding:
    """The finding for a wrong figure in a row and a column of these names, printed first and then as it should be
    (分)."""
    filed, proposed = figures
    return Finding(
        figure_fault(filed, proposed, beside),
        {
            "row": row,
            "column": column,
            "filed": money(filed),
            "proposed": money(proposed),
            "evidence": list(evidence),
        },
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        source_row,
        column_no,
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
    filed figure. ``together`` are the figures that are wrong by one slip."""
    form_id, key = difference.form.form.form_id, difference.key
    wrong = {(form_id, one.key) for one in together}
    lines = frozenset(rebuilt[form_id].lines.get(key, ()))
    witnesses: list[str] = []
    for other_id, other_key in same.get(lines, ()):
        if (other_id, other_key) in wrong:
            continue
        shown = evidence.forms[other_id].amounts.get(other_key, 0)
        if shown == difference.rebuilt:
            witnesses.append(other_id)
        elif shown == difference.filed:
            return []
    # a total and its only part say the same: either may be wrong
    bearing = dict.fromkeys(witnesses if witnesses != [form_id] else ())
    table = tables.get(form_id)
    if form_id in evidence.coarse:
        return [form_name(evidence.forms[other]) for other in bearing]  # its own sums show nothing about other forms
    if table is not None and all(one.key[0] in table.figures for one in together):
        figures = dict(table.figures)
        for one in together:
            figures[one.key[0]] = {**figures[one.key[0]], one.key[1]: one.rebuilt}
        rows = {held for one in together for held in (one.key[0], *table.rows.above(one.key[0]))}
        now = sum(failed.row in rows for failed in table.failed)
        more = sum(1 for _ in table.failing(figures, rows)) - now
    else:
        amounts = {**difference.form.amounts, key: difference.rebuilt}
        more = _failing(replace(difference.form, amounts=amounts)) - _failing(difference.form)
    if more > 0:
        return []
    # one sum of a column proves nothing: any of its parts may be wrong instead
    if more < (0 if bearing else -len(together)):
        bearing[form_id] = None
    return [form_name(evidence.forms[other]) for other in bearing]


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


def form_name(form: FormEvidence) -> str:
    """How findings call a form."""
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
