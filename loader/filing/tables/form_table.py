"""A table of a document, before and after its official form is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import label
from loader.filing.headers.match import Match
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.years import PriorColumn
from loader.filing.tables.titles import NO_FILING_UNIT, FilingUnit
from schema.forms import FORMS
from schema.forms.template import Form, Stage

_NONE: Mapping[int, Any] = MappingProxyType({})


class FormTable(NamedTuple):
    """A table of a document: an official form, or an unknown table (``form`` is None).

    Columns are those of the grid, from 0. ``columns``: column → id of the template's column. ``lists``: column of
    labels → id of a list. ``priors``: columns of other years or stages. ``rates``: columns of per cents and differences
    → id of the column that they refer to. ``beside``: the columns of further groups if the same columns stand side by
    side several times. ``likely``: columns found because a head read from a picture resembles theirs.

    ``money_unit`` is the one nearest above, ``money_units`` are all between title and table, ``unit_below`` stands
    below it.

    ``header`` and ``body`` are rows of the grid. ``rivals``: other forms that fit as well. ``place`` names the sheet
    and first row, or several if the table continues in the next sheet. ``sheet`` is the last of them.
    """

    form: Form | None
    place: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    columns: dict[int, str]
    header_labels: dict[int, str]
    lists: Mapping[int, str] = _NONE
    priors: Mapping[int, PriorColumn] = _NONE
    rates: Mapping[int, str] = _NONE
    beside: tuple[dict[int, str], ...] = ()
    title: str | None = None
    note: str | None = None
    money_unit: str | None = None
    money_units: tuple[str, ...] = ()
    unit_below: str | None = None
    filing_unit: FilingUnit = NO_FILING_UNIT
    recognised_by: str = "title and header"
    rivals: tuple[str, ...] = ()
    sheet: str = ""
    likely: Mapping[int, str] = _NONE

    @property
    def unit_code(self) -> str | None:
        """The code of the unit that files the form, as printed above it."""
        return self.filing_unit.code

    @property
    def unit_name(self) -> str | None:
        """The name of the unit that files the form, as printed above it."""
        return self.filing_unit.name


def of_stage(table: FormTable, stage: Stage) -> FormTable:
    """The table of a document of a stage: in an adjusted budget, 调整预算数 is its own, 年初预算数 of another stage."""
    if stage is not Stage.ADJUSTED or not table.priors:
        return table
    own = {column_id: at for at, column_id in table.columns.items()}
    columns, priors = dict(table.columns), dict(table.priors)
    for at, prior in table.priors.items():
        if prior.stage is stage and prior.years_back == 0 and prior.column_id in own:
            first = own[prior.column_id]
            columns[at] = columns.pop(first)
            priors[first] = replace(priors.pop(at), stage=Stage.BUDGET)
    return table._replace(columns=columns, priors=priors)


@dataclass(frozen=True, slots=True)
class Found:
    """A table with a header, or a sheet of goals, before its form is decided."""

    table: FormTable
    matches: Sequence[Match]
    paths: dict[int, HeaderPath]
    titles: dict[str, float]  # form_id → how sure
    is_sheet_name: bool
    sheet: Form | None = None
    unfamiliar: tuple[str, ...] = ()  # the text above it if it has no known title
    kept: tuple[str, ...] = ()  # form_ids of forms known by title only, if it has their title


@cache
def line_labels(form_id: str) -> frozenset[str]:
    """All labels of the lines in a form's lists."""
    lines = [line for entry in FORMS[form_id].lists for line in entry.lines]
    return frozenset(label(name) for line in lines for name in (line.label, *line.aliases))
