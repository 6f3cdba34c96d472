"""The cover of a document: the lines before its first form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from loader.documents.remembered import remembered
from loader.documents.wording import fold
from loader.filing.office_names import ends_like_office, office_over
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from loader.filing.tables.titles import filing_unit_of, match_title
from loader.filing.title_words import is_of_disclosure, year_in

_CONTENTS = re.compile(r"目录|第[一1]部分|序号|公开\d*表|附件")
_HEADING = re.compile(r"第[一二三四五六七八九十\d]+部分|[(（]?[一二三四五六七八九十\d]{1,3}[)）、.]")
_LEADERS = re.compile(r"[.…·]{2,}\d*$")  # of a line of the contents
_OF_YEAR = re.compile(r"20\d\d年度?(?:预决算|预算|决算)(?:信息)?公开(?:表格?|说明|报告)?$")
_SENTENCE = re.compile(r"[，。；,;]")
_LONGEST_COVER_LINE, _COVER_LINES = 60, 12
_MOST_BELOW = 4  # lines of a later cover below its title
# what stands above a list of offices, none of which need be the one that files
_BEGINS_LIST = re.compile(
    "(?:单位|部门)构成|(?:下属|所属|直属|下级|二级).*(?:单位|机构)|机构设置|(?:包括|如下|分别[为是]):?$"
)
_ENTRY = re.compile(r"[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．]\s*(?!\d)")  # 1. 某某所


def without_lists(lines: Sequence[str]) -> list[str]:
    """Lines without the entries of lists of offices (单位构成: 某某所, 某某中心): numbered ones, and those below a line
    that begins such a list."""
    kept: list[str] = []
    is_in_list = False
    for text in lines:
        is_office = ends_like_office(text) and not filing_unit_of(text)
        is_in_list = is_in_list and is_office
        if is_in_list or (is_office and _ENTRY.match(text)):
            continue
        kept.append(text)
        is_in_list = bool(_BEGINS_LIST.search(fold(text)))
    return kept


def first_lines(recognised: Recognised) -> list[str]:
    """The first lines before any form, up to a sentence or a long line."""
    lines: list[str] = []
    for _, row in recognised.outside[: recognised.before][:_COVER_LINES]:
        if not is_cover_line(row.text):
            break
        lines += whole_lines(row)
    return without_lists(lines)


def cover_of(recognised: Recognised) -> list[str]:
    """The lines of the cover: the first lines. If these name no year, the cover may stand behind a notice, the contents
    or prose: then the lines around a later title of the disclosure with its year, below the office of the first lines
    if it names none."""
    first = first_lines(recognised)
    if any(map(year_in, (*first, "".join(first)))) or not (later := _later_cover(recognised)):
        return first
    above = [] if _names_office(later) else [text for text in first if ends_like_office(text)]
    return [*above[-1:], *later]


def _later_cover(recognised: Recognised) -> list[str]:
    """The lines around the title of the disclosure that names its year, before any form. Empty if there is none, or if
    titles name several years.

    Of several titles it is the first one with an office, else the first one that is no heading of a part.
    """
    lines = without_lists([text for _, row in recognised.outside[: recognised.before] for text in whole_lines(row)])
    titles = {at: year for at, text in enumerate(lines) if (year := _year_of_title(lines[at - 1] if at else "", text))}
    if len(set(titles.values())) != 1:
        return []

    def rank(at: int) -> tuple[bool, bool, int]:
        return not _names_office(_around(lines, at)), bool(_HEADING.match(fold(lines[at]))), at

    return _around(lines, min(titles, key=rank))


def _year_of_title(before: str, text: str) -> int | None:
    """The year in the title of a disclosure. It may stand on the line before 部门预算."""
    for title in (text, before + text):
        if _is_title(title) and (year := year_in(title)):
            return year
    return None


def _is_title(text: str) -> bool:
    folded = fold(text)
    is_whole = is_of_disclosure(text) or _OF_YEAR.search(folded)
    return bool(is_whole) and is_cover_line(text) and not match_title(text) and not _LEADERS.search(folded)


def _names_office(cover: Sequence[str]) -> bool:
    lines = pairwise(("", *cover))
    return any(filing_unit_of(text) or ends_like_office(text) or office_over(before, text) for before, text in lines)


def _around(lines: Sequence[str], at: int) -> list[str]:
    """A title with the lines of its cover: the office and the year above it, fields and other short lines below it."""
    start = at
    while start and (ends_like_office(lines[start - 1]) or _is_field(lines[start - 1])):
        start -= 1
    below = takewhile(is_cover_line, lines[at + 1 : at + 1 + _MOST_BELOW])
    return [*lines[start : at + 1], *below]


def _is_field(text: str) -> bool:
    """Whether a line of a cover names the office by its label, or the year alone."""
    return is_cover_line(text) and (filing_unit_of(text) is not None or fold(text).endswith(("年", "年度")))


@remembered(10_000)  # documents share most of their lines
def is_cover_line(text: str) -> bool:
    """Whether a line may be on a cover: it is short and not a sentence."""
    return len(fold(text)) <= _LONGEST_COVER_LINE and not _SENTENCE.search(text)


def title_of_cover(cover: Sequence[str]) -> str:
    """The lines of a cover before the contents, as one text."""
    return "".join(lines_before_contents(cover))


def lines_before_contents(cover: Sequence[str]) -> Sequence[str]:
    """The lines of a cover before the contents."""
    until = next((at for at, text in enumerate(cover) if _CONTENTS.match(fold(text))), len(cover))
    return cover[:until]
