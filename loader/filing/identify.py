"""The disclosures of a document: its forms grouped by the unit that filed them, with year and stage.

Year and stage come from the cover and the titles of forms, never from prose. The operator's input overrides both.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from loader.catalogue.chinese import in_chinese
from loader.documents.grid import Document, DocumentError
from loader.documents.remembered import remembered
from loader.documents.wording import fold, label
from loader.filing.cover import cover_of, first_lines, lines_before_contents, title_of_cover
from loader.filing.filed import Finding
from loader.filing.identity import Heading, department_of
from loader.filing.office_names import name_in_one_spelling, office_in, office_over, provisional_code
from loader.filing.owners import Owner, are_stacked, tables_by_owner
from loader.filing.sections import Section, offices_of_prose, sections_of
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.form_table import FormTable
from loader.filing.tables.recognise import Recognised
from loader.filing.tables.titles import FilingUnit, filing_unit_of
from loader.filing.title_words import STAGE_WORDS, is_of_department, is_of_disclosure, stage_in, year_in
from loader.filing.told_elsewhere import is_short_for, office_of_file, offices_elsewhere, year_of_file, years_elsewhere
from loader.filing.unit_rows import unit_rows
from schema.forms import set_of
from schema.forms.template import Stage

_COVER_CODE = re.compile(r"(?:单位|部门)(?:编码|代码)[:：]?(\d{3,9})")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:日期|时间)[:：]?(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})")
_COVER_NAME = re.compile(r"(?<!下属)(?<!所属)(?<!二级)(?<!二级预算)(?:单位|部门)名称[:：](.+)")
_NO_NAME = re.compile("[:,;>、]")  # in no name of an office
# the heading of the part about the office
_ABOUT = re.compile(r"(?:第[一1]部分)?[一1、.]*(部门|单位)(?:概况|基本概况|基本情况|主要职[能责]|机构设置)(?:情况)?\d*")


_REMARKS_SHOWN = 5
SEVERAL = 2  # tables: one may stand under a heading that speaks of another stage


class NoForms(DocumentError):
    """The document contains no official form. It may hold the prose of a disclosure."""


class SeveralDisclosures(DocumentError):
    """A document holds disclosures of several years or stages."""


class SeveralOffices(DocumentError):
    """A document without forms holds the prose of several offices."""


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
    fiscal_year, findings = _year(document, recognised, cover, year)
    stage = stage or _stage(document, known, cover)
    lines = [text for _, row in recognised.outside for text in whole_lines(row)]
    folded = "\n".join(map(fold, lines))
    cover_code = _first(_COVER_CODE, folded)
    office = next((office for text in cover if (office := filing_unit_of(text))), None) or _office_by_titles(
        cover, known
    )
    cover_name = _first(_COVER_NAME, folded) or (office.name if office else None)
    published_on = _first_date(folded)

    def named(owner: Owner, tables: list[FormTable], is_one_of_two: bool = False) -> Group:
        rows = unit_rows(tables)
        on_cover = (cover_code, cover_name)
        if owner.unit and owner.unit not in (cover_code, fold(cover_name or "")):  # the cover names another unit
            on_cover = (None, None if owner.unit.isdigit() else owner.unit)
        code, name = _unit(tables, rows, *on_cover, unit if not owner.unit else None)
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
            above = None if is_one_of_two else _is_department([table.filing_unit for table in tables])
            on_title = office.is_department if office is not None else None
            said = (above, owner.is_department, on_title, is_of_department(evidence))
            is_department = next((one for one in said if one is not None), is_of_department(title_of_cover(cover)))
            code = provisional_code(name, _has_heading_of_department(lines) if is_department is None else is_department)
        if code is None:
            first = tables[0]
            raise DocumentError(
                f"{document.file_name}, {first.place}: no unit found, neither on the cover (单位编码：…, 单位名称：…),"
                " nor above a form (单位：001001_…), nor in its rows, nor in the file name; name it with --unit"
            )
        return Group(
            code,
            name or code,
            fiscal_year,
            stage,
            tuple(tables),
            published_on,
            rows,
            own,
            _heading_of_cover(cover, owner.unit),
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


def _heading_of_cover(cover: list[str], owner: str) -> Heading:
    """Unit, year and stage as printed on the cover.

    Without the unit if the forms belong to another one, the ``owner``.
    """
    code = next((m[1] for text in cover if (m := _COVER_CODE.search(fold(text)))), None)
    title = title_of_cover(cover)
    named = [office.name for text in cover if (office := filing_unit_of(text)) and office.name]
    named += [m[1] for text in cover if (m := _COVER_NAME.search(fold(text)))]
    name = next(iter(named), None) or office_in(title)
    if owner and owner not in (code, fold(name or "")):
        code = name = None
    years = {year for text in cover if (year := year_in(text))}
    year = next(iter(years)) if len(years) == 1 else None
    return Heading(code, name and name_in_one_spelling(name), year, stage_in(title))


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
    fiscal_year, _ = _year(document, recognised, cover, year)
    code = unit or _first(
        _COVER_CODE, "\n".join(fold(text) for _, row in recognised.outside for text in whole_lines(row))
    )
    office = next((office for text in cover if (office := filing_unit_of(text))), None) or _office_by_titles(cover, [])
    name = next((m[1] for text in cover if (m := _COVER_NAME.search(fold(text)))), office.name if office else None)
    name = name or office_in(document.file_name)
    return ProseOwner(code, name, fiscal_year, stage or _stage(document, [], cover))


def _is_department(offices: list[FilingUnit]) -> bool | None:
    """Whether a department as a whole (部门) files, as most forms say; None if none says it."""
    counted = Counter(office.is_department for office in offices if office.is_department is not None)
    return counted.most_common(1)[0][0] if counted else None


def _has_heading_of_department(lines: list[str]) -> bool:
    """Whether the first heading about the office names a department (第一部分 部门概况). False if there is no such
    heading."""
    return next((match[1] == "部门" for text in lines if (match := _ABOUT.fullmatch(label(text)))), False)


def _office_by_titles(cover: list[str], known: list[FormTable]) -> FilingUnit | None:
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


def _stage(document: Document, known: list[FormTable], cover: list[str]) -> Stage:
    """The stage on the cover, else in the titles of most forms, else in the heads, else that of the forms' set."""
    titles = [fold(table.title) for table in known if table.title]
    dated = {stage_in(fold(t)) for t in lines_before_contents(cover) or cover if year_in(t) is not None}
    for pattern, stage in STAGE_WORDS:
        named = sum(bool(pattern.search(title)) for title in titles)
        # beside 2024年部门预算 a line without a year may speak of the 决算 of another document
        is_aside = stage is Stage.FINAL and dated == {Stage.BUDGET.value}
        if (pattern.search(fold("".join(cover))) and not is_aside) or named * 2 > len(known):
            if stage is None:
                raise DocumentError(
                    f"{document.file_name}: this is a plan of several years (中期财政规划), expected a budget, an"
                    " adjusted budget or a final account; if it is one, say which with --stage"
                )
            return stage
    if stage_in(fold("".join(cover))) is None and not any(map(stage_in, titles)) and _is_of_what_was_spent(known):
        return Stage.FINAL
    sets = Counter(set_of(table.form.form_id).stage for table in known if table.form)
    return sets.most_common(1)[0][0] if sets else Stage.BUDGET


