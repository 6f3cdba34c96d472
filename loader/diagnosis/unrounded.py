"""A document rounded cell by cell → the same document as if nothing had been rounded, so that faults can be named.

A figure that agrees with the ledger becomes the sum of its lines. One that differs becomes the figure that it nearly
is: that of another row or column, the sum without a part, or the sum with the slip of other cells that differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.figures.single_figures import (
    CENT,
    FIGURE_FAULTS,
    UNLIKELY_BY_CHANCE,
    figure_fault,
    form_name,
    name_figure,
)
from loader.diagnosis.hypothesis import corrected_form
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence.evidence import FEN, FormEvidence, to_fen
from loader.ledger.evidence.projection import CellKey
from schema.forms.template import Sheet

_MOST_LINES = 20  # rows or columns that are held against all others
_FEWEST_CENTS = 100  # of figures whose digits tell a slip


def unrounded(case: Case) -> FiledDisclosure:
    """The document without roundings. Sheets of projects are left out, because the ledger does not rebuild them."""
    near = _near(case)
    differing: dict[int, list[Difference]] = defaultdict(list)
    cents: dict[int, dict[CellKey, int]] = defaultdict(dict)
    for one in case.found:
        is_row_twice = abs(one.filed - 2 * one.rebuilt) <= near
        if is_row_twice or abs(one.filed - one.rebuilt) > 2 * near:
            differing[one.form.filed.form_no].append(one)
        else:  # a few cents more than the roundings explain: no slip, but a line of the ledger that balances others
            cents[one.form.filed.form_no][one.key] = one.rebuilt
    held = {form.filed.form_no: form for form in case.evidence.forms.values()}
    forms = []
    for form in case.disclosure.forms:
        number = form.form_no
        if number in held:
            forms.append(_unrounded(held[number], cents[number], case, differing[number], near))
        elif form.template is None or form.template.sheet is not Sheet.PROJECT:
            forms.append(form)
    return replace(case.disclosure, forms=forms, findings=list(case.disclosure.findings))


def _unrounded(
    form: FormEvidence, cents: Mapping[CellKey, int], case: Case, differing: Sequence[Difference], near: int
) -> FiledForm:
    filed = corrected_form(form, cents) if cents else form.filed
    made = case.rebuilt[form.form.form_id].amounts
    meant = _meant(form, made, differing, near) if differing else {}
    times = Counter((cell.row_key, cell.column_key) for cell in filed.cells if cell.amount is not None)
    cells: list[FiledCell] = []
    for cell in filed.cells:
        key = (cell.row_key or "", cell.column_key or "")
        if cell.amount is None or not cell.statements or (key not in form.amounts and key not in cents):
            cells.append(replace(cell))
        elif times[key] == 1:
            cells.append(replace(cell, amount=Decimal(meant.get(key, made.get(key, 0))) / FEN))
        else:  # a row printed twice: each of its figures is right, or as printed
            own, printed = made.get(key, 0), to_fen(cell.amount)
            cells.append(replace(cell, amount=Decimal(own if abs(own - printed) <= near else printed) / FEN))
    return replace(filed, cells=cells, note=None)


def _meant(
    form: FormEvidence, made: Mapping[CellKey, int], differing: Sequence[Difference], near: int
) -> dict[CellKey, int]:
    """The figures that the cells that differ nearly are, and those of other cells of a wrong row or column."""
    found = _meant_along(0, form, made, differing, near)
    found |= _meant_along(1, form, made, [one for one in differing if one.key not in found], near)
    slips = [found[one.key] - one.rebuilt for one in differing if one.key in found]
    cells = form.cells
    # finer rows first: others may be off by the same
    for one in sorted(differing, key=lambda one: cells[one.key].part_count if one.key in cells else 0):
        if one.key not in found:
            likely = (amount for amount in _likely(one, made, slips) if abs(amount - one.filed) <= near)
            found[one.key] = next(likely, one.filed)
            slips.append(found[one.key] - one.rebuilt)
    return found


def _meant_along(
    way: int, form: FormEvidence, made: Mapping[CellKey, int], differing: Sequence[Difference], near: int
) -> dict[CellKey, int]:
    """Whole rows (``way`` 0) or columns (1) that nearly are another one, or lack its figures."""
    wrong = Counter(one.key[way] for one in differing)
    found: dict[CellKey, int] = {}
    others = dict.fromkeys(key[way] for key in made)
    for own in [name for name, count in wrong.items() if count > 1][:_MOST_LINES]:
        keys = [key for key in form.amounts if key[way] == own]
        for other in others:
            beside = {key: made.get((other, key[1]) if way == 0 else (key[0], other), 0) for key in keys}
            for meant in (beside, {key: made.get(key, 0) - amount for key, amount in beside.items()}):
                if other != own and all(abs(meant[key] - form.amounts[key]) <= near for key in keys):
                    found |= meant
    return found


def _likely(one: Difference, made: Mapping[CellKey, int], slips: Sequence[int]) -> Iterator[int]:
    """What a wrong figure may be: that of another cell of its row or column, or off by one of them or by a slip."""
    row, column = one.key
    yield -one.rebuilt
    if one.filed:
        yield from (made[key] for key in made if key != one.key and made[key] and (key[0] == row or key[1] == column))
    yield from (one.rebuilt + slip for slip in slips)
    yield from (one.rebuilt - amount for key, amount in made.items() if key[1] == column and amount)


def in_rounded_figures(case: Case, findings: Sequence[Finding], is_whole: bool) -> list[Finding]:
    """Findings of the document without roundings, with single figures as printed, and as other forms print them.

    If they are not the whole explanation, another form must confirm a figure: the sums of its own may have followed it.
    """
    of_place: dict[tuple[object, ...], Difference] = {}
    for one in case.found:
        said = name_figure(one)
        of_place[said.form_no, said.values["row"], said.values["column"]] = one
    named = []
    near = _near(case)
    for finding in findings:
        place = (finding.form_no, finding.values.get("row"), finding.values.get("column"))
        if finding.kind not in FIGURE_FAULTS or place not in of_place:
            named.append(finding)
            continue
        printed = of_place[place]
        right = replace(printed, proposed=_proposed(case, printed))
        evidence = finding.values["evidence"]
        assert isinstance(evidence, list)
        is_confirmed = is_whole or evidence != [form_name(printed.form)]
        if is_confirmed and abs(right.filed - right.proposed) > 2 * near:
            named.append(name_figure(right, evidence))
    return named


def _near(case: Case) -> int:
    """How far (分) roundings may move a figure at most. A slip is more than twice as far from the ledger."""
    return to_fen(ROUNDING_PLACES * case.evidence.half_place)


def _proposed(case: Case, one: Difference) -> int:
    """The right figure of a cell: as other forms print it, else near the sum of its lines as a likely slip has it."""
    near = _near(case)
    lines = case.rebuilt[one.form.form.form_id].lines.get(one.key, ())
    printed = Counter(
        form.amounts[key]
        for form_id, form in case.evidence.forms.items()
        for key, own in case.rebuilt[form_id].lines.items()
        if own == lines and key in form.amounts and form.amounts[key] != one.filed
        if abs(form.amounts[key] - one.rebuilt) <= near
    )
    if printed:
        return printed.most_common(1)[0][0]
    around = sorted(
        range(one.rebuilt - near, one.rebuilt + near + 1, CENT), key=lambda amount: abs(amount - one.rebuilt)
    )
    if abs(one.filed) < _FEWEST_CENTS * CENT:
        return one.rebuilt
    likely = (amount for amount in around if figure_fault(one.filed, amount, ()) in UNLIKELY_BY_CHANCE)
    return next((amount for amount in likely if abs(amount - one.filed) > near), one.rebuilt)
