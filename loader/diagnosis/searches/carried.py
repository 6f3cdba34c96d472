"""A wrong figure that was carried into all sums above it: the form agrees with itself and contradicts the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference, Rebuilt
from loader.diagnosis.figures.single_figures import CENT, UNLIKELY_BY_CHANCE, figure_fault, form_name, totals_of
from loader.diagnosis.figures.slips import name_slip
from loader.diagnosis.hypothesis import Hypothesis
from loader.filing.filed import Finding, Value
from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.evidence.projection import CellKey
from schema.forms.template import Form

_LITTLE = 9 * CENT  # an old figure hardly ever differs by so little


def carried_figures(form: FormEvidence, wrong: Sequence[Difference]) -> Iterator[Hypothesis]:
    """The finest figures of a form that may be wrong together with all sums above them: they differ by as much as the
    grand total.

    Whatever else differs is ignored, because a ledger made without the form may have placed other money wrongly. If no
    slip of typing explains the figure, it is an old one: the form was not brought up to date.
    """
    off = {one.key: one.filed - one.rebuilt for one in wrong}
    rows, total = form.form.rows, form.abilities.total
    if rows is None or not (form.total_row and total) or (amount := off.get((form.total_row, total))) is None:
        return
    of_rows = [row for row, column in off if column == total and off[row, column] == amount and row in form.leaf_rows]
    finest = [(row, of) for row in of_rows for (shown, of), cell in form.cells.items() if shown == row and cell.is_leaf]
    for row, column in sorted(finest, key=lambda key: off.get(key) != amount):
        if form.amounts.get((row, column), 0) in (0, amount):
            continue  # a row too much or too little
        if total not in totals_of(form.form, column) and total != column:
            continue
        slip = carried_figure(form, row, column, amount)
        if all(key in slip.cells for key, shown in form.amounts.items() if shown):
            continue  # the form as a whole
        yield slip if _is_typed_wrong(form.amounts.get((row, column), 0), amount) else _old(slip)


def _old(slip: Hypothesis) -> Hypothesis:
    """The same cells as those of a form that was not brought up to date."""
    form = slip.form
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return replace(slip, finding=Finding("stale_form", {"differing": len(slip.cells)}, *place))


def _is_typed_wrong(figure: int, error: int) -> bool:
    """Whether a figure (分) with this error looks like a slip of typing, not like an old figure or a lacking row."""
    is_slip = abs(error) <= _LITTLE or figure_fault(figure, figure - error, ()) in UNLIKELY_BY_CHANCE
    return is_slip and figure != error


def carried_figure(form: FormEvidence, row: str, column: str, error: int) -> Hypothesis:
    """The hypothesis that a finest figure has this error (分), and with it all sums above it and totals of its row."""
    assert form.form.rows is not None
    columns = [of for of in (column, *totals_of(form.form, column)) if of in form.columns]
    above = [held for held in form.form.rows.above(row) if held in form.rows]
    cells = {(held, of): form.amounts.get((held, of), 0) - error for held in (row, *above) for of in columns}
    figures = {of: (form.amounts.get((row, of), 0), cells[row, of]) for of in columns}
    return Hypothesis(name_slip(form, row, figures, above, [form_name(form)]), form, cells)


def carried_into_lists(case: Case) -> Iterator[Hypothesis]:
    """The finest figures that the ledger may follow wrongly, if only a list differs: as much as its finest sum of them
    is off, one of them and all sums above it may be. If no slip of typing explains any, one may be old.

    No third form prints such a figure. So the ledger takes the error for money of a fund without a form of its own.
    """
    form = case.found[0].form
    if not form.form.lists or any(one.form is not form for one in case.found):
        return
    alone = [*_printed_alone(case, form.form.form_id)]
    for one in sorted(case.found, key=lambda one: len(one.made.lines.get(one.key, ()))):
        held, error = {*one.made.lines.get(one.key, ())}, one.rebuilt - one.filed
        likely, old = [], []
        for other, (row, column), lines in alone:
            if held >= lines and other.amounts[row, column] != error:
                slip = carried_figure(other, row, column, error)
                if _is_typed_wrong(other.amounts[row, column], error):
                    likely.append(slip)
                else:
                    old.append(_old(slip))
        if likely or old:
            yield from likely or old
            return


def _printed_alone(case: Case, beside: str) -> Iterator[tuple[FormEvidence, CellKey, frozenset[int]]]:
    """The finest figures, beneath a grand total, whose lines no other form but ``beside`` adds up, with these lines by
    number."""
    printed: dict[frozenset[int], set[str]] = defaultdict(set)
    for form_id, made in case.rebuilt.items():
        form = case.evidence.forms[form_id]
        for (row, column), lines in made.lines.items():
            if row in form.rows and column in form.columns:
                printed[frozenset(lines)].add(form_id)
    for form_id, form in case.evidence.forms.items():
        if form.form.rows is None or form.total_row not in form.rows:
            continue
        lines_of = case.rebuilt[form_id].lines
        for key in sorted(form.cells):
            own = frozenset(lines_of.get(key, ()))
            is_finest = key[0] in form.leaf_rows and not form.form.column(key[1]).parts
            if own and form.amounts[key] and is_finest and printed[own] <= {form_id, beside}:
                yield form, key, own


def carried_line(wrong: Sequence[Difference]) -> Hypothesis | None:
    """The line of a list whose wrong figure explains all cells of the form that differ: the others are its sums."""
    form = wrong[0].form
    if not form.form.lists or len(wrong) < 2 or len({one.filed - one.rebuilt for one in wrong}) > 1:
        return None
    keys = {one.key for one in wrong}
    for one in wrong:
        sums = [*_sums_of(form.form, one.key)]
        if keys <= {one.key, *sums}:
            line, column = one.key
            above = [held for held, of in sums if of == column and (held, of) in keys]
            return Hypothesis(
                name_slip(form, line, {column: (one.filed, one.rebuilt)}, above, [form_name(form)]),
                form,
                {other.key: other.rebuilt for other in wrong},
            )
    return None


def with_evidence(fault: Hypothesis, evidence: Evidence, rebuilt: Rebuilt) -> Hypothesis:
    """The fault with the forms that print one of its right figures for the same money, if its finding names figures.
    ``rebuilt``: the forms from the ledger without the fault. The form itself if none does: its sums hold."""
    if "evidence" not in fault.finding.values:
        return fault
    made = rebuilt[fault.form.form.form_id].lines
    wanted = {frozenset(made[key]): amount for key, amount in fault.cells.items() if amount and made.get(key)}
    sizes = set(map(len, wanted))
    found = [
        form_name(form)
        for form_id, form in evidence.forms.items()
        if form.form is not fault.form.form
        and any(
            len(lines) in sizes and (amount := wanted.get(frozenset(lines))) and form.amounts.get(key) == amount
            for key, lines in rebuilt[form_id].lines.items()
        )
    ]
    evident: dict[str, Value] = {**fault.finding.values, "evidence": found or [form_name(fault.form)]}
    return replace(fault, finding=replace(fault.finding, values=evident))


def _sums_of(form: Form, key: CellKey) -> Iterator[CellKey]:
    """The lines of a list that add up a line, at any height, in its column."""
    line_id, column = key
    for entry in form.lists:
        if any(amount.id == column for amount in entry.amounts):
            for line in entry.lines:
                if line_id in line.parts:
                    yield line.id, column
                    yield from _sums_of(form, (line.id, column))
