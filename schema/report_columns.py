"""The columns of the report views and their Chinese labels, from the declarations of the forms."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from schema.forms.template import Column, Coordinate, Form, Role

LEADING_COLUMNS = {
    "disclosure_id": "公开文件编号",
    "division_code": "行政区划代码",
    "fiscal_year": "预算年度",
    "reporting_unit_code": "填报单位编码",
    "row_no": "行号",
    "row_level": "行级次",
    "is_leaf": "是否末级",
    "row_key": "行标识",
}
OF_DISCLOSURE = {"is_counted": "是否计入汇总", "stage": "阶段"}  # the last columns of report views
_OF_ONE_DISCLOSURE = {"disclosure_id", "reporting_unit_code"}
DISTRICT_COLUMNS = {
    "division_code": "行政区划代码",
    "fiscal_year": "预算年度",
    "stage": "阶段",
    "chosen_units": "所选单位（空为全部）",
}
_LONGEST_NAME = 63  # bytes: Postgres cuts longer identifiers
_LONGEST_CHINESE = 60  # bytes of a name in report_zh: some clients cut names earlier than Postgres
_LONGEST_COMMENT = 20  # characters: BI tools show comments as names

# Columns that cannot be rebuilt from the ledger are not in a report. The only texts in the ledger are goals.
_REBUILT = (Role.CODE, Role.NAME, Role.MONEY)


def report_columns(form: Form) -> list[Column]:
    """The columns of ``report.<form_id>`` after the leading ones, for forms other than lists."""
    rebuilt = _REBUILT if form.has_table else (*_REBUILT, Role.TEXT)
    return [column for column in form.columns if column.role in rebuilt and not _is_printed_whole(form, column)]


def _is_printed_whole(form: Form, column: Column) -> bool:
    """Whether a column is a part of a code that some offices print (类, 款 or 项) and the official form has whole."""
    if not column.optional or column.code is None or column.code.part is None:
        return False
    return any(
        other.role is Role.CODE and other.code and other.code.part is None and {*column.code.of} <= {*other.code.of}
        for other in form.columns
    )


def is_of_unit(form: Form, column: Column) -> bool:
    """Whether a column of codes or names is only about units. A form for all units together lacks such a column."""
    if column.code is not None:
        return column.code.of == (Coordinate.UNIT,)
    return column.role is Role.NAME and form.rows is not None and form.rows.by == (Coordinate.UNIT,)


def district_labels(form: Form) -> dict[str, str]:
    """Column of ``district.<form_id>`` → its Chinese label, in the order of the view."""
    of_unit = {column.id for column in form.columns if is_of_unit(form, column)} | _OF_ONE_DISCLOSURE
    return DISTRICT_COLUMNS | {column: label for column, label in report_labels(form).items() if column not in of_unit}


def chinese_name(form: Form) -> str:
    """The name of the form's view in ``report_zh``: its number or id and its short title. ValueError if too long."""
    number = f"{form.report_no:02d}" if form.report_no is not None else form.form_id
    name = f"{number}{form.short_title}"
    if len(name.encode()) > _LONGEST_NAME:
        raise ValueError(f"the name {name} is longer than {_LONGEST_NAME} bytes")
    return name


def report_labels(form: Form) -> dict[str, str]:
    """Column of the report view → its Chinese label, unique and within 63 bytes, in the order of the view."""
    labels = dict(LEADING_COLUMNS)
    for entry in form.lists:
        labels[f"{entry.id}_item"] = entry.label
        for amount in entry.amounts:
            if amount.role is Role.MONEY:
                # not the label of the amount, from which it may differ: it names a column that others query
                labels[f"{amount.id}_amount"] = f"{entry.label}-{amount.path[-1]}"
    if not form.lists:
        if form.sheet is not None:
            labels |= {"item": "栏目"}
        labels |= {column.id: column.label for column in report_columns(form)}
    for column_id, label in labels.items():
        while len(label.encode()) > _LONGEST_NAME:
            label = label.split("-", 1)[1] if "-" in label else label[:20]
        labels[column_id] = label
    if len(set(labels.values())) < len(labels):
        raise ValueError(f"two columns of {form.form_id} have one label")
    return labels


@cache
def chinese_columns(form: Form) -> dict[str, str]:
    """Column of the report view → its name in ``report_zh``, which needs no quotes.

    总计 is called 合计, and characters other than letters become underscores. ValueError if two columns get one name.
    """
    names = {}
    for column_id, parts in _parts(form).items():
        name = _name("-".join(parts))
        while len(name.encode()) > _LONGEST_CHINESE:
            parts = parts[1:] or (parts[0][:20],)
            name = _name("-".join(parts))
        names[column_id] = name
    if len(set(names.values())) < len(names):
        raise ValueError(f"two columns of {form.form_id} have one Chinese name")
    return names


@cache
def comment_labels(form: Form) -> dict[str, str]:
    """Column of the report view → its comment: the heading, with 万元 for money, unique in the form.

    The upper levels of a long heading are left out. ValueError if it is still too long.
    """
    parts = _parts(form)
    money = {column.id for column in form.money_columns}
    money |= {f"{amount.id}_amount" for entry in form.lists for amount in entry.amounts if amount.role is Role.MONEY}
    return {column_id: _comment(parts, column_id, column_id in money) for column_id in parts}


def _parts(form: Form) -> dict[str, tuple[str, ...]]:
    """Column → its heading from the top down. A grand total is called like every other total."""
    found = {}
    for column_id, label in (report_labels(form) | OF_DISCLOSURE).items():
        *upper, last = label.split("-")
        found[column_id] = (*upper, "合计" if last == "总计" else last)
    return found


def _name(label: str) -> str:
    return re.sub(r"\W+", "_", label.replace("“", "").replace("”", "")).strip("_")


def _comment(parts: dict[str, tuple[str, ...]], column_id: str, is_money: bool) -> str:
    own = parts[column_id]
    others = {
        "-".join(told[start:]) for other, told in parts.items() if other != column_id for start in range(len(told))
    }
    shorter = [own[start:] for start in range(len(own))] + [own[:-1]]
    for told, unit in product(shorter, ("（万元）", "_万元") if is_money else ("",)):
        label = "-".join(told)
        if len(label + unit) <= _LONGEST_COMMENT and (told == own or label not in others):
            return label + unit
    raise ValueError(f"the heading of column {column_id} is too long for a comment")
