"""Unit, year and stage of a document that has prose, but no forms."""

from __future__ import annotations

from dataclasses import dataclass

from loader.documents.grid import Document, DocumentError
from loader.documents.wording import fold
from loader.filing.identification.cover import cover_of
from loader.filing.identification.cover_fields import code_field, name_field
from loader.filing.identification.filing_unit import unit_on_cover
from loader.filing.identification.fiscal_year import fiscal_year
from loader.filing.identification.sections import offices_of_prose
from loader.filing.identification.stage import stage_of
from loader.filing.office_names import office_in
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from schema.forms.template import Stage


class SeveralOffices(DocumentError):
    """A document without forms holds the prose of several offices."""


@dataclass(frozen=True, slots=True)
class ProseOwner:
    """Unit, year and stage of a document without forms. Code and name are None if not printed."""

    unit_code: str | None
    unit_name: str | None
    fiscal_year: int
    stage: Stage


def prose_owner(
    document: Document, recognised: Recognised, year: int | None, unit: str | None, stage: Stage | None
) -> ProseOwner:
    """Unit, year and stage of a document without forms: from the operator, the cover, or the file name.

    SeveralOffices if it holds the prose of several. DocumentError if two years or no year are found.
    """
    if len(offices := offices_of_prose(recognised)) > 1:
        raise SeveralOffices(
            f"{document.file_name}: none of the official forms found, only prose of several offices"
            f" ({', '.join(offices)}); expected that of one, put each into a file of its own"
        )
    cover = cover_of(recognised)
    told_year, _ = fiscal_year(document, recognised, cover, year)
    lines = (text for _, row in recognised.outside for text in whole_lines(row))
    code = unit or code_field("\n".join(map(fold, lines)))
    office = unit_on_cover(cover, [])
    name = next(filter(None, (name_field(fold(text)) for text in cover)), office.name if office else None)
    name = name or office_in(document.file_name)
    return ProseOwner(code, name, told_year, stage or stage_of(document, [], cover))
