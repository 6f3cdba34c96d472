"""Explains one cell of a form: the selection that it adds up, its ledger lines, and related cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from loader.answers.cell_address import Address, NoSuchCell, column_labels, find_cell
from loader.answers.current import Current, OtherForms, current_with
from loader.answers.sheets import sheets_of_rows
from schema.forms.template import Coordinate, Form, Where


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the ledger lines that are added up: their code begins with one of these. ``""`` means no code."""

    coordinate: str
    codes: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cell with the evidence for and against its figure. Money in 万元.

    ``status`` is that of ``report.comparison``, None if there is nothing to compare. ``lines`` are rows of
    ``report.cell_line``. ``beside`` are rows of ``report.cells_beside`` with ``speaks``: ``for`` or ``against`` the
    filed figure, or the rebuilt one if none is filed. Sheets are named if the document has several.
    """

    unit_code: str
    unit_name: str
    fiscal_year: int
    stage: str
    revision: int
    file_name: str
    file_format: str
    form_id: str
    form_title: str
    row_key: str
    row_label: str | None
    column_key: str
    column_label: str
    is_form_filed: bool
    source_sheet: str | None
    source_row: int | None
    column_no: int | None
    text: str | None
    filed: Decimal | None
    rebuilt: Decimal | None
    difference: Decimal | None
    tolerance: Decimal | None
    status: str | None
    support: str | None
    adds_up: tuple[Condition, ...]
    lines: tuple[Mapping[str, Any], ...]
    beside: tuple[Mapping[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """The explanation as JSON shows it."""
        return asdict(self)


Rows = list[dict[str, Any]]

_DISCLOSURE = "division_code = %(division)s and fiscal_year = %(year)s and disclosure_id = %(disclosure)s"
_CELL = "form_id = %(form)s and row_key = %(row)s and column_key = %(column)s"
_LINES = f"""
    select
        line_no, statement, unit_code, fund_code, nature, functional_code, department_economic_code,
        government_economic_code, item_code, project_name, amount, basis, allocated, source_form_id,
        source_row_key, source_row_label, source_column_key, source_column_label, source_row,
        source_column_no, source_text
    from report.cell_line
    where {_DISCLOSURE} and {_CELL}
    order by line_no
"""
_COMPARISON = f"""
    select filed, rebuilt, difference, tolerance, status, support
    from report.comparison
    where {_DISCLOSURE} and {_CELL}
    limit 1
"""


def explain(connection: psycopg.Connection, asked: Address) -> Explanation:
    """Explain one cell of a current disclosure, published or only rebuilt. NoSuchCell if there is no such cell."""
    form = asked.form
    disclosure = _disclosure(connection, asked)
    key = {"division": asked.division_code, "year": asked.fiscal_year, "disclosure": disclosure.disclosure_id}
    printed = _printed_cells(connection, key, form)
    row_key, row_label, column_key, cell = find_cell(
        asked, printed, disclosure.file_format, lambda: _rebuilt_rows(connection, key, form)
    )
    place = key | {"form": form.form_id, "row": row_key, "column": column_key}
    lines = _rows(connection, _LINES, place)
    compared = _rows(connection, _COMPARISON, place)
    found = compared[0] if compared else {}
    sheets = _sheets(connection, key)
    for line in lines:
        line["source_sheet"] = sheets.get((line["source_form_id"], line["source_row_key"]))
    filed = cell["amount"] if cell else None
    rebuilt = found.get("rebuilt", sum((line["amount"] for line in lines), Decimal(0)) if lines else None)
    return Explanation(
        unit_code=asked.unit_code,
        unit_name=disclosure.unit_name,
        fiscal_year=asked.fiscal_year,
        stage=disclosure.stage,
        revision=disclosure.revision,
        file_name=disclosure.file_name,
        file_format=disclosure.file_format,
        form_id=form.form_id,
        form_title=form.short_title,
        row_key=row_key,
        row_label=row_label,
        column_key=column_key,
        column_label=column_labels(form, printed).get(column_key, column_key),
        is_form_filed=bool(printed),
        source_sheet=sheets.get((form.form_id, row_key)) if cell else None,
        source_row=cell["source_row"] if cell else None,
        column_no=cell["column_no"] if cell else None,
        text=cell["cell_text"] if cell else None,
        filed=filed,
        rebuilt=rebuilt,
        difference=found.get("difference"),
        tolerance=found.get("tolerance"),
        status=found.get("status"),
        support=found.get("support"),
        adds_up=_adds_up(connection, key, form, row_key, column_key),
        lines=tuple(lines),
        beside=tuple(
            row | {"source_sheet": sheets.get((row["form_id"], row["row_key"]))}
            for row in _beside(connection, place, rebuilt if filed is None else filed, found.get("tolerance"))
        ),
    )


def _sheets(connection: psycopg.Connection, key: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Form and row → the sheet, if the document has several."""
    found = sheets_of_rows(connection, key["division"], key["year"], [key["disclosure"]], of_all=True)
    return {(form, row): sheet for (_, form), rows in found.items() for row, sheet in rows.items()}


