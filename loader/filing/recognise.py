"""Grids → forms: which official forms stand in a document, and which column of a table is which.

Each table is held against the templates of all sets, by its title and its header (:mod:`loader.filing.titles`,
:mod:`loader.filing.headers`). Then the set that explains the whole document best is taken, and every table is the form
of that set that it fits; a table that fits none is kept as an unknown one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from loader.documents.grid import Document, Grid, Row
from loader.documents.wording import (
    digits,
    figure,
    fold,
    is_note,
    is_page_number,
    is_placeholder,
    is_total,
    label,
    resembles,
    without_continued,
)
from loader.filing.headers import (
    DEEPEST_HEADER,
    HeaderPath,
    Match,
    PriorColumn,
    best_depth,
    is_header_row,
    match_columns,
)
from loader.filing.titles import (
    CUT,
    PREFIXED,
    UNSTATED,
    Filer,
    Titles,
    contradicts,
    filer_of,
    match_kept_title,
    match_title,
    money_unit_of,
    sheet_title,
    without_number,
)
from schema.forms import FORMS, KEPT_FORMS, KEPT_SETS, SETS, set_of
from schema.forms.classes import FUNCTIONAL_CLASSES, PUBLIC, STAFF
from schema.forms.template import Coordinate, Form, Role, TemplateSet

_FOOTER = re.compile(
    r"^(?:\(?(?:续表?|续上[表页]|接上[表页])[\d一二三四五]*\)?|(?:第\d+页|共\d+页)[,/]?(?:共\d+页|第\d+页)?|-\d+-"
    r"|(?:填[表报]|制[表单]|编制|审核|复核|经办|联系|打印|(?:单位|部门|财务)?(?:负责|分管))(?:人|员|日期|时间|电话|领导)(?:\(.*?\))?:.*)$"
)
_OPEN_FIELD = re.compile(r"^.{0,6}(?:单位|部门)(?:名称)?[:：]$")
_OWN = "金额 货币 计量 编制 填报 填列 预算 主管 公开".split()  # what stands before 单位 and 部门 in a field
_FIELD = re.compile(  # where a field begins
    r"(?=公开\d{1,2}表|公开表[一二三四五六七八九十]{1,3}(?![一-鿿])"
    rf"|(?:{'|'.join(_OWN)})(?:单位|部门)(?:名称)?[:：]"
    rf"|{''.join(f'(?<!{word})' for word in _OWN)}(?:单位|部门)(?:名称)?[:：])"
)
_RUNNING = 3  # times that a line stands outside the tables if it is the running head of the pages
_LOOKED_AT = 100  # rows of a table that tell what its columns hold, and which rows another table would begin with
_FAR_TITLE = 8  # rows above a header in which its title may stand

# How well a header must fit to begin a table, to be a form under its title, and to be one without a title; what a
# title is worth beside a header; and how near another template must come to be a rival.
_BEGINS, _TITLED, _UNTITLED = 0.45, 0.45, 0.6
_TITLE_BONUS = 0.35
_RIVAL = 0.02
_CLASSES = {
    Coordinate.FUNCTIONAL: frozenset(FUNCTIONAL_CLASSES),
    Coordinate.DEPARTMENT_ECONOMIC: frozenset({*STAFF, *PUBLIC}),
}
_FIGURES = (Role.MONEY, Role.MEMO, Role.PRIOR, Role.ORDINAL)
_KNOWN_LINES = 0.4  # of the labels of a list that must be lines of it


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a document that is one official form, or an unknown one (``form`` is None).

    ``columns`` maps a grid column to the id of the template's column, ``lists`` the grid column of labels to the id of
    a list, ``priors`` columns of other years, ``rates`` columns of per cents and differences. ``header`` and ``body``
    are the rows of the table as they stand in the grid; ``beside`` are the columns of further groups of the same
    columns that stand side by side. ``likely`` are columns known by a head that was read from a picture and resembles
    theirs. ``place`` names the sheet and first row of a table, or several if it goes on in the next sheet; ``sheet`` is
    the last one.
    """

    form: Form | None
    place: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    columns: dict[int, str]
    header_labels: dict[int, str]
    lists: dict[int, str] = field(default_factory=dict)
    priors: dict[int, PriorColumn] = field(default_factory=dict)
    rates: dict[int, str] = field(default_factory=dict)
    beside: tuple[dict[int, str], ...] = ()
    title: str | None = None
    note: str | None = None
    money_unit: str | None = None
    filer: Filer = UNSTATED
    recognised_by: str = "title and header"
    rivals: tuple[str, ...] = field(default=())
    sheet: str = ""
    likely: dict[int, str] = field(default_factory=dict)

    @property
    def unit_code(self) -> str | None:
        """The code of the unit whose form it is, as printed above it."""
        return self.filer.code

    @property
    def unit_name(self) -> str | None:
        """Its name."""
        return self.filer.name


