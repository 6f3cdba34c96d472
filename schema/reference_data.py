"""Write the reference tables: subject codes from ``codes/``, and the declarations of the forms.

Their contents belong to the program, not to a warehouse, so every upgrade writes them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from psycopg import sql
from sqlalchemy import Connection, Table, delete, insert, text

from schema.codes.lists import read_codes, subjects
from schema.forms import FORMS, KEPT_FORMS, KEPT_SETS, SETS, set_of
from schema.forms.template import Column, Coordinate, Form, Prefixes, Sheet, Where
from schema.tables import reference


def _layout(form: Form) -> str:
    """The name of the row layout of a form."""
    if form.is_kept_only:
        return "kept"
    if form.sheet is not None:
        return f"{form.sheet}_sheet"
    if form.rows is None:
        return "lists"
    last = form.rows.by[-1] if form.rows.by else None
    return {
        None: "one_row",
        Coordinate.UNIT: "units",
        Coordinate.FUNCTIONAL: "functions",
        Coordinate.DEPARTMENT_ECONOMIC: "economic",
        Coordinate.GOVERNMENT_ECONOMIC: "economic",
        Coordinate.ITEM: "items",
        Coordinate.PROJECT: "special_funds",
    }[last]


Row = dict[str, object]

ROWS: dict[Table, Callable[[], list[Row]]] = {
    reference.subject: lambda: list(subjects()),
    reference.subject_alias: lambda: [dict(row) for row in read_codes("alias")],
    reference.economic_crosswalk: lambda: [
        {**row, "is_official": row["is_official"] == "true"} for row in read_codes("economic_crosswalk")
    ],
    reference.finding_kind: lambda: [dict(row) for row in read_codes("finding_kind")],
    reference.rule: lambda: [{**row, "rule_order": number} for number, row in enumerate(read_codes("rule"), start=1)],
    reference.form_set: lambda: [
        {
            "set_id": entry.id,
            "title": entry.title,
            "divisions": list(entry.divisions),
            "first_year": entry.years.start,
            "last_year": entry.years.stop - 1,
            "stage": entry.stage.value,
        }
        for entry in SETS + KEPT_SETS
    ],
    reference.form_template: lambda: [
        _template(number, form) for number, form in enumerate((FORMS | KEPT_FORMS).values(), start=1)
    ],
    reference.form_line: lambda: [row for form in FORMS.values() for row in _lines(form)],
    reference.form_column: lambda: [row for form in FORMS.values() for row in _columns(form)],
    reference.form_rule: lambda: [row for form in FORMS.values() for row in rules(form)],
    reference.form_selection: lambda: [row for form in FORMS.values() for row in _selections(form)],
}

TABLES = tuple(map(str, ROWS))  # their names


# ---------------------------------------------------------------------------- forms

_SUMS = "sums"  # stands for the list of rows that add up rows with codes


def _key(form: Form) -> dict[str, object]:
    return {"form_id": form.form_id, "report_no": form.report_no}


def _template(number: int, form: Form) -> dict[str, object]:
    rows = form.rows
    return {
        **_key(form),
        "set_id": set_of(form.form_id).id,
        "form_order": number,
        "title": form.title,
        "short_title": form.short_title,
        "layout": _layout(form),
        "is_by_unit": form.is_by(Coordinate.UNIT),
        "subject": rows.subject if rows else None,
        "total_key": rows.total if rows else None,
        "total_label": rows.total_label if rows and rows.total else None,
        "total_column": next((column.id for column in form.money_columns), None),
        "total_is_last": bool(rows and rows.total_is_last),
        "unprinted_levels": list(rows.unprinted_levels) if rows else [],
        "is_optional": form.optional,
        "variant_of": form.variant_of,
    }


def _lines(form: Form) -> Iterator[dict[str, object]]:
    lists = [(entry.id, entry.lines) for entry in form.lists] + ([(_SUMS, form.sums)] if form.sums else [])
    for list_key, lines in lists:
        for number, line in enumerate(lines, start=1):
            yield {
                **_key(form),
                "list_key": list_key,
                "line_no": number,
                "row_key": line.id,
                "row_label": line.label,
                "row_level": line.level,
                "is_leaf": not line.parts,
                "is_optional": line.optional,
                "parts": list(line.parts),
            }


def _columns(form: Form) -> Iterator[dict[str, object]]:
    listed = [(entry, amount) for entry in form.lists for amount in entry.amounts]
    sums = _SUMS if form.sums else None
    columns: list[tuple[str | None, str, Column]] = [(sums, column.label, column) for column in form.columns]
    columns += [(entry.id, entry.amount_label(amount), amount) for entry, amount in listed]
    for number, (list_key, column_label, column) in enumerate(columns, start=1):
        yield {
            **_key(form),
            "column_no": number,
            "list_key": list_key,
            "column_key": column.id,
            "column_label": column_label,
            "role": column.role.value,
            "is_leaf": not column.parts,
            "is_optional": column.optional,
            "parts": list(column.parts),
        }


# The most selective coordinate comes first, with the number of code characters used to find a rule. See
# internal.counted_path.
_FOUND_BY = (
    (Coordinate.DEPARTMENT_ECONOMIC, 3),
    (Coordinate.GOVERNMENT_ECONOMIC, 3),
    (Coordinate.FUNCTIONAL, 3),
    (Coordinate.ITEM, 2),
    (Coordinate.NATURE, 3),
)


def rules(form: Form) -> Iterator[dict[str, object]]:
    """The selections of a form as rows of ``meta.form_rule``: patterns of LIKE, null for any code, '' for no code.

    ``found_by`` is the set, the statement and the beginning of a code that a line must have. It is one key, so that
    lines find their rules by hashing. A selection of several codes gives one rule for each. Sheets of projects have no
    rules: ``internal.goal_cell`` adds up the money of a project. ValueError if a selection names a unit or a project,
    which no form does.
    """
    if form.sheet is Sheet.PROJECT:
        return
    set_id = set_of(form.form_id).id
    number = 0
    for line, column, where in form.selections():
        if where.unit or where.project:
            raise ValueError(f"{form.form_id}.{column.id} selects a unit or a project: rules have no column for it")
        patterns = {f"{name}_patterns": _patterns(where.on(Coordinate(name))) for name in reference.RULE_COORDINATES}
        for statement in where.statement:
            for code in _codes(where):
                number += 1
                yield {
                    **_key(form),
                    "rule_no": number,
                    "set_id": set_id,
                    "line_key": line.id if line is not None else None,
                    "column_key": column.id,
                    "statement": statement.value,
                    "found_by": f"{set_id} {statement.value} {code}",
                    **patterns,
                }


def _codes(where: Where) -> list[str]:
    for coordinate, size in _FOUND_BY:
        prefixes = where.on(coordinate)
        if prefixes and all(len(prefix) >= size for prefix in prefixes):
            return list(dict.fromkeys(f"{coordinate.value} {prefix[:size]}" for prefix in prefixes))
    return [""]


# a row of a form or a line of a list may stand for one code of these
_ROW_CODES = (Coordinate.FUNCTIONAL, Coordinate.DEPARTMENT_ECONOMIC, Coordinate.GOVERNMENT_ECONOMIC)


def _selections(form: Form) -> Iterator[dict[str, object]]:
    """The selections of a form as rows of ``meta.form_selection``. Equal selections hold the same ledger lines.

    Sheets of projects have none, see ``rules``.
    """
    if form.sheet is Sheet.PROJECT:
        return
    subject = form.rows.subject if form.rows is not None else None
    for number, (line, column, where) in enumerate(form.selections(), start=1):
        alone = {c: where.on(c)[0] for c in _ROW_CODES if len(where.on(c)) == 1 and where.on(c)[0]}
        restricted = {c: sorted(where.on(c)) for c in Coordinate if where.on(c) and c not in alone}
        words = [f"{name.value} {','.join(prefixes)}" for name, prefixes in restricted.items()]
        yield {
            "form_id": form.form_id,
            "selection_no": number,
            "line_key": line.id if line is not None else None,
            "column_key": column.id,
            "selection": "; ".join([",".join(sorted(where.statement)), *words]),
            **{f"{coordinate.value}_code": alone.get(coordinate) for coordinate in _ROW_CODES},
            "is_by_subject": line is None and subject in _ROW_CODES and subject not in where.restricted,
        }


def _patterns(prefixes: Prefixes) -> list[str] | None:
    return [f"{prefix}%" if prefix else "" for prefix in prefixes] or None


def write(connection: Connection) -> None:
    """Replace all reference rows. Divisions are only added, because facts refer to them."""
    for table, rows in ROWS.items():
        connection.execute(delete(table))
        _copy(connection, table, rows())
    known = set(connection.execute(reference.division.select()).scalars())
    new = [
        {"division_code": row["code"], "division_name": row["name"]}
        for row in read_codes("division")
        if row["code"] not in known
    ]
    if new:
        connection.execute(insert(reference.division), new)


def _copy(connection: Connection, table: Table, rows: list[Row]) -> None:
    cursor = connection.connection.cursor()
    names = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(*str(table).split(".")), names)) as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def settle_subjects(connection: Connection) -> None:
    """Write the subjects of every year with disclosures again, because codes may have changed."""
    connection.execute(
        text(
            "select budget.settle_subjects(fiscal_year)"
            " from (select distinct fiscal_year::integer as fiscal_year from budget.disclosure) as disclosed"
        )
    )


def analyze(connection: Connection) -> None:
    """Analyze the written tables, in a transaction of its own: Citus does not analyze in a transaction that has
    written.

    Until autovacuum ran, the planner would take the tables for empty, and its plans for queries over mart would never
    end.
    """
    for table in (*ROWS, reference.subject_of_year):
        connection.execute(text(f"analyze {table}"))