def _rows(connection: psycopg.Connection, query: str, values: Mapping[str, Any]) -> Rows:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), values).fetchall()


def _disclosure(connection: psycopg.Connection, asked: Address) -> Current:
    """The current disclosure that has the form. If several revisions are current, the one that counts."""
    try:
        fitting = current_with(connection, asked.division_code, asked.fiscal_year, asked.unit_code, asked.form)
    except OtherForms as error:
        raise NoSuchCell(str(error)) from error
    if not fitting:
        raise NoSuchCell(f"no current disclosure of {asked.unit_code} for {asked.fiscal_year}; see `hetang units`")
    for one in fitting:
        if asked.revision in (None, one.revision):
            return one
    revisions = ", ".join(str(one.revision) for one in fitting)
    raise NoSuchCell(f"revision {asked.revision} of {asked.unit_code} is not current, expected {revisions}")


# ---------------------------------------------------------------------------- finding the cell


def _printed_cells(connection: psycopg.Connection, key: dict[str, Any], form: Form) -> Rows:
    return _rows(
        connection,
        f"""
        select
            row_no, row_key, row_label, column_key, column_label, source_row, column_no, cell_text, amount
        from filed.cell
        where {_DISCLOSURE} and form_id = %(form)s
        order by form_no, row_no, column_no
        """,
        key | {"form": form.form_id},
    )


def _rebuilt_rows(connection: psycopg.Connection, key: dict[str, Any], form: Form) -> dict[str, str | None]:
    """Key → label of the rows of the rebuilt form."""
    rows = _rows(
        connection,
        f"select distinct row_key, row_label from report.every_cell where {_DISCLOSURE} and form_id = %(form)s",
        key | {"form": form.form_id},
    )
    return {row["row_key"]: row["row_label"] for row in rows}


# ---------------------------------------------------------------------------- conditions, and related cells


def _adds_up(
    connection: psycopg.Connection, key: dict[str, Any], form: Form, row_key: str, column_key: str
) -> tuple[Condition, ...]:
    """The conditions on the lines that a figure adds up. Empty if it is not a sum of ledger lines (a code, a figure of
    last year)."""
    where = _selection(form, row_key, column_key)
    if where is None:
        return ()
    conditions = {"statement": tuple(map(str, where.statement))}
    conditions |= {coordinate.value: where.on(coordinate) for coordinate in Coordinate if where.on(coordinate)}
    if form.rows is not None and row_key != form.rows.total and not any(line.id == row_key for line in form.sums):
        codes = row_key.split("/", max(0, len(form.rows.by) - 1))
        conditions |= {c.value: (code,) for c, code in zip(form.rows.by, codes, strict=False)}
    names = _names(connection, key, conditions)
    return tuple(
        Condition(name, codes, tuple(names.get((name, code), "") for code in codes))
        for name, codes in conditions.items()
    )


def _selection(form: Form, row_key: str, column_key: str) -> Where | None:
    chosen: Where | None = None
    for line, column, where in form.selections():
        if column.id == column_key and (line is None or line.id == row_key):
            chosen = where
            if line is not None:
                break
    return chosen


def _names(
    connection: psycopg.Connection, key: dict[str, Any], conditions: Mapping[str, Iterable[str]]
) -> dict[tuple[str, str], str]:
    codes = [(name, code) for name, found in conditions.items() for code in found]
    rows = connection.execute(
        """
        select
            asked.scheme,
            asked.code,
            coalesce(s.subject_name, u.unit_name)
        from unnest(%(schemes)s::text[], %(codes)s::text[]) as asked (scheme, code)
        left join budget.subject as s
            on s.scheme = asked.scheme and s.code = asked.code and %(year)s between s.first_year and s.last_year
        left join filed.unit as u
            on asked.scheme = 'unit'
                and u.unit_code = asked.code
                and u.disclosure_id = %(disclosure)s
                and u.division_code = %(division)s
                and u.fiscal_year = %(year)s
        """,
        {**key, "schemes": [name for name, _ in codes], "codes": [code for _, code in codes]},
    ).fetchall()
    return {(scheme, code): name or "" for scheme, code, name in rows}


def _beside(
    connection: psycopg.Connection, place: Mapping[str, Any], figure: Decimal | None, tolerance: Decimal | None
) -> Rows:
    rows = _rows(
        connection,
        """
        select
            relation, form_id, row_key, row_label, column_key, column_label, source_row, column_no, filed,
            rebuilt, tolerance, is_own_form
        from report.cells_beside(
            %(division)s, %(year)s::smallint, %(disclosure)s::bigint, %(form)s, %(row)s, %(column)s
        )
        """,
        place,
    )
    for row in rows:
        expected = (figure or Decimal(0)) if row["relation"] == "same_sum" else row["rebuilt"]
        near = abs(row["filed"] - expected) <= max(row["tolerance"], tolerance or Decimal(0))
        row["speaks"] = "for" if near else "against"
    return rows
