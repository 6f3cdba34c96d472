"""Disclosure and ledger → the ledger with the faults of the document named, and free of them if that is certain."""

from __future__ import annotations

import time
from dataclasses import replace

from loader.diagnosis.differences import Difference, Rebuilt, differences, rebuild
from loader.diagnosis.figures import name_figures
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.rows import UNNAMED, RowFaults, row_names
from loader.diagnosis.table import Table, tables_of
from loader.diagnosis.totals import name_totals
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.ledger.evidence import gather
from loader.ledger.lines import Ledger, Line, make_ledger
from schema.forms import FORMS
from schema.forms.template import Coordinate

SECONDS = 0.3  # of processor time for trying explanations; a try that began is ended
MOST_TRIES = 8
FEW = 3  # cells that differ: a form as a whole is not in question
MOST_FIGURES = 12  # that are named one by one

# findings on a form that the ledger leaves out, or whose figures it divides
WHOLE_FORMS = {"scaled_form", "foreign_form", "form_pasted_twice"}
# findings that say that something is wrong, or that the ledger took something for right that may not be
ODD = {"contradiction", "remainder", "blank_parts", "sum", "duplicate_row"}


def diagnose(disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger with a finding for each fault that explains what differs. If one explanation makes all forms agree,
    it is the ledger of the disclosure without that fault. Nothing is tried where nothing is odd, nor in documents
    rounded cell by cell."""
    kinds = {finding.kind for finding in ledger.findings} | {finding.kind for finding in disclosure.findings}
    is_odd = not kinds.isdisjoint(ODD)
    if ledger.is_rounded or not (is_odd or any(_lacks_finer_rows(form) for form in disclosure.forms)):
        return ledger
    if kinds & WHOLE_FORMS:
        return ledger
    evidence = gather(disclosure)
    rebuilt = rebuild(evidence, ledger)
    tables = tables_of(evidence, ledger, rebuilt)
    found = differences(evidence, ledger, rebuilt) if is_odd else []
    if not found:
        return _also(ledger, [finding for one in _row_faults(tables, rebuilt) for finding in one.not_split()])
    # money that balances contradictions stands for no figure of its own
    is_true = "remainder" not in kinds and _is_consistent(tables, found)
    if len(found) == 1 and is_true and (figures := name_figures(evidence, tables, rebuilt, found)):
        return _also(ledger, figures)
    start = time.process_time()
    explained = _try(disclosure, _hypotheses(_row_faults(tables, rebuilt), start), start)
    if not explained:
        totals = name_totals(tables, found) if is_true else []
        if totals:
            return _also(ledger, totals)
        if len(found) > FEW:
            explained = _try(disclosure, _whole_forms(tables), start)
    if len(explained) == 1:
        [(hypothesis, mended)] = explained
        return _without(hypothesis, disclosure, mended)
    if explained:
        return _also(ledger, [_several([hypothesis.finding for hypothesis, _ in explained])])
    if is_true and len(found) <= MOST_FIGURES:
        return _also(ledger, name_figures(evidence, tables, rebuilt, found))
    return ledger


def _also(ledger: Ledger, findings: list[Finding]) -> Ledger:
    return replace(ledger, findings=[*ledger.findings, *findings]) if findings else ledger


def _lacks_finer_rows(form: FiledForm) -> bool:
    """Whether a form prints some functions or projects, but nothing beneath another row."""
    template = form.template
    if template is None or template.rows is None or len(template.rows.by) < 2 or template.sheet is not None:
        return False
    rows = {cell.row_key for cell in form.cells if cell.row_key}
    above = {held for row in rows for held in template.rows.above(row)}
    finest = max((row.count("/") * 100 + len(row.rpartition("/")[2]) for row in rows), default=0)
    is_by_project = template.is_by(Coordinate.PROJECT)
    return any(
        "/" not in row if is_by_project else row.count("/") * 100 + len(row.rpartition("/")[2]) < finest
        for row in rows - above - {template.rows.total}
    )


def _is_consistent(tables: dict[str, Table], found: list[Difference]) -> bool:
    """Whether all checks of the tables hold with the rebuilt figures: else the ledger itself is spoiled."""
    filed = {form_id: table.figures for form_id, table in tables.items()}
    touched: set[str] = set()
    for difference in found:
        form_id = difference.form.form.form_id
        table = tables.get(form_id)
        row, column = difference.key
        if table is not None and row in table.figures:
            table.figures = {**table.figures, row: {**table.figures[row], column: difference.rebuilt}}
            touched.add(form_id)
    holds = all(
        table.holds(table.figures, ()) if form_id in touched or table.depends_on(touched) else not table.failed
        for form_id, table in tables.items()
    )
    for form_id, table in tables.items():
        table.figures = filed[form_id]
    return holds


def _row_faults(tables: dict[str, Table], rebuilt: Rebuilt) -> list[RowFaults]:
    names = row_names(tables.values(), rebuilt)
    return [RowFaults(table, names[table.rows.by]) for table in tables.values()]


def _hypotheses(rows: list[RowFaults], start: float) -> list[Hypothesis]:
    """What is worth a try, the likeliest first: faults after which every check of their form holds."""
    options: list[Hypothesis] = []
    for faults in rows:
        options += faults.find()
        if time.process_time() - start > SECONDS:
            break
    return sorted(options, key=lambda option: -option.mended)


def _whole_forms(tables: dict[str, Table]) -> list[Hypothesis]:
    """The form that contradicts more forms than any other, in several rows, is perhaps that of another year or unit."""
    against: dict[str, int] = {}
    differing: dict[str, int] = {}
    for form_id, table in tables.items():
        failed = [entry for entry in table.failed if entry.check in FORMS]
        if len({entry.row for entry in failed}) > 2:
            against[form_id] = len({entry.check for entry in failed})
            differing[form_id] = len({(entry.row, entry.column) for entry in failed})
    most = max(against.values(), default=0)
    return [
        Hypothesis(
            Finding("foreign_form", {"differing": differing[form_id]}, *tables[form_id].place()),
            tables[form_id].form,
            leaves_out_form=True,
        )
        for form_id, count in against.items()
        if count == most
    ]


def _try(disclosure: FiledDisclosure, options: list[Hypothesis], start: float) -> list[tuple[Hypothesis, Ledger]]:
    """The hypotheses with which all forms agree. The support of cells is that of the last one accepted."""
    cells = [cell for form in disclosure.forms for cell in form.cells]
    before = [(cell.support, cell.part_count) for cell in cells]
    explained: list[tuple[Hypothesis, Ledger]] = []
    for option in options[:MOST_TRIES]:
        if time.process_time() - start > SECONDS:
            break
        corrected = option.corrected(disclosure)
        ledger = make_ledger(corrected)
        if not differences(gather(corrected), ledger):
            explained.append((option, ledger))
    if len(explained) != 1:
        for cell, (support, part_count) in zip(cells, before, strict=True):
            cell.support, cell.part_count = support, part_count
    return explained


def _without(hypothesis: Hypothesis, disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger of the corrected disclosure, which leads to cells that were filed only."""
    filed = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    for cell in hypothesis.form.filed.cells:
        _settle_support(cell, hypothesis)
    lines = [_as_filed(line, filed) for line in ledger.lines]
    return replace(ledger, lines=lines, findings=[*ledger.findings, hypothesis.finding])


def _settle_support(cell: FiledCell, hypothesis: Hypothesis) -> None:
    """A figure that was corrected differs from what other forms print."""
    if cell.statements and (cell.row_key, cell.column_key) in hypothesis.cells:
        cell.support = "other_form"


def _as_filed(line: Line, filed: set[tuple[int, int, int]]) -> Line:
    source = line.source if line.source in filed else None
    at = line.coordinates
    return replace(line, source=source, coordinates=at._replace(project="") if at.project == UNNAMED else at)


def _several(findings: list[Finding]) -> Finding:
    return Finding(
        "several_explanations",
        {
            "count": len(findings),
            "explanations_zh": [finding.worded("zh") for finding in findings],
            "explanations_en": [finding.worded("en") for finding in findings],
        },
    )
