"""From forms to filed cells: the row and column of each cell in its template, and its figure.

Rows are recognised by codes and names, columns by the header. A cell always keeps its text and place. What is not
recognised becomes a finding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from loader.documents.wording import fold, is_total
from loader.filing.filed import FiledForm, Finding, may_be_money
from loader.filing.form_findings import FormFindings
from loader.filing.identity import Identity
from loader.filing.placing.body import Body, cells_by_row, without_heads
from loader.filing.placing.column_layout import column_labels
from loader.filing.placing.figures import UNIT_FACTORS, printed_amount
from loader.filing.placing.joined_rows import with_rows_apart
from loader.filing.placing.missing_columns import missing_columns, money_of_missing
from loader.filing.placing.place_lists import place_lists
from loader.filing.placing.place_rows import place_rows
from loader.filing.rows.context import Context
from loader.filing.rows.told_functions import FunctionRow, untold
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.money_units import contradicting_unit
from schema.forms.template import Form, Statement

_BESIDE_MONEY = {"序号", "备注"}
_OF_ALL = frozenset({Statement.REVENUE, Statement.EXPENDITURE})
_GENERAL = "11"  # 一般公共预算
_OFFICE_HEAD = re.compile("(?:^|-)(?:预算|填报)?单位(?:编码|代码|名称)$")


@dataclass(slots=True)
class Placed:
    """A placed form, with its findings and its units.

    ``unit_names``: code → names with how often they are printed. ``departments``: unit → department. ``functions``: its
    rows of functions.
    """

    form: FiledForm
    findings: list[Finding]
    unit_names: dict[str, Counter[str]]
    departments: dict[str, str]
    functions: list[FunctionRow]


def place(
    table: FormTable,
    form_no: int,
    identity: Identity,
    known_units: dict[str, str] | None = None,
    told: Mapping[int, str] | None = None,
) -> Placed:
    """Place the cells of one table. Sheets of goals (forms 22 and 23) are placed by :mod:`.sheets`.

    ``known_units``: code → name of the units in the rows of all forms of the document. ``told``: number of a row of
    a function without a code → this code.
    """
    findings = FormFindings(form_no, table.form)
    context = Context(identity, known_units or {}, findings, told or {})
    money_unit = table.money_unit or "万元"
    form = table.form if table.form is not None and not table.form.is_kept_only else None
    _note_what_it_is(table, form, money_unit, findings)
    if form is not None and not form.lists:
        table = with_rows_apart(table, findings)
    cells = cells_by_row(table)
    filed = FiledForm(
        form_no,
        table.form,
        table.title,
        None,
        table.recognised_by,
        table.place,
        money_unit,
        table.note,
        is_empty=False,
        cells=[cell for row in cells for cell in row[1]],
        header_columns=set(table.columns.values()),
    )
    if form is not None:
        unknown = _note_unknown_columns(table, findings)
        body = cells[len(table.header) :]
        unknown |= _note_ragged(table, body, findings)
        body = without_heads(table, body)
        factor = UNIT_FACTORS[money_unit]
        if form.lists:
            place_lists(table, form, body, factor, context)
        else:
            place_rows(table, form, body, factor, context)
            filed.unknown_columns = _unknown_columns(body, unknown, factor)
        filed.unknown_rows = dict(context.unknown_rows)
        filed.untold = untold(context.functions, identity.fiscal_year)
        filed.is_empty = not any(cell.amount for cell in filed.cells)
        lacking = missing_columns(form, filed.header_columns, set(table.lists.values()), filed.cells)
        if lacking and (not filed.is_empty or filed.bare_figure_count):
            findings.add("missing_column", {"columns": [column.label for column in lacking]})
            filed.lacking_money = money_of_missing(form, lacking, filed.cells)
        if not body and table.note is None and not _may_be_blank(form):  # a note says why the form is empty
            findings.add("no_rows", {})
            filed.header_columns = set()  # what stood beneath the heads is not known, so that none of them is blank
    return Placed(filed, findings.found, context.unit_names, context.departments, context.functions)


def _note_what_it_is(table: FormTable, form: Form | None, money_unit: str, findings: FormFindings) -> None:
    """Add findings about the money unit, the title and the words of the header. ``form``: None if it is not rebuilt."""
    if form is not None and table.money_unit is None:
        findings.add("money_unit_assumed", {"money_unit": money_unit})
    if form is not None and (other := contradicting_unit(table)) is not None:
        findings.add("money_unit_contradicted", {"money_unit": money_unit, "other": other})
    if table.form is None and table.title:
        findings.add("unknown_form", {"title": table.title})
    elif table.form is None:
        findings.add("untitled_table", {})
    elif table.recognised_by == "header alone":
        findings.add("title", {"title": table.form.title})
    for column, column_id in table.likely.items():
        known = column_labels(table.form.form_id)[column_id] if table.form else column_id
        findings.add("ocr_word", {"read": table.header_labels[column], "known": known}, None, column + 1)


def _may_be_blank(form: Form) -> bool:
    """Whether an office prints a form without rows if it has no such money: one of one row (三公), or one that prints
    neither all money nor that of 一般公共预算, which every office has."""
    if form.rows is not None and not form.rows.by:
        return True
    money = (where for _, _, where in form.selections() if not _OF_ALL.isdisjoint(where.statement))
    funds = [where.fund or where.item for where in money]
    return all(codes and not any(map(_GENERAL.startswith, codes)) for codes in funds)


def _note_unknown_columns(table: FormTable, findings: FormFindings) -> set[int]:
    """Add findings about columns that the form does not know.

    Returns the numbers of the unknown columns, for lists none.
    """
    if table.form is None:
        return set()
    unknown = table.header_labels.keys() - set().union(
        table.columns, table.lists, table.priors, table.rates, *table.beside
    )
    if unknown and table.form.lists:  # a list may have several columns of labels; those and 行次 hold no money
        unknown &= {cell.column for row in table.body for cell in row.cells if may_be_money(cell.text)}
    unknown = {c for c in unknown if not (_names_the_office(table, c) or _is_beside_money(table, c))}
    for column in sorted(unknown):
        findings.add("unknown_column", {"column": table.header_labels[column]}, None, column + 1)
    return set() if table.form.lists else {column + 1 for column in unknown}


def _note_ragged(table: FormTable, body: Body, findings: FormFindings) -> set[int]:
    """Add findings about cells to the right of the header. Returns the numbers of their columns."""
    width = max(table.header_labels, default=-1) + 1
    reaching = [one for one in body if one[1][-1].column_no > width]
    outside = [(row, cell) for row, cells in reaching for cell in cells if cell.column_no > width]
    for row, cell in outside:
        findings.add("ragged", {"text": cell.text, "width": width}, row.number, cell.column_no)
    return {cell.column_no for _, cell in outside}


def _names_the_office(table: FormTable, column: int) -> bool:
    """Whether a column says of each row that it is the office's: one code or name under 单位编码 or 单位名称."""
    texts = {cell.text for row in table.body for cell in row.cells if cell.column == column and not is_total(cell.text)}
    return bool(_OFFICE_HEAD.search(table.header_labels[column])) and len(texts) <= 1


def _is_beside_money(table: FormTable, column: int) -> bool:
    """Whether a column only numbers the rows or has remarks (序号, 备注), without a figure that may be money."""
    texts = (cell.text for row in table.body for cell in row.cells if cell.column == column)
    return fold(table.header_labels[column]) in _BESIDE_MONEY and not any(map(may_be_money, texts))


def _unknown_columns(body: Body, unknown: set[int], factor: Decimal) -> dict[str, list[Decimal]]:
    """Row key → figures other than zero in columns that the form does not know, in 万元."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for _, cells in body if unknown else ():
        for cell in cells:
            if cell.column_no in unknown and cell.row_key is not None and (amount := printed_amount(cell, factor)):
                found[cell.row_key].append(amount)
    return dict(found)
