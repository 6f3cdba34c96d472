"""Possible lines of the statements beside income and expenditure: “三公” spending, special funds, and statements with
forms of their own, such as government procurement."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from loader.ledger.evidence.evidence import SOME, Evidence, FormEvidence
from loader.ledger.evidence.projection import Coordinates
from schema.forms.template import Column, Coordinate, Form, Statement, Where


def three_public(evidence: Evidence, relaxed: bool) -> Iterator[Coordinates]:
    """The possible lines of “三公” spending: units by item."""
    for form in _of_statement(evidence, Statement.THREE_PUBLIC):
        rows = form.own_rows or [evidence.home]
        sums = _columns_of(form.form, Statement.THREE_PUBLIC)
        columns = [column for column in sums if column.where.item]
        # if a sum is printed without its parts, each of these is possible
        finest = [c for c in columns if form.columns.isdisjoint(c.parts)]
        for row in rows:
            place = row if form.own_rows else form.total_row
            lacking = [part for column in sums for part in _parts_lacking(form, place, column)]
            for column in (c for c in columns if c in finest or c.id in lacking):
                is_shown = form.at(place, column.id) or (relaxed and form.at(form.total_row, column.id))
                if is_shown or column.id in lacking:
                    yield from (Coordinates(Statement.THREE_PUBLIC, row, item=item) for item in column.where.item)
    yield from _listed(evidence, Statement.THREE_PUBLIC, relaxed)


def _parts_lacking(form: FormEvidence, row: str, column: Column) -> list[str]:
    """The columns that a form lacks among the parts of a sum, if it prints others and these do not add up to it."""
    printed = [part for part in column.parts if part in form.columns]
    if not printed or form.at(row, column.id) == sum(form.at(row, part) for part in printed):
        return []
    return [part for part in column.parts if part not in printed]


def special_fund(evidence: Evidence, relaxed: bool) -> Iterator[Coordinates]:
    """The possible lines of special funds (专项资金): projects by source and by 预算编制方式."""
    known: set[str] = set()
    for form in _of_statement(evidence, Statement.SPECIAL_FUND):
        methods_of = [(c.id, c.where.item[0]) for c in form.form.money_columns if len(c.where.item) == 1]
        for row in form.own_rows:
            unit, _, project = row.partition("/")
            known.add(project)
            sources = _special_sources(form, row, relaxed)
            methods = [method for column, method in methods_of if form.at(row, column)] or [""]
            if not sources and methods != [""]:
                sources = [""]
            for source, method in product(sources, methods):
                yield Coordinates(Statement.SPECIAL_FUND, unit, source, item=method, project=project)
    for sheet in evidence.project_sheets:
        for (project, _), amount in sheet.amounts.items():
            if project not in known and amount:
                known.add(project)
                yield Coordinates(Statement.SPECIAL_FUND, evidence.home, project=project)


def apart(evidence: Evidence, statement: Statement) -> Iterator[Coordinates]:
    """The possible lines of a statement with forms of its own, from the finest rows and columns with money."""
    for form in _of_statement(evidence, statement):
        columns = _columns_of(form.form, statement)
        rows = [row for row in form.own_rows if any(form.at(row, column.id) for column in columns)]
        for row in rows or [form.total_row]:
            for column in columns:
                if form.at(row, column.id) and all(form.at(row, part) in (0, SOME) for part in column.parts):
                    yield _line_of(evidence, form, row, statement, form.form.selection(column))
    yield from _listed(evidence, statement)


def _listed(evidence: Evidence, statement: Statement, relaxed: bool = False) -> Iterator[Coordinates]:
    """The possible lines of a statement in a list: by item, or one line of a statement without items."""
    for form in evidence.forms.values():
        for line, column, where in form.form.selections() if form.form.lists else ():
            is_own = where.statement == (statement,) and len(where.item) <= 1
            if line is not None and is_own and not line.parts and (relaxed or form.at(line.id, column.id)):
                yield Coordinates(statement, evidence.home, item="".join(where.item))


def _line_of(evidence: Evidence, form: FormEvidence, row: str, statement: Statement, where: Where) -> Coordinates:
    """The line that a cell shows if no cell is finer: with the codes of its row and of its selection."""
    codes_of = {c.value: where.on(c)[0] for c in Coordinate if len(where.on(c)) == 1}
    if form.form.rows is not None and row != form.total_row:
        codes = row.split("/", len(form.form.rows.by) - 1)
        codes_of |= {c.value: code for c, code in zip(form.form.rows.by, codes, strict=False)}
    return Coordinates(statement, **{"unit": evidence.home} | codes_of)


def _of_statement(evidence: Evidence, statement: Statement) -> list[FormEvidence]:
    return [form for form in evidence.forms.values() if _columns_of(form.form, statement)]


def _special_sources(form: FormEvidence, row: str, relaxed: bool) -> list[str]:
    """The finest sources with money in a row.

    A source counts as finest if none of its parts has a readable figure. If ``relaxed``, a source with parts that do
    not add up to it is included too, because the parts may be wrong.
    """
    shown = {
        column.where.fund[0]: form.at(row, column.id)
        for column in form.form.money_columns
        if column.where.fund and form.at(row, column.id)
    }
    read = [code for code, amount in shown.items() if amount != SOME]
    finest = [code for code in read if not any(o != code and o.startswith(code) for o in read)]
    sources = [
        code
        for code, amount in shown.items()
        if not any(o != code and o.startswith(code) for o in read)
        or (relaxed and amount != sum(shown[fine] for fine in finest if fine != code and fine.startswith(code)))
    ]
    if not read and (total := form.form.money_columns[0]) and form.at(row, total.id):
        sources.append("")
    return sources


@cache
def _columns_of(form: Form, statement: Statement) -> list[Column]:
    """The columns that add up this statement alone."""
    return [column for column in form.money_columns if form.selection(column).statement == (statement,)]