def _is_of_what_was_spent(known: list[FormTable]) -> bool:
    """Whether the heads of this year's figures say 决算数, and none says 预算数."""
    heads = "".join(table.header_labels.get(at, "") for table in known for at in table.columns)
    return "决算" in heads and "预算数" not in heads


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


def _year(
    document: Document, recognised: Recognised, cover: list[str], stated: int | None
) -> tuple[int, tuple[Finding, ...]]:
    """The fiscal year: from the operator, the first lines, most titles, a later cover, or from elsewhere.

    A title or a file name with another year is a finding, as is a year from elsewhere. DocumentError if two years or no
    year are found.
    """
    titles = {fold(table.title) for table in recognised.tables if table.title}  # that of the first form may stand below
    on_cover = _years_on(cover, titles)
    is_first = on_cover == _years_on(first_lines(recognised), titles)
    in_titles = [(year, table) for table in recognised.tables if (year := year_in(table.title or ""))]
    counted = Counter(year for year, _ in in_titles).most_common()
    if stated is not None:
        year = stated
    elif len(on_cover) == 1 and (is_first or not counted):
        year = next(iter(on_cover))
    elif (on_cover and is_first) or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        years = ", ".join(map(str, sorted(on_cover or dict(counted))))
        raise DocumentError(
            f"{document.file_name}: the document contradicts itself about the year ({years}); say which with --year"
        )
    elif counted:
        year = counted[0][0]
    else:
        return _year_elsewhere(document, recognised)
    others = [("cover", found) for found in sorted(on_cover - {year})]
    others += [(table.place, found) for found, table in in_titles if found != year]
    if stated is None and (in_name := year_of_file(document.file_name)) not in (None, year):
        others.append(("file name", in_name))
    # overruled: no cover or title has this year; otherwise a single title may be left over from last year
    is_overruled = stated is not None and year not in {*on_cover, *dict(counted)}
    return year, tuple(
        Finding(
            "year_overruled" if is_overruled else "other_year",
            {"place": place, "place_zh": in_chinese(place), "found": found, "year": year},
        )
        for place, found in (others[:1] if is_overruled else others)
    )


