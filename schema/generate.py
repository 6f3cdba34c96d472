"""Generate the SQL files of the report views from the declarations of the forms.

    python -m schema.generate           write sql/{report,report_zh,district}/generated anew
    python -m schema.generate --check   only say which files differ (exit code 1)

The files are committed, so that they can be read, searched and reviewed like the others; a test compares them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from schema.forms import FORMS
from schema.forms.template import Column, Coordinate, Form, Role, Sheet
from schema.report_columns import (
    DISTRICT_COLUMNS,
    OF_DISCLOSURE,
    chinese_columns,
    chinese_name,
    district_labels,
    is_of_unit,
    report_columns,
    report_labels,
)

SQL = Path(__file__).parent.parent / "sql"
_WIDTH = 116  # of a line, before it is indented


@dataclass(frozen=True, slots=True)
class _Layer:
    """A schema of rebuilt forms: the columns that begin its rows, the views with the cells of rows and of lists, and
    the first columns again as they order the forms of a year."""

    schema: str
    keys: tuple[str, ...]
    cells: str
    lines: str
    order: tuple[str, ...]

    @property
    def is_of_units(self) -> bool:
        """Whether each row belongs to one disclosure. In the district layer it belongs to all units together."""
        return self.schema == "report"


_REPORT = _Layer(
    "report",
    ("disclosure_id", "division_code", "fiscal_year", "reporting_unit_code"),
    "internal.summed_cell",
    "internal.list_line",
    ("reporting_unit_code", "disclosure_id", "division_code", "fiscal_year"),
)
_DISTRICT = _Layer(
    "district",
    tuple(DISTRICT_COLUMNS),
    "internal.district_cell",
    "internal.district_line",
    tuple(DISTRICT_COLUMNS),
)


def generated_views() -> dict[Path, str]:
    """File (below ``sql/``) → text, for every form and its Chinese version. ValueError names a form if no view can be
    generated for it."""
    files: dict[Path, str] = {}
    for form in FORMS.values():
        try:
            files[Path("report", "generated", f"{form.form_id}.sql")] = report_view(form)
            files[Path("report_zh", "generated", f"{form.form_id}.sql")] = chinese_view(form)
            if form.has_table:  # sheets of goals have no money to add up
                files[Path("district", "generated", f"{form.form_id}.sql")] = district_view(form)
        except (KeyError, ValueError) as error:
            raise ValueError(f"form {form.form_id} ({form.title}) is declared as no view can be: {error}") from error
    return files


def report_view(form: Form) -> str:
    """``create view`` of one rebuilt form."""
    rows = _sheet(form) if form.sheet is not None else _table(form, _REPORT)
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
                *_year_by_year(_table(form, _DISTRICT), district_labels(form)),
            ]
        )
        + "\n"
    )


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
        *_joined([f"    {column}" for column in own]),
        "from internal.disclosed_year",
        "inner join lateral (",
        indent("\n".join(rows), "    "),
        ") as form_row using (fiscal_year)",
        "order by fiscal_year, disclosed_year.division_code",
    ]


def _of_form(form: Form, margin: str = "") -> list[str]:
    """The condition for the cells or lines of a form in the year at hand, see ``_year_by_year``."""
    return [
        f"{margin}where form_id = '{form.form_id}'",
        f"{margin}    and division_code = disclosed_year.division_code",
        f"{margin}    and fiscal_year = disclosed_year.fiscal_year",
    ]


def _heading(form: Form) -> str:
    return f"-- {form.title}" + (f"（表{form.report_no}）" if form.report_no is not None else "")


def _table(form: Form, layer: _Layer) -> list[str]:
    return _lists(form, layer) if form.lists else _rows(form, layer)


def chinese_view(form: Form) -> str:
    """The view of a form under its official Chinese name and headings."""
    columns = _joined([f"    {column} as {name}" for column, name in chinese_columns(form).items()])
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


def _meaning(form: Form) -> str:
    if form.lists:
        return f"Form {form.form_id}: lists of fixed lines side by side, closing lines at the foot"
    if form.sheet is not None:
        return f"Form {form.form_id}: performance goals, sheet after sheet: facts, then a row an indicator"
    words = {Coordinate.FUNCTIONAL: "functional subject", Coordinate.DEPARTMENT_ECONOMIC: "department-economic subject"}
    names = [words.get(coordinate, coordinate.value) for coordinate in form.rows.by] if form.rows else []
    return f"Form {form.form_id}: one row a {' and '.join(names)}" if names else f"Form {form.form_id}: one row"


def _joined(lines: list[str]) -> list[str]:
    """The lines of a list, with a comma after all but the last."""
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def _leading(layer: _Layer, indent: str = "    ") -> list[str]:
    return [f"{indent}{key}" for key in layer.keys]


def _row_no(layer: _Layer, order: str) -> str:
    keys = ", ".join(layer.order)
    return f"    row_number() over (\n        partition by {keys}\n        order by {order}\n    ) as row_no"


def _ordered(layer: _Layer, order: str) -> list[str]:
    """The order of the rows of a year, written as the windows are, which have sorted them already."""
    return ["order by", f"    {', '.join(layer.order)},", f"    {order}"]


def _picked(function: str, value: str, condition: str, name: str, type_: str = "") -> str:
    line = f"    {function}({value}) filter (where {condition}){type_} as {name}"
    if len(line) < _WIDTH:
        return line
    return f"    {function}({value}) filter (\n        where {condition}\n    ){type_} as {name}"


def _money(layer: _Layer, function: str, condition: str, name: str) -> str:
    """A column of amounts; the views of the district declare a precision for clients."""
    return _picked(function, "amount", condition, name, "" if layer.is_of_units else "::numeric(18, 6)")


def _of_disclosure(form: Form, rows: str) -> tuple[str, str]:
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


# ---------------------------------------------------------------------------- rows of codes


def _rows(form: Form, layer: _Layer) -> list[str]:
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
        *_leading(layer),
        _row_no(layer, order),
        "    row_level",
        "    bool_and(is_leaf) as is_leaf",
        "    row_key",
        *(f"    {told}" if told == name else f"    {told} as {name}" for told, name in columns),
        *(
            _money(layer, "sum", f"column_key = '{column.id}'", column.id)
            for column in report_columns(form)
            if column.role is Role.MONEY
        ),
        *(_of_disclosure(form, "cell") if layer.is_of_units else ()),
    ]
    lines = [
        *(_summed_and_sums(form, layer) if form.sums else ()),
        "select",
        *_joined(entries),
        *(("from form_cell as cell",) if form.sums else (f"from {layer.cells} as cell", *_of_form(form))),
        "group by",
        f"    {', '.join(layer.keys)},",
        f"    {', '.join(group)}",
    ]
    if rows.unprinted:
        lines += [
            "-- levels that the form leaves out have no row, except if nothing finer is known",
            "having bool_or(is_printed)",
        ]
    return [*lines, *_ordered(layer, order)]


def _summed_and_sums(form: Form, layer: _Layer) -> list[str]:
    """The cells of the rows of codes, followed by those of the rows that add some of them up."""
    fields = [
        *_leading(layer, "        "),
        *(f"        {name}" for name in ("row_level", "is_leaf", "row_key", "row_label")),
    ]
    rest = ["        column_key", "        amount"]
    return [
        "with form_cell as (",
        "    select",
        *_joined([*fields, "        subject_code", *rest, "        0 as sum_no"]),
        f"    from {layer.cells}",
        *_of_form(form, "    "),
        "",
        "    union all",
        "",
        "    select",
        *_joined([*fields, "        null", *rest, "        line_no"]),
        f"    from {layer.lines}",
        *_of_form(form, "    "),
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


def _code_or_name(form: Form, column: Column, layer: _Layer) -> str:
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


# ---------------------------------------------------------------------------- lists


def _lists(form: Form, layer: _Layer) -> list[str]:
    fields = ["list_key", "column_key", "row_key", "row_label", "row_level", "is_leaf", "amount"]
    first = form.lists[0].id
    picked = []
    for entry in form.lists:
        picked.append(_picked("max", "row_label", f"list_key = '{entry.id}'", f"{entry.id}_item"))
        for amount in entry.amounts:
            if amount.role is Role.MONEY:
                picked.append(_money(layer, "max", f"column_key = '{amount.id}'", f"{amount.id}_amount"))
    return [
        "with placed_line as (",
        "    select",
        *_joined(
            [
                *_leading(layer, "        "),
                *(f"        {name}" for name in fields),
                "        row_number() over (\n"
                "            partition by\n"
                f"                {', '.join(layer.order)}, list_key, column_key, row_level = 0\n"
                "            order by line_no\n"
                "        ) as place",
            ]
        ),
        f"    from {layer.lines}",
        *_of_form(form, "    "),
        "),",
        "",
        "numbered_line as (",
        "    select",
        *_joined(
            [
                *_leading(layer, "        "),
                *(f"        {name}" for name in fields),
                "        -- 各列的总计行对齐在表底\n"
                "        place + case\n"
                "            when row_level = 0 then max(case when row_level > 0 then place else 0 end) over (\n"
                f"                partition by {', '.join(layer.order)}\n"
                "            )\n"
                "            else 0\n"
                "        end as row_no",
            ]
        ),
        "    from placed_line",
        ")",
        "",
        "select",
        *_joined(
            [
                *_leading(layer),
                "    row_no",
                "    min(row_level) as row_level",
                "    bool_and(is_leaf) as is_leaf",
                "    -- a row of several lists has no line id of its own, except at the foot\n"
                "    case\n"
                f"        when min(row_level) = 0 then max(row_key) filter (where list_key = '{first}')\n"
                "        else row_no::text\n"
                "    end as row_key",
                *picked,
                *(_of_disclosure(form, "numbered_line") if layer.is_of_units else ()),
            ]
        ),
        "from numbered_line",
        f"group by {', '.join(layer.order)}, row_no",
        *_ordered(layer, "row_no"),
    ]


# ---------------------------------------------------------------------------- sheets of goals


def _sheet(form: Form) -> list[str]:
    has_figures = form.sheet is Sheet.DEPARTMENT
    keys = ["part_no", "goal_no", "line_no", "row_key", "item"]
    source = "sheet_cell" if has_figures else "internal.goal_cell"
    lines: list[str] = []
    if has_figures:
        cells = [*_leading(_REPORT, "        "), *(f"        {name}" for name in (*keys, "column_key", "rebuilt_text"))]
        figures = [
            *_leading(_REPORT, "        "),
            *(f"        {told}" for told in ("4", "0", "0", "row_key", "row_label", "column_key", "null", "amount")),
        ]
        lines += [
            "with sheet_cell as (",
            "    select",
            *_joined([*cells, "        null::numeric as rebuilt"]),
            "    from internal.goal_cell",
            *_of_form(form, "    "),
            "",
            "    union all",
            "",
            "    -- 预算情况, after the tasks and before the indicators",
            "    select",
            *_joined(figures),
            "    from internal.summed_cell",
            *_of_form(form, "    "),
            ")",
            "",
        ]
    order = "part_no, goal_no, line_no" if has_figures else "goal_no, part_no, line_no"
    entries = [
        *_leading(_REPORT),
        _row_no(_REPORT, order),
        "    case when part_no = 5 then 2 else 1 end as row_level",
        f"    {'part_no <> 4' if has_figures else 'true'} as is_leaf",
        "    row_key",
        "    item",
        *(
            _picked(
                "max",
                "rebuilt" if column.role is Role.MONEY else "rebuilt_text",
                f"column_key = '{column.id}'",
                column.id,
            )
            for column in report_columns(form)
        ),
        *_of_disclosure(form, "cell"),
    ]
    lines += ["select", *_joined(entries), f"from {source} as cell"]
    if not has_figures:
        lines += _of_form(form)
    lines += ["group by", f"    {', '.join(_REPORT.keys)},", f"    {', '.join(keys)}"]
    return [*lines, *_ordered(_REPORT, order)]


# ---------------------------------------------------------------------------- the command


def stale() -> Iterator[Path]:
    """Generated files that differ from the declarations, are missing, or belong to no form."""
    wanted = generated_views()
    for path, content in wanted.items():
        file = SQL / path
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            yield path
    for folder in ("report", "report_zh", "district"):
        for file in sorted((SQL / folder / "generated").glob("*.sql")):
            if file.relative_to(SQL) not in wanted:
                yield file.relative_to(SQL)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the report views from the declarations of the forms.")
    parser.add_argument("--check", action="store_true", help="only say which files differ")
    arguments = parser.parse_args()
    wanted, found = generated_views(), list(stale())
    if not arguments.check:
        for path in found:
            file = SQL / path
            if path in wanted:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(wanted[path], encoding="utf-8")
            else:
                file.unlink()
    for path in found:
        print(f"sql/{path}")
    sys.exit(bool(arguments.check and found))


if __name__ == "__main__":
    main()
