"""Which unit filed each table, if a document contains the forms of several units."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise

from loader.documents.grid import Document
from loader.documents.wording import fold
from loader.filing.cover import is_cover_line
from loader.filing.office_names import office_in, office_of_sheet
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.recognise import Recognised


def tables_by_unit(document: Document, recognised: Recognised) -> dict[str, list[FormTable]]:
    """Code or name of a unit → its forms, if a document contains a set of forms for each of several units. Otherwise
    all forms are one disclosure, under "".

    A form with the wrong unit above it does not start a disclosure: some form must appear for both units. Units that
    are told apart by name need two such forms, because a name above a repeated form may be misspelt.
    """
    known = [table.form.form_id for table in recognised.tables if table.form and table.form.has_table]
    if len(set(known)) == len(known):
        return {"": list(recognised.tables)}
    owners = _owners(document, recognised)
    if not any(owners):
        owners = [office_of_sheet(table.sheet) for table in recognised.tables]
    by_unit: dict[str, list[FormTable]] = defaultdict(list)
    for table, unit in zip(recognised.tables, owners, strict=True):
        by_unit[unit].append(table)
    forms = {unit: {t.form.form_id for t in group if t.form and t.form.has_table} for unit, group in by_unit.items()}
    is_stacked = any(
        len(forms[a] & forms[b]) >= (1 if a.isdigit() and b.isdigit() else min(2, max(len(forms[a]), len(forms[b]))))
        for a, b in combinations([unit for unit in forms if forms[unit]], 2)
    )
    return by_unit if is_stacked else {"": list(recognised.tables)}


def _owners(document: Document, recognised: Recognised) -> list[str]:
    """The code or name of the unit of each table.

    It comes from above the table, from a cover before it, or from its first row; else it is the unit of the table
    before.
    """
    tables = recognised.tables
    codes = {fold(t.unit_name): t.unit_code for t in tables if t.unit_name and t.unit_code}
    places = {grid.place: number for number, grid in enumerate(document.grids)}
    outside = [((places[place], row.number), row) for place, row in recognised.outside]
    owners: list[str] = []
    current, at = "", 0
    for table in tables:
        line = (places[table.sheet], (table.header or table.body)[0].number)
        between: list[str] = []
        while at < len(outside) and outside[at][0] < line:
            between += whole_lines(outside[at][1])
            at += 1
        named = fold(table.unit_name or office_in(table.title or "") or _office_above(between) or "")
        current = table.unit_code or _named_in(table, codes) or codes.get(named, named) or current
        owners.append(current)
    return owners


def _office_above(lines: list[str]) -> str | None:
    """The office on a cover between two forms, on one line with 部门预算 or on the line before."""
    short = [text for text in lines if is_cover_line(text)]
    named = [office for text in short if (office := office_in(text))]
    named += [office for texts in pairwise(short) if (office := office_in("".join(texts)))]
    return named[-1] if named else None


def _named_in(table: FormTable, codes: dict[str, str]) -> str | None:
    """The code of the unit that a form without a code names, above it or in its first row (部门名称)."""
    named = [table.unit_name or "", *(cell.text for row in table.body[:1] for cell in row.cells)]
    return next((codes[name] for text in named if (name := fold(text)) in codes), None)
