"""Finds the sheet of a cell. A form may continue on the next sheet, where row numbers start again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

import psycopg
from psycopg.rows import tuple_row

_PART = re.compile(r"(.+?):(\d+)(?:, |$)", re.DOTALL)


def sheets_of(place: str, rows: Sequence[int]) -> list[str]:
    """The sheet of each row of a form. ``rows`` are their numbers in the source, in the order of the form.

    ``place`` is that of ``filed.form``: each sheet with the row at which the form begins or continues. Row numbers
    increase within a sheet, so rows are processed from the last one up.
    """
    parts = [(match[1], int(match[2])) for match in _PART.finditer(place)]
    found: list[str] = []
    at = len(parts) - 1
    after: int | None = None
    for row in reversed(rows):
        if at and (row < parts[at][1] or (after is not None and row >= after)):
            at -= 1
        found.append(parts[at][0])
        after = row
    return found[::-1]


def sheets_of_rows(
    connection: psycopg.Connection, division_code: str, fiscal_year: int, disclosures: Iterable[int], of_all: bool
) -> dict[tuple[int, str], dict[str, str]]:
    """(disclosure, form) → the sheet of each row (``row_key``).

    Only for forms on several sheets; with ``of_all`` for all forms of documents with several sheets.
    """
    parameters = {"division": division_code, "year": fiscal_year, "ids": list(disclosures), "all": of_all}
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            """
            with form as (
                select
                    disclosure_id,
                    form_id,
                    form_no,
                    place,
                    place like '%%:%%, %%:%%' as goes_on,
                    min(regexp_replace(place, ':[0-9]+$', '')) over document
                        <> max(regexp_replace(place, ':[0-9]+$', '')) over document as has_sheets
                from filed.form
                where division_code = %(division)s and fiscal_year = %(year)s and disclosure_id = any(%(ids)s)
                window document as (partition by disclosure_id)
            )

            select
                form.disclosure_id, form.form_id, form.form_no, form.place, cell.row_no,
                min(cell.source_row),
                array_agg(distinct cell.row_key)
            from form
            inner join filed.cell as cell
                on cell.division_code = %(division)s
                    and cell.fiscal_year = %(year)s
                    and cell.disclosure_id = form.disclosure_id
                    and cell.form_no = form.form_no
            where form.form_id is not null and (form.goes_on or (form.has_sheets and %(all)s))
            group by form.disclosure_id, form.form_id, form.form_no, form.place, cell.row_no
            order by form.disclosure_id, form.form_no, cell.row_no
            """,
            parameters,
        ).fetchall()
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for (disclosure, form_id, _, place), group in groupby(rows, lambda row: row[:4]):
        entries = list(group)
        for (*_, keys), sheet in zip(entries, sheets_of(place, [row for *_, row, _ in entries]), strict=True):
            for key in keys:
                if key is not None:
                    found[disclosure, form_id].setdefault(key, sheet)
    return dict(found)
