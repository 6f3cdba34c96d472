"""A table of a document, before and after it is known which official form it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from loader.documents.grid import Row
from loader.documents.wording import label
from loader.filing.headers.match import Match
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.years import PriorColumn
from loader.filing.tables.titles import NO_FILING_UNIT, FilingUnit
from schema.forms import FORMS
from schema.forms.template import Form


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a document that is one official form, or an unknown one (``form`` is None).

    ``columns`` maps a grid column to the id of the template's column, ``lists`` the grid column of labels to the id of
    a list, ``priors`` columns of other years, ``rates`` columns of per cents and differences. ``header`` and ``body``
    are the rows of the table as they stand in the grid; ``beside`` are the columns of further groups of the same
    columns that stand side by side. ``likely`` are columns known by a head that was read from a picture and resembles
    theirs. ``place`` names the sheet and first row of a table, or several if it goes on in the next sheet; ``sheet`` is
    the last one.
    """

    form: Form | None
    place: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    columns: dict[int, str]
    header_labels: dict[int, str]
    lists: dict[int, str] = field(default_factory=dict)
    priors: dict[int, PriorColumn] = field(default_factory=dict)
    rates: dict[int, str] = field(default_factory=dict)
    beside: tuple[dict[int, str], ...] = ()
    title: str | None = None
    note: str | None = None
    money_unit: str | None = None
    filing_unit: FilingUnit = NO_FILING_UNIT
    recognised_by: str = "title and header"
    rivals: tuple[str, ...] = field(default=())
    sheet: str = ""
    likely: dict[int, str] = field(default_factory=dict)

    @property
    def unit_code(self) -> str | None:
        """The code of the unit whose form it is, as printed above it."""
        return self.filing_unit.code

    @property
    def unit_name(self) -> str | None:
        """Its name."""
        return self.filing_unit.name


@dataclass(frozen=True, slots=True)
class Found:
    """A table with a header, or a sheet of goals, before it is settled which form it is."""

    table: FormTable
    matches: Sequence[Match]
    paths: dict[int, HeaderPath]
    titles: dict[str, float]  # form_id → how sure
    is_sheet_name: bool
    sheet: Form | None = None
    unfamiliar: tuple[str, ...] = ()  # what is printed above it where no title is known
    kept: tuple[str, ...] = ()  # form_ids of forms known by title alone whose title it bears


@cache
def line_labels(form_id: str) -> frozenset[str]:
    """Every label that the lines of a form's lists bear."""
    lines = [line for entry in FORMS[form_id].lists for line in entry.lines]
    return frozenset(label(name) for line in lines for name in (line.label, *line.aliases))
