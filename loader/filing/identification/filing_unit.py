"""The unit that files: its code and its name, and whether it is a department as a whole (部门) or one unit (单位)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from loader.documents.wording import fold, label
from loader.filing.identification.cover import title_of_cover
from loader.filing.identity import department_of
from loader.filing.office_names import office_in, office_over
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.titles import FilingUnit, filing_unit_of
from loader.filing.title_words import is_of_department, is_of_disclosure

_NO_NAME = re.compile("[:,;>、]")  # in no name of an office
# the heading of the part about the office
_ABOUT = re.compile(r"(?:第[一1]部分)?[一1、.]*(部门|单位)(?:概况|基本概况|基本情况|主要职[能责]|机构设置)(?:情况)?\d*")


def unit_on_cover(cover: Sequence[str], known: Sequence[FormTable]) -> FilingUnit | None:
    """The unit that a line of the cover names (编制单位：…), else the office in titles."""
    return next(filter(None, map(filing_unit_of, cover)), None) or _office_by_titles(cover, known)


def _office_by_titles(cover: Sequence[str], known: Sequence[FormTable]) -> FilingUnit | None:
    """The office in the title on the cover (某某局2024年度部门决算), else in the titles of most forms.

    The title may be wrapped over lines. If what stands above it is no part of it, the line of the title counts, or both
    it and the line above. None if no title contains what is surely the name of an office.
    """
    title = title_of_cover(cover)
    name = office_in(title)
    if name is None or _NO_NAME.search(name):
        titles = ((before, text) for before, text in pairwise(("", *cover)) if is_of_disclosure(text))
        name = next((office for before, text in titles if (office := office_over(before, text))), None)
    if name is None:
        named = Counter(found for table in known if (found := office_in(table.title or "")))
        name = next((office for office, count in named.most_common(1) if count * 2 > len(known)), None)
    if name is None:
        return None
    return FilingUnit(None, name, is_of_department(title))


def code_and_name(
    tables: list[FormTable],
    rows: dict[str, str],
    cover_code: str | None,
    cover_name: str | None,
    stated: str | None,
) -> tuple[str | None, str | None]:
    """Code and name of the unit that files.

    In this order: above the forms, on the cover, from the operator, in the rows.
    """
    above = Counter(t.unit_code for t in tables if t.unit_code)
    names: Counter[str] = Counter(t.unit_name for t in tables if t.unit_name)
    code = above.most_common(1)[0][0] if above else cover_code
    if code is None and stated is not None:
        code = stated
    if code is None and rows:
        units = [c for c in rows if len(c) > 3]
        departments = [c for c in rows if len(c) == 3]
        named = [c for c, name in rows.items() if cover_name and fold(name) == fold(cover_name)]
        if named:
            code = max(named, key=len)
        elif len(units) == 1:
            code = units[0]
        elif departments:
            code = departments[0]
        elif units:
            code = department_of(units[0])
    if code is not None and code.isdigit() and len(code) % 3:
        code = code.zfill(-(-len(code) // 3) * 3)
    if code in rows and not names:
        return code, rows[code]
    if names:
        return code, names.most_common(1)[0][0]
    return code, cover_name


def most_say_department(tables: Sequence[FormTable]) -> bool | None:
    """Whether a department as a whole files, as most forms say above them; None if none says it."""
    said = Counter(one.is_department for table in tables if (one := table.filing_unit).is_department is not None)
    return said.most_common(1)[0][0] if said else None


def has_heading_of_department(lines: Sequence[str]) -> bool:
    """Whether the first heading about the office names a department (第一部分 部门概况). False if there is no such
    heading."""
    return next((match[1] == "部门" for text in lines if (match := _ABOUT.fullmatch(label(text)))), False)