@dataclass(frozen=True, slots=True)
class _Found:
    """A table with a header, or a sheet of goals, before it is settled which form it is."""

    table: FormTable
    matches: Sequence[Match]
    paths: dict[int, HeaderPath]
    titles: dict[str, float]  # form_id → how sure
    is_sheet_name: bool
    sheet: Form | None = None
    unfamiliar: tuple[str, ...] = ()  # what is printed above it where no title is known
    kept: tuple[str, ...] = ()  # form_ids of forms known by title alone whose title it bears


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a table begins in a grid: with a header of some rows, or as a sheet of goals."""

    row: int
    depth: int
    matches: Sequence[Match]
    paths: dict[int, HeaderPath]
    sheet: Form | None = None


# ---------------------------------------------------------------------------- sheets of goals


@cache
def _sheet_openings() -> dict[str, str]:
    """The field that a sheet of goals begins with, its first → form_id."""
    first = {form.form_id: form.columns[0] for form in FORMS.values() if form.sheet is not None}
    return {label(path[-1]): form_id for form_id, column in first.items() for path in (column.path, *column.aliases)}


def _sheet_form(rows: Sequence[Row], start: int) -> Form | None:
    """The form of goals if a sheet of them begins in this row."""
    if not rows[start].in_table:
        return None
    form_id = _sheet_openings().get(label(rows[start].cells[0].text))
    if form_id is not None:
        for row in rows[start + 1 : start + 60]:
            words = {label(cell.text) for cell in row.cells}
            if words & {"项目名称", "部门名称"} and row.cells[0].column == rows[start].cells[0].column:
                break
            if "一级指标" in words and "指标值" in words:
                return FORMS[form_id]
    return None


# ---------------------------------------------------------------------------- tables of a grid


@dataclass(slots=True)
class _Preamble:
    """What stands between two tables: title, whose form it is, money unit."""

    titles: list[tuple[str, Titles]] = field(default_factory=list)
    filer: Filer | None = None
    money_unit: str | None = None
    free_text: list[str] = field(default_factory=list)
    kept: tuple[str, ...] = ()  # the forms known by title alone whose title is the nearest such one
    line: str = ""  # the line before, where it may be the beginning of a title

    def add(self, row: Row) -> None:
        if len(row.cells) == 1 and self._completes_title(row.text):
            return
        self.line = row.text if len(row.cells) == 1 else ""
        for text in whole_lines(row):
            if money := money_unit_of(text):
                self.money_unit = money
            self.kept = match_kept_title(text) or self.kept
            if filer := filer_of(text):
                self.filer = filer
            elif matches := match_title(text):
                self.titles.append((text, matches))
            elif not money and not is_page_number(text) and not is_note(text) and not _is_footer(text):
                self.free_text.append(text)

    def nearest_titles(self) -> list[Titles]:
        """What the last lines with a title say, up to the nearest that says a whole one: above it may stand the last
        lines of the contents."""
        nearest: list[Titles] = []
        for _, named in reversed(self.titles[-3:]):
            nearest.append(named)
            if any(sure > CUT for _, sure in named):
                break
        return nearest

    def kept_forms(self, sheet_name: str) -> tuple[str, ...]:
        """The forms known by title alone that are named above a table, by the sheet's name if nothing is printed."""
        is_silent = not self.titles and not self.free_text
        return match_kept_title(without_number(sheet_name)) if is_silent else self.kept

    def _completes_title(self, text: str) -> bool:
        """Whether a title too long for its line goes on in this one."""
        whole = self.line + text
        matches = match_title(whole) if self.line else ()
        is_whole = any(sure > CUT for _, sure in matches) and not any(sure > CUT for _, sure in match_title(text))
        if not is_whole and not (matches and not match_title(text)):
            return False
        for texts in (self.titles, self.free_text):
            if texts and self.line in texts[-1]:
                texts.pop()
        self.titles.append((whole, matches))
        self.line = whole
        return True


def whole_lines(row: Row) -> Iterator[str]:
    """The texts of a row: a field and its value in the cell beside it (部门： | 某某办公室) are one, and what stands on
    lines of one cell (title, number of the form, office, money unit) are several."""
    texts = [cell.text for cell in row.cells]
    while texts:
        text = texts.pop(0)
        if texts and _OPEN_FIELD.match(fold(text)) and not money_unit_of(texts[0]):
            text += texts.pop(0)
        yield from _lines_of(text)


