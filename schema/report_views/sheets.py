"""Sheets of goals."""

from __future__ import annotations

from schema.forms.template import Form, Role, Sheet
from schema.report_columns import report_columns
from schema.report_views.clauses import joined, leading, of_disclosure, of_form, ordered, picked, row_no
from schema.report_views.layer import REPORT


def sheet_of_goals(form: Form) -> list[str]:
    has_figures = form.sheet is Sheet.DEPARTMENT
    keys = ["part_no", "goal_no", "line_no", "row_key", "item"]
    source = "sheet_cell" if has_figures else "internal.goal_cell"
    lines: list[str] = []
    if has_figures:
        cells = [*leading(REPORT, "        "), *(f"        {name}" for name in (*keys, "column_key", "rebuilt_text"))]
        figures = [
            *leading(REPORT, "        "),
            *(f"        {told}" for told in ("4", "0", "0", "row_key", "row_label", "column_key", "null", "amount")),
        ]
        lines += [
            "with sheet_cell as (",
            "    select",
            *joined([*cells, "        null::numeric as rebuilt"]),
            "    from internal.goal_cell",
            *of_form(form, "    "),
            "",
            "    union all",
            "",
            "    -- 预算情况, after the tasks and before the indicators",
            "    select",
            *joined(figures),
            "    from internal.summed_cell",
            *of_form(form, "    "),
            ")",
            "",
        ]
    order = "part_no, goal_no, line_no" if has_figures else "goal_no, part_no, line_no"
    entries = [
        *leading(REPORT),
        row_no(REPORT, order),
        "    case when part_no = 5 then 2 else 1 end as row_level",
        f"    {'part_no <> 4' if has_figures else 'true'} as is_leaf",
        "    row_key",
        "    item",
        *(
            picked(
                "max",
                "rebuilt" if column.role is Role.MONEY else "rebuilt_text",
                f"column_key = '{column.id}'",
                column.id,
            )
            for column in report_columns(form)
        ),
        *of_disclosure(form, "cell"),
    ]
    lines += ["select", *joined(entries), f"from {source} as cell"]
    if not has_figures:
        lines += of_form(form)
    lines += ["group by", f"    {', '.join(REPORT.keys)},", f"    {', '.join(keys)}"]
    return [*lines, *ordered(REPORT, order)]