def _year_elsewhere(document: Document, recognised: Recognised) -> tuple[int, tuple[Finding, ...]]:
    """The fiscal year that weaker places tell, with a finding. DocumentError if they tell two years or none."""
    told = years_elsewhere(document, recognised)
    years = sorted({one.said for one in told})
    if len(years) > 1:
        raise DocumentError(
            f"{document.file_name}: the document contradicts itself about the year ({', '.join(years)}); say which with"
            " --year"
        )
    lines = (text for _, row in recognised.outside for text in whole_lines(row))
    if not told and (published := _first_date("\n".join(map(fold, lines)))):
        raise DocumentError(
            f"{document.file_name}: no fiscal year found on the cover or in a title (2024年部门预算…), only a date of"
            f" publication ({published}); name the year with --year"
        )
    if not told:
        raise DocumentError(
            f"{document.file_name}: no fiscal year found on the cover or in a title (2024年部门预算…); name it with"
            " --year"
        )
    year, place, text = told[0]
    evidence = Finding("year_elsewhere", {"year": year, "place": place, "place_zh": in_chinese(place), "text": text})
    return int(year), (evidence,)


def _years_on(cover: Sequence[str], titles: Set[str]) -> set[int]:
    """The years on a cover, above its contents if there are some; without the titles of forms."""
    lines = [text for text in cover if fold(text) not in titles] or cover
    return _years_in(lines_before_contents(lines)) or _years_in(lines)


def _years_in(lines: Sequence[str]) -> set[int]:
    """The years in lines of a cover, each by itself and all together."""
    return {year for text in (*lines, "".join(lines)) if (year := year_in(text))}


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    """What a pattern finds first in a text."""
    match = pattern.search(text)
    return match[1] if match else None


def _first_date(folded: str) -> datetime.date | None:
    """The date of publication in the lines outside the tables, the first one that is a date."""
    return next(filter(None, map(_date, _PUBLISHED.finditer(folded))), None)


def _date(match: re.Match[str]) -> datetime.date | None:
    """The date of publication where the document states it (公开日期：2024年2月5日)."""
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _unit(
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