@lru_cache(maxsize=10_000)
def _lines_of(text: str) -> tuple[str, ...]:
    """The fields of a text, without the bracket of the next one behind them (收支总表（单位：万元）)."""
    parts = (part.strip().rstrip("(（") for part in _FIELD.split(text))
    return tuple(part for part in parts if part)


def _header_runs(rows: Sequence[Row]) -> list[int]:
    """For every row, how many rows from it on may belong to one header."""
    runs = [0]
    for row in reversed(rows):
        runs.append(runs[-1] + 1 if is_header_row(row) else 0)
    return runs[:0:-1]


def _header_at(rows: Sequence[Row], runs: Sequence[int], start: int) -> _Start | None:
    """The header that starts in this row, at the depth at which it fits a template best."""
    deepest = min(runs[start], DEEPEST_HEADER)
    found = best_depth(tuple([row.cells for row in rows[start : start + deepest]]))
    return _Start(start, *found) if found is not None else None


def _begins_later(rows: Sequence[Row], runs: Sequence[int], header: _Start) -> bool:
    """Whether the header fits better without its first rows, and no column less: the last lines of the table above may
    consist of header words, too, if a repeated header follows them (其他支出 in lists)."""
    laters = (_header_at(rows, runs, header.row + rest) for rest in range(1, header.depth))
    return any(
        later is not None and later.matches[0].score > header.matches[0].score and len(later.paths) >= len(header.paths)
        for later in laters
    )


def _starts(rows: Sequence[Row]) -> list[_Start]:
    """The headers and sheets of a grid, from top to bottom."""
    runs = _header_runs(rows)
    starts: list[_Start] = []
    index = 0
    while index < len(rows):
        sheet = _sheet_form(rows, index)
        if sheet is not None:
            starts.append(_Start(index, 0, (), {}, sheet))
        elif runs[index] and not (starts and starts[-1].sheet is not None and _indicator_row(rows[index])):
            is_body = _is_line(starts, rows[index]) or _is_bare_total(rows[index])
            header = None if is_body else _header_at(rows, runs, index)
            if header is not None and header.matches[0].score >= _BEGINS and not _begins_later(rows, runs, header):
                starts.append(header)
                index += header.depth
                continue
        index += 1
    return starts


def _is_line(starts: Sequence[_Start], row: Row) -> bool:
    """Whether a row stands for lines of the lists above it: 年初结转和结余 | 年末结转和结余 is no header there, nor is
    a group with its 小计 beside it."""
    labels = [(cell.column, text) for cell in row.cells if (text := label(cell.text)) != "小计"]
    return bool(labels) and any(
        all(column in match.lists and text in line_labels(match.form.form_id) for column, text in labels)
        for match in (starts[-1].matches if starts else ())
    )


def _is_bare_total(row: Row) -> bool:
    """Whether a row says nothing but 合计: the body of an empty form."""
    return all(is_total(cell.text) for cell in row.cells)


@cache
def line_labels(form_id: str) -> frozenset[str]:
    """Every label that the lines of a form's lists bear."""
    lines = [line for entry in FORMS[form_id].lists for line in entry.lines]
    return frozenset(label(name) for line in lines for name in (line.label, *line.aliases))


def _is_contents(rows: Sequence[Row]) -> bool:
    """A contents page: most rows name a form."""
    named = sum(any(match_title(cell.text) for cell in row.cells) for row in rows)
    return named * 2 > len(rows)


def _tables_of(grid: Grid, earlier: _Found | None) -> tuple[list[_Found], list[Row]]:
    """The tables of a grid in order, and the rows outside of them (covers, contents, prose).

    The last table of the grid before stands in front of them if there is one: it may go on in this grid.
    """
    rows = grid.rows
    starts = _starts(rows)
    found = [earlier] if earlier is not None else []
    carried = len(found)
    lines = Counter([fold(row.text) for row in rows if not row.in_table])
    running = frozenset(text for text, times in lines.items() if times >= _RUNNING)
    outside: list[Row] = []
    previous_end = 0
    for position, start in enumerate(starts):
        following = starts[position + 1].row if position + 1 < len(starts) else len(rows)
        while more := _let_go_on(found, rows[previous_end : start.row], grid.place, running):
            previous_end += more
        unknown, loose = _split_unknown(rows[previous_end : start.row], grid.place)
        found += unknown
        outside += loose
        preamble = _Preamble()
        for row in loose[-_FAR_TITLE:]:
            preamble.add(row)
        body_start = start.row + start.depth
        left = rows[start.row].cells[0].column
        body_end, previous_end, note = _body_end(rows, body_start, following, left, start)
        header = tuple(rows[start.row : body_start])
        title = preamble.titles[-1][0] if preamble.titles else None
        stated = next((u for text in (*(row.text for row in header), title or "") if (u := money_unit_of(text))), None)
        table = FormTable(
            form=start.sheet,
            place=f"{grid.place}:{rows[start.row].number}",
            sheet=grid.place,
            header=header,
            body=tuple([r for r in rows[body_start:body_end] if r.in_table and not _is_footer(r.cells[0].text)]),
            columns={},
            header_labels={column: "-".join(path) for column, path in start.paths.items()},
            title=title,
            note=note,
            money_unit=preamble.money_unit or stated,
            filer=preamble.filer or UNSTATED,
            recognised_by="title and fields" if title else "fields alone",
        )
        titles: dict[str, float] = {}
        # the name of a sheet is the title of its first table
        is_first = len(found) == carried
        for named in preamble.nearest_titles() or ([sheet_title(grid.place)] if is_first else []):
            for form_id, sure in named:
                titles[form_id] = max(titles.get(form_id, 0.0), sure)
        unfamiliar = () if preamble.titles else tuple(preamble.free_text[-3:])
        kept = preamble.kept_forms(grid.place)
        found.append(
            _Found(table, start.matches, start.paths, titles, not preamble.titles, start.sheet, unfamiliar, kept)
        )
    while more := _let_go_on(found, rows[previous_end:], grid.place, running):
        previous_end += more
    unknown, loose = _split_unknown(rows[previous_end:], grid.place)
    return found + unknown, outside + loose


