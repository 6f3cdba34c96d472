"""Disclosure and ledger → the ledger with the faults of the document named, and free of them if that is certain."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from loader.diagnosis.differences import Difference, Rebuilt, differences, rebuild_forms
from loader.diagnosis.equal import equal_corrections
from loader.diagnosis.figures import TELLING, Suspect, name_figure, suspects
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.list_lines import lacks_lines, lines_left_out
from loader.diagnosis.rows import UNNAMED, RowFaults, row_names
from loader.diagnosis.stale import stale_form, stale_forms
from loader.diagnosis.table import Table, has_failing_checks, tables_of, tell_beyond
from loader.diagnosis.totals import name_totals
from loader.diagnosis.unknown_columns import MoneyWithoutMeaning, money_without_meaning
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.ledger.amounts import Attempt
from loader.ledger.evidence import Evidence, gather
from loader.ledger.lines import Draft, Ledger, Line, agreed_ledger, draft_of, ledger_of, without_wrong_form
from loader.ledger.picture_readings import has_doubted_readings, make_ledger_of_readings
from schema.forms.template import Coordinate

SECONDS = 0.6  # of processor time for trying faults on rows, then whole forms; a try that began is ended
MOST_TRIES = 8
FEW = 3  # cells that differ: a form as a whole is not in question
MOST_BESIDE = 2  # single wrong figures beside a fault on rows
LIKELIEST = 2  # of the forms that may be wrong as a whole, for which further lines are let in at once
MOST_FIGURES = 12  # that are named one by one

# findings on a form that the ledger leaves out, or whose figures it divides
WHOLE_FORMS = {"scaled_form", "foreign_form", "stale_form", "form_pasted_twice"}
# the same, or that the ledger took something for right that may not be
ODD = {"contradiction", "remainder", "blank_parts", "sum", "duplicate_row"}


# the faults that explain what differs, each in a form of its own, and the ledger without them
Explanation = tuple[tuple[Hypothesis, ...], Ledger]


def diagnosed_ledger(disclosure: FiledDisclosure) -> Ledger:
    """The ledger of a disclosure, with its faults named.

    A fault on rows is looked for before the ledger is finished: where cells contradict each other that takes the most
    time, and it is for nothing if the fault is found.
    """
    if has_doubted_readings(disclosure):
        return diagnose(disclosure, make_ledger_of_readings(disclosure))
    evidence = gather(disclosure)
    draft = draft_of(evidence)
    if draft.is_contradictory and (unknown := money_without_meaning(evidence)):
        return _beside_unknown(disclosure, evidence, draft.finished(), unknown)
    draft = without_wrong_form(draft)
    if draft.is_contradictory and not draft.evidence.is_rounded and (mended := _row_fault(draft)):
        return mended
    return diagnose(disclosure, draft.finished(), draft.evidence, draft.tried)


def _beside_unknown(
    disclosure: FiledDisclosure, evidence: Evidence, ledger: Ledger, unknown: MoneyWithoutMeaning
) -> Ledger:
    """The ledger of a disclosure with money under heads that no form has: if cells differ, that without the totals
    which hold it, provided that all others agree then."""

    def others() -> Iterator[Explanation]:
        without = unknown.without_totals(evidence)
        found = agreed_ledger(without)
        if found is not None and not differences(without, found):
            yield (), found

    if differences(evidence, ledger) and (explained := _accepted(disclosure, others())):
        [(_, ledger)] = explained
        return ledger
    return diagnose(disclosure, ledger, evidence)


def _row_fault(draft: Draft) -> Ledger | None:
    """The ledger without the only fault on rows after which all cells agree."""
    disclosure, evidence = draft.disclosure, draft.evidence
    is_repeated = any(finding.kind == "duplicate_row" for finding in disclosure.findings)
    tables = tables_of(evidence)
    if not is_repeated and not has_failing_checks(tables):
        return None  # the forms bear each other out: what they lack is a line that the strict candidates leave out
    ledger = Ledger(draft.decided())
    rebuilt = rebuild_forms(evidence, ledger)
    tell_beyond(tables, ledger, rebuilt)
    deadline = time.process_time() + SECONDS
    options = _hypotheses(_row_faults(evidence, tables, rebuilt), deadline)
    explained = _accepted(disclosure, _tried(disclosure, Decimal(0), options, deadline, agreed_ledger))
    if len(explained) != 1:
        return None
    return _without_fault(disclosure, explained[0])


def diagnose(
    disclosure: FiledDisclosure, ledger: Ledger, evidence: Evidence | None = None, tried: Attempt | None = None
) -> Ledger:
    """The ledger with a finding for each fault that explains what differs.

    If one explanation makes all forms agree, it is the ledger of the disclosure without that fault. Nothing is tried
    where nothing is odd, nor in documents rounded cell by cell. ``evidence`` are the cells of the disclosure, if they
    are gathered already, ``tried`` what they say of the lines that were possible at first.
    """
    kinds = {finding.kind for finding in ledger.findings} | {finding.kind for finding in disclosure.findings}
    is_odd = not kinds.isdisjoint(ODD)
    if ledger.is_rounded:
        return ledger
    if kinds & WHOLE_FORMS:
        return _explained(disclosure, ledger, _figures_of_others(evidence, ledger) if evidence is not None else [])
    is_short = any(_lacks_finer_rows(form) for form in disclosure.forms)
    evidence = evidence or _gathered(disclosure, ledger)
    if not (is_odd or is_short or any(map(lacks_lines, evidence.forms.values()))):
        return ledger
    rebuilt = rebuild_forms(evidence, ledger)
    tables = tables_of(evidence)
    tell_beyond(tables, ledger, rebuilt)
    found = differences(evidence, ledger, rebuilt) if is_odd else []
    if not found and "remainder" not in kinds:
        return _also(ledger, _left_out(evidence, ledger, tables, rebuilt))
    unknown = money_without_meaning(evidence)
    if unknown is not None and unknown.explains(found):
        return ledger
    # money that balances contradictions stands for no figure of its own
    is_true = "remainder" not in kinds and _is_consistent(tables, found)
    figures = list(suspects(evidence, tables, rebuilt, found)) if is_true and len(found) <= MOST_FIGURES else []
    proven = [figure for figure in figures if figure.is_proven]

    def not_split() -> list[Finding]:
        """Rows left out, which nothing contradicts, where all cells that differ are explained."""
        if not is_short or len(proven) < len(found):
            return []
        return [finding for faults in _row_faults(evidence, tables, rebuilt) for finding in faults.not_split()]

    if proven and not _may_be_rows(found, len(proven) == len(found)):
        if _may_be_rows_beside_figures(found):
            deadline = time.process_time() + SECONDS
            beside = _beside_figures(disclosure, evidence, ledger, tables, rebuilt, len(found) - 2, deadline)
            if len(explained := _accepted(disclosure, beside)) == 1:
                return _without_fault(disclosure, explained[0])
        return _also(_with_figures(disclosure, evidence, ledger, found, figures), not_split())
    deadline = time.process_time() + SECONDS
    options = _hypotheses(_row_faults(evidence, tables, rebuilt), deadline)
    explained = _accepted(disclosure, _tried(disclosure, _unfunded(ledger), options, deadline))
    if not explained:
        if is_true:
            whole = stale_form(tables, found) if unknown is None else []
            if named := whole or name_totals(tables, found):
                return _explained(disclosure, ledger, named)
        if len(found) > FEW:
            pairs = _pairs(disclosure, evidence, ledger, tables, rebuilt, deadline)
            explained = _accepted(disclosure, pairs)
        if not explained and (_may_be_rows_beside_figures(found) or not is_true):
            deadline = time.process_time() + SECONDS
            # a row left out makes no cell differ, but checks fail
            most_left = len(found) - 2 if is_true else len(found)
            beside = _beside_figures(disclosure, evidence, ledger, tables, rebuilt, most_left, deadline)
            explained = _accepted(disclosure, beside)
        if not explained and unknown is None and (len(found) > FEW or not is_true):
            likeliest = LIKELIEST if len(found) > FEW else 0
            deadline = time.process_time() + SECONDS
            forms = stale_forms(disclosure, evidence, tables, found, tried, likeliest, deadline)
            explained = _accepted(disclosure, forms)
    if len(explained) == 1:
        return _without_fault(disclosure, explained[0])
    if explained:
        return _also(ledger, [_several([[fault.finding for fault in faults] for faults, _ in explained])])
    if not found:
        return _also(ledger, _left_out(evidence, ledger, tables, rebuilt))
    return _also(_with_figures(disclosure, evidence, ledger, found, figures), not_split())


def _gathered(disclosure: FiledDisclosure, ledger: Ledger) -> Evidence:
    """The cells of a disclosure, judged as its ledger has done."""
    evidence = gather(disclosure)
    forms = [form for form in evidence.all_forms() if form.filed.form_no in ledger.coarse_forms]
    return replace(evidence, coarse=frozenset(form.form.form_id for form in forms), is_rounded=ledger.is_rounded)


def _without_fault(disclosure: FiledDisclosure, explanation: Explanation) -> Ledger:
    """The ledger without the faults that explain all, with their findings."""
    faults, mended = explanation
    return _explained(disclosure, _without(faults, disclosure, mended), [fault.finding for fault in faults], True)


def _with_figures(
    disclosure: FiledDisclosure,
    evidence: Evidence,
    ledger: Ledger,
    found: list[Difference],
    figures: list[Suspect],
) -> Ledger:
    """The ledger with the figures that are wrong: those that are proven, and of the others either the only one that may
    be wrong in its place, or all of them."""
    named = [name_figure(figure.difference, figure.bearing) for figure in figures if figure.is_proven]
    several = []
    unproven = [figure for figure in figures if not figure.is_proven]
    for figure, others in equal_corrections(evidence, ledger, found, unproven):
        own = name_figure(figure.difference, figure.bearing)
        if others:
            faults = sorted([own, *map(name_figure, others)], key=lambda fault: fault.kind not in TELLING)
            several.append(_several([[fault] for fault in faults]))
        else:
            named.append(own)
    named.sort(key=lambda finding: (finding.form_no or 0, finding.source_row or 0, finding.column_no or 0))
    if len(named) == len(found):
        return _explained(disclosure, ledger, named)
    return _also(ledger, [*named, *several])


def _figures_of_others(evidence: Evidence, ledger: Ledger) -> list[Finding]:
    """The figures that are proven wrong in the forms that are left beside one that is wrong as a whole."""
    rebuilt = rebuild_forms(evidence, ledger)
    if not (found := differences(evidence, ledger, rebuilt)) or len(found) > MOST_FIGURES:
        return []
    tables = tables_of(evidence)
    tell_beyond(tables, ledger, rebuilt)
    if not _is_consistent(tables, found):
        return []
    return [name_figure(one, bearing) for one, bearing, proven in suspects(evidence, tables, rebuilt, found) if proven]


def _explained(disclosure: FiledDisclosure, ledger: Ledger, faults: list[Finding], is_mended: bool = False) -> Ledger:
    """The ledger with findings that name every fault. What says the same of these forms less closely is dropped, also
    from what was found when the forms were filed. A ledger that ``is_mended`` is free of the faults: what contradicts
    itself there has another cause."""
    named = [*faults, *(finding for finding in ledger.findings if finding.kind in WHOLE_FORMS)]
    forms = {fault.form_no for fault in named}
    rows = {(fault.form_no, fault.source_row) for fault in faults}
    repeated = {fault.form_no for fault in named if fault.kind in ("row_twice", "form_pasted_twice")}
    statements = {
        statement
        for form in disclosure.forms
        if form.form_no in forms
        for cell in form.cells
        for statement in cell.statements
    }

    def is_said(finding: Finding) -> bool:
        match finding.kind:
            case "contradiction":
                return not is_mended and finding.values["statement"] in statements
            case "sum":
                return finding.form_no in forms
            case "blank_parts":
                return (finding.form_no, finding.source_row) in rows
            case "duplicate_row":
                return finding.form_no in repeated
        return False

    disclosure.findings = [finding for finding in disclosure.findings if not is_said(finding)]
    return replace(ledger, findings=[*(finding for finding in ledger.findings if not is_said(finding)), *faults])


def _also(ledger: Ledger, findings: list[Finding]) -> Ledger:
    return replace(ledger, findings=[*ledger.findings, *findings]) if findings else ledger


def _lacks_finer_rows(form: FiledForm) -> bool:
    """Whether a form prints some functions or projects, but nothing beneath another row."""
    template = form.template
    if template is None or template.rows is None or template.sheet is not None:
        return False
    if len(template.rows.by) < 2 and not template.is_by(Coordinate.FUNCTIONAL):
        return False
    rows = {cell.row_key for cell in form.cells if cell.row_key}
    above = {held for row in rows for held in template.rows.above(row)}
    finest = max((row.count("/") * 100 + len(row.rpartition("/")[2]) for row in rows), default=0)
    is_by_project = template.is_by(Coordinate.PROJECT)
    return any(
        "/" not in row if is_by_project else row.count("/") * 100 + len(row.rpartition("/")[2]) < finest
        for row in rows - above - {template.rows.total}
    )


def _may_be_rows(found: list[Difference], named_all: bool) -> bool:
    """Whether faults on rows may explain cells that differ beside a ledger that is right: at most two faults are looked
    for, in two forms, and if single figures explain all, too, each has to move two of them or more."""
    cells = Counter(difference.form.form.form_id for difference in found)
    return len(cells) <= 2 and (min(cells.values()) > 1 or not named_all)


def _may_be_rows_beside_figures(found: list[Difference]) -> bool:
    """Whether most cells that differ are those of one form, and few of others."""
    most = max(Counter(difference.form.form.form_id for difference in found).values(), default=0)
    return most > 1 and 0 < len(found) - most <= min(MOST_BESIDE, most)


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


def _row_faults(evidence: Evidence, tables: dict[str, Table], rebuilt: Rebuilt) -> list[RowFaults]:
    names = row_names(tables.values(), rebuilt)
    sheets: dict[str, set[int]] = defaultdict(set)
    for sheet in evidence.project_sheets:
        for (project, _), amount in sheet.amounts.items():
            sheets[project].add(amount)
    return [RowFaults(table, names[table.rows.by], sheets) for table in tables.values()]


def _left_out(evidence: Evidence, ledger: Ledger, tables: dict[str, Table], rebuilt: Rebuilt) -> list[Finding]:
    """Rows and lines of lists left out, which nothing contradicts."""
    rows = [finding for faults in _row_faults(evidence, tables, rebuilt) for finding in faults.not_split()]
    return [*rows, *lines_left_out(evidence, ledger, rebuilt)]


def _hypotheses(rows: list[RowFaults], deadline: float) -> list[Hypothesis]:
    """What is worth a try, the likeliest first: faults after which every check of their form holds."""
    options: list[Hypothesis] = []
    for faults in rows:
        options += faults.find()
        if time.process_time() > deadline:
            break
    return sorted(options, key=lambda option: -option.mended)


def _tried(
    disclosure: FiledDisclosure,
    unfunded: Decimal,
    options: list[Hypothesis],
    deadline: float,
    make: Callable[[Evidence], Ledger | None] = ledger_of,
) -> Iterator[Explanation]:
    """The hypotheses with which all forms agree, without more money that no fund pays for than there was."""
    for option in options[:MOST_TRIES]:
        if time.process_time() > deadline:
            break
        corrected = gather(option.corrected(disclosure))
        ledger = make(corrected)
        if ledger is not None and _unfunded(ledger) <= unfunded and not differences(corrected, ledger):
            yield (option,), ledger


def _unfunded(ledger: Ledger) -> Decimal:
    """The money that no fund pays for (万元). Forms that agree only because more of it was let in do not agree: the
    form of the fund says another figure."""
    return sum((abs(Decimal(str(f.values["amount"]))) for f in ledger.findings if f.kind == "no_fund"), Decimal(0))


def _pairs(
    disclosure: FiledDisclosure,
    evidence: Evidence,
    ledger: Ledger,
    tables: dict[str, Table],
    rebuilt: Rebuilt,
    deadline: float,
) -> Iterator[Explanation]:
    """Two faults in two forms with which all forms agree: the second is looked for where the first is mended."""
    alone = _row_faults(evidence, tables, rebuilt)
    firsts = sorted((one for faults in alone for one in faults.find(alone=False)), key=lambda one: -one.mended)
    seen: list[set[str]] = []
    for first in firsts[:MOST_TRIES]:
        mended = first.corrected(disclosure)
        evidence_then = gather(mended)
        tables_then = tables_of(evidence_then)
        tell_beyond(tables_then, ledger, rebuilt)
        for second in _hypotheses(_row_faults(evidence_then, tables_then, rebuilt), deadline):
            if time.process_time() > deadline:
                return
            told = {first.finding.message, second.finding.message}
            if told in seen or second.form.filed not in disclosure.forms:
                continue
            seen.append(told)
            corrected = gather(second.corrected(mended))
            ledger_then = ledger_of(corrected)
            if _unfunded(ledger_then) <= _unfunded(ledger) and not differences(corrected, ledger_then):
                yield (first, second), ledger_then


def _beside_figures(
    disclosure: FiledDisclosure,
    evidence: Evidence,
    ledger: Ledger,
    tables: dict[str, Table],
    rebuilt: Rebuilt,
    most_left: int,
    deadline: float,
) -> Iterator[Explanation]:
    """A fault on rows with which all forms agree but for a few figures of others, ``most_left`` at most, each of which
    is proven wrong."""
    faults = [one for faults in _row_faults(evidence, tables, rebuilt) for one in faults.find(alone=False)]
    likely = [one for one in faults if one.mended > 1]  # one check that holds may be a single figure as well
    for fault in sorted(likely, key=lambda one: -one.mended)[: MOST_TRIES // 2]:
        if time.process_time() > deadline:
            return
        evidence_then = gather(fault.corrected(disclosure))
        ledger_then = ledger_of(evidence_then)
        if _unfunded(ledger_then) > _unfunded(ledger) or any(f.kind == "remainder" for f in ledger_then.findings):
            continue
        rebuilt_then = rebuild_forms(evidence_then, ledger_then)
        left = differences(evidence_then, ledger_then, rebuilt_then)
        own = fault.form.form.form_id
        if not 0 < len(left) <= min(MOST_BESIDE, most_left) or any(d.form.form.form_id == own for d in left):
            continue
        tables_then = tables_of(evidence_then)
        tell_beyond(tables_then, ledger_then, rebuilt_then)
        if not _is_consistent(tables_then, left):
            continue
        figures = [figure for figure in suspects(evidence_then, tables_then, rebuilt_then, left) if figure.is_proven]
        if len(figures) == len(left):
            named = [
                Hypothesis(name_figure(one, bearing), one.form, {one.key: one.rebuilt}) for one, bearing, _ in figures
            ]
            yield (fault, *named), ledger_then


def _accepted(disclosure: FiledDisclosure, explanations: Iterable[Explanation]) -> list[Explanation]:
    """Explanations that were tried. The support of the cells is that which the only one gives them, else as before."""
    cells = [cell for form in disclosure.forms for cell in form.cells]
    before = after = [(cell.support, cell.part_count) for cell in cells]
    explained: list[Explanation] = []
    for explanation in explanations:
        explained.append(explanation)
        after = [(cell.support, cell.part_count) for cell in cells]
    for cell, (support, part_count) in zip(cells, after if len(explained) == 1 else before, strict=True):
        cell.support, cell.part_count = support, part_count
    return explained


def _without(faults: tuple[Hypothesis, ...], disclosure: FiledDisclosure, ledger: Ledger) -> Ledger:
    """The ledger of the corrected disclosure, which leads to cells that were filed only."""
    filed = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    for fault in faults:
        for cell in fault.form.filed.cells:
            _settle_support(cell, fault)
    lines = [_as_filed(line, filed) for line in ledger.lines]
    return replace(ledger, lines=lines)


def _settle_support(cell: FiledCell, hypothesis: Hypothesis) -> None:
    """A figure that was corrected differs from what other forms print."""
    if cell.statements and (cell.row_key, cell.column_key) in hypothesis.cells:
        cell.support = "other_form"


def _as_filed(line: Line, filed: set[tuple[int, int, int]]) -> Line:
    source = line.source if line.source in filed else None
    at = line.coordinates
    return replace(line, source=source, coordinates=at._replace(project="") if at.project == UNNAMED else at)


def _several(explanations: list[list[Finding]]) -> Finding:
    return Finding(
        "several_explanations",
        {
            "count": len(explanations),
            "explanations_zh": _numbered("；".join(fault.worded("zh") for fault in faults) for faults in explanations),
            "explanations_en": _numbered(
                " and ".join(fault.worded("en") for fault in faults) for faults in explanations
            ),
        },
    )


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"({number}) {text}" for number, text in enumerate(texts, 1)]
