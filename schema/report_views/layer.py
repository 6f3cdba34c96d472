"""The schemas of rebuilt forms: one of each disclosure, one of the whole district."""

from __future__ import annotations

from dataclasses import dataclass

from schema.report_columns import DISTRICT_COLUMNS


@dataclass(frozen=True, slots=True)
class Layer:
    """A schema of rebuilt forms: the columns that begin its rows, the views with the cells of rows and of lists, and
    the first columns again as they order the forms of a year."""

    schema: str
    keys: tuple[str, ...]
    cells: str
    lines: str
    order: tuple[str, ...]

    @property
    def is_of_units(self) -> bool:
        """Whether each row belongs to one disclosure. In the district layer it belongs to all units together."""
        return self.schema == "report"


REPORT = Layer(
    "report",
    ("disclosure_id", "division_code", "fiscal_year", "reporting_unit_code"),
    "internal.summed_cell",
    "internal.list_line",
    ("reporting_unit_code", "disclosure_id", "division_code", "fiscal_year"),
)
DISTRICT = Layer(
    "district",
    tuple(DISTRICT_COLUMNS),
    "internal.district_cell",
    "internal.district_line",
    tuple(DISTRICT_COLUMNS),
)