def _let_go_on(found: list[_Found], rows: Sequence[Row], place: str, running: frozenset[str]) -> int:
    """How many of the rows behind the last table are more rows of it, without its header on the next page or sheet;
    the table in the list is longer by them. ``running`` are the lines that stand on every page."""
    if not found or found[-1].sheet is not None or not found[-1].table.header:
        return 0
    last = found[-1]
    table = last.table
    first = next((at for at, row in enumerate(rows) if not _is_between(row, table, running)), len(rows))
    if first == len(rows) or not (_has_figures(rows[first]) or _is_of_lines(rows[first], last)):
        return 0
    if not _is_named_like(place, table.sheet):
        return 0
    start = _Start(0, 0, last.matches, last.paths)
    end, consumed, note = _body_end(rows, first, len(rows), table.header[0].cells[0].column, start)
    more = tuple([row for row in rows[first:end] if row.in_table and not _is_footer(row.cells[0].text)])
    if not _are_rows_of(last, more) or _begins_anew(table.body[:_LOOKED_AT], more[0]):
        return 0
    rest = replace(table, place=f"{place}:{more[0].number}", sheet=place, body=more, note=note)
    found[-1] = replace(last, table=_longer(table, rest))
    return consumed


def _longer(table: FormTable, more: FormTable) -> FormTable:
    """A table with the rows of another one that goes on with it. ``place`` names every sheet that it stands on."""
    return replace(
        table,
        place=table.place if table.sheet == more.sheet else f"{table.place}, {more.place}",
        sheet=more.sheet,
        body=table.body + more.body,
        note=more.note or table.note,
    )


def _is_between(row: Row, table: FormTable, running: frozenset[str]) -> bool:
    """Whether a row between two parts of a table says nothing new: a page number, 续表, or once more the title, the
    office or the money unit."""
    if not row.in_table and fold(row.text) in running:
        return True
    if _has_figures(row):
        return False
    return all(
        is_page_number(text)
        or _is_footer(text)
        or (table.title is not None and without_continued(text) == without_continued(table.title))
        or (money_unit_of(text) is not None and money_unit_of(text) == table.money_unit and not filer_of(text))
        or ((filer := filer_of(text)) is not None and filer == table.filer)
        for text in whole_lines(row)
    )


_SHEET_NAME = re.compile(r"[^一-鿿]+")


def _is_named_like(sheet: str, other: str) -> bool:
    """Whether nothing in the names of two sheets speaks against one form on both: numbers, 续 and Sheet2 do not."""
    names = [_SHEET_NAME.sub("", without_continued(name).rstrip("()0123456789-")) for name in (sheet, other)]
    return names[0].startswith(names[1]) or names[1].startswith(names[0])


def _is_of_lines(row: Row, last: _Found) -> bool:
    """Whether a row without figures holds lines of the lists above it."""
    return any(match.lists and _has_only_lines(row, match.form) for match in last.matches[:1])


def _has_only_lines(row: Row, form: Form) -> bool:
    return row.in_table and all(label(cell.text) in line_labels(form.form_id) for cell in row.cells)


