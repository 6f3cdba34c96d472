"""Doubtful readings of figures from pictures, compared with all other figures and corrected if these decide.

A stamp or the grain of a scan hides parts of figures. Such a reading is no evidence, so a ledger is first made without
it. If the cell's sum then follows from the other figures and resembles the reading, the sum replaces it, with a
finding. Otherwise the reading stays.
"""

from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher

from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import FEN
from loader.ledger.evidence.projection import CellKey, projection_of
from loader.ledger.lines import Ledger, Line
from loader.ledger.rebuilt import rebuild

_ALIKE = 0.5  # share of the digits of both


def has_doubted_readings(disclosure: FiledDisclosure) -> bool:
    """Whether some figures are doubtful readings."""
    return any(_is_doubted(cell) for form in disclosure.forms for cell in form.cells if cell.is_doubtful)


def make_ledger_of_readings(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a disclosure with doubtful readings. Corrects these in the disclosure."""
    doubted = [(form, cell) for form in disclosure.forms for cell in form.cells if _is_doubted(cell)]
    if not doubted:
        return make_ledger(disclosure)
    read = {id(cell): (cell.amount, cell.half_place) for _, cell in doubted}
    for _, cell in doubted:
        cell.amount = cell.half_place = None
    rebuilt = _rebuilt(disclosure, make_ledger(disclosure).lines)
    corrected: list[tuple[FiledForm, FiledCell]] = []
    for form, cell in doubted:
        cell.amount, cell.half_place = read[id(cell)]
        right = rebuilt[form.form_no].get(_key(cell), Decimal(0))
        if right != cell.amount and _resembles(cell.text, right):
            cell.amount, cell.half_place = right, _half_place(form)
            corrected.append((form, cell))
    ledger = make_ledger(disclosure)
    if not corrected:
        return ledger
    rebuilt = _rebuilt(disclosure, ledger.lines)
    kept = [
        (form, cell)
        for form, cell in corrected
        if rebuilt[form.form_no].get(_key(cell)) == cell.amount and cell.support == "other_form"
    ]
    if len(kept) < len(corrected):
        borne_out = {id(cell) for _, cell in kept}
        for _, cell in corrected:
            if id(cell) not in borne_out:
                cell.amount, cell.half_place = read[id(cell)]
        ledger = make_ledger(disclosure)
    places = {(form.form_no, cell.source_row, cell.column_no) for form, cell in kept}
    disclosure.findings = [
        f
        for f in disclosure.findings
        if f.kind not in ("not_a_number", "sum") or (f.form_no, f.source_row, f.column_no) not in places
    ]
    ledger.findings += [
        Finding(
            "ocr_corrected",
            {"read": cell.text, "amount": cell.amount or Decimal(0)},
            form.form_no,
            form.form_id,
            form.report_no,
            cell.source_row,
            cell.column_no,
        )
        for form, cell in kept
    ]
    return ledger


def _is_doubted(cell: FiledCell) -> bool:
    return cell.is_doubtful and bool(cell.statements) and cell.row_key is not None and cell.column_key is not None


def _key(cell: FiledCell) -> CellKey:
    return cell.row_key or "", cell.column_key or ""


def _rebuilt(disclosure: FiledDisclosure, lines: list[Line]) -> dict[int, dict[CellKey, Decimal]]:
    """Form number → cell → the sum of its ledger lines, in 万元."""
    forms = {form.form_no: form.template for form in disclosure.forms if form.template is not None}
    projection = projection_of(tuple(dict.fromkeys(forms.values())))
    return {
        form_no: {key: Decimal(amount) / FEN for key, amount in made.amounts.items()}
        for form_no, made in rebuild(forms, lines, projection).items()
    }


def _half_place(form: FiledForm) -> Decimal | None:
    """Half of the last place that most figures of a form print, in 万元."""
    places = [cell.half_place for cell in form.cells if cell.half_place is not None]
    return max(set(places), key=places.count, default=None)


def _resembles(text: str, right: Decimal) -> bool:
    """Whether a text may be what remains of a figure."""
    if not right:
        return False
    read, digits = "".join(c for c in text if c.isdigit()), f"{abs(right):.2f}".replace(".", "")
    return SequenceMatcher(None, read, digits, autojunk=False).ratio() >= _ALIKE
