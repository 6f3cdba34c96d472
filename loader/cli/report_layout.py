"""A rebuilt form in the official layout for a terminal, as CSV, or as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from loader.answers.report import Report
from loader.cli.console import add_column, json_of, new_table, printed
from loader.documents.printable import printable
from schema.forms.template import Role

if TYPE_CHECKING:
    from rich.table import Table


def as_csv(report: Report, no_formulas: bool = False) -> str:
    """CSV under the official Chinese headings; a blank cell is an empty field.

    Spreadsheets read texts that begin with = + - @ as formulas; ``no_formulas`` puts an apostrophe before them.
    """
    columns = report.columns()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.values())
    for row in report.rows:
        values = [row[key] for key in columns]
        writer.writerow([f"'{value}" if no_formulas and _is_formula(value) else value for value in values])
    return printable(text.getvalue(), keep="\r\n")


def as_json(report: Report) -> str:
    """JSON under the English names, with the keys and levels of the rows; money as text, exact."""
    return json_of(
        {
            "form_id": report.form.form_id,
            "report_no": report.form.report_no,
            "title": report.title,
            "fiscal_year": report.fiscal_year,
            "unit_code": report.unit_code,
            "unit_name": report.unit_name,
            "stage": report.stage,
            "revision": report.revision,
            "money_unit": "万元",
            "rows": report.rows,
        },
        indent=1,
    )


def layout(report: Report, every_column: bool = False) -> Iterator[str | Table]:
    """The official layout for a terminal: one table, or a sheet of fields and tables (forms 22 and 23).

    Empty columns are left out unless ``every_column``.
    """
    yield printable(_heading(report), keep="\n")
    if report.form.sheet is not None:
        yield from _sheets(report)
    else:
        columns = report.columns()
        shown = [k for k in columns if every_column or k == "total" or _has_entry(k, report.rows)]
        yield _table(report, shown, report.rows)


def _heading(report: Report) -> str:
    """Title, unit and year, and the revision if it is not the only current one."""
    revision = f"    版次：{report.revision}" if report.is_one_of_several else ""
    whose = f"{report.unit_code}_{report.unit_name}"
    return f"{report.title}\n单位：{whose}    {report.fiscal_year}年{revision}    金额单位：万元"


def _sheets(report: Report) -> Iterator[str | Table]:
    """Fields as lines of label and value; tasks and indicators, which are several rows of one item, as tables."""
    columns = report.columns()
    first = report.rows[0]["item"] if report.rows else None
    for item, group in groupby(report.rows, lambda row: row["item"]):
        rows = list(group)
        filled = [k for k in columns if k != "item" and _has_entry(k, rows)]
        if item == first:
            yield ""  # between the sheets of two projects
        if len(rows) > 1:
            yield f"{printed(item)}："
            yield _table(report, filled, rows)
        else:
            yield from (f"{columns[k]}：{printed(rows[0][k])}" for k in filled)


def _table(report: Report, columns: list[str], rows: list[dict[str, object]]) -> Table:
    from rich.markup import escape

    labels = report.columns()
    money = {c.id for c in report.form.columns if c.role is Role.MONEY}
    table = new_table()
    for key in columns:
        is_money = key in money or key.endswith("_amount")
        add_column(table, labels[key].replace("-", "\n"), (row[key] for row in rows), is_money)
    for row in rows:
        table.add_row(*(escape(printed(row[key])) for key in columns))
    return table


def _is_formula(value: object) -> bool:
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return False
    from loader.documents.wording import figure, is_placeholder  # its patterns are slow to compile

    return not is_placeholder(value) and figure(value) is None


def _has_entry(key: str, rows: list[dict[str, object]]) -> bool:
    return any(row[key] not in (None, "") for row in rows)