def _are_rows_of(last: _Found, rows: Sequence[Row]) -> bool:
    """Whether rows have words and figures in the same columns as a table, the first one for sure."""
    figures: set[int] = set()
    words: set[int] = set()
    for match in last.matches[:1]:
        words |= match.lists.keys()
        figures |= match.priors.keys() | match.rates.keys()
        for at, column_id in (entry for group in (match.columns, *match.beside) for entry in group.items()):
            is_figure = match.form.lists or match.form.column(column_id).role in _FIGURES
            (figures if is_figure else words).add(at)
    for cell in (cell for row in last.table.body[-_LOOKED_AT:] for cell in row.cells):
        shown = figure(cell.text)
        if shown is not None and shown.decimals:
            figures.add(cell.column)
        elif shown is None and not is_placeholder(cell.text):
            words.add(cell.column)
    fitting = [_fits(row, figures, words) for row in rows]
    return bool(fitting) and fitting[0] and sum(fitting) * 5 >= len(fitting) * 4


def _fits(row: Row, figures: set[int], words: set[int]) -> bool:
    """Whether the words and figures of a row stand in columns of words and of figures."""
    for cell in row.cells:
        shown = figure(cell.text)
        if shown is None and not is_placeholder(cell.text):
            fits = cell.column in words
        else:
            fits = cell.column in figures or (cell.column in words and not (shown and shown.decimals))
        if not fits:
            return False
    return True


def _begins_anew(body: Sequence[Row], row: Row) -> bool:
    """Whether a row stands in a table already, or is a second 合计: another table with the same columns begins."""
    said = _said(row)
    return any(_said(other) == said for other in body) or (_has_total([row]) and _has_total(body))


def _said(row: Row) -> tuple[tuple[int, str], ...]:
    """What a row says beside its figures."""
    return tuple([(c.column, fold(c.text)) for c in row.cells if not ((f := figure(c.text)) and f.decimals)])


def _indicator_row(row: Row) -> bool:
    return any(label(cell.text) in ("一级指标", "任务名称", "资金总额") for cell in row.cells)


@lru_cache(maxsize=50_000)
def _is_footer(text: str) -> bool:
    """Whether a row that begins with this text is a page number, 续表 or a signature (填表人：…) in a sheet."""
    return bool(_FOOTER.match(fold(text)))


def _continues(earlier: FormTable, table: FormTable, is_picture: bool) -> bool:
    """A header repeated on a new page: the same header without a title, or under the same title."""
    return (
        earlier.form is not None
        and _may_be(earlier.form, table)
        and _is_same_header(earlier.header_labels, table.header_labels, is_picture)
        and (table.title is None or without_continued(table.title) == without_continued(earlier.title or ""))
        and (table.unit_code is None or table.unit_code == earlier.unit_code)
        and (table.unit_name is None or earlier.unit_name is None or fold(table.unit_name) == fold(earlier.unit_name))
        and (earlier.sheet == table.sheet or _goes_on_in_sheet(earlier, table))
        and (table.title is None or table.unit_code is not None or earlier.unit_code is None)
        # a table that begins with 合计 is a new one, unless 合计 comes last and is still to come
        and not (_has_total(table.body[:1]) and _has_total(earlier.body))
        and not (_is_closed(earlier) and table.title is None and not _stands_at_foot(earlier, table))
    )


def _stands_at_foot(earlier: FormTable, table: FormTable) -> bool:
    """Whether a header without rows is that of the table above, printed once more right below its last row."""
    is_next = bool(earlier.body) and table.header[0].number == earlier.body[-1].number + 1
    return not table.body and is_next and earlier.sheet == table.sheet


def _goes_on_in_sheet(earlier: FormTable, table: FormTable) -> bool:
    """Whether a table in the next sheet has more rows: not those of another unit, which say the same or have their own
    合计."""
    is_more = bool(earlier.body and table.body) and _is_named_like(earlier.sheet, table.sheet)
    return is_more and not (
        _begins_anew(earlier.body, table.body[0]) or (_has_total(earlier.body) and _has_total(table.body))
    )


def _is_same_header(earlier: Mapping[int, str], labels: Mapping[int, str], is_picture: bool) -> bool:
    """Whether two headers say the same; in a picture a sign or two may be misread, and a head lost."""
    if not is_picture:
        return earlier == labels
    is_most = labels.keys() <= earlier.keys() and len(labels) * 5 >= len(earlier) * 4
    return is_most and all(resembles(earlier[column], labels[column]) for column in labels)


def _may_be(form: Form, table: FormTable) -> bool:
    """Whether a table can be of a form; one without a title is of no form that needs one (``Form.optional``)."""
    if table.form is None:
        return form.optional and bool(table.header) and table.title is None
    return table.form.has_table and form.form_id in (table.form.form_id, *table.rivals)


def _is_closed(table: FormTable) -> bool:
    """Whether a table with its total at the foot has come to it."""
    rows = table.form.rows if table.form is not None else None
    return rows is not None and rows.total_is_last and len(table.body) > 1 and _has_total(table.body[-1:])


