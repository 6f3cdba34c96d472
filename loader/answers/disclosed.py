"""Whole disclosures, form by form, read in batches for pages and workbooks.

One query per form serves all disclosures of a batch. One query per disclosure would take ten times as long.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row, tuple_row

from loader.answers.form_layout import (
    KeptCell,
    Layout,
    ListLine,
    as_printed,
    as_published,
    lists,
    memo_columns,
    sheets,
    table,
)
from loader.answers.sheets import sheets_of_rows
from loader.answers.stages import STAGES
from loader.warehouse.unit_codes import filed_as
from schema.forms import KEPT_FORMS, KEPT_SETS, SETS
from schema.forms.template import Form
from schema.report_columns import report_labels

BATCH = 40  # disclosures read at once: a few MB
Key = tuple[str, str]  # row_key and column_key of the comparison


@dataclass(frozen=True, slots=True)
class Selection:
    """The current disclosures wanted; None for all units or years."""

    division_code: str
    fiscal_year: int | None = None
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One current disclosure and its document. ``counts``: sums use this one of several revisions."""

    disclosure_id: int
    division_code: str
    fiscal_year: int
    unit_code: str
    unit_name: str
    stage: str
    revision: int
    counts: bool
    form_set_id: str
    published_on: datetime.date | None
    file_name: str
    file_format: str
    source_address: str | None
    unit_kind: str | None

    @property
    def title(self) -> str:
        """What the document is called: 部门预算, 单位预算, 部门决算 …"""
        return f"{filed_as(self.unit_code)}{STAGES.get(self.stage, self.stage)}"

    @property
    def is_kept_only(self) -> bool:
        """Whether only the titles of its forms are known. Then nothing of it is in the ledger."""
        return self.form_set_id in {entry.id for entry in KEPT_SETS}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A cell with a published figure other than the rebuilt one. ``status`` is ``differs`` or ``rounding``."""

    row_key: str
    row_label: str | None
    column_key: str
    column_label: str | None
    filed: Decimal | str | None
    rebuilt: Decimal | str | None
    status: str


@dataclass(slots=True)
class PrintedForm:
    """A rebuilt form of a disclosure, with the published figures that differ and the place of each figure.

    A form with only its title known (``form.is_kept_only``) is shown as published, in its own ``money_unit``. Rebuilt
    forms are in 万元. ``place`` is the place of the form in the document, None if it was not published. ``sources``
    maps a cell to its row in the document and its column in the form. ``sheets`` maps a row key to the sheet, if the
    form is on several sheets. ``unplaced`` are judgements of cells that the rebuilt form lacks.
    """

    form: Form
    layouts: list[Layout]
    place: str | None = None
    is_empty: bool = False
    note: str | None = None
    judged: dict[Key, Judgement] = field(default_factory=dict)
    sources: dict[Key, tuple[int, int]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    money_unit: str = "万元"

    @property
    def is_published(self) -> bool:
        """Whether the document holds this form."""
        return self.place is not None

    @property
    def differences(self) -> int:
        """The number of cells that differ."""
        return sum(found.status == "differs" for found in self.judged.values())

    @property
    def unplaced(self) -> list[Judgement]:
        """Judgements of cells that the rebuilt form lacks."""
        placed = {cell.key for layout in self.layouts for cell in layout.cells}
        return [found for key, found in self.judged.items() if key not in placed]


@dataclass(slots=True)
class Disclosed:
    """A disclosure with its forms in official order."""

    identity: Identity
    forms: list[PrintedForm]

    @property
    def differences(self) -> int:
        """The number of cells that differ in all forms."""
        return sum(form.differences for form in self.forms)

    @property
    def kept(self) -> list[Form]:
        """The forms that are shown as published, because only their titles are known."""
        return [printed.form for printed in self.forms if printed.form.is_kept_only]

    @property
    def missing(self) -> list[Form]:
        """The forms that were not published."""
        return [printed.form for printed in self.forms if not printed.is_published]


def identities(connection: psycopg.Connection, wanted: Selection) -> list[Identity]:
    """The current disclosures of a selection, by year, unit, stage and revision."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            """
            select
                d.disclosure_id, d.division_code, d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name,
                d.stage, d.revision,
                counted.disclosure_id is not null,
                d.form_set_id, d.published_on, o.file_name, o.file_format, o.source_address, u.unit_kind
            from budget.disclosure as d
            join budget.document as o using (division_code, document_id)
            left join budget.counted_disclosure as counted
                on counted.disclosure_id = d.disclosure_id and counted.division_code = d.division_code
            left join budget.unit as u
                on u.division_code = d.division_code
                    and u.unit_code = d.reporting_unit_code
                    and u.fiscal_year = d.fiscal_year
            where d.division_code = %(division)s
                and d.is_current
                and (%(year)s::int is null or d.fiscal_year = %(year)s)
                and (%(unit)s::text is null or d.reporting_unit_code = %(unit)s)
            order by d.fiscal_year, d.reporting_unit_code, d.stage, d.revision
            """,
            {"division": wanted.division_code, "year": wanted.fiscal_year, "unit": wanted.unit_code},
        ).fetchall()
    return [Identity(*row) for row in rows]


Thing = TypeVar("Thing")


def batches(found: Sequence[Identity]) -> Iterator[list[Identity]]:
    """The disclosures in batches of one year and set of forms, at most ``BATCH`` each."""
    groups: dict[tuple[int, str], list[Identity]] = defaultdict(list)
    for identity in found:
        groups[identity.fiscal_year, identity.form_set_id].append(identity)
    for group in groups.values():
        for start in range(0, len(group), BATCH):
            yield group[start : start + BATCH]


def read_batch(connection: psycopg.Connection, batch: Sequence[Identity]) -> list[Disclosed]:
    """The forms of disclosures of one division, year and set, with one query per form."""
    read = _Reader(connection, batch)
    forms = next((entry.forms for entry in SETS if entry.id == batch[0].form_set_id), ())  # none if only stored
    filed, kept = read.filed_forms(), read.kept_forms()
    judged = {key: dict(found) for key, found in read.judgements().items()}
    sources = {key: dict(found) for key, found in read.sources().items()}
    list_lines = read.list_lines()
    layouts: dict[tuple[int, str], list[Layout]] = {}
    for form in forms:
        rows = {} if form.lists else read.report(form)
        for one in batch:
            key = one.disclosure_id, form.form_id
            shown = as_published(form, {*sources.get(key, ()), *judged.get(key, ())}) if key in filed else form
            if form.lists:
                layouts[key] = [lists(shown, list_lines[key])]
            elif form.sheet is None:
                layouts[key] = [table(shown, rows[one.disclosure_id])]
            else:
                layouts[key] = sheets(shown, rows[one.disclosure_id])
    sheets_of = sheets_of_rows(
        connection, batch[0].division_code, batch[0].fiscal_year, [one.disclosure_id for one in batch], of_all=False
    )
    disclosed = []
    for one in batch:
        printed = []
        replaced = {form.variant_of for form in forms if (one.disclosure_id, form.form_id) in filed}
        for form in forms:
            key = one.disclosure_id, form.form_id
            if key not in filed and (form.optional or form.form_id in replaced):
                continue
            place, is_empty, note = filed.get(key, (None, False, None))
            printed.append(
                PrintedForm(
                    form,
                    layouts[key],
                    place,
                    is_empty,
                    note,
                    judged=judged.get(key, {}),
                    sources=sources.get(key, {}),
                    sheets=sheets_of.get(key, {}),
                )
            )
        disclosed.append(Disclosed(one, printed + kept[one.disclosure_id]))
    return disclosed


class _Reader:
    """Queries about the disclosures of one division and year, answered by disclosure."""

    def __init__(self, connection: psycopg.Connection, batch: Sequence[Identity]) -> None:
        self._connection = connection
        self._wanted = {
            "ids": [one.disclosure_id for one in batch],
            "id": batch[0].disclosure_id,
            "division": batch[0].division_code,
            "year": batch[0].fiscal_year,
            "kept": list(KEPT_FORMS),
        }
        # the planner pushes one id into every part of a view, but a list of ids only into the outer part
        which = "= %(id)s" if len(batch) == 1 else "= any(%(ids)s)"
        self._asked = f"disclosure_id {which} and division_code = %(division)s and fiscal_year = %(year)s"

    def _rows(self, query: str) -> Iterable[tuple[Any, ...]]:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query.encode(), self._wanted).fetchall()

    def report(self, form: Form) -> dict[int, list[dict[str, object]]]:
        found: dict[int, list[dict[str, object]]] = defaultdict(list)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            names = ", ".join(report_labels(form))  # they come from the templates
            query = f"select {names} from report.{form.form_id} where {self._asked} order by row_no"
            for row in cursor.execute(query.encode(), self._wanted):
                found[row["disclosure_id"]].append(row)
        memos = [column.id for column in memo_columns(form)]
        published = self._published(form) if memos else {}
        for disclosure, rows in found.items():
            for row in rows:
                row |= {memo: published.get((disclosure, row["row_key"], memo)) for memo in memos}
        return found

    def _published(self, form: Form) -> dict[tuple[Any, ...], Decimal | None]:
        """Disclosure, row and column → the figure that a form prints there."""
        rows = self._rows(
            "select disclosure_id, row_key, column_key, amount from filed.cell"
            f" where {self._asked} and form_id = '{form.form_id}' and column_key is not null"
        )
        return {tuple(key): amount for *key, amount in rows}

    def list_lines(self) -> dict[tuple[int, str], list[ListLine]]:
        rows = self._rows(
            "select disclosure_id, form_id, list_key, column_key, row_key, row_label, row_level, amount"
            f" from internal.list_line where {self._asked} order by line_no"
        )
        return _by_form(rows, lambda *values: ListLine(*values))

    def filed_forms(self) -> dict[tuple[int, str], tuple[str, bool, str | None]]:
        rows = self._rows(
            "select distinct on (disclosure_id, form_id) disclosure_id, form_id, place, is_empty, note"
            f" from filed.form where {self._asked} and form_id is not null order by disclosure_id, form_id, form_no"
        )
        return {(disclosure, form): (place, is_empty, note) for disclosure, form, place, is_empty, note in rows}

    def kept_forms(self) -> dict[int, list[PrintedForm]]:
        """The forms with only their titles known, each table as printed."""
        found: dict[int, dict[str, PrintedForm]] = defaultdict(dict)
        rows = self._rows(
            f"""
            select
                disclosure_id, form_id, form_no, place, money_unit, note, row_no, column_no, row_span, column_span,
                cell_text, source_row
            from filed.cell
            join filed.form using (division_code, fiscal_year, disclosure_id, form_id, form_no)
            where {self._asked} and form_id = any(%(kept)s)
            order by disclosure_id, form_no, row_no, column_no
            """
        )
        for (disclosure, form_id, form_no, place, unit, note), cells in groupby(rows, lambda row: row[:6]):
            form = KEPT_FORMS[form_id]
            kept = [KeptCell(form_no, *cell[6:]) for cell in cells]
            printed = found[disclosure].setdefault(form_id, PrintedForm(form, [], place, note=note, money_unit=unit))
            printed.layouts.append(as_printed(form, kept))
            printed.sources |= {cell.key: (cell.source_row, cell.column_no) for cell in kept}
        return defaultdict(list, {disclosure: list(forms.values()) for disclosure, forms in found.items()})

    def judgements(self) -> dict[tuple[int, str], list[tuple[Key, Judgement]]]:
        rows = self._rows(
            f"""
            select
                disclosure_id, form_id, row_key, row_label, column_key, column_label, filed, filed_text, rebuilt,
                rebuilt_text, status
            from report.comparison
            where {self._asked} and status in ('differs', 'rounding')
            """
        )

        def judgement(
            row_key: str,
            row_label: str | None,
            column_key: str,
            column_label: str | None,
            filed: Decimal | None,
            filed_text: str | None,
            rebuilt: Decimal | None,
            rebuilt_text: str | None,
            status: str,
        ) -> tuple[Key, Judgement]:
            published = filed_text if filed is None else filed
            implied = rebuilt_text if rebuilt is None else rebuilt
            return (row_key, column_key), Judgement(
                row_key, row_label, column_key, column_label, published, implied, status
            )

        return _by_form(rows, judgement)

    def sources(self) -> dict[tuple[int, str], list[tuple[Key, tuple[int, int]]]]:
        rows = self._rows(
            f"""
            select disclosure_id, form_id, row_key, column_key, source_row, column_no
            from filed.cell
            where {self._asked} and form_id is not null and row_key is not null and column_key is not null
            """
        )
        return _by_form(rows, lambda row, column, at, number: ((row, column), (at, number)))


def _by_form(rows: Iterable[tuple[Any, ...]], make: Callable[..., Thing]) -> dict[tuple[int, str], list[Thing]]:
    found: dict[tuple[int, str], list[Thing]] = defaultdict(list)
    for disclosure, form, *values in rows:
        found[disclosure, form].append(make(*values))
    return found
