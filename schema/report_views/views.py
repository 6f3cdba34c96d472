"""``create view`` of one form: as a disclosure prints it, under Chinese names, and for the district."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent

from schema.forms.template import Coordinate, Form
from schema.report_columns import OF_DISCLOSURE, chinese_columns, chinese_name, district_labels, report_labels
from schema.report_views.clauses import joined
from schema.report_views.layer import DISTRICT, REPORT, Layer
from schema.report_views.lists import lists_of_lines
from schema.report_views.rows import rows_of_codes
from schema.report_views.sheets import sheet_of_goals


def report_view(form: Form) -> str:
    """``create view`` of one rebuilt form."""
    rows = sheet_of_goals(form) if form.sheet is not None else _table(form, REPORT)
    return (
        "\n".join(
            [
                _heading(form),
                f"-- {_meaning(form)}",
                "-- Made by schema/generate.py from schema/forms.",
                f"create view report.{form.form_id} as",
                *_year_by_year(rows, report_labels(form) | OF_DISCLOSURE),
            ]
        )
        + "\n"
    )


def district_view(form: Form) -> str:
    """``create view`` of one form with the money of all units together."""
    return (
        "\n".join(
            [
                f"{_heading(form)}，全区各单位合计，重叠部分只计一次",
                f"-- Form {form.form_id} for all units, or those that hetang.units chooses: each yuan once, in 万元",
                "-- Made by schema/generate.py from schema/forms.",
                f"create view district.{form.form_id} as",
                *_year_by_year(_table(form, DISTRICT), district_labels(form)),
            ]
        )
        + "\n"
    )


def chinese_view(form: Form) -> str:
    """The view of a form under its official Chinese name and headings."""
    columns = joined([f"    {column} as {name}" for column, name in chinese_columns(form).items()])
    return (
        "\n".join(
            [
                f"-- {form.title}，栏目用官方名称",
                f"-- report.{form.form_id} under Chinese names. Made by schema/generate.py from schema/forms.",
                f'create view report_zh."{chinese_name(form)}" as',
                "select",
                *columns,
                f"from report.{form.form_id}",
            ]
        )
        + "\n"
    )


def _table(form: Form, layer: Layer) -> list[str]:
    return lists_of_lines(form, layer) if form.lists else rows_of_codes(form, layer)


def _year_by_year(rows: list[str], columns: Iterable[str]) -> list[str]:
    """The rows of a form, computed for a year of a division at a time, so that their first thousand need no other year.

    The subquery is bound to the year twice: from within it reads that year alone if no year is asked for, and the join
    passes on the year that is asked for when the query is planned. It is bound to the division once, and hands on its
    own: with a second condition the planner expects a single row.

    Rows come in the order of year, division, unit and row, without being sorted as a whole. The order of the view, in
    which years are found anyway, also keeps the planner from taking the view apart where forms are joined: it would
    compute one of them anew for each division of the other.
    """
    own = ("form_row.division_code" if column == "division_code" else column for column in columns)
    return [
        "select",
        *joined([f"    {column}" for column in own]),
        "from internal.disclosed_year",
        "inner join lateral (",
        indent("\n".join(rows), "    "),
        ") as form_row using (fiscal_year)",
        "order by fiscal_year, disclosed_year.division_code",
    ]


def _heading(form: Form) -> str:
    return f"-- {form.title}" + (f"（表{form.report_no}）" if form.report_no is not None else "")


def _meaning(form: Form) -> str:
    if form.lists:
        return f"Form {form.form_id}: lists of fixed lines side by side, closing lines at the foot"
    if form.sheet is not None:
        return f"Form {form.form_id}: performance goals, sheet after sheet: facts, then a row an indicator"
    words = {Coordinate.FUNCTIONAL: "functional subject", Coordinate.DEPARTMENT_ECONOMIC: "department-economic subject"}
    names = [words.get(coordinate, coordinate.value) for coordinate in form.rows.by] if form.rows else []
    return f"Form {form.form_id}: one row a {' and '.join(names)}" if names else f"Form {form.form_id}: one row"
