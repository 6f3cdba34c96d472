"""Unit, year and stage as a form and a cover print them: they are kept as found."""

from __future__ import annotations

from loader.documents.remembered import remembered
from loader.documents.wording import fold
from loader.filing.identification.cover import title_of_cover
from loader.filing.identification.cover_fields import code_field, name_field
from loader.filing.identity import Heading
from loader.filing.office_names import name_in_one_spelling, office_in
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.titles import filing_unit_of
from loader.filing.title_words import stage_in, year_in


def heading_of(table: FormTable) -> Heading:
    """Unit, year and stage as printed above a form."""
    said = _said_by(table.title or "")
    name = name_in_one_spelling(table.unit_name) if table.unit_name else said.unit_name
    return Heading(table.unit_code, name, said.fiscal_year, said.stage)


@remembered(10_000)  # documents share most of their titles
def _said_by(title: str) -> Heading:
    """Unit, year and stage in the title of a form."""
    name = office_in(title)
    return Heading(None, name and name_in_one_spelling(name), year_in(title), stage_in(title))


def heading_of_cover(cover: list[str], owner: str) -> Heading:
    """Unit, year and stage as printed on the cover.

    Without the unit if the forms belong to another one, the ``owner``.
    """
    code = next(filter(None, map(code_field, map(fold, cover))), None)
    title = title_of_cover(cover)
    named = [office.name for text in cover if (office := filing_unit_of(text)) and office.name]
    named += [name for text in cover if (name := name_field(fold(text)))]
    name = next(iter(named), None) or office_in(title)
    if owner and owner not in (code, fold(name or "")):
        code = name = None
    years = {year for text in cover if (year := year_in(text))}
    year = next(iter(years)) if len(years) == 1 else None
    return Heading(code, name and name_in_one_spelling(name), year, stage_in(title))
