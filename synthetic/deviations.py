"""Find the differences between a document and its ledger, in memory, without a warehouse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from loader.documents.readers import read
from loader.documents.wording import fold
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.evidence.evidence import FormEvidence, to_fen
from loader.ledger.evidence.projection import cells_of
from loader.ledger.lines import Ledger
from loader.loading.options import DIVISION
from synthetic.rendering import Key

Deviations = dict[Key, tuple[int, int]]  # cell → figure, rebuilt figure (分)


def filed(text: str) -> FiledDisclosure:
    """The only disclosure of a text document, as filed."""
    (disclosure,) = file_disclosures(read(text.encode(), "disclosure.txt"), DIVISION)
    return disclosure


def deviations(forms: Sequence[FormEvidence], ledger: Ledger) -> Deviations:
    """The cells of the 23 forms that differ from the ledger, including blank ones."""
    numbers = {form.form.form_id: form.form.report_no or 0 for form in forms}
    return {
        (numbers[form_id], row, column): found for (form_id, row, column), found in differing(forms, ledger).items()
    }


def differing(forms: Sequence[FormEvidence], ledger: Ledger) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Like :func:`deviations`, but by form_id and for any set of forms."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for form in forms:
        rebuilt: dict[tuple[str, str], int] = defaultdict(int)
        for line in ledger.lines:
            for key in cells_of(form.form, line.coordinates):
                rebuilt[key] += to_fen(line.amount)
        shown = {key for key in rebuilt if key[0] in form.rows and key[1] in form.columns}
        for row, column in shown | form.amounts.keys():
            amount = form.amounts.get((row, column), 0)
            if amount != rebuilt[row, column]:
                found[form.form.form_id, fold(row), column] = (amount, rebuilt[row, column])
    return found
