"""The disclosures of a document: its forms grouped by the unit that filed them, with year and stage.

Year and stage come from the cover and the titles of forms, never from prose. The operator's input overrides both.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

from loader.catalogue.chinese import in_chinese
from loader.documents.grid import Document, DocumentError
from loader.documents.wording import fold
from loader.filing.filed import Finding
from loader.filing.identification.cover import cover_of, title_of_cover
from loader.filing.identification.cover_fields import code_field, name_field, published_on
from loader.filing.identification.filing_unit import (
    code_and_name,
    has_heading_of_department,
    most_say_department,
    unit_on_cover,
)
from loader.filing.identification.fiscal_year import fiscal_year
from loader.filing.identification.headings import heading_of_cover
from loader.filing.identification.owners import Owner, are_stacked, tables_by_owner
from loader.filing.identification.sections import Section, sections_of
from loader.filing.identification.stage import stage_of
from loader.filing.identification.told_elsewhere import is_short_for, office_of_file, offices_elsewhere
from loader.filing.identity import Heading
from loader.filing.office_names import provisional_code
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.recognise import Recognised
from loader.filing.title_words import is_of_department
from loader.filing.unit_rows import unit_rows
from schema.forms.template import Stage

_REMARKS_SHOWN = 5
SEVERAL = 2  # tables: one may stand under a heading that speaks of another stage


class NoForms(DocumentError):
    """The document contains no official form. It may hold the prose of a disclosure."""


class SeveralDisclosures(DocumentError):
    """A document holds disclosures of several years or stages."""


@dataclass(frozen=True, slots=True)
class Group:
    """The forms that one unit filed in a document. ``unit_names``: code → name of the units in their rows."""

    unit_code: str
    unit_name: str
    fiscal_year: int
    stage: Stage
    tables: tuple[FormTable, ...]
    published_on: datetime.date | None
    unit_names: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    cover: Heading = field(default_factory=Heading)


def identify(
    document: Document,
    recognised: Recognised,
    year: int | None = None,
    unit: str | None = None,
    stage: Stage | None = None,
) -> list[Group]:
    """Group the forms of a document by the unit that filed them.

    ``year``, ``unit`` and ``stage`` come from the operator. Year and stage override the document. The unit is used only
    if the document names none.

    NoForms if there is no official form. DocumentError if the stage is unknown to the warehouse, if two years or no
    year are found, or if no unit is found.
    """
    known = [table for table in recognised.tables if table.form is not None]
    if not known:
        raise NoForms(_without_forms(document))
    cover = cover_of(recognised)
    told_year, findings = fiscal_year(document, recognised, cover, year)
    told_stage = stage or stage_of(document, known, cover)
    lines = [text for _, row in recognised.outside for text in whole_lines(row)]
    folded = "\n".join(map(fold, lines))
    office = unit_on_cover(cover, known)
    cover_code, cover_name = code_field(folded), name_field(folded) or (office.name if office else None)
    published = published_on(folded)

    def named(owner: Owner, tables: list[FormTable], is_one_of_two: bool = False) -> Group:
        rows = unit_rows(tables)
        on_cover = (cover_code, cover_name)
        if owner.unit and owner.unit not in (cover_code, fold(cover_name or "")):  # the cover names another unit
            on_cover = (None, None if owner.unit.isdigit() else owner.unit)
        code, name = code_and_name(tables, rows, *on_cover, unit if not owner.unit else None)
        own, evidence = findings, ""
        if code is None and name is None and (elsewhere := offices_elsewhere(document, recognised)):
            name, place, evidence = elsewhere[0]
            own += (
                Finding(
                    "office_elsewhere",
                    {"office": name, "place": place, "place_zh": in_chinese(place), "text": evidence},
                ),
            )
        if name and not owner.unit:
            own = (*own, *_other_office(document.file_name, name))
        if code is None and name:
            above = None if is_one_of_two else most_say_department(tables)
            on_title = office.is_department if office is not None else None
            said = (above, owner.is_department, on_title, is_of_department(evidence))
            is_department = next((one for one in said if one is not None), is_of_department(title_of_cover(cover)))
            code = provisional_code(name, has_heading_of_department(lines) if is_department is None else is_department)
        if code is None:
            first = tables[0]
            raise DocumentError(
                f"{document.file_name}, {first.place}: no unit found, neither on the cover (单位编码：…, 单位名称：…),"
                " nor above a form (单位：001001_…), nor in its rows, nor in the file name; name it with --unit"
            )
        return Group(
            code,
            name or code,
            told_year,
            told_stage,
            tuple(tables),
            published,
            rows,
            own,
            heading_of_cover(cover, owner.unit),
        )

    sections = sections_of(document, recognised)
    _require_one_year_and_stage(document, recognised, sections)
    found = tables_by_owner(recognised.tables, sections)
    times = Counter(owner.unit for owner in found)  # twice: as a department and as a unit of that name
    groups = [named(owner, tables, times[owner.unit] > 1) for owner, tables in found.items()]
    if len({group.unit_code for group in groups}) < len(groups):  # two spellings of one name
        return [named(Owner(), list(recognised.tables))]
    return groups


def _other_office(file_name: str, name: str) -> tuple[Finding, ...]:
    """A finding if the name of the file tells another office than the one that files."""
    found = office_of_file(file_name)
    if found is None or is_short_for(found, name):
        return ()
    return (Finding("other_office", {"found": found, "office": name}),)


def _require_one_year_and_stage(document: Document, recognised: Recognised, sections: list[Section]) -> None:
    """SeveralDisclosures if covers between the tables begin a disclosure of another year or stage.

    A title left over from last year does not: the forms must come again, or those of the other stage be several.
    """
    of_year: dict[str, list[FormTable]] = {}
    of_stage: dict[str, list[FormTable]] = {}
    for table, section in zip(recognised.tables, sections, strict=True):
        of_year.setdefault(str(section.year or ""), []).append(table)
        of_stage.setdefault(section.stage or "", []).append(table)
    for said in (of_year, of_stage):
        said.pop("", None)
        for (one, first), (other, second) in combinations(said.items(), 2):
            if (said is of_stage and min(len(first), len(second)) >= SEVERAL) or are_stacked(first, second):
                raise SeveralDisclosures(
                    f"{document.file_name}, {second[0].place}: a second disclosure begins, {other} after {one};"
                    " expected one year and one stage in a file, or each disclosure whole behind a cover with its year"
                    " and stage (2024年部门决算); put each into a file of its own"
                )


def _without_forms(document: Document) -> str:
    """What is said of a document without forms. What its reader left out may have been the forms."""
    in_tables = [row.in_table for grid in document.grids for row in grid.rows]
    only = "" if any(in_tables) else f", only {len(in_tables)} lines of text without tables"
    if not document.remarks:
        return (
            f"{document.file_name}: none of the official forms found{only}, expected a disclosure with at least one"
            " table such as 收支总表 or 支出总表"
        )
    said = ". ".join(document.remarks[:_REMARKS_SHOWN])
    return (
        f"{document.file_name}: none of the official forms found{only}, expected a disclosure with at least one table"
        f" such as 收支总表 or 支出总表. What its reader says of it: {said}"
    )
