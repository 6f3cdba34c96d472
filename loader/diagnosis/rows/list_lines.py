"""Lines left out of a list although other forms print their money. Leaving out a line contradicts nothing."""

from __future__ import annotations

from collections.abc import Iterator

from loader.diagnosis.disagreement.differences import Rebuilt
from loader.diagnosis.disagreement.labels import money
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import Evidence, FormEvidence
from loader.ledger.lines import Ledger
from schema.forms.template import Line, LineList, Role

_CERTAIN = {"filed", "derived"}


def lacks_lines(form: FormEvidence) -> bool:
    """Whether a list of the form prints some parts of a sum but not all."""
    return any(True for _ in _lacking(form))


def lines_left_out(evidence: Evidence, ledger: Ledger, rebuilt: Rebuilt) -> Iterator[Finding]:
    """A finding for each line that is left out and certainly has money. It is placed at the printed line before it."""
    for form_id, form in evidence.forms.items():
        for entry, line in _lacking(form):
            for column in entry.amounts:
                key = (line.id, column.id)
                amount = rebuilt[form_id].amounts.get(key)
                is_certain = all(
                    ledger.lines[number].basis in _CERTAIN for number in rebuilt[form_id].lines.get(key, ())
                )
                if column.role is Role.MONEY and column.id in form.columns and amount and is_certain:
                    place = (form.filed.form_no, form_id, form.form.report_no, _source_before(form, entry, line))
                    yield Finding("row_omitted", {"row": line.label, "amount": money(amount)}, *place)
                    break


def _lacking(form: FormEvidence) -> Iterator[tuple[LineList, Line]]:
    """Lines that are not printed although another part of the same sum is. A sum without any printed part is skipped,
    and so are the parts of an optional sum, beneath which some documents print one of them alone (其中：政府性基金)."""
    for entry in form.form.lists:
        printed = {line.id for line in entry.lines if line.id in form.rows}
        summed = {part for line in entry.lines if line.optional and line.id in printed for part in line.parts}
        for sum_of in entry.lines:
            lacking = [part for part in sum_of.parts if part not in printed | summed]
            if len(lacking) < len(sum_of.parts):
                for part in map(entry.line, lacking):
                    if not part.optional and printed.isdisjoint(part.parts):
                        yield entry, part


def _source_before(form: FormEvidence, entry: LineList, line: Line) -> int | None:
    before = {other.id for other in entry.lines[: entry.lines.index(line)]}
    columns = {column.id for column in entry.amounts}
    sources = [
        cell.source_row
        for cell in form.filed.cells
        if cell.row_key in before and (cell.column_key in columns or cell.column_key is None)
    ]
    return max(sources, default=None)
