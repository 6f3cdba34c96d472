"""A filed form as a table of figures, and the checks that need no ledger: its own sums, and figures printed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from loader.diagnosis.differences import Rebuilt, RebuiltForm
from loader.ledger.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.lines import Ledger
from loader.ledger.projection import CellKey
from schema.forms import FORMS
from schema.forms.template import Form, Rows

Figures = dict[str, dict[str, int]]  # row → column → 分; rows without figures are empty


class Failed(NamedTuple):
    """A check that fails at a cell: by how much the cell exceeds its parts, or its twin."""

    check: str  # across, down, absent (another form lacks the row), or the form that prints the same figure
    row: str
    column: str
    difference: int


@dataclass(slots=True)
class Table:
    """The figures of a form with rows.

    ``twins`` are the columns of other tables that print the same selection of money; ``wider`` the tables that hold all
    money of this one; ``beyond`` is the money of totals that none of their columns holds: 经营支出 has no
    class.
    """

    form: FormEvidence
    columns: list[str]
    parts: dict[str, list[str]]
    figures: Figures
    twins: list[tuple[str, Table, str]] = field(default_factory=list)
    wider: list[Table] = field(default_factory=list)
    beyond: dict[CellKey, int] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """How its rows are told apart."""
        rows = self.form.form.rows
        assert rows is not None
        return rows

    def place(self) -> tuple[int, str, int | None]:
        """Where findings on it belong."""
        return self.form.filed.form_no, self.form.form.form_id, self.form.form.report_no

    def failed(self, figures: Figures | None = None) -> list[Failed]:
        """The checks that fail, of these figures or of others in their place."""
        figures = self.figures if figures is None else figures
        children = self.children(figures)
        return [
            *self._across(figures),
            *self._down(figures, children),
            *self._beside(figures, children),
            *self._absent(figures),
        ]

    def children(self, figures: Mapping[str, object] | None = None) -> dict[str, list[str]]:
        """Row → the rows directly beneath it."""
        printed = self.figures if figures is None else figures
        rows = self.rows
        found: dict[str, list[str]] = defaultdict(list)
        for row in printed:
            parent = next((held for held in rows.above(row) if held in printed), None)
            if parent is not None:
                found[parent].append(row)
        return found

    def _across(self, figures: Figures) -> Iterator[Failed]:
        for row, shown in figures.items():
            for column, parts in self.parts.items():
                difference = shown.get(column, 0) - sum(shown.get(part, 0) for part in parts)
                if difference != self.beyond.get((row, column), 0):
                    yield Failed("across", row, column, difference)

    def _down(self, figures: Figures, children: Mapping[str, list[str]]) -> Iterator[Failed]:
        for row, beneath in children.items():
            sums: dict[str, int] = defaultdict(int)
            for child in beneath:
                for column, amount in figures[child].items():
                    sums[column] += amount
            for column in self.columns:
                difference = figures[row].get(column, 0) - sums[column]
                if difference:
                    yield Failed("down", row, column, difference)

    def _beside(self, figures: Figures, children: Mapping[str, list[str]]) -> Iterator[Failed]:
        rows = self.rows
        for column, other, other_column in self.twins:
            finest_of_other = other.figures.keys() - other.children().keys()
            for row in sorted(figures.keys() | finest_of_other):
                if row not in figures and any(held in figures and held not in children for held in rows.above(row)):
                    continue  # told by a coarser row
                if row not in other.figures and (row in children or other.is_told_coarser(row)):
                    continue
                difference = figures.get(row, {}).get(column, 0) - other.figures.get(row, {}).get(other_column, 0)
                if difference:
                    yield Failed(other.form.form.form_id, row, column, difference)

    def _absent(self, figures: Figures) -> Iterator[Failed]:
        for other in self.wider:
            for row in sorted(figures.keys() - other.figures.keys()):
                amount = max(figures[row].values(), key=abs, default=0)
                if amount and not other.is_told_coarser(row):
                    yield Failed("absent", row, "", amount)

    def is_told_coarser(self, row: str) -> bool:
        """Whether a row above it stands here without finer ones."""
        rows = self.rows
        return any(held in self.form.leaf_rows for held in rows.above(row))


def tables_of(evidence: Evidence, ledger: Ledger, rebuilt: Rebuilt) -> dict[str, Table]:
    """The tables of a disclosure: its forms with rows of codes."""
    tables = {}
    for form_id, form in evidence.forms.items():
        template = form.form
        if template.rows is None or not template.rows.by or template.sheet is not None or template.sums:
            continue
        columns = [column.id for column in template.money_columns if column.id in form.columns]
        parts = {
            column.id: kept
            for column in template.money_columns
            if column.id in form.columns and (kept := [part for part in column.parts if part in form.columns])
        }
        figures: Figures = {row: {} for row in sorted(form.rows)}
        for (row, column), amount in form.amounts.items():
            if column in columns:
                figures[row][column] = amount
        beyond = _beyond(form, rebuilt[form_id], ledger, parts)
        tables[form_id] = Table(form, columns, parts, figures, beyond=beyond)
    for form_id, table in tables.items():
        for other_id, other in tables.items():
            if other_id != form_id:
                table.twins += [
                    (column, other, other_column)
                    for column, other_column in _same_selections(form_id, other_id)
                    if column in table.columns and other_column in other.columns
                ]
                if _is_wider(other_id, form_id):
                    table.wider.append(other)
    return tables


def _beyond(
    form: FormEvidence, rebuilt: RebuiltForm, ledger: Ledger, parts: Mapping[str, list[str]]
) -> dict[CellKey, int]:
    """The certain lines of totals that belong to none of the columns beneath them."""
    found = {}
    for (row, column), lines in rebuilt.lines.items():
        if column in parts:
            held = set().union(*(rebuilt.lines.get((row, part), ()) for part in parts[column]))
            left = [line for number in lines - held if (line := ledger.lines[number]).basis != "remainder"]
            shown = form.amounts.get((row, column), 0) - sum(form.amounts.get((row, part), 0) for part in parts[column])
            without_class = sum(to_fen(e.amount) for e in left if e.coordinates.nature not in ("", "basic", "project"))
            every = sum(to_fen(line.amount) for line in left)
            # a ledger that a fault has spoiled may lack classes, too: beside the filed figures it proves nothing
            found[row, column] = every if every == shown else without_class
    return found


@cache
def _is_wider(form_id: str, other_id: str) -> bool:
    """Whether a form prints the rows of another one, and all the money in them."""
    form, other = FORMS[form_id], FORMS[other_id]
    if form.rows is None or form.rows != other.rows or len(form.rows.by) < 2 or form.where == other.where:
        return False
    return all(
        not held or (asked and all(prefix.startswith(held) for prefix in asked))
        for held, asked in zip(form.where.coordinates(), other.where.coordinates(), strict=True)
    )


@cache
def _same_selections(form_id: str, other_id: str) -> tuple[tuple[str, str], ...]:
    """Columns of two forms that print the same selection of money by the same rows."""
    form, other = FORMS[form_id], FORMS[other_id]
    if form.rows is None or other.rows is None or form.rows.by != other.rows.by:
        return ()
    return tuple(
        (column, other_column)
        for column, where in _selections(form)
        for other_column, other_where in _selections(other)
        if where == other_where
    )


def _selections(form: Form) -> list[tuple[str, object]]:
    return [(column.id, form.selection(column)) for column in form.money_columns]
