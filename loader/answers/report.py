"""Official reports: a form of a unit's disclosure, rebuilt from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row

from loader.answers.current import current_with
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
    stage: str
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
        """The form as a DataFrame: one row per printed row, under the official Chinese headings.

        Amounts stay exact: Decimal in 万元, as objects. A blank cell is None.
        """
        import pandas as pd  # takes half a second to import, so it is imported only here

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
    """Rebuild one form of a unit's current disclosure. None if the unit has none, or no such revision, in that year.

    If several revisions are current and ``revision`` is not given, this is the one that ``budget.current_amount``
    counts. OtherForms if the unit filed other forms.
    """
    fitting = current_with(connection, division_code, fiscal_year, unit_code, form)
    found = next((one for one in fitting if revision in (None, one.revision)), None)
    if found is None:
        return None
    columns: Sequence[str] = list(report_labels(form))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            f"select {', '.join(columns)} from report.{form.form_id}"  # names come from the templates
            " where disclosure_id = %s and division_code = %s and fiscal_year = %s order by row_no",
            (found.disclosure_id, division_code, fiscal_year),
        ).fetchall()
    return Report(
        form, fiscal_year, unit_code, found.unit_name, found.stage, found.revision, found.is_one_of_several, rows
    )