def _has_total(rows: Sequence[Row]) -> bool:
    return any(is_total(cell.text) for row in rows for cell in row.cells)


def _body_end(rows: Sequence[Row], start: int, limit: int, left: int, header: _Start) -> tuple[int, int, str | None]:
    """Where the body ends (at a paragraph, a note, or the title and unit lines of the next form), where the search
    for the next form goes on, and the note below the table."""
    note: str | None = None
    end = start
    is_sheet = header.sheet is not None
    # the fields of a sheet name units, too; below its indicators such a line belongs to the next sheet
    open_to_next = not is_sheet
    while end < limit:
        row = rows[end]
        text = row.cells[0].text if row.in_table else row.text
        if row.in_table and len(row.cells) == 1 and is_note(text) and _goes_on(rows[end + 1 : limit], row, header):
            note = text
            end += 1
            continue
        if not row.in_table or (len(row.cells) == 1 and is_note(text)):
            goes_over = is_page_number(text) or not without_continued(text)
            if goes_over and end + 1 < limit and rows[end + 1].in_table:
                # a page number or 续表 between the rows of a table that goes on without its header
                end += 1
                continue
            if is_note(text):
                note = text
            break
        first = row.cells[0].text
        alone = first == row.cells[-1].text and all(cell.text == first for cell in row.cells)
        if alone and not is_sheet and _is_title(row, left) and not _is_line([header], row):
            break
        if alone and is_sheet and any(sure >= PREFIXED for _, sure in match_title(text)):
            break
        if open_to_next and filer_of(text) and (alone or money_unit_of(row.text)):
            break
        open_to_next = open_to_next or any(label(cell.text) == "一级指标" for cell in row.cells)
        end += 1
    return end, end + (1 if note else 0), note


def _goes_on(below: Sequence[Row], note: Row, header: _Start) -> bool:
    """Whether the table goes on right beneath a note within it: with figures, or with lines of its lists."""
    if not below or below[0].number != note.number + 1:
        return False
    lines = {line for match in header.matches[:1] for line in line_labels(match.form.form_id)}
    return _has_figures(below[0]) or any(label(cell.text) in lines for cell in below[0].cells)


def _has_figures(row: Row) -> bool:
    """Whether a row of a table prints something beside a label."""
    return row.in_table and len(row.cells) > 1 and any(figure(cell.text) is not None for cell in row.cells)


def _is_title(row: Row, left: int) -> bool:
    """Whether a row is the title of the next form. A title cut short stands on the left: further right, a line of
    forms 1 and 6 can read like the beginning of a title (国有资本经营预算支出)."""
    return any(
        match_kept_title(text) or any(sure > CUT or row.cells[0].column <= left for _, sure in match_title(text))
        for text in whole_lines(row)
    )


def _split_unknown(rows: Sequence[Row], place: str) -> tuple[list[_Found], list[Row]]:
    """Tables that no template knows, and the rows around them; contents pages are no forms."""
    unknown: list[_Found] = []
    loose: list[Row] = []
    run: list[Row] = []

    def close() -> None:
        nonlocal run
        if run and any(map(filer_of, whole_lines(run[0]))):
            loose.append(run.pop(0))  # office and money unit side by side stand above the table
        if (table := _unknown_table(run, loose, place)) is not None:
            unknown.append(table)
        else:
            loose.extend(run)
        run = []

    for row in rows:
        if row.in_table and (run or len(row.cells) >= 2):
            run.append(row)
        else:
            close()
            loose.append(row)
    close()
    return unknown, loose


def _unknown_table(run: Sequence[Row], above: Sequence[Row], place: str) -> _Found | None:
    """Some rows as a table that no template knows, if they print figures or a form known by its title alone."""
    wide = [row for row in run if len(row.cells) >= 2]
    if len(wide) < 2:
        return None
    preamble = _Preamble()
    for row in above[-_FAR_TITLE:]:
        preamble.add(row)
    kept = preamble.kept_forms(place)
    figures = any(figure(c.text) is not None and "." in c.text for row in wide for c in row.cells)
    if not (figures or kept) or _is_contents(run):
        return None
    named = [text for text, _ in preamble.titles[-1:]] or preamble.free_text[-1:]  # a form of another place
    table = FormTable(
        form=None,
        place=f"{place}:{run[0].number}",
        sheet=place,
        header=(),
        body=tuple(run),
        columns={},
        header_labels={},
        title=named[0] if named else None,
        money_unit=preamble.money_unit,
        filer=(preamble.filer if kept else None) or UNSTATED,
        recognised_by="unknown header",
    )
    titles = {form_id: sure for _, named in preamble.titles[-1:] for form_id, sure in named}
    return _Found(table, (), {}, titles, is_sheet_name=False, kept=kept)


