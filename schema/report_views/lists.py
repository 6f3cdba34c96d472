"""Forms of fixed lines, in lists side by side."""

from __future__ import annotations

from schema.forms.template import Form, Role
from schema.report_views.clauses import joined, leading, money, of_disclosure, of_form, ordered, picked
from schema.report_views.layer import Layer


def lists_of_lines(form: Form, layer: Layer) -> list[str]:
    fields = ["list_key", "column_key", "row_key", "row_label", "row_level", "is_leaf", "amount"]
    first = form.lists[0].id
    items_and_amounts = []
    for entry in form.lists:
        items_and_amounts.append(picked("max", "row_label", f"list_key = '{entry.id}'", f"{entry.id}_item"))
        for amount in entry.amounts:
            if amount.role is Role.MONEY:
                items_and_amounts.append(money(layer, "max", f"column_key = '{amount.id}'", f"{amount.id}_amount"))
    return [
        "with placed_line as (",
        "    select",
        *joined(
            [
                *leading(layer, "        "),
                *(f"        {name}" for name in fields),
                "        row_number() over (\n"
                "            partition by\n"
                f"                {', '.join(layer.order)}, list_key, column_key, row_level = 0\n"
                "            order by line_no\n"
                "        ) as place",
            ]
        ),
        f"    from {layer.lines}",
        *of_form(form, "    "),
        "),",
        "",
        "numbered_line as (",
        "    select",
        *joined(
            [
                *leading(layer, "        "),
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
        *joined(
            [
                *leading(layer),
                "    row_no",
                "    min(row_level) as row_level",
                "    bool_and(is_leaf) as is_leaf",
                "    -- a row of several lists has no line id of its own, except at the foot\n"
                "    case\n"
                f"        when min(row_level) = 0 then max(row_key) filter (where list_key = '{first}')\n"
                "        else row_no::text\n"
                "    end as row_key",
                *items_and_amounts,
                *(of_disclosure(form, "numbered_line") if layer.is_of_units else ()),
            ]
        ),
        "from numbered_line",
        f"group by {', '.join(layer.order)}, row_no",
        *ordered(layer, "row_no"),
    ]
