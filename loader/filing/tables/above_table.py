"""The lines above a table: its title, the unit that files it, its money unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.remembered import remembered
from loader.documents.wording import fold, is_note, is_page_number
from loader.filing.tables.titles import (
    CUT,
    FilingUnit,
    Titles,
    filing_unit_of,
    match_kept_title,
    match_title,
    money_unit_of,
    without_number,
)

_FOOTER = re.compile(
    r"^(?:\(?(?:续表?|续上[表页]|接上[表页])[\d一二三四五]*\)?|(?:第\d+页|共\d+页)[,/]?(?:共\d+页|第\d+页)?|-\d+-"
    r"|(?:填[表报]|制[表单]|编制|审核|复核|经办|联系|打印|(?:单位|部门|财务)?(?:负责|分管))(?:人|员|日期|时间|电话|领导)(?:\(.*?\))?:.*)$"
)
_BEGUN_UNIT = re.compile(r"(?:^|[^一-鿿])(?:金额|货币|计量)?单位:(?:人民币)?[十百千万亿]{1,2}$")
_OPEN_FIELD = re.compile(r"^.{0,6}(?:单位|部门)(?:名称)?[:：]$")
_NUMBER = re.compile(r"(?:(?:公开|附)?(?:\d{1,2}表|表(?:\d{1,2}(?:-\d{1,2})?|[一二三四五六七八九十]{1,3}))|GK\d{2}):?")
_OWN = "金额 货币 计量 编制 填报 填列 预算 主管 公开".split()  # words before 单位 and 部门 in a field
_OF_OTHERS = "下属 所属 直属 下级 二级 主办 承办 建设 实施".split()  # such words name no unit that files
_NOT_OF_OTHERS = "".join(f"(?<!{word})" for word in _OF_OTHERS)
_FIELD = re.compile(  # where a field begins
    r"(?=公开\d{1,2}表|公开表[一二三四五六七八九十]{1,3}(?![一-鿿])"
    rf"|{_NOT_OF_OTHERS}(?:{'|'.join(_OWN)})(?:单位|部门)(?:名称)?[:：]"
    rf"|{_NOT_OF_OTHERS}{''.join(f'(?<!{word})' for word in _OWN)}(?:单位|部门)(?:名称)?[:：])"
)


class _Said(NamedTuple):
    """What a line above a table says. ``begins_unit``: a money unit without its end. ``is_beside``: a page number, a
    note, a signature or the number of a form, which say nothing of the table."""

    begins_unit: bool
    money_unit: str | None
    kept: tuple[str, ...]
    filing_unit: FilingUnit | None
    titles: Titles
    is_beside: bool


@remembered(10_000)  # the same few lines stand above most tables
def _said_by(text: str) -> _Said:
    return _Said(
        bool(_BEGUN_UNIT.search(fold(text))),
        money_unit_of(text),
        match_kept_title(text),
        filing_unit_of(text),
        match_title(text),
        is_page_number(text) or is_note(text) or is_footer(text) or _is_number(text),
    )


@dataclass(slots=True)
class Preamble:
    """The lines between two tables: titles, the unit that files, money unit, other text."""

    titles: list[tuple[str, Titles]] = field(default_factory=list)
    filing_unit: FilingUnit | None = None
    money_unit: str | None = None
    money_units: list[str] = field(default_factory=list)  # all that stand below the last title
    free_text: list[str] = field(default_factory=list)
    kept: tuple[str, ...] = ()  # the forms of the nearest title of a form known by title only
    line: str = ""  # the line before, if it may be the beginning of a title
    begun: str = ""  # a money unit without its end: 单位：万, and 元 on the next line

    def add(self, row: Row) -> None:
        """Add the next line. It may complete the title or the money unit that began in the line before."""
        if len(row.cells) == 1 and self._completes_title(row.text):
            return
        self.line = row.text if len(row.cells) == 1 else ""
        for text in whole_lines(row):
            said = _said_by(text)
            if said.begins_unit:
                self.begun = text
                continue
            if money := self._whole_unit(text) or said.money_unit:
                self.money_unit = money
                self.money_units.append(money)
                self.begun = ""
            self.kept = said.kept or self.kept
            if said.filing_unit:
                self.filing_unit = said.filing_unit
            elif said.titles:
                self.titles.append((text, said.titles))
                self.money_units.clear()
            elif not (money or said.is_beside):
                self.free_text.append(text)

    def _whole_unit(self, text: str) -> str | None:
        """The money unit whose end is this text, or its last word beside the end of another line."""
        if not self.begun:
            return None
        return money_unit_of(self.begun + text.split()[-1]) or money_unit_of(self.begun + text)

    def nearest_titles(self) -> list[Titles]:
        """The forms named by the last titles, from the bottom up to the first complete title.

        The titles above that one may be the last lines of the contents.
        """
        nearest: list[Titles] = []
        for _, named in reversed(self.titles[-3:]):
            nearest.append(named)
            if any(sure > CUT for _, sure in named):
                break
        return nearest

    def kept_forms(self, sheet_name: str) -> tuple[str, ...]:
        """The forms known by title only that are named above a table, or by the sheet's name if nothing is printed."""
        is_silent = not self.titles and not self.free_text
        return match_kept_title(without_number(sheet_name)) if is_silent else self.kept

    def _completes_title(self, text: str) -> bool:
        """Whether a title too long for one line continues in this one. If so, the whole title replaces its first
        line. A line with the office or the money unit is no part of a title."""
        said = _said_by(text)
        if not self.line or said.filing_unit or said.money_unit:
            return False
        whole = self.line + text
        matches = match_title(whole)
        is_whole = any(sure > CUT for _, sure in matches) and not any(sure > CUT for _, sure in said.titles)
        if not is_whole and not (matches and not said.titles):
            return False
        for texts in (self.titles, self.free_text):
            if texts and self.line in texts[-1]:
                texts.pop()
        self.titles.append((whole, matches))
        self.line = whole
        return True


def whole_lines(row: Row) -> Sequence[str]:
    """The texts of a row as lines.

    A field and its value in the next cell (部门： | 某某办公室) are one line. One cell may hold several (title, number
    of the form, office, money unit).
    """
    if len(row.cells) == 1:
        return _lines_of(row.cells[0].text)
    texts = [cell.text for cell in row.cells]
    lines: list[str] = []
    while texts:
        text = texts.pop(0)
        if texts and _OPEN_FIELD.match(fold(text)) and not money_unit_of(texts[0]):
            text += texts.pop(0)
        lines += _lines_of(text)
    return lines


@remembered(10_000)
def _lines_of(text: str) -> tuple[str, ...]:
    """The fields of a text, without the bracket that opens before the next field (收支总表（单位：万元）)."""
    parts = (part.strip().rstrip("(（") for part in _FIELD.split(text))
    return tuple(part for part in parts if part)


def _is_number(text: str) -> bool:
    """Whether a line is only the number of a form (公开07表, 附表3-1), which says nothing of what the form is."""
    return bool(_NUMBER.fullmatch(fold(text)))


@remembered(50_000)
def is_footer(text: str) -> bool:
    """Whether a row that begins with this text is a page number, 续表 or a signature (填表人：…)."""
    return bool(_FOOTER.match(fold(text)))
