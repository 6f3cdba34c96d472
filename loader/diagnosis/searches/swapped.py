"""Rows swapped in forms whose figures no other form prints: units in a form of income, and projects.

What each unit spends tells which income is its own. What a sheet of goals asks for tells which row is its project's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from loader.diagnosis.disagreement.differences import differences, rebuild_forms
from loader.diagnosis.disagreement.labels import column_label, money, row_label
from loader.diagnosis.disagreement.table import tables_of
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.projects.goal_sheets import goal_sheets
from loader.diagnosis.projects.project_spending import in_budget, project_spending
from loader.diagnosis.trials import Explanation
from loader.filing.filed import Finding
from loader.ledger.amounts import Attempt
from loader.ledger.draft import ledger_of
from loader.ledger.evidence.evidence import Evidence, FormEvidence, gather
from loader.ledger.evidence.projection import CellKey
from loader.ledger.lines import Ledger
from loader.ledger.solver.equation import excesses
from schema.forms.template import Coordinate, Statement


def swapped_rows(evidence: Evidence) -> list[Iterator[Explanation]]:
    """For each form with two rows that seem to be swapped: without the exchange of which rows all forms agree, without
    further lines. Nothing is tried before it is asked for.

    If the rows of projects add up as they stand, the figures of the two sheets may be exchanged instead.
    """
    found: list[Iterator[Explanation]] = []
    for form in evidence.forms.values():
        rows = form.form.rows
        if rows is None or form.form.form_id in evidence.coarse:
            continue
        if _is_income_by_unit(form):
            if units := _swapped_units(evidence, form):
                found.append(_agreeing(evidence, _swapped(evidence, form, units)))
        elif rows.by[-1:] == (Coordinate.PROJECT,) and (projects := _swapped_projects(evidence, form)):
            found.append(_rows_or_sheets(evidence, form, *projects))
    return found


def swapped_units(tried: Attempt) -> Iterator[Hypothesis]:
    """The two units of each form of income of which one has as income exactly what the other spends, if something else
    than income is wrong."""
    system = tried.system
    wrong = (system.statements_of(number) for number in excesses(system.equations, tried.values))
    if any(Statement.REVENUE in statements for statements in wrong):
        return
    for form in system.evidence.forms.values():
        is_read = form.form.rows is not None and form.form.form_id not in system.evidence.coarse
        if is_read and _is_income_by_unit(form) and (units := _swapped_units(system.evidence, form, is_exact=True)):
            yield _swapped(system.evidence, form, units)


def _is_income_by_unit(form: FormEvidence) -> bool:
    rows = form.form.rows
    statement = form.form.selection(form.form.money_columns[0]).statement
    return rows is not None and rows.by == (Coordinate.UNIT,) and Statement.REVENUE in statement


def _agreeing(evidence: Evidence, option: Hypothesis) -> Iterator[Explanation]:
    corrected = gather(option.corrected(evidence.disclosure))
    if (ledger := _consistent(corrected)) is not None:
        yield (option,), ledger


def _consistent(evidence: Evidence) -> Ledger | None:
    """The ledger of cells that agree."""
    ledger = ledger_of(evidence)
    is_odd = any(finding.kind in ("contradiction", "remainder") for finding in ledger.findings)
    return None if is_odd or differences(evidence, ledger) else ledger


# ---------------------------------------------------------------------------- units


def _swapped_units(evidence: Evidence, form: FormEvidence, is_exact: bool = False) -> tuple[str, str] | None:
    """The two units of which one has as income exactly what the other spends, in total or of a fund, while no figure of
    theirs is what they spend themselves; or else the two without whose exchange one spends more than it has. After it
    neither does, nor any other unit in the latter case. Only the former count if they must be ``is_exact``."""
    spent = _spent_by_unit(evidence)
    total, *parts = [column for column in form.form.money_columns if column.id in form.columns]
    funds = {total.id: (), **{column.id: column.where.fund for column in parts if column.where.fund}}
    compared = [(column, spent[fund]) for column, fund in funds.items() if fund in spent]

    def left(row: str, unit: str) -> list[int]:
        """What a unit would not spend of the income in a row, for each column with money of either."""
        pairs = ((form.amounts.get((row, column), 0), of.get(unit, 0)) for column, of in compared)
        return [income - spending for income, spending in pairs if income or spending]

    own = {row: left(row, row) for row in form.own_rows}
    unlike = [row for row in own if 0 not in own[row]]
    exact, possible = [], []
    for pair in combinations(unlike, 2):
        exchanged = [*left(*pair), *left(*reversed(pair))]
        if min(exchanged, default=-1) < 0:
            continue
        others = [amount for row in own.keys() - {*pair} for amount in own[row]]
        if 0 in exchanged:
            exact.append(pair)
        elif min(own[pair[0]] + own[pair[1]]) < 0 <= min(others, default=0):
            possible.append(pair)
    pairs = exact if is_exact else exact or possible
    return pairs[0] if len(pairs) == 1 else None


def _spent_by_unit(evidence: Evidence) -> dict[tuple[str, ...], dict[str, int]]:
    """Fund (``()`` for all) → unit → what it spends (分), by the forms with rows of units."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for form in evidence.forms.values():
        rows, where = form.form.rows, form.form.where
        if rows is None or rows.by[:1] != (Coordinate.UNIT,) or where.statement != (Statement.EXPENDITURE,):
            continue
        column = form.abilities.total
        if column is None or where.restricted - {Coordinate.FUND}:
            continue
        units = {
            row: form.amounts[row, column] for row in form.rows if "/" not in row and (row, column) in form.amounts
        }
        found.setdefault(where.fund, units)
    return found


