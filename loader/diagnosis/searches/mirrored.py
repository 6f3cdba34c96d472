"""Two forms contradict each other and no third prints the figures: the one that is accused may as well be right.

The explanation the other way round gives the other form the figures of the accused one. If all forms agree then, too,
the projects decide, among which project spending can be shared out or not, and then the income by function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.differences import Difference, differences, rebuild_forms
from loader.diagnosis.disagreement.overspent import overspent_by_function
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.projects.project_spending import forms_of_fitting_projects
from loader.diagnosis.rows.lacking_rows import lacking_row
from loader.diagnosis.searches.exchanged import exchanged_lines
from loader.diagnosis.trials import Explanation, column_faults
from loader.diagnosis.untouched import untouched
from loader.filing.filed import Finding
from loader.ledger.clock import deadline
from loader.ledger.evidence.evidence import FormEvidence
from loader.ledger.evidence.projection import CellKey
from loader.ledger.lines import Ledger

_KINDS = ("rows_swapped", "row_misplaced", "stale_form")  # faults after which the sums of their form hold
_MOST_CELLS = 40
_MOST_WORK = 200_000  # see the clock


def with_mirrored(case: Case, explanation: Explanation) -> list[Explanation]:
    """The explanation, the same fault in the other form that prints these figures, or both if nothing decides."""
    faults, ledger = explanation
    if len(faults) > 1 or faults[0].finding.kind not in _KINDS:
        return [explanation]
    with untouched(case.disclosure):
        if (other := next(_mirrored(case, faults[0], ledger), None)) is None:
            return [explanation]
    own, others = (
        (-len(forms_of_fitting_projects(case, made)), overspent_by_function(made)) for made in (ledger, other[1])
    )
    if others < own:
        return [*_mirrored(case, faults[0], ledger)]  # again, for the support that it gives the cells
    return [explanation] if own < others else [explanation, other]


def _mirrored(case: Case, fault: Hypothesis, ledger: Ledger) -> Iterator[Explanation]:
    wrong = differences(case.evidence, ledger)
    if not 0 < len(wrong) <= _MOST_CELLS or any(one.form.filed is not fault.form.filed for one in wrong):
        return
    found = _figures_elsewhere(case, ledger, wrong)
    if found is None:
        return
    form, cells = found
    option = Hypothesis(_finding(fault.finding, form, cells), form, cells)
    for _, made in column_faults(case, [option], deadline(_MOST_WORK)):
        yield (_named(case, made) or option,), made


def _named(case: Case, ledger: Ledger) -> Hypothesis | None:
    """The fault on rows that explains the cells of the other form, said more precisely than by that of the accused."""
    mirrored = Case(case.disclosure, case.evidence, ledger)
    return exchanged_lines(mirrored) or lacking_row(case.disclosure, mirrored.found)


def _figures_elsewhere(
    case: Case, ledger: Ledger, wrong: Sequence[Difference]
) -> tuple[FormEvidence, dict[CellKey, int]] | None:
    """The only other form that prints the figures, and its cells as the accused form has them. None if a figure stands
    in no other form, or in several.

    Rows of which the ledger has no money are taken by their codes and columns: the other form may not print them.
    """
    filed = {frozenset(one.made.lines.get(one.key, ())): one.filed for one in wrong}
    unseen = {one.key: one.filed for one in wrong if not one.made.lines.get(one.key)}
    filed.pop(frozenset(), None)
    forms: dict[str, dict[CellKey, int]] = defaultdict(dict)
    shown: dict[str, set[frozenset[int]]] = defaultdict(set)
    accused = wrong[0].form
    # sums of a single row show the same money
    right = accused.rows - {one.key[0] for one in wrong} if accused.form.rows is not None else set()
    for form_id, made in rebuild_forms(case.evidence, ledger).items():
        form = case.evidence.forms[form_id]
        if accused.form.rows is not None and form.form.rows is not None and form.form.rows.by != accused.form.rows.by:
            continue  # of another classification: an economic item cannot tell the function of its money
        for key, lines in made.lines.items() if form is not accused else ():
            same = frozenset(lines)
            if same in filed and key[0] in form.rows and key[1] in form.columns and key[0] not in right:
                forms[form_id][key] = filed[same]
                shown[form_id].add(same)
    if len(forms) != 1:
        return None
    [(form_id, cells)] = forms.items()
    form = case.evidence.forms[form_id]
    if unseen and (form.form.rows is None or form.form.rows != accused.form.rows):
        return None
    cells |= {key: amount for key, amount in unseen.items() if key[1] in form.columns}
    return (form, cells) if shown[form_id] == filed.keys() else None


def _finding(finding: Finding, form: FormEvidence, cells: dict[CellKey, int]) -> Finding:
    """The finding for the same fault in another form."""
    row = min(row for row, _ in cells)
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == row), None)
    values = {**finding.values, "differing": len(cells)} if finding.kind == "stale_form" else finding.values
    return replace(
        finding,
        values=values,
        form_no=form.filed.form_no,
        form_id=form.form.form_id,
        report_no=form.form.report_no,
        source_row=source if finding.source_row else None,
    )
