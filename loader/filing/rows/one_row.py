"""The row of a form that has only one (三公经费), beside rows of other years or stages."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder
from loader.filing.headers.rows import is_numbering
from loader.filing.headers.years import of_which_year, says_change, says_only_amount
from loader.filing.rows.placed_row import PlacedRow
from loader.filing.tables.form_table import FormTable
from schema.forms.template import Prior, Rows, Stage

_LONGEST_FIGURE = 15  # characters: a longer text alone in its row is prose, even with numbers in it


class OneRow:
    """Tells the row of a form of one row from those of other years, captions and prose."""

    def __init__(self, rows: Rows, stage: Stage, table: FormTable, fiscal_year: int) -> None:
        self._rows = rows
        self._stage = stage
        self._fiscal_year = fiscal_year
        self._priors = dict(rows.priors)
        self._known_columns = {*table.columns, *table.priors, *table.rates}
        self._is_alone = bool(rows.priors) and _is_of_one_row(table)

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """The row, None if this is another one."""
        is_other = _is_caption(row) or any(map(says_change, self._labels(row)))
        is_only = self._is_the_only(values) and not is_other
        return PlacedRow(self._rows.total or "total", self._rows.total_label) if is_only else None

    def prior_of(self, values: dict[str, str], row: Row) -> Prior | None:
        """The other year or stage of a row, by its label, None if it is of this one.

        The label of another year is the same as this year's, but for the year. A change between years is not a row of
        another year.
        """
        for text in (*values.values(), *self._labels(row)):
            name, years_back, stage = of_which_year(text, self._fiscal_year)
            if years_back > 0 and (name in ("", *self._priors) or says_only_amount((name,))):
                return Prior(years_back, stage or self._stage)
            if years_back == 0 and name in self._priors:
                return self._priors[name]
        return None

    def _is_the_only(self, values: dict[str, str]) -> bool:
        """Whether this is the row of the form.

        If the form also has rows of other years or stages, the label must be that of this year. A row without a label
        must be the only one with figures.
        """
        if not self._priors:
            return True
        labels = [text for text in values.values() if text]
        return all(map(self._is_of_this_year, labels)) if labels else self._is_alone

    def _is_of_this_year(self, text: str) -> bool:
        """Whether a label is only the name of the row of this year and stage, or its year."""
        name, years_back, _ = of_which_year(text, self._fiscal_year)
        return years_back == 0 and name in ("", self._rows.total_label)

    def _labels(self, row: Row) -> list[str]:
        """The texts before the figures of a row, in columns that the form does not have."""
        first = next((cell.column for cell in row.cells if cell.column in self._known_columns), 0)
        return [cell.text for cell in row.cells if cell.column < first]


def _is_of_one_row(table: FormTable) -> bool:
    """Whether exactly one row of a table has figures."""
    rows = [row for row in table.body if not is_numbering(row)]
    return sum(any(figure(cell.text) for cell in row.cells) for row in rows) == 1


def _is_caption(row: Row) -> bool:
    """Whether a row is only words: a caption (相关统计数：) or a line of prose."""
    text = fold(row.cells[0].text)
    if len(row.cells) > 1 or len(text) == 1 or is_placeholder(text):
        return False
    return not any(map(str.isdigit, text)) or len(text) > _LONGEST_FIGURE
