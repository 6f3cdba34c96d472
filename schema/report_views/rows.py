"""Forms of rows of codes: one row a subject, unit or project."""

from __future__ import annotations

from schema.forms.template import Column, Coordinate, Form, Role
from schema.report_columns import is_of_unit, report_columns
from schema.report_views.clauses import joined, leading, money, of_disclosure, of_form, ordered, row_no
from schema.report_views.layer import Layer


def rows_of_codes(form: Form, layer: Layer) -> list[str]:
    rows = form.rows
    if rows is None:
        raise ValueError("neither rows nor lists nor a sheet")
    columns = [
        (_code_or_name(form, column, layer), column.id)
        for column in report_columns(form)
        if column.role is not Role.MONEY and (layer.is_of_units or not is_of_unit(form, column))
    ]
    group = ["row_level", "row_key", "row_label"]
    if layer.is_of_units and form.is_by(Coordinate.UNIT):
        group.append("unit_code")
    if any("subject_code" in told for told, _ in columns):
        group.append("subject_code")
    order = f'row_level {"=" if rows.total_is_last else ">"} 0, row_key collate "C"'
    if Coordinate.PROJECT in rows and layer.is_of_units:
        order = 'row_level > 0, unit_code collate "C", project_id nulls first'
        group.append("project_id")
    if form.sums:
        order, group = f"sum_no, {order}", [*group, "sum_no"]
    entries = [
        *leading(layer),
        row_no(layer, order),
        "    row_level",
        "    bool_and(is_leaf) as is_leaf",
        "    row_key",
        *(f"    {told}" if told == name else f"    {told} as {name}" for told, name in columns),
        *(
            money(layer, "sum", f"column_key = '{column.id}'", column.id)
            for column in report_columns(form)
            if column.role is Role.MONEY
        ),
        *(of_disclosure(form, "cell") if layer.is_of_units else ()),
    ]
    lines = [
        *(_summed_and_sums(form, layer) if form.sums else ()),
        "select",
        *joined(entries),
        *(("from form_cell as cell",) if form.sums else (f"from {layer.cells} as cell", *of_form(form))),
        "group by",
        f"    {', '.join(layer.keys)},",
        f"    {', '.join(group)}",
    ]
    if rows.unprinted:
        lines += [
            "-- levels that the form leaves out have no row, except if nothing finer is known",
            "having bool_or(is_printed)",
        ]
    return [*lines, *ordered(layer, order)]


def _summed_and_sums(form: Form, layer: Layer) -> list[str]:
    """The cells of the rows of codes, followed by those of the rows that add some of them up."""
    fields = [
        *leading(layer, "        "),
        *(f"        {name}" for name in ("row_level", "is_leaf", "row_key", "row_label")),
    ]
    rest = ["        column_key", "        amount"]
    return [
        "with form_cell as (",
        "    select",
        *joined([*fields, "        subject_code", *rest, "        0 as sum_no"]),
        f"    from {layer.cells}",
        *of_form(form, "    "),
        "",
        "    union all",
        "",
        "    select",
        *joined([*fields, "        null", *rest, "        line_no"]),
        f"    from {layer.lines}",
        *of_form(form, "    "),
        "        and amount is not null",
        ")",
        "",
    ]


_PARTS = {  # part of a functional code: 类, 款, 项
    0: "left(subject_code, 3)",
    1: "nullif(substr(subject_code, 4, 2), '')",
    2: "nullif(substr(subject_code, 6), '')",
}


# the name of the unit beside that of a project, as the disclosure prints it
_UNIT_NAME = """coalesce(
        (
            select unit.unit_name
            from filed.unit as unit
            where unit.disclosure_id = cell.disclosure_id
                and unit.division_code = cell.division_code
                and unit.fiscal_year = cell.fiscal_year
                and unit.unit_code = cell.unit_code
        ),
        unit_code
    )"""


def _code_or_name(form: Form, column: Column, layer: Layer) -> str:
    """The expression for a column of codes or names."""
    if column.role is Role.NAME:
        is_beside = is_of_unit(form, column) and form.rows is not None and form.rows.subject is not None
        return _UNIT_NAME if is_beside else "row_label"
    if column.code is None:
        raise ValueError(f"column {column.id} does not say what its codes stand for")
    if column.code.part is not None:
        return _PARTS[column.code.part]
    if not layer.is_of_units or not form.is_by(Coordinate.UNIT):
        return "subject_code"
    return "unit_code" if is_of_unit(form, column) else "coalesce(subject_code, unit_code)"
