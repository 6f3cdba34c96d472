"""Forms that no set declares, in a set of their own: what the tables allow, so that views decide about it.

Rows of items and of government-economic codes, a list without columns, columns that a rule names and nobody declares;
and rules of forms that are not declared at all.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

Row = dict[str, Any]

SET = "other"
_WITH_RULES: dict[str, Row] = {
    "o1": {"layout": "items", "subject": "item"},
    "o2": {"layout": "items", "subject": "item", "is_by_unit": True, "unprinted_levels": [1]},
    "o3": {"subject": "government_economic"},
    "o4": {"subject": "government_economic"},
    "o5": {"layout": "lists", "subject": None},
    "o6": {"layout": "special_funds", "subject": "project"},
    "o7": {"layout": "one_row", "subject": None},
}
# of a total that is not quite that of all spending
_SELECTIONS: dict[str, Row] = {
    "o81": {"functional_code": "201"},
    "o82": {"department_economic_code": "301"},
    "o83": {"government_economic_code": "501"},
    "o84": {"line_key": "total"},
}


def write(connection: psycopg.Connection) -> None:
    """Declare them, each as a row of a declared form with some changes."""
    of_r08 = "form_id = 'r08'"
    total = f"{of_r08} and column_key = 'total'"
    for number, (form, told) in enumerate(_WITH_RULES.items()):
        own: Row = {"set_id": SET, "form_id": form}
        _copy(connection, "meta.form_template", of_r08, own | {"form_order": 100 + number} | told)
        if form != "o5":
            columns = f"{of_r08} and column_key in ('total', 'staff')"
            _copy(connection, "meta.form_column", columns, own | {"is_leaf": True, "parts": []})
        anything = {"found_by": f"{SET} expenditure ", "fund_patterns": None, "nature_patterns": None}
        _copy(connection, "meta.form_rule", f"{of_r08} and rule_no = 1", own | anything)
        _copy(connection, "meta.form_selection", of_r08, own | {"selection": "expenditure"})
    for number, (form, told) in enumerate(_SELECTIONS.items()):
        own = {"set_id": SET, "form_id": form}
        template = {"layout": "one_row", "subject": None, "form_order": 200 + number}
        _copy(connection, "meta.form_template", of_r08, own | template)
        _copy(connection, "meta.form_selection", total, own | {"selection": "expenditure"} | told)

    # a list whose rule names no line, and one of which no column tells
    of_r01 = "form_id = 'r01' and list_key = 'revenue'"
    own = {"form_id": "o5", "parts": []}
    _copy(connection, "meta.form_column", of_r01, own | {"column_key": "total"})
    _copy(connection, "meta.form_line", f"{of_r01} and line_no = 1", own | {"row_key": "total"})
    _copy(connection, "meta.form_line", f"{of_r01} and line_no = 2", own | {"list_key": "nothing"})

    abroad = "form_id = 'r15' and column_key = 'abroad'"
    first = f"{abroad} and rule_no = (select min(rule_no) from meta.form_rule where {abroad})"
    own = {"set_id": SET, "form_id": "o7", "rule_no": 9, "column_key": "nothing"}
    _copy(connection, "meta.form_rule", first, own | {"found_by": f"{SET} three_public "})

    for known, unknown in (("r03", "nothing"), ("r01", "neither")):
        for table in ("meta.form_rule", "meta.form_line", "meta.form_selection"):
            _copy(connection, table, f"form_id = '{known}'", {"form_id": unknown})


def _copy(connection: psycopg.Connection, table: str, where: str, changed: Row) -> None:
    connection.execute(
        f"insert into {table} select (jsonb_populate_record(t, %s)).* from {table} as t where {where}".encode(),
        (Jsonb(changed),),
    )
