"""Which unit filed each table, if a document contains the forms of several units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from loader.documents.wording import fold
from loader.filing.office_names import office_in, office_of_sheet
from loader.filing.sections import Section
from loader.filing.tables.form_table import FormTable


class Owner(NamedTuple):
    """Who files: the code or folded name of a unit, and whether the department as a whole, if a cover says so."""

    unit: str = ""
    is_department: bool | None = None


def tables_by_owner(tables: Sequence[FormTable], sections: Sequence[Section]) -> dict[Owner, list[FormTable]]:
    """Owner → its forms, if a document contains a set of forms for each of several owners. Otherwise all forms are one
    disclosure, of an owner without a name.

    A form with the wrong unit above it does not start a disclosure: some form must appear for both owners. Owners that
    are told apart by name or by 部门 and 单位 need two such forms: a name above a repeated form may be misspelt.
    """
    known = [table.form.form_id for table in tables if table.form and table.form.has_table]
    if len(set(known)) == len(known):
        return {Owner(): list(tables)}
    owners = _owners(tables, sections)
    if not any(owner.unit for owner in owners):
        owners = [Owner(office_of_sheet(table.sheet)) for table in tables]
    found: dict[Owner, list[FormTable]] = defaultdict(list)
    for table, owner in zip(tables, owners, strict=True):
        found[owner].append(table)
    return (
        found
        if any(are_stacked(found[a], found[b], a, b) for a, b in combinations(found, 2))
        else {Owner(): list(tables)}
    )


def are_stacked(one: Sequence[FormTable], other: Sequence[FormTable], *owners: Owner) -> bool:
    """Whether two groups of tables have so many forms in common that each is a disclosure of its own."""
    forms = [{t.form.form_id for t in group if t.form and t.form.has_table} for group in (one, other)]
    if not all(forms):
        return False
    has_codes = bool(owners) and all(owner.unit.isdigit() for owner in owners)
    return len(forms[0] & forms[1]) >= (1 if has_codes else min(2, max(map(len, forms))))


def _owners(tables: Sequence[FormTable], sections: Sequence[Section]) -> list[Owner]:
    """The owner of each table.

    The unit comes from above the table, from a cover before it, or from its first row; else it is that of the table
    before. A department may have the name of one of its units: then a name without a code is that of the one whose
    forms stand before.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if table.unit_name and table.unit_code:
            codes[fold(table.unit_name)].append(table.unit_code)
    owners: list[Owner] = []
    current, told = "", Section()
    for table, section in zip(tables, sections, strict=True):
        on_cover = section.office if section != told else None
        told = section
        named = fold(table.unit_name or office_in(table.title or "") or on_cover or "")
        current = table.unit_code or _named_in(table, named, codes, current) or named or current
        owners.append(Owner(current, None if current.isdigit() else section.is_department))
    return owners


def _named_in(table: FormTable, named: str, codes: Mapping[str, Sequence[str]], current: str) -> str | None:
    """The code of the unit that a form without a code names, above it or in its first row (部门名称)."""
    said = [table.unit_name or "", *(cell.text for row in table.body[:1] for cell in row.cells), named]
    found = next((codes[name] for text in said if (name := fold(text)) in codes), None)
    if found is None:
        return None
    return current if current in found else found[-1]
