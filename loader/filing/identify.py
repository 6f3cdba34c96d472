"""Whose disclosures a document holds, and of which year: its forms, one group a filing unit, with their identity."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from loader.documents.grid import Document, DocumentError, Row
from loader.documents.wording import digits, fold
from loader.filing.recognise import FormTable, Recognised
from schema.forms.template import Column, Coordinate, Role, Sheet

_TITLE_YEAR = re.compile(r"(20\d\d)年?(?:度|年初)?[^0-9]{0,40}?(?:预算|收支|支出|绩效|公开)")
# disclosures began about 2010; a file name may mention other numbers of four digits
_FILE_YEAR = re.compile(r"(?<!\d)(20[1-4]\d)(?!\d)")
_PERIOD_YEAR = re.compile(r"(20\d\d)[年.\-/]")
_COVER_CODE = re.compile(r"(?:单位|部门)(?:编码|代码)[:：]?(\d{3,9})")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:日期|时间)[:：]?(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})")
_COVER_NAME = re.compile(r"(?:单位|部门)名称[:：](.+)")


@dataclass(frozen=True, slots=True)
class Group:
    """The forms that one unit filed in a document; ``unit_names`` are those of the units in its rows."""

    unit_code: str
    unit_name: str
    fiscal_year: int
    tables: tuple[FormTable, ...]
    published_on: datetime.date | None
    unit_names: dict[str, str] = field(default_factory=dict)


def identify(
    document: Document, recognised: Recognised, year: int | None = None, unit: str | None = None
) -> list[Group]:
    """Group the forms of a document by the unit that filed them.

    ``year`` and ``unit`` are what the operator says; they decide where the document is silent. DocumentError where
    the document is no disclosure, says two different years, or does not say whose it is.
    """
    known = [table for table in recognised.tables if table.form is not None]
    if not known:
        raise DocumentError(
            f"{document.file_name}: none of the 23 official forms found, expected a disclosure"
            " with at least one table such as 收支总表 or 支出总表"
        )
    fiscal_year = _year(document, recognised, year)
    cover = [row.text for _, row in recognised.outside]
    cover_code = next((m[1] for text in cover if (m := _COVER_CODE.search(fold(text)))), None)
    cover_name = next((m[1] for text in cover if (m := _COVER_NAME.search(fold(text)))), None)
    published_on = next((date for text in cover if (date := _date(text))), None)
    groups = _split(recognised.tables)
    result = []
    for tables in groups:
        rows = _unit_rows(tables)
        code, name = _unit(tables, rows, cover_code, cover_name, unit)
        if code is None:
            first = tables[0]
            raise DocumentError(
                f"{document.file_name}, {first.place}: no unit code found, neither on the cover (单位编码：…),"
                " nor above a form (单位：001001_…), nor in its rows; name it with --unit"
            )
        result.append(Group(code, name or code, fiscal_year, tuple(tables), published_on, rows))
    return result


def _year(document: Document, recognised: Recognised, stated: int | None) -> int:
    """The fiscal year: from covers and titles, else from the operator, the periods of projects, or the file name."""
    found: dict[int, str] = {}
    titles = [(table.place, table.title) for table in recognised.tables if table.title]
    covers = [(f"{place}:{row.number}", row.text) for place, row in recognised.outside if _is_heading(row)]
    for place, text in (*covers, *titles):
        match = _TITLE_YEAR.search(fold(text))
        if match:
            found.setdefault(int(match[1]), f"{place} {text.strip()[:40]!r}")
    if len(found) > 1:
        places = "; ".join(f"{year} in {place}" for year, place in sorted(found.items()))
        raise DocumentError(f"{document.file_name}: the document contradicts itself about the year: {places}")
    if found:
        year = next(iter(found))
        if stated is not None and stated != year:
            raise DocumentError(
                f"{document.file_name}: {found[year]} says {year}, but --year or the manifest says {stated}"
            )
        return year
    if stated is not None:
        return stated
    in_sheets = _period_years(recognised)
    if len(in_sheets) == 1:
        return in_sheets.pop()
    in_name = {int(m[1]) for m in _FILE_YEAR.finditer(document.file_name)}
    if len(in_name) == 1:
        return in_name.pop()
    raise DocumentError(
        f"{document.file_name}: no fiscal year found on the cover or in a title (2024年部门预算…); name it with --year"
    )


def _period_years(recognised: Recognised) -> set[int]:
    """The years that the sheets of goals name as the period of their project (项目支出实施期)."""
    years = set()
    for table in recognised.tables:
        if table.form is not None and table.form.sheet is Sheet.PROJECT:
            for row in table.body:
                for name, value in pairwise(row.cells):
                    if "实施期" in fold(name.text):
                        years |= {int(m[1]) for m in _PERIOD_YEAR.finditer(fold(value.text))}
    return years


def _date(text: str) -> datetime.date | None:
    """The date of publication where a line of the document states it (公开日期：2024年2月5日)."""
    match = _PUBLISHED.search(fold(text))
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _is_heading(row: Row) -> bool:
    """A title is short; a sentence that mentions a year is not a title."""
    return len(fold(row.text)) <= 60


def _split(tables: tuple[FormTable, ...]) -> list[list[FormTable]]:
    """One group a unit where a document stacks whole sets of forms; otherwise all forms are one disclosure.

    A form that names another unit by mistake does not make a disclosure of its own: a second set begins only where
    a form appears again for another unit.
    """
    codes = {fold(t.unit_name): t.unit_code for t in tables if t.unit_name and t.unit_code}
    by_unit: dict[str, list[FormTable]] = defaultdict(list)
    current = ""
    for table in tables:
        current = table.unit_code or _named_in(table, codes) or current
        by_unit[current].append(table)
    numbers = [{t.form.form_id for t in group if t.form and t.form.has_table} for group in by_unit.values()]
    overlap = any(a & b for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    return list(by_unit.values()) if overlap else [list(tables)]


def _named_in(table: FormTable, codes: dict[str, str]) -> str | None:
    """The unit that a form without a code names, above it or in its first row (部门名称)."""
    named = [table.unit_name or "", *(cell.text for row in table.body[:1] for cell in row.cells)]
    return next((codes[name] for text in named if (name := fold(text)) in codes), None)


def _unit(
    tables: list[FormTable],
    rows: dict[str, str],
    cover_code: str | None,
    cover_name: str | None,
    stated: str | None,
) -> tuple[str | None, str | None]:
    """Code and name of the filing unit: above the forms, on the cover, in the rows, by the operator."""
    above = Counter(t.unit_code for t in tables if t.unit_code)
    names: Counter[str] = Counter(t.unit_name for t in tables if t.unit_name)
    code = above.most_common(1)[0][0] if above else cover_code
    if code is None and stated is not None:
        code = stated
    if code is None and rows:
        units = [c for c in rows if len(c) > 3]
        departments = [c for c in rows if len(c) == 3]
        if len(units) == 1:
            code = units[0]
        elif departments:
            code = departments[0]
        elif units:
            code = units[0][:3]
    if code is not None and len(code) % 3:
        code = code.zfill(-(-len(code) // 3) * 3)
    if code in rows and not names:
        return code, rows[code]
    if names:
        return code, names.most_common(1)[0][0]
    return code, cover_name


def _unit_rows(tables: list[FormTable]) -> dict[str, str]:
    """Codes and names of the unit rows (forms 2, 3, 7, 15 …), as far as the length of the code tells."""
    found: dict[str, str] = {}
    for table in tables:
        form = table.form
        if form is None or not form.has_table or not form.is_by(Coordinate.UNIT) or form.is_by(Coordinate.PROJECT):
            continue
        columns = {at: form.column(column_id) for at, column_id in table.columns.items()}
        code_column = next((at for at, c in columns.items() if c.role is Role.CODE and _is_whole_code(c)), None)
        name_column = next((at for at, c in columns.items() if c.role is Role.NAME), None)
        level_columns = {at for at, c in columns.items() if c.code is not None and c.code.part is not None}
        if form.is_by(Coordinate.FUNCTIONAL) and not level_columns:
            continue
        for row in table.body:
            cells = {cell.column: cell.text for cell in row.cells}
            if not level_columns.isdisjoint(cells) or code_column not in cells:
                continue
            code = digits(cells[code_column])
            if code is None:
                continue
            code = code.zfill(3) if len(code) <= 3 else code.zfill(-(-len(code) // 3) * 3)
            name = cells.get(name_column, "") if name_column is not None else ""
            if code not in found or digits(found[code]) is not None:
                found[code] = name
    return found


def _is_whole_code(column: Column) -> bool:
    """Whether a column holds whole codes of units, not a part of another code."""
    return column.code is not None and column.code.part is None and Coordinate.UNIT in column.code.of
