"""Where the tables of a grid begin: with a header that fits a template, or as a sheet of goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import figure, fold, is_placeholder, is_total, label
from loader.filing.headers.match import Match
from loader.filing.headers.match_header import COMPLETE, best_depth, match_header, match_shortened
from loader.filing.headers.paths import DEEPEST_HEADER, HeaderPath, header_paths
from loader.filing.headers.rows import is_header_row, is_header_word, words_by_column
from loader.filing.headers.totals import as_heads
from loader.filing.tables.above_table import Preamble
from loader.filing.tables.form_table import line_labels
from loader.filing.tables.titles import CUT, sheet_title
from schema.forms import FORMS
from schema.forms.template import Form, Role

_BEGINS = 0.45  # the least score of a header that begins a table
_FITS = 0.6  # the least score of a header that surely is that of the form named by the title
FAR_TITLE = 8  # rows above a header in which its title may stand


class Start(NamedTuple):
    """Where a table begins in a grid. ``depth`` is the number of header rows, 0 for a sheet of goals."""

    row: int
    depth: int
    matches: Sequence[Match]
    paths: dict[int, HeaderPath]
    sheet: Form | None = None


def starts_of(rows: Sequence[Row], place: str, before: Sequence[Match] = ()) -> list[Start]:
    """The headers and sheets of goals of a grid, from top to bottom.

    ``place``: the name of the sheet. ``before``: the forms that the last table of the grid before may be. Lines of it
    are no headers.
    """
    heads = _with_lone_heads(as_heads(rows))
    runs = _header_runs(heads)
    openings = _sheet_openings()
    starts: list[Start] = []
    index = 0
    while index < len(rows):
        sheet = _sheet_at(rows, index) if label(rows[index].cells[0].text) in openings else None
        if sheet is not None:
            starts.append(Start(index, 0, (), {}, sheet.form))
            index = sheet.indicators  # the heads of fields above them begin no table
        elif runs[index] and not (starts and starts[-1].sheet is not None and _indicator_row(rows[index])):
            is_body = is_line(starts[-1].matches if starts else before, rows[index]) or _is_bare_total(rows[index])
            header = None if is_body else _header_at(heads, runs, index)
            if not is_body and (header is None or not _is_sure(header.matches[0])):
                named = _titled_forms(heads[max(0, index - FAR_TITLE) : index], place)
                is_again = not named and starts and _is_again(heads, starts[-1], index)
                shortened = starts[-1] if is_again else _shortened(heads, runs, index, header, named)
                header = shortened._replace(row=index) if shortened else header
            is_header = header is not None and header.matches[0].score >= _BEGINS and not _is_lone_word(rows, header)
            if header is not None and is_header and not _begins_later(heads, runs, header):
                header = _with_divided_heads(heads, header)
                starts.append(header._replace(depth=header.depth + _repeated(rows, header)))
                index += starts[-1].depth
                continue
        index += 1
    return starts


def _with_lone_heads(rows: list[Row]) -> list[Row]:
    """The rows, with a head that stands alone in a line between two rows of a table marked as a row of it.

    In a text such a head looks like a paragraph.
    """
    for at in range(1, len(rows) - 1):
        row = rows[at]
        if row.in_table or len(row.cells) != 1:
            continue
        above, below = rows[at - 1], rows[at + 1]
        is_next = above.in_table and below.in_table and below.number == above.number + 2
        if is_next and is_header_word(row.cells[0].text) and is_header_row(above):
            rows[at] = row._replace(in_table=True)
    return rows


def _header_runs(rows: Sequence[Row]) -> list[int]:
    """For each row, how many rows from it on may belong to one header."""
    runs = [0]
    for at in range(len(rows) - 1, -1, -1):
        is_head = is_header_row(rows[at]) and not (_is_bare_total(rows[at]) and _is_beneath_labels(rows, at))
        runs.append(runs[-1] + 1 if is_head else 0)
    return runs[:0:-1]


def _is_beneath_labels(rows: Sequence[Row], at: int) -> bool:
    """Whether a row of one cell stands beneath the head of codes or names: it is the first row of the body."""
    above = (cell for row in rows[max(0, at - DEEPEST_HEADER) : at] for cell in row.cells)
    return any(
        cell.column == rows[at].cells[0].column and any(word in fold(cell.text) for word in ("名称", "编码", "代码"))
        for cell in above
    )


def _header_at(rows: Sequence[Row], runs: Sequence[int], start: int) -> Start | None:
    """The header that begins in this row, with the number of rows that fits a template best."""
    deepest = min(runs[start], DEEPEST_HEADER)
    found = best_depth(tuple([row.cells for row in rows[start : start + deepest]]))
    return Start(start, *found) if found is not None else None


def _is_again(rows: Sequence[Row], last: Start, start: int) -> bool:
    """Whether the header of the last table comes again, as on a new page."""
    heads, again = rows[last.row : last.row + last.depth], rows[start : start + last.depth]
    return bool(last.depth) and [*map(words_by_column, heads)] == [*map(words_by_column, again)]


def _shortened(
    rows: Sequence[Row], runs: Sequence[int], start: int, header: Start | None, named: Sequence[str]
) -> Start | None:
    """The deepest header that begins in this row and has only columns of a form named above it, however few. None if
    ``header`` is no less deep and one of these forms, with lists or one row, as it is."""
    if not named:
        return None
    least = _least_depth(header, named)
    found = (
        _shortened_at(rows, start, depth, named) for depth in range(min(runs[start], DEEPEST_HEADER), least - 1, -1)
    )
    return next(filter(None, found), None)


def _least_depth(header: Start | None, named: Sequence[str]) -> int:
    """The least number of rows of a header with only some columns of a form, beside a header that was recognised: as
    many as that one has, if it is one of the forms named; one more, if it has lists or one row."""
    whole = [match.form for match in header.matches if _is_whole(match, header, named)] if header is not None else []
    if header is None or not whole:
        return 1
    has_codes = all(form.rows is not None and form.rows.by and not form.lists for form in whole)
    return header.depth if has_codes else header.depth + 1


def _shortened_at(rows: Sequence[Row], start: int, depth: int, named: Sequence[str]) -> Start | None:
    """The header of this many rows, if it has only columns of a form named above it."""
    paths = header_paths([row.cells for row in rows[start : start + depth]])
    heads = tuple(paths.items())
    shortened = [match for form_id in named if (match := match_shortened(form_id, heads)) is not None]
    if not shortened:
        return None
    known = {match.form for match in shortened}
    others = [match for match in match_header(heads) if match.form not in known]
    return Start(start, depth, sorted([*shortened, *others], key=lambda match: -match.score), paths)


def _is_sure(match: Match) -> bool:
    """Whether a header has all columns of a form that every document should have."""
    return match.score >= COMPLETE and not match.form.optional


def _is_whole(match: Match, header: Start, named: Sequence[str]) -> bool:
    """Whether a header fits one of the forms named, and has no other columns."""
    return match.form.form_id in named and match.score >= _FITS and match.known >= header.paths.keys()


def _titled_forms(above: Sequence[Row], place: str) -> list[str]:
    """The forms that the last complete title above a table names, else the name of the sheet."""
    preamble = Preamble()
    for row in above:
        preamble.add(row)
    nearest = preamble.nearest_titles()[-1:] or [sheet_title(place)]
    return [form_id for form_id, sure in nearest[0] if sure > CUT]


def _with_divided_heads(rows: Sequence[Row], header: Start) -> Start:
    """The header with the rows below it that divide a head of amounts over several columns.

    An example: 基本支出 over 财政拨款 | 单位资金. Without such a row the first column would be taken for the whole. If
    a template does not know the words of the row, the columns below such heads are unknown.
    """
    end = header.row + header.depth
    while end < min(len(rows), header.row + DEEPEST_HEADER) and (divided := _divided_heads(rows[end], header)):
        end += 1
        paths = header_paths([row.cells for row in rows[header.row : end]])
        beneath = {column for column in paths if header.paths.get(column, divided[-1]) in divided}
        fitting = {match.form: match for match in match_header(tuple(paths.items())) if match.score >= _BEGINS}
        others = [
            replace(match, columns={at: to for at, to in match.columns.items() if at not in beneath})
            for match in header.matches
            if match.form not in fitting
        ]
        matches = sorted([*fitting.values(), *others], key=lambda match: -match.score)
        header = Start(header.row, end - header.row, matches, paths)
    return header


def _divided_heads(row: Row, header: Start) -> list[HeaderPath]:
    """The heads of amounts that a row of words divides, with different words in two columns below each."""
    match = header.matches[0]
    if match.lists or not row.in_table or figure(fold(row.cells[-1].text)):
        return []
    texts = [fold(cell.text) for cell in row.cells]
    labels = [at for at, to in match.columns.items() if match.form.column(to).role in (Role.CODE, Role.NAME)]
    if row.cells[0].column <= max(labels, default=-1) or any(figure(text) or is_placeholder(text) for text in texts):
        return []
    heads = [header.paths.get(min(cell.column, max(header.paths))) for cell in row.cells]  # the last may span more
    known = [(head, text) for head, text in zip(heads, texts, strict=True) if head is not None]
    if len(known) < len(texts):
        return []
    return [head for (head, text), (other, beside) in pairwise(known) if head == other and text != beside]


def _repeated(rows: Sequence[Row], header: Start) -> int:
    """How many rows right below a header repeat its rows."""
    end = header.row + header.depth
    heads = [*map(words_by_column, rows[header.row : end])]
    for at in range(end, len(rows)):
        if words_by_column(rows[at]) not in heads:
            return at - end
    return len(rows) - end


def _is_lone_word(rows: Sequence[Row], header: Start) -> bool:
    """Whether a header has one column and no figure in the row below: a line of a wrapped title (财政拨款基本支出 |
    决算表)."""
    below = rows[header.row + header.depth : header.row + header.depth + 1]
    return len(header.paths) == 1 and not any(figure(fold(cell.text)) for row in below for cell in row.cells)


def _begins_later(rows: Sequence[Row], runs: Sequence[int], header: Start) -> bool:
    """Whether the header fits better without its first rows and loses no column.

    These rows may be the last lines of the table above: they may consist of header words (其他支出 in lists).
    """
    if header.matches[0].score >= COMPLETE:
        return False
    laters = (_header_at(rows, runs, header.row + rest) for rest in range(1, header.depth))
    return any(
        later is not None and later.matches[0].score > header.matches[0].score and len(later.paths) >= len(header.paths)
        for later in laters
    )


def is_line(matches: Sequence[Match], row: Row) -> bool:
    """Whether a row is a line of the lists above it, not a header: 年初结转和结余 | 年末结转和结余, or a group with its
    小计, whatever its figure."""
    of_lists = [match for match in matches if match.lists]
    if not of_lists:
        return False
    words = [cell for cell in row.cells if not figure(fold(cell.text)) and not is_placeholder(cell.text)]
    labels = [(cell.column, text) for cell in words if (text := label(cell.text)) != "小计"]
    return bool(labels) and any(
        all(column in match.lists and text in line_labels(match.form.form_id) for column, text in labels)
        for match in of_lists
    )


def _is_bare_total(row: Row) -> bool:
    """Whether a row prints only 合计: the body of an empty form."""
    return all(is_total(cell.text) for cell in row.cells)


@cache
def _sheet_openings() -> dict[str, str]:
    """Label of the first field in a sheet of goals → form_id."""
    first = {form.form_id: form.columns[0] for form in FORMS.values() if form.sheet is not None}
    return {label(path[-1]): form_id for form_id, column in first.items() for path in (column.path, *column.aliases)}


class _SheetOfGoals(NamedTuple):
    """The form of a sheet of goals, and the row with the heads of its indicators."""

    form: Form
    indicators: int


def _sheet_at(rows: Sequence[Row], start: int) -> _SheetOfGoals | None:
    """The sheet of goals that begins in this row, None if none does."""
    form_id = _sheet_openings().get(label(rows[start].cells[0].text))
    if form_id is None or not rows[start].in_table:
        return None
    for at, row in enumerate(rows[start + 1 : start + 60], start + 1):
        words = {label(cell.text) for cell in row.cells}
        if words & {"项目名称", "部门名称"} and row.cells[0].column == rows[start].cells[0].column:
            break
        if "一级指标" in words and "指标值" in words:
            return _SheetOfGoals(FORMS[form_id], at)
    return None


def _indicator_row(row: Row) -> bool:
    return any(label(cell.text) in ("一级指标", "任务名称", "资金总额") for cell in row.cells)
