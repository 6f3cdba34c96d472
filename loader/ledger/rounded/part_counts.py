"""Cells that were rounded separately → the number of parts of each, and so how far it may differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.evidence.projection import CellKey, cells_of
from loader.ledger.evidence.sums import roundings
from loader.ledger.lines import Line


def count_parts(evidence: Evidence, lines: Sequence[Line]) -> None:
    """Set the number of parts of each cell, if every cell was rounded separately: one per line, even lines rounded to
    0."""
    counts = _lines_of_cells(evidence.all_forms(), lines)
    for form in evidence.all_forms():
        of_cells = counts[form.form.form_id]
        for key, cell in form.cells.items():
            cell.part_count = max(cell.part_count, of_cells[key], 1)


def count_parts_of_coarse(evidence: Evidence, lines: Sequence[Line]) -> frozenset[int]:
    """Set the number of parts and the rounding of each cell of the coarse forms. Returns the numbers of these forms.

    If every cell was rounded separately, so were those that have as many digits as the other forms.
    """
    coarse = [form for form in evidence.all_forms() if form.form.form_id in evidence.coarse]
    counts = _lines_of_cells(coarse, lines) if evidence.is_rounded else None
    for form in coarse:
        for key, count in roundings(form, evidence.finest).items():
            cell = form.cells[key]
            if not count and counts is not None:
                count = max(counts[form.form.form_id][key], 1) + 1
            cell.part_count, cell.half_place = count, form.rounding(key)
    return frozenset(form.filed.form_no for form in coarse)


def _lines_of_cells(forms: Iterable[FormEvidence], lines: Sequence[Line]) -> dict[str, Counter[CellKey]]:
    """The number of lines that each cell of these forms sums up, by form_id: a document has many sheets of one form."""
    templates = {form.form.form_id: form.form for form in forms}
    return {
        form_id: Counter(key for line in lines for key in cells_of(template, line.coordinates))
        for form_id, template in templates.items()
    }