# ---------------------------------------------------------------------------- a whole document


@dataclass(frozen=True, slots=True)
class Recognised:
    """The forms of a document in order and the set that they are of, the text outside them (covers, contents, prose)
    with its place, and how many rows of it come before the first form."""

    tables: tuple[FormTable, ...]
    entry: TemplateSet
    outside: tuple[tuple[str, Row], ...]
    before: int = 0


def recognise(document: Document) -> Recognised:
    """Find the forms of a document and settle which of two like forms is which."""
    grids: list[list[_Found]] = []
    outside: list[tuple[str, Row]] = []
    before: int | None = None
    earlier: _Found | None = None
    for grid in document.grids:
        found, loose = _tables_of(grid, earlier)
        if earlier is not None:
            grids[-1][-1] = found.pop(0)
        grids.append(found)
        earlier = found[-1] if found else None
        if before is None and (first := next((f for f in found if f.matches or f.sheet), None)) is not None:
            line = (first.table.header or first.table.body)[0].number
            before = len(outside) + sum(row.number < line for row in loose)
        outside += [(grid.place, row) for row in loose]
    entry, chosen = _best_set([found for grid in grids for found in grid])
    found = [found for grid in grids for found in grid]
    settled = (_settled(one, match, entry) for one, match in zip(found, chosen, strict=True))
    tables = _joined(settled, document.ocr_rows)
    return Recognised(tuple(_settle_rivals(tables)), entry, tuple(outside), len(outside) if before is None else before)


def _best_set(found: Sequence[_Found]) -> tuple[TemplateSet, list[Match | None]]:
    """The set whose forms fit the tables of a document best, taken together, and the form of it that each one is.

    A set of forms known by title alone is taken if it knows more of the tables than any other, one of them by a title
    that no other set has.
    """

    def worth(choice: tuple[TemplateSet, list[Match | None]]) -> float:
        entry, chosen = choice
        sheets = sum(table.sheet is not None and set_of(table.sheet.form_id) is entry for table in found)
        return sheets + sum(_score(match, table) for match, table in zip(chosen, found, strict=True) if match)

    choices = [_choices(table) for table in found]
    best = max([(entry, [choice.get(entry.id) for choice in choices]) for entry in SETS], key=worth)
    known = sum(
        match is not None or (table.sheet is not None and set_of(table.sheet.form_id) is best[0])
        for match, table in zip(best[1], found, strict=True)
    )
    for entry in KEPT_SETS:
        kept = [_kept(table, entry) for table in found]
        is_peculiar = any(
            match is not None and not any(sure > CUT for sure in table.titles.values())
            for match, table in zip(kept, found, strict=True)
        )
        if is_peculiar and sum(match is not None for match in kept) > known:
            return entry, kept
    return best


def _kept(found: _Found, entry: TemplateSet) -> Match | None:
    """The form known by title alone that a table is."""
    form_id = next((form_id for form_id in found.kept if set_of(form_id) is entry), None)
    return Match(KEPT_FORMS[form_id], 0.0, {}) if form_id is not None else None


def _score(match: Match, found: _Found) -> float:
    return match.score + _TITLE_BONUS * found.titles.get(match.form.form_id, 0.0)


def _choices(found: _Found) -> dict[str, Match]:
    """Set → the form of it that title and header of a table name together; none if none fits well enough.

    If no title is printed, the name of the sheet stands in for it.
    """
    best: dict[str, Match] = {}
    for match in sorted(found.matches, key=lambda match: _score(match, found), reverse=True):
        set_id = set_of(match.form.form_id).id
        if set_id not in best and _may_be_of(match, found):
            best[set_id] = match
    return {set_id: match for set_id, match in best.items() if _fits_well(match, found)}


def _fits_well(match: Match, found: _Found) -> bool:
    """Whether header and lines of a table are those of a form."""
    if match.score < (_TITLED if match.form.form_id in found.titles else _UNTITLED):
        return False
    return not match.lists or _has_its_lines(match, found.table.body)


def _may_be_of(match: Match, found: _Found) -> bool:
    """Whether title and codes of a table allow the form of a match."""
    form_id = match.form.form_id
    if form_id not in found.titles:
        if match.form.optional and not _is_told_by_header(match, found):
            return False
        if not _has_its_codes(match, found.table.body):
            return False
    return not any(contradicts(text, form_id) for text in found.unfamiliar)


