"""Forms that are wrong as a whole: which cells may show it, and the finding that names such a form.

The form agrees with itself and contradicts all others: it is left over from another version or another document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference, differences
from loader.diagnosis.disagreement.table import Table
from loader.diagnosis.rows.lacking_rows import lacking_by_other_forms, lacking_row
from loader.diagnosis.searches.carried import carried_line, with_evidence
from loader.diagnosis.searches.exchanged import exchanged_columns
from loader.diagnosis.searches.misplaced import misplaced_figure
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.rebuilt import RebuiltForm
from loader.ledger.whole_forms import ratio_of, scaled_form, with_form_divided

FEWEST = 4  # figures that a form needs to be judged as a whole
FEW = 3  # with so few cells that differ, no form is wrong as a whole
# a form with a larger share of wrong finest figures, wrong by more than ``_FEW_CHANGES`` amounts, does not belong to an
# earlier version, but to something else
_MOST_STALE, _FEW_CHANGES = 0.5, 2


def stale_form(case: Case) -> list[Finding]:
    """A finding for the form with all cells that differ, if its own sums hold. The ledger follows the others."""
    forms = {id(difference.form): difference.form for difference in case.found}
    form = next(iter(forms.values()))
    is_whole = len(forms) == 1 and len(case.found) > 1 and may_be_wrong(case.tables, form)
    if not (is_whole and is_version(form, case.found)):
        return []
    ratio = ratio_of([(cell.filed, cell.rebuilt) for cell in case.found], case.evidence)
    if ratio is not None and not differences(with_form_divided(case.evidence, form, ratio), case.ledger):
        return [scaled_form(form, ratio)]
    return [form_finding(case, form, case.found)]


def may_be_wrong(tables: Mapping[str, Table], form: FormEvidence) -> bool:
    """Whether the form has enough figures to be judged as a whole, and its own sums hold."""
    if sum(map(bool, form.amounts.values())) < FEWEST:
        return False
    table = tables.get(form.form.form_id)
    if table is None:
        return not any(failing_sums(form))
    return not any(failed.check in ("across", "down") for failed in table.failed)


def is_version(form: FormEvidence, wrong: Sequence[Difference]) -> bool:
    """Whether these cells may come from another version.

    At least one must be printed. If lines of a list differ, a total must differ too, unless money moved between lines.
    """
    if not any(difference.filed for difference in wrong):
        return False
    if not form.form.lists:
        return True
    moved: dict[str, int] = defaultdict(int)
    for difference in wrong:
        line, column = difference.key
        entry = next(entry for entry in form.form.lists if any(amount.id == column for amount in entry.amounts))
        if entry.line(line).parts:
            return True
        moved[column] += difference.filed - difference.rebuilt
    return not any(moved.values())


def form_finding(case: Case, form: FormEvidence, wrong: Sequence[Difference]) -> Finding:
    fault = misplaced_figure(wrong) or exchanged_columns(wrong) or lacking_row(case.disclosure, wrong)
    if fault is None and (line := carried_line(wrong)) is not None:
        fault = with_evidence(line, case.evidence, case.rebuilt)
    if fault is not None:
        return fault.finding
    table = case.tables.get(form.form.form_id)
    if table is not None and (lacking := lacking_by_other_forms(case.disclosure, table)) is not None:
        return lacking
    unsplit = _unsplit_columns(form, wrong[0].made)
    comparable = [one for one in wrong if one.key[0] == form.total_row or one.key[1] not in unsplit] or wrong
    differing = {difference.key for difference in comparable}
    finest = [key for key, cell in form.cells.items() if cell.is_leaf and cell.amount and key[1] not in unsplit]
    is_part = bool(finest) and sum(key in differing for key in finest) <= _MOST_STALE * len(finest)
    # One change that did not reach the form changes all its totals by the same amount. Figures beneath the totals are
    # ignored, because the ledger may have chosen their split.
    totals = [one for one in comparable if form.total_row == one.key[0] or form.abilities.total == one.key[1]]
    is_stale = is_part or len({one.filed - one.rebuilt for one in totals or comparable}) <= _FEW_CHANGES
    place = (form.filed.form_no, form.form.form_id, form.form.report_no)
    return Finding("stale_form" if is_stale else "foreign_form", {"differing": len(comparable)}, *place)


def _unsplit_columns(form: FormEvidence, made: RebuiltForm) -> set[str]:
    """The columns whose money the other forms do not split by the rows of this one: only their grand total can be
    compared. ``made`` is the form rebuilt from the others."""
    if form.form.rows is None:
        return set()
    beneath: dict[str, set[int]] = defaultdict(set)
    for (row, column), lines in made.lines.items():
        if row != form.total_row:
            beneath[column].update(lines)
    return {
        column
        for (row, column), lines in made.lines.items()
        if row == form.total_row and not beneath[column].issuperset(lines)
    }
