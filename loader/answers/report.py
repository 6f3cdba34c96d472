"""Official reports for people: a rebuilt form as a table in the terminal, as CSV or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row

from loader.cli.console import add_column, new_table, printed
from loader.documents.printable import printable
from loader.documents.wording import figure, is_placeholder
from schema.forms.hunan import FORMS
from schema.forms.template import Layout, Role
from schema.report_columns import LEADING_COLUMNS, report_labels

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Report:
    """A rebuilt form of one unit: title, unit, and its rows in official order."""

    report_no: int
    fiscal_year: int
    unit_code: str
    unit_name: str
    revision: int
    is_one_of_several: bool  # current revisions
    rows: list[dict[str, object]]

    @property
    def title(self) -> str:
        return FORMS[self.report_no].title

    def columns(self) -> dict[str, str]:
        """Official column → Chinese label, in official order."""
        return {k: v for k, v in report_labels(self.report_no).items() if k not in LEADING_COLUMNS}

    def frame(self) -> pd.DataFrame:
        """The report as a DataFrame with the official Chinese headings; money stays Decimal."""
        import pandas as pd

        columns = self.columns()
        return pd.DataFrame(
            [[row[k] for k in columns] for row in self.rows], columns=list(columns.values()), dtype=object
        )

    def as_csv(self, no_formulas: bool = False) -> str:
        """CSV under the Chinese headings. Spreadsheets take texts that begin with = + - @ for formulas;
        ``no_formulas`` puts an apostrophe before them."""
        frame = self.frame()
        if no_formulas:
            frame = frame.map(lambda value: f"'{value}" if _is_formula(value) else value)
        return printable(frame.to_csv(index=False), keep="\r\n")

    def as_json(self) -> str:
        """JSON under the English names, with the keys and levels of the rows; money as text, exact."""
        return json.dumps(
            {
                "report_no": self.report_no,
                "title": self.title,
                "fiscal_year": self.fiscal_year,
                "unit_code": self.unit_code,
                "unit_name": self.unit_name,
                "revision": self.revision,
                "money_unit": "万元",
                "rows": self.rows,
            },
            ensure_ascii=False,
            indent=1,
            default=str,
        )

    def heading(self) -> str:
        """Title, unit and year, and the revision where it is not the only current one."""
        revision = f"    版次：{self.revision}" if self.is_one_of_several else ""
        whose = f"{self.unit_code}_{self.unit_name}"
        return f"{self.title}\n单位：{whose}    {self.fiscal_year}年{revision}    金额单位：万元"

    def printable(self, every_column: bool = False) -> Iterator[str | Table]:
        """The official layout for a terminal: one table, or a sheet of fields and tables (forms 22 and 23).

        Columns without any entry are left out unless asked for.
        """
        yield self.heading()
        if FORMS[self.report_no].layout in (Layout.PROJECT_SHEET, Layout.DEPARTMENT_SHEET):
            yield from self._sheets()
        else:
            columns = self.columns()
            shown = [k for k in columns if every_column or k == "total" or _has_entry(k, self.rows)]
            yield self._table(shown, self.rows)

    def _sheets(self) -> Iterator[str | Table]:
        """Fields as lines of label and value; tasks and indicators, which are several rows of one item, as tables."""
        columns = self.columns()
        first = self.rows[0]["item"] if self.rows else None
        for item, group in groupby(self.rows, lambda row: row["item"]):
            rows = list(group)
            filled = [k for k in columns if k != "item" and _has_entry(k, rows)]
            if item == first:
                yield ""  # between the sheets of two projects
            if len(rows) > 1:
                yield f"{item}："
                yield self._table(filled, rows)
            else:
                yield from (f"{columns[k]}：{printed(rows[0][k])}" for k in filled)

    def _table(self, columns: list[str], rows: list[dict[str, object]]) -> Table:
        from rich.markup import escape

        labels = self.columns()
        money = {c.id for c in FORMS[self.report_no].columns if c.role is Role.MONEY}
        table = new_table()
        for key in columns:
            is_money = key in money or key.endswith("_amount")
            add_column(table, labels[key].replace("-", "\n"), (row[key] for row in rows), is_money)
        for row in rows:
            table.add_row(*(escape(printed(row[key])) for key in columns))
        return table


def _is_formula(value: object) -> bool:
    if not isinstance(value, str) or is_placeholder(value) or figure(value) is not None:
        return False
    return value.startswith(("=", "+", "-", "@", "\t", "\r"))


def _has_entry(key: str, rows: list[dict[str, object]]) -> bool:
    return any(row[key] not in (None, "") for row in rows)


def read_report(
    connection: psycopg.Connection,
    report_no: int,
    fiscal_year: int,
    unit_code: str,
    division_code: str,
    revision: int | None = None,
) -> Report | None:
    """Rebuild one form of a unit's current disclosure; None where the unit has none, or no such revision, in that year.

    Of several current revisions it is the one that ``budget.current_amount`` counts, unless another is asked for.
    """
    found = connection.execute(
        "select d.disclosure_id, d.reporting_unit_name, d.revision, count(*) over () > 1"
        " from budget.disclosure as d"
        " left join budget.counted_disclosure as counted using (division_code, fiscal_year, disclosure_id)"
        " where d.division_code = %s and d.fiscal_year = %s and d.reporting_unit_code = %s and d.is_current"
        " order by d.revision is not distinct from %s desc, counted.disclosure_id is not null desc limit 1",
        (division_code, fiscal_year, unit_code, revision),
    ).fetchone()
    if found is None or revision not in (None, found[2]):
        return None
    columns: Sequence[str] = list(report_labels(report_no))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            f"select {', '.join(columns)} from report.r{report_no:02d}"  # names come from the templates
            " where disclosure_id = %s and division_code = %s and fiscal_year = %s order by row_no",
            (found[0], division_code, fiscal_year),
        ).fetchall()
    return Report(report_no, fiscal_year, unit_code, found[1], found[2], found[3], rows)
