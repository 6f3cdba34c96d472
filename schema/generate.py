"""The report views as SQL files, made from the declarations of the forms.

    python -m schema.generate           write sql/report/generated and sql/report_zh/generated anew
    python -m schema.generate --check   only say which files differ (exit code 1)

The files are committed, so that they are read, searched and reviewed like the others; a test makes them again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from schema.forms import FORMS
from schema.forms.template import Column, Coordinate, Form, Role, Sheet
from schema.report_columns import chinese_name, report_columns, report_labels

SQL = Path(__file__).parent.parent / "sql"
_KEYS = ("disclosure_id", "division_code", "fiscal_year", "reporting_unit_code")
_WIDTH = 120


def generated_views() -> dict[Path, str]:
    """File (below ``sql/``) → text, for every form and its Chinese face. ValueError names the form that cannot be
    made a view of."""
    files: dict[Path, str] = {}
    for form in FORMS.values():
        try:
            files[Path("report", "generated", f"{form.form_id}.sql")] = report_view(form)
            files[Path("report_zh", "generated", f"{form.form_id}.sql")] = chinese_view(form)
        except (KeyError, ValueError) as error:
            raise ValueError(f"form {form.form_id} ({form.title}) is declared as no view can be: {error}") from error
    return files


def report_view(form: Form) -> str:
    """``create view`` of one rebuilt form."""
    number = f"（表{form.report_no}）" if form.report_no is not None else ""
    lines = [f"-- {form.title}{number}", f"-- {_meaning(form)}", "-- Made by schema/generate.py from schema/forms."]
    lines.append(f"create view report.{form.form_id} as")
    if form.lists:
        lines += _lists(form)
    elif form.sheet is not None:
        lines += _sheet(form)
    else:
        lines += _rows(form)
    return "\n".join(lines) + "\n"


def chinese_view(form: Form) -> str:
    """The same under its official Chinese name and headings."""
    labels = report_labels(form)
    columns = _joined([f'    {column} as "{label}"' for column, label in labels.items()])
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
    """The lines of a list, with a comma behind all but the last."""
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def _leading(indent: str = "    ") -> list[str]:
    return [f"{indent}{key}" for key in _KEYS]


def _row_no(order: str) -> str:
    return (
        f"    row_number() over (\n        partition by {', '.join(_KEYS)}\n        order by {order}\n    ) as row_no"
    )


def _picked(function: str, value: str, condition: str, name: str) -> str:
    line = f"    {function}({value}) filter (where {condition}) as {name}"
    if len(line) < _WIDTH:
        return line
    return f"    {function}({value}) filter (\n        where {condition}\n    ) as {name}"


# ---------------------------------------------------------------------------- rows of codes


def _rows(form: Form) -> list[str]:
    rows = form.rows
    if rows is None:
        raise ValueError("neither rows nor lists nor a sheet")
    columns = [(_told(form, column), column.id) for column in report_columns(form) if column.role is not Role.MONEY]
    group = ["row_level", "row_key", "row_label"]
    group += [name for name in ("unit_code", "subject_code") if any(name in told for told, _ in columns)]
    order = f'row_level {"=" if rows.total_is_last else ">"} 0, row_key collate "C"'
    if Coordinate.PROJECT in rows:
        order = 'row_level > 0, unit_code collate "C", project_id nulls first'
        group.append("project_id")
    if form.sums:
        order, group = f"sum_no, {order}", [*group, "sum_no"]
    entries = [
        *_leading(),
        _row_no(order),
        "    row_level",
        "    bool_and(is_leaf) as is_leaf",
        "    row_key",
        *(f"    {told}" if told == name else f"    {told} as {name}" for told, name in columns),
        *(
            _picked("sum", "amount", f"column_key = '{column.id}'", column.id)
            for column in report_columns(form)
            if column.role is Role.MONEY
        ),
    ]
    lines = [
        *(_summed_and_sums(form) if form.sums else ()),
        "select",
        *_joined(entries),
        *(("from form_cell",) if form.sums else ("from report.summed_cell", f"where form_id = '{form.form_id}'")),
        "group by",
        f"    {', '.join(_KEYS)},",
        f"    {', '.join(group)}",
    ]
    if rows.unprinted:
        lines += [
            "-- levels that the form leaves out have no row, except if nothing finer is known",
            "having bool_or(is_printed)",
        ]
    return lines


def _summed_and_sums(form: Form) -> list[str]:
    """The cells of the rows of codes, and of the rows that add some of them up, which stand behind."""
    fields = [
        *_leading("        "),
        *(f"        {name}" for name in ("row_level", "is_leaf", "row_key", "row_label")),
    ]
    rest = ["        column_key", "        amount"]
    return [
        "with form_cell as (",
        "    select",
        *_joined([*fields, "        subject_code", *rest, "        0 as sum_no"]),
        "    from report.summed_cell",
        f"    where form_id = '{form.form_id}'",
        "",
        "    union all",
        "",
        "    select",
        *_joined([*fields, "        null", *rest, "        line_no"]),
        "    from report.list_line",
        f"    where form_id = '{form.form_id}'",
        "        and amount is not null",
        ")",
        "",
    ]


_PARTS = {  # part of a functional code: 类, 款, 项
    0: "left(subject_code, 3)",
    1: "nullif(substr(subject_code, 4, 2), '')",
    2: "nullif(substr(subject_code, 6), '')",
}


def _told(form: Form, column: Column) -> str:
    """What stands in a column of codes or names."""
    if column.role is Role.NAME:
        return "row_label"
    if column.code is None:
        raise ValueError(f"column {column.id} does not say what its codes stand for")
    if column.code.part is not None:
        return _PARTS[column.code.part]
    if not form.is_by(Coordinate.UNIT):
        return "subject_code"
    if Coordinate.FUNCTIONAL in column.code.of:
        return "coalesce(subject_code, unit_code)"
    return "unit_code"


# ---------------------------------------------------------------------------- lists


def _lists(form: Form) -> list[str]:
    fields = ["list_key", "column_key", "row_key", "row_label", "row_level", "is_leaf", "amount"]
    first = form.lists[0].id
    picked = []
    for entry in form.lists:
        picked.append(_picked("max", "row_label", f"list_key = '{entry.id}'", f"{entry.id}_item"))
        for amount in entry.amounts:
            if amount.role is Role.MONEY:
                picked.append(_picked("max", "amount", f"column_key = '{amount.id}'", f"{amount.id}_amount"))
    return [
        "with placed_line as (",
        "    select",
        *_joined(
            [
                *_leading("        "),
                *(f"        {name}" for name in fields),
                "        row_number() over (\n"
                "            partition by\n"
                f"                {', '.join(_KEYS)}, list_key, column_key, row_level = 0\n"
                "            order by line_no\n"
                "        ) as place",
            ]
        ),
        "    from report.list_line",
        f"    where form_id = '{form.form_id}'",
        "),",
        "",
        "numbered_line as (",
        "    select",
        *_joined(
            [
                *_leading("        "),
                *(f"        {name}" for name in fields),
                "        -- 各列的总计行对齐在表底\n"
                "        place + case\n"
                "            when row_level = 0 then max(case when row_level > 0 then place else 0 end) over (\n"
                f"                partition by {', '.join(_KEYS)}\n"
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
                *_leading(),
                "    row_no",
                "    min(row_level) as row_level",
                "    bool_and(is_leaf) as is_leaf",
                "    -- a row of several lists has no line id of its own, except at the foot\n"
                "    case\n"
                f"        when min(row_level) = 0 then max(row_key) filter (where list_key = '{first}')\n"
                "        else row_no::text\n"
                "    end as row_key",
                *picked,
            ]
        ),
        "from numbered_line",
        f"group by {', '.join(_KEYS)}, row_no",
    ]


# ---------------------------------------------------------------------------- sheets of goals


def _sheet(form: Form) -> list[str]:
    has_figures = form.sheet is Sheet.DEPARTMENT
    keys = ["part_no", "goal_no", "line_no", "row_key", "item"]
    source = "sheet_cell" if has_figures else "report.goal_cell"
    lines: list[str] = []
    if has_figures:
        cells = [*_leading("        "), *(f"        {name}" for name in (*keys, "column_key", "rebuilt_text"))]
        figures = [
            *_leading("        "),
            *(f"        {told}" for told in ("4", "0", "0", "row_key", "row_label", "column_key", "null", "amount")),
        ]
        lines += [
            "with sheet_cell as (",
            "    select",
            *_joined([*cells, "        null::numeric as rebuilt"]),
            "    from report.goal_cell",
            f"    where form_id = '{form.form_id}'",
            "",
            "    union all",
            "",
            "    -- 预算情况, after the tasks and before the indicators",
            "    select",
            *_joined(figures),
            "    from report.summed_cell",
            f"    where form_id = '{form.form_id}'",
            ")",
            "",
        ]
    entries = [
        *_leading(),
        _row_no("part_no, goal_no, line_no" if has_figures else "goal_no, part_no, line_no"),
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
    ]
    lines += ["select", *_joined(entries), f"from {source}"]
    if not has_figures:
        lines.append(f"where form_id = '{form.form_id}'")
    return [*lines, "group by", f"    {', '.join(_KEYS)},", f"    {', '.join(keys)}"]


# ---------------------------------------------------------------------------- the command


def stale() -> Iterator[Path]:
    """Generated files that are not as the declarations make them, are missing, or have no form any more."""
    wanted = generated_views()
    for path, content in wanted.items():
        file = SQL / path
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            yield path
    for folder in ("report", "report_zh"):
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
