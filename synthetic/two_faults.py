"""Two independent faults of clerks in one document, each in a form of its own."""

from __future__ import annotations

import random

from synthetic.faults import FAULTS, Document, Faulty, changed, lines_of


def two_faults(
    document: Document, names: tuple[str, str], chance: random.Random
) -> tuple[str, list[tuple[str, Faulty]]] | None:
    """The text of a document with faults of these names, and each name with what the fault is alone. None if the
    document has no two forms for them.

    A fault may change the right document, too (a form not brought up to date), if it comes first.
    """
    for one, other in (names, names[::-1]):
        first = FAULTS[one][0](document, chance)
        second = FAULTS[other][0](first.document, chance) if first is not None else None
        if first is None or second is None or second.document is not first.document:
            continue
        if first.form_id != second.form_id and first.changes.keys().isdisjoint(second.changes):
            text = changed(lines_of(first.document), {**first.changes, **second.changes})
            return text, [(one, first), (other, second)]
    return None
