"""Official reports for people: a rebuilt form as a table in the terminal, as CSV or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row

from loader.console import SHORT
from schema.forms import FORMS
from schema.report_columns import LEADING_COLUMNS, report_labels
from schema.template import Role

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

    def as_csv(self) -> str:
        """CSV under the Chinese headings."""
        return self.frame().to_csv(index=False)

    def as_json(self) -> str:
        """JSON under the English names, with the keys and levels of the rows; money as text, exact."""
        return json.dumps(
            {
                "report_no": self.report_no,
                "title": self.title,
                "fiscal_year": self.fiscal_year,
                "unit_code": self.unit_code,
                "unit_name": self.unit_name,
                "money_unit": "万元",
                "rows": self.rows,
            },
            ensure_ascii=False,
            indent=1,
            default=str,
        )

    def as_table(self, every_column: bool = False) -> Table:
        """The official layout for a terminal; columns without any entry are left out unless asked for."""
        from rich import box
        from rich.table import Table

        columns = self.columns()
        money = {c.id for c in FORMS[self.report_no].columns if c.role is Role.MONEY}
        shown = [
            k for k in columns if every_column or any(row[k] not in (None, "") for row in self.rows) or k == "total"
        ]
        table = Table(
            title=f"{self.title}\n单位：{self.unit_code}_{self.unit_name}    {self.fiscal_year}年    金额单位：万元",
            box=box.ASCII2,
            title_justify="left",
        )
        for key in shown:
            is_money = key in money or key.endswith("_amount")
            table.add_column(
                columns[key].replace("-", "\n"),
                justify="right" if is_money else "left",
                no_wrap=all(len(printed(row[key])) <= SHORT for row in self.rows),
            )
        for row in self.rows:
            table.add_row(*(printed(row[key]) for key in shown))
        return table


def printed(value: object) -> str:
    """A figure with two decimals at least, as forms print it; blank for nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        return f"{value:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{value.normalize():f}"
    return str(value)


def read_report(
    connection: psycopg.Connection, report_no: int, fiscal_year: int, unit_code: str, division_code: str
) -> Report | None:
    """Rebuild one form of a unit's current disclosure; None where the unit has none in that year."""
    found = connection.execute(
        "select disclosure_id, reporting_unit_name from budget.disclosure where division_code = %s"
        " and fiscal_year = %s and reporting_unit_code = %s and is_current order by revision desc limit 1",
        (division_code, fiscal_year, unit_code),
    ).fetchone()
    if found is None:
        return None
    columns: Sequence[str] = list(report_labels(report_no))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            f"select {', '.join(columns)} from report.r{report_no:02d}"  # names come from the templates
            " where disclosure_id = %s and division_code = %s and fiscal_year = %s order by row_no",
            (found[0], division_code, fiscal_year),
        ).fetchall()
    return Report(report_no, fiscal_year, unit_code, found[1], rows)