def _is_told_by_header(match: Match, found: _Found) -> bool:
    """Whether a table has the very columns of a form, and no other form of its set has nearly the same."""
    entry = set_of(match.form.form_id)
    near = (m for m in found.matches if m.score >= match.score - _RIVAL and set_of(m.form.form_id) is entry)
    return match.score >= 1.0 and all(other is match for other in near)


def _has_its_codes(match: Match, body: Sequence[Row]) -> bool:
    """Whether the first codes in the rows are of the classification that the form is by: functions or economic items,
    which forms with the same columns do not tell apart otherwise."""
    classes = _CLASSES.get(match.form.rows.subject) if match.form.rows and match.form.rows.subject else None
    if classes is None or match.form.is_by(Coordinate.UNIT):
        return True
    columns = {at for at, to in match.columns.items() if match.form.column(to).role is Role.CODE}
    codes = [code for row in body for c in row.cells if c.column in columns and (code := digits(c.text))]
    told = [code[:3] in classes for code in codes if len(code) >= 3]
    return sum(told) * 2 >= len(told)


def _has_its_lines(match: Match, body: Sequence[Row]) -> bool:
    """Whether the labels in the columns of lists are lines of these lists, or nothing stands there."""
    known = line_labels(match.form.form_id)
    labels = [label(cell.text) for row in body for cell in row.cells if cell.column in match.lists]
    return len(labels) < 3 or sum(text in known for text in labels) >= _KNOWN_LINES * len(labels)


def _settled(found: _Found, match: Match | None, entry: TemplateSet) -> FormTable:
    """A table as the form of a set that it fits."""
    if found.sheet is not None and entry not in KEPT_SETS:
        return found.table
    if match is not None and match.form.is_kept_only:
        return replace(found.table, form=match.form, recognised_by="title")
    if match is None:
        title = found.table.title or (found.unfamiliar[-1] if found.unfamiliar else None)
        return replace(found.table, form=None, title=title, recognised_by="unknown header")
    rivals: tuple[str, ...] = ()
    how = "sheet name and header" if found.is_sheet_name else "title and header"
    if match.form.form_id not in found.titles:
        how = "header alone"
        near = [m for m in found.matches if m.score >= match.score - _RIVAL and m is not match]
        rivals = tuple(m.form.form_id for m in near if set_of(m.form.form_id) is entry)
    return _as_form(found.table, match, recognised_by=how, rivals=rivals)


def _as_form(table: FormTable, match: Match, *, recognised_by: str, rivals: tuple[str, ...]) -> FormTable:
    return replace(
        table,
        form=match.form,
        recognised_by=recognised_by,
        rivals=rivals,
        columns=match.columns,
        lists=match.lists,
        priors=match.priors,
        rates=match.rates,
        beside=match.beside,
    )


def _joined(tables: Iterator[FormTable], ocr_rows: frozenset[int]) -> list[FormTable]:
    """Tables that go on over the page as one."""
    joined: list[FormTable] = []
    for table in tables:
        is_picture = bool(table.header) and table.header[0].number in ocr_rows
        if joined and _continues(joined[-1], table, is_picture):
            joined[-1] = replace(_longer(joined[-1], table), header=joined[-1].header + table.header)
        else:
            joined.append(table)
    return joined


def _settle_rivals(tables: list[FormTable]) -> list[FormTable]:
    """Forms 4 and 17, and 5 and 18, have the same columns: without a title the order of the forms tells.

    A form already found by its title is not taken a second time.
    """
    order = {form_id: position for position, form_id in enumerate(FORMS)}
    settled = list(tables)
    for index, table in enumerate(settled):
        if table.form is None or not table.rivals:
            continue
        options = sorted({table.form.form_id, *table.rivals}, key=order.__getitem__)
        titled = {t.form.form_id for t in settled if t.form and t is not table and not t.rivals}
        before = max((order[t.form.form_id] for t in settled[:index][-1:] if t.form and t.form.has_table), default=-1)
        following = settled[index + 1 :][:1]
        after = min((order[t.form.form_id] for t in following if t.form and not t.rivals), default=len(order))
        free = [option for option in options if option not in titled] or options
        earlier = settled[index - 1] if index else None
        if earlier is not None and earlier.form is not None and earlier.header_labels == table.header_labels:
            # the header again: the form goes on over the page if each of the options is there already
            free = [o for o in free if o == earlier.form.form_id and o in titled] or free
        fitting = [o for o in free if before < order[o] < after] or [o for o in free if order[o] > before] or free
        form = FORMS[fitting[0]]
        paths = {c: tuple(text.split("-")) for c, text in table.header_labels.items()}
        if form is table.form:
            settled[index] = replace(table, rivals=())
        else:
            match = match_columns(form, paths)
            settled[index] = _as_form(table, match, recognised_by=table.recognised_by, rivals=())
    return settled
