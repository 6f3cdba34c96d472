"""Clauses that views of all layouts share."""

from __future__ import annotations

from schema.forms.template import Coordinate, Form
from schema.report_views.layer import Layer

_WIDTH = 116  # of a line, before it is indented


def of_form(form: Form, margin: str = "") -> list[str]:
    """The condition for the cells or lines of a form in the year at hand, see ``_year_by_year``."""
    return [
        f"{margin}where form_id = '{form.form_id}'",
        f"{margin}    and division_code = disclosed_year.division_code",
        f"{margin}    and fiscal_year = disclosed_year.fiscal_year",
    ]


def joined(lines: list[str]) -> list[str]:
    """The lines of a list, with a comma after all but the last."""
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def leading(layer: Layer, indent: str = "    ") -> list[str]:
    return [f"{indent}{key}" for key in layer.keys]


def row_no(layer: Layer, order: str) -> str:
    keys = ", ".join(layer.order)
    return f"    row_number() over (\n        partition by {keys}\n        order by {order}\n    ) as row_no"


def ordered(layer: Layer, order: str) -> list[str]:
    """The order of the rows of a year, written as the windows are, which have sorted them already."""
    return ["order by", f"    {', '.join(layer.order)},", f"    {order}"]


def picked(function: str, value: str, condition: str, name: str, type_: str = "") -> str:
    line = f"    {function}({value}) filter (where {condition}){type_} as {name}"
    if len(line) < _WIDTH:
        return line
    return f"    {function}({value}) filter (\n        where {condition}\n    ){type_} as {name}"


def money(layer: Layer, function: str, condition: str, name: str) -> str:
    """A column of amounts; the views of the district declare a precision for clients."""
    return picked(function, "amount", condition, name, "" if layer.is_of_units else "::numeric(18, 6)")


def of_disclosure(form: Form, rows: str) -> tuple[str, str]:
    """Two expressions: whether sums may include the row, and the stage of the document.

    Sums may include a row if its document counts and no other document contains the money of its unit.
    """
    statements = sorted({statement.value for _, _, where in form.selections() for statement in where.statement})
    lines = [
        "    exists (",
        "        select",
        "        from budget.counted_disclosure as counted",
        f"        where counted.disclosure_id = {rows}.disclosure_id",
        f"            and counted.division_code = {rows}.division_code",
        "    )",
        "    and not exists (",
        "        select",
        "        from budget.covered_part as covered",
        f"        where covered.disclosure_id = {rows}.disclosure_id",
        f"            and covered.division_code = {rows}.division_code",
        f"            and covered.statement in ({', '.join(repr(statement) for statement in statements)})",
    ]
    if form.is_by(Coordinate.UNIT):
        lines += [
            "            and (",
            f"                {rows}.row_level = 0",
            f"                or {rows}.row_level = 1 and {rows}.unit_code = covered.department_code",
            f"                or {rows}.unit_code = covered.unit_code",
            "            )",
        ]
    stage = [
        "    (",
        "        select disclosure.stage",
        "        from budget.disclosure as disclosure",
        f"        where disclosure.disclosure_id = {rows}.disclosure_id",
        f"            and disclosure.division_code = {rows}.division_code",
        f"            and disclosure.fiscal_year = {rows}.fiscal_year",
        "    ) as stage",
    ]
    return "\n".join([*lines, "    ) as is_counted"]), "\n".join(stage)