# ---------------------------------------------------------------------------- projects


def _swapped_projects(evidence: Evidence, form: FormEvidence) -> tuple[list[str], tuple[str, str]] | None:
    """The two projects that have the figures of each other's sheets, while all others have those of their own: those
    whose figure is not that of their sheet, and the rows of both. Of projects without a sheet, one counts if only it
    has the figure that the other's sheet has."""
    sheets = goal_sheets(evidence)
    rows_of: dict[str, list[str]] = defaultdict(list)
    for row in form.own_rows:
        rows_of[row.rpartition("/")[2]].append(row)
    shown = {name: _total(form, rows[0]) for name, rows in rows_of.items() if len(rows) == 1}
    unlike = [name for name, amount in shown.items() if name in sheets and sheets[name].amount != amount]
    if not 0 < len(unlike) <= 2:
        return None
    one = unlike[0]
    others = [name for name in unlike[1:] or shown.keys() - sheets.keys() if shown[name] == sheets[one].amount]
    if len(others) != 1 or (unlike[1:] and sheets[others[0]].amount != shown[one]):
        return None
    return unlike, (rows_of[one][0], rows_of[others[0]][0])


def _total(form: FormEvidence, row: str) -> int:
    return form.amounts.get((row, form.form.money_columns[0].id), 0)


def _rows_or_sheets(
    evidence: Evidence, form: FormEvidence, unlike: list[str], rows: tuple[str, str]
) -> Iterator[Explanation]:
    """The exchange of the rows of two projects, or else of the figures of their sheets."""
    sheets = goal_sheets(evidence)
    sheet, asked = sheets[unlike[0]]
    by_rows = [*_agreeing(evidence, _swapped(evidence, form, rows))]
    wrong = [sheets[name].form.filed for name in unlike]
    kept = [filed for filed in evidence.disclosure.forms if not any(filed is one for one in wrong)]
    ledger = _consistent(gather(replace(evidence.disclosure, forms=kept)))
    borne_out = _more_units_agree(evidence, form, rows, ledger) if by_rows and ledger is not None else 0
    if borne_out >= 0:
        yield from by_rows
    if borne_out <= 0 and ledger is not None:
        is_exchanged = len(unlike) > 1
        finding = (
            _finding(sheet, *unlike) if is_exchanged else _copied(sheet, unlike[0], asked, _total(form, rows[0]), form)
        )
        yield (Hypothesis(finding, sheet),), ledger


def _more_units_agree(evidence: Evidence, form: FormEvidence, pair: tuple[str, str], ledger: Ledger) -> int:
    """How many more units have projects that add up to their project spending if two projects are exchanged."""
    table = tables_of(evidence)[form.form.form_id]
    spending = project_spending(evidence, ledger, rebuild_forms(evidence, ledger), table)
    one, other = (table.figures[row] for row in pair)
    exchanged = {**table.figures, pair[0]: other, pair[1]: one}
    before, after = (spending.agreeing(in_budget(table, figures)) for figures in (table.figures, exchanged))
    return len(after) - len(before)


def _copied(sheet: FormEvidence, project: str, asked: int, shown: int, form: FormEvidence) -> Finding:
    """The finding for a sheet with the figure of another project."""
    key, cell = next((key, cell) for key, cell in sheet.cells.items() if key[0] == project)
    return Finding(
        "figure_copied",
        {
            "row": project,
            "column": column_label(sheet, key[1]),
            "filed": money(asked),
            "proposed": money(shown),
            "evidence": [str(form.form.report_no or form.form.form_id)],
        },
        sheet.filed.form_no,
        sheet.form.form_id,
        sheet.form.report_no,
        cell.source_row,
        cell.column_no,
    )


# ---------------------------------------------------------------------------- the exchange


def _swapped(evidence: Evidence, form: FormEvidence, pair: tuple[str, str]) -> Hypothesis:
    """The exchange of the figures of two rows."""
    one, other = pair
    cells: dict[CellKey, int] = {}
    for column in form.form.money_columns:
        left, right = (form.amounts.get((row, column.id), 0) for row in pair)
        if left != right:
            cells |= {(one, column.id): right, (other, column.id): left}
    label, other_label = (row_label(evidence.disclosure, form, row) for row in pair)
    return Hypothesis(_finding(form, label, other_label, one), form, cells)


def _finding(form: FormEvidence, one: str, other: str, at: str = "") -> Finding:
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == at), None)
    place = (form.filed.form_no, form.form.form_id, form.form.report_no, source)
    return Finding("rows_swapped", {"row": one, "other_row": other}, *place)
