"""Official reports: a form of a unit's disclosure, rebuilt from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row

from schema.forms.template import Form
from schema.report_columns import LEADING_COLUMNS, report_labels

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Report:
    """A rebuilt form of one unit: title, unit, and its rows in official order."""

    form: Form
    fiscal_year: int
    unit_code: str
    unit_name: str
    revision: int
    is_one_of_several: bool  # current revisions
    rows: list[dict[str, object]]

    @property
    def title(self) -> str:
        return self.form.title

    def columns(self) -> dict[str, str]:
        """Official column → Chinese label, in official order."""
        return {k: v for k, v in report_labels(self.form).items() if k not in LEADING_COLUMNS}

    def frame(self) -> pd.DataFrame:
        """The form as a DataFrame: a row a printed row, under the official Chinese headings.

        Amounts stay exact: Decimal in 万元, as objects. A blank cell is None.
        """
        import pandas as pd  # half a second that only those pay who want a frame

        columns = self.columns()
        rows = [[row[key] for key in columns] for row in self.rows]
        return pd.DataFrame(rows, columns=list(columns.values()), dtype=object)


def read_report(
    connection: psycopg.Connection,
    form: Form,
    fiscal_year: int,
    unit_code: str,
    division_code: str,
    revision: int | None = None,
) -> Report | None:
    """Rebuild one form of a unit's current disclosure; None if the unit has none, or no such revision, in that year.

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
    columns: Sequence[str] = list(report_labels(form))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            f"select {', '.join(columns)} from report.{form.form_id}"  # names come from the templates
            " where disclosure_id = %s and division_code = %s and fiscal_year = %s order by row_no",
            (found[0], division_code, fiscal_year),
        ).fetchall()
    return Report(form, fiscal_year, unit_code, found[1], found[2], found[3], rows)
