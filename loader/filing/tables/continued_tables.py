"""Tables that continue on the next page or sheet, with or without a repeated header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache

from loader.documents.grid import Row
from loader.documents.wording import (
    figure,
    fold,
    is_page_number,
    is_placeholder,
    is_total,
    label,
    resembles,
    without_continued,
)
from loader.filing.headers.match import FIGURES, Match
from loader.filing.headers.paths import HeaderPath
from loader.filing.headers.rows import is_code_part, is_numbering
from loader.filing.printed_codes import code_of
from loader.filing.tables.above_table import is_footer, whole_lines
from loader.filing.tables.form_table import FormTable, Found, line_labels
from loader.filing.tables.table_ends import body_end, has_figures
from loader.filing.tables.table_starts import Start
from loader.filing.tables.titles import filing_unit_of, money_unit_of
from schema.forms import FORMS
from schema.forms.template import Coordinate, Form, Role

_LOOKED_AT = 100  # rows of a table looked at for the content of its columns and for a row that repeats
_SHEET_NAME = re.compile(r"[^一-鿿]+")


def extend_last_table(found: list[Found], rows: Sequence[Row], place: str, running: frozenset[str]) -> int:
    """Add rows to the last table in ``found`` if they continue it on the next page or sheet without a header.

    ``rows`` are the rows behind it, ``place`` names their grid, ``running`` are the lines that stand on every page.
    Returns the number of rows used, 0 if none continues it.
    """
    if not found or found[-1].sheet is not None or not found[-1].table.header:
        return 0
    last = found[-1]
    table = last.table
    first = next((at for at, row in enumerate(rows) if not _is_between(row, table, running)), len(rows))
    if first == len(rows) or not (has_figures(rows[first]) or _is_of_lines(rows[first], last)):
        return 0
    if not _is_named_like(place, table.sheet):
        return 0
    start = Start(0, 0, last.matches, last.paths)
    end, consumed, note = body_end(rows, first, len(rows), table.header[0].cells[0].column, start)
    more = tuple([row for row in rows[first:end] if row.in_table and not is_footer(row.cells[0].text)])
    more = rows_in_place(more, last.matches, last.paths)
    form = last.matches[0].form if last.matches else None
    if not _are_rows_of(last, more) or _begins_anew(form, table.body[:_LOOKED_AT], more[0]):
        return 0
    rest = table._replace(place=f"{place}:{more[0].number}", sheet=place, body=more, note=note)
    found[-1] = replace(last, table=_longer(table, rest))
    return consumed


def _longer(table: FormTable, more: FormTable) -> FormTable:
    """A table with the rows of its continuation. ``place`` names every sheet that it stands on."""
    return table._replace(
        place=table.place if table.sheet == more.sheet else f"{table.place}, {more.place}",
        sheet=more.sheet,
        body=table.body + more.body,
        note=more.note or table.note,
    )


def _is_between(row: Row, table: FormTable, running: frozenset[str]) -> bool:
    """Whether a row between two parts of a table adds nothing new.

    Such a row is a page number or 续表, or repeats the title, the office or the money unit.
    """
    if not row.in_table and fold(row.text) in running:
        return True
    if has_figures(row):
        return False
    return all(
        is_page_number(text)
        or is_footer(text)
        or (table.title is not None and without_continued(text) == without_continued(table.title))
        or (money_unit_of(text) is not None and money_unit_of(text) == table.money_unit and not filing_unit_of(text))
        or ((filing_unit := filing_unit_of(text)) is not None and filing_unit == table.filing_unit)
        for text in whole_lines(row)
    )


def _is_of_lines(row: Row, last: Found) -> bool:
    """Whether a row without figures holds lines of the lists above it."""
    return row.in_table and any(match.lists and _has_only_lines(row, match.form) for match in last.matches)


def _has_only_lines(row: Row, form: Form) -> bool:
    texts = [label(cell.text) for cell in row.cells if not is_placeholder(cell.text)]
    labels = [text for text in texts if text != "小计"]
    return bool(labels) and all(text in line_labels(form.form_id) for text in labels)


def _are_rows_of(last: Found, rows: Sequence[Row]) -> bool:
    """Whether most rows, and surely the first, have words and figures in the same columns as a table."""
    figures: set[int] = set()
    words: set[int] = set()
    for match in last.matches[:1]:
        words |= match.lists.keys()
        figures |= match.priors.keys() | match.rates.keys()
        for at, column_id in (entry for group in (match.columns, *match.beside) for entry in group.items()):
            is_figure = match.form.lists or match.form.column(column_id).role in FIGURES
            (figures if is_figure else words).add(at)
    for cell in (cell for row in last.table.body[-_LOOKED_AT:] for cell in row.cells):
        shown = figure(cell.text)
        if shown is not None and shown.decimals:
            figures.add(cell.column)
        elif shown is None and not is_placeholder(cell.text):
            words.add(cell.column)
    fitting = [_fits(row, figures, words) for row in rows]
    return bool(fitting) and fitting[0] and sum(fitting) * 5 >= len(fitting) * 4


def rows_in_place(rows: Sequence[Row], matches: Sequence[Match], paths: Mapping[int, HeaderPath]) -> tuple[Row, ...]:
    """The rows of a table, with the cells of later pages below the heads that they belong to."""
    return _with_total_in_place(_with_spread_codes(rows, matches, paths), matches)


def _with_spread_codes(
    rows: Sequence[Row], matches: Sequence[Match], paths: Mapping[int, HeaderPath]
) -> tuple[Row, ...]:
    """The rows of a table, with those of later pages moved to the columns of its header.

    The header spreads a code over 类, 款 and 项, but the rows print it in one cell. On a page without the header the
    code takes one column only.
    """
    match = matches[0] if matches else None
    further = _further_code_columns(match) if match is not None else frozenset()
    if match is None or not further:
        return tuple(rows)
    kept = [column for column in sorted(paths) if column not in further]
    figures = match.figure_columns
    words = {*kept} - figures
    found = []
    last = max(further)
    for row in rows:
        if _prints_words_in(further, last, row) and not _fits(row, figures, words | further):
            cells = [c._replace(column=kept[c.column]) for c in row.cells if c.column < len(kept)]
            moved = row._replace(cells=tuple(cells))
            row = moved if len(cells) == len(row.cells) and _fits(moved, figures, words) else row
        found.append(row)
    return tuple(found)


def _with_total_in_place(rows: Sequence[Row], matches: Sequence[Match]) -> tuple[Row, ...]:
    """The rows of a later page, with the figures of 合计 moved below the heads of figures.

    There 合计 may stand in one cell for all columns of codes and names, so that its figures follow right behind it.
    """
    if not matches or matches[0].lists or matches[0].beside:
        return tuple(rows)
    match = matches[0]
    first = min(match.figure_columns, default=0)
    columns: list[int] = []
    placed = []
    for row in rows:
        cells = row.cells
        if len(cells) > 1 and cells[1].column < first and is_total(cells[0].text):
            columns = columns or sorted({*match.figure_columns, *match.priors, *match.rates})
            row = _moved_below(columns, row) if cells[1].column in match.columns else row
        placed.append(row)
    return tuple(placed)


def _moved_below(columns: Sequence[int], row: Row) -> Row:
    """A row with a figure for each of some columns, moved there if they follow right behind its word; else the row
    itself."""
    word, *rest = row.cells
    if len(rest) != len(columns) or rest[0].column >= columns[0] or any(figure(cell.text) is None for cell in rest):
        return row
    behind = word.column + word.column_span
    if [cell.column for cell in rest] != [*range(behind, behind + len(rest))]:
        return row
    cells = (cell._replace(column=column) for cell, column in zip(rest, columns, strict=True))
    return row._replace(cells=(word, *cells))


def _prints_words_in(columns: frozenset[int], last: int, row: Row) -> bool:
    """Whether a row prints something other than a code or a part of one in one of the given columns of codes, the last
    of which is ``last``."""
    for cell in row.cells:  # called for every row of a document
        if cell.column > last:
            return False
        if cell.column in columns and code_of(cell.text) is None and not is_code_part(cell.text):
            return True
    return False


def _further_code_columns(match: Match) -> frozenset[int]:
    """The columns of a spread code after its first one. Empty for lists and for groups side by side."""
    if match.beside or match.lists:
        return frozenset()
    code_ids = _code_ids(match.form.form_id)
    codes = sorted([at for at, column_id in match.columns.items() if column_id in code_ids])
    return frozenset(codes[1:])


@cache
def _code_ids(form_id: str) -> frozenset[str]:
    """The columns of a form with codes of subjects, or parts of such codes."""
    columns = [column for column in FORMS[form_id].columns if column.role is Role.CODE and column.code is not None]
    return frozenset(column.id for column in columns if column.code and Coordinate.UNIT not in column.code.of)


def _fits(row: Row, figures: Set[int], words: Set[int]) -> bool:
    """Whether the words and figures of a row stand in columns for words and for figures."""
    for cell in row.cells:
        shown = figure(cell.text)
        if shown is None and not is_placeholder(cell.text):
            fits = cell.column in words
        else:
            fits = cell.column in figures or (cell.column in words and not (shown and shown.decimals))
        if not fits:
            return False
    return True


def joined_over_pages(tables: Iterator[FormTable]) -> list[FormTable]:
    """The tables, with those that continue over pages or sheets joined into one."""
    joined: list[FormTable] = []
    for table in tables:
        is_picture = bool(table.header) and table.header[0].is_ocr
        if joined and _continues(joined[-1], table, is_picture):
            joined[-1] = _longer(joined[-1], table)._replace(header=joined[-1].header + table.header)
        else:
            joined.append(table)
    return joined


def _continues(earlier: FormTable, table: FormTable, is_picture: bool) -> bool:
    """Whether a table continues the earlier one: it repeats the header, without a title or under the same title."""
    return (
        earlier.form is not None
        and _may_be(earlier.form, table)
        and _is_same_header(earlier.header_labels, table.header_labels, is_picture)
        and (table.title is None or without_continued(table.title) == without_continued(earlier.title or ""))
        and (table.unit_code is None or table.unit_code == earlier.unit_code)
        and (table.unit_name is None or earlier.unit_name is None or fold(table.unit_name) == fold(earlier.unit_name))
        and (earlier.sheet == table.sheet or _goes_on_in_sheet(earlier, table))
        and (table.title is None or table.unit_code is not None or earlier.unit_code is None or _says_continued(table))
        # a table that begins with 合计 is a new one, unless 合计 comes last and is still to come
        and not (_has_total(table.body[:1]) and _has_total(earlier.body))
        and not (_is_closed(earlier) and _is_not_its_rest(earlier, table))
    )


def _says_continued(table: FormTable) -> bool:
    """Whether the title says that the table continues (续)."""
    return table.title is not None and without_continued(table.title) != fold(table.title)


def _is_not_its_rest(earlier: FormTable, table: FormTable) -> bool:
    """Whether a table below one that has reached its 合计 is another one: it has a 合计, too, or no title."""
    return _has_total(table.body) or (table.title is None and not _stands_at_foot(earlier, table))


def _stands_at_foot(earlier: FormTable, table: FormTable) -> bool:
    """Whether a header without rows repeats that of the table above, right below its last row."""
    is_next = bool(earlier.body) and table.header[0].number == earlier.body[-1].number + 1
    return not table.body and is_next and earlier.sheet == table.sheet


def _goes_on_in_sheet(earlier: FormTable, table: FormTable) -> bool:
    """Whether a table in the next sheet has more rows of the same form.

    The rows of another unit repeat the first row or have their own 合计.
    """
    heads = {_words_of(row) for row in earlier.body[:2] if not has_figures(row)}
    rows = [
        row for row in table.body if not is_numbering(row) and _words_of(row) not in heads
    ]  # 栏次 belongs to the header
    is_more = bool(earlier.body and rows) and _is_named_like(earlier.sheet, table.sheet)
    if not is_more or _begins_anew(earlier.form, earlier.body, rows[0]):
        return False
    return not (_has_total(earlier.body) and _has_total(rows))


def _is_named_like(sheet: str, other: str) -> bool:
    """Whether the names of two sheets allow one form on both: they may differ in numbers, 续 and names such as
    Sheet2."""
    names = [_SHEET_NAME.sub("", without_continued(name).rstrip("()0123456789-")) for name in (sheet, other)]
    return names[0].startswith(names[1]) or names[1].startswith(names[0])


def _is_same_header(earlier: Mapping[int, str], labels: Mapping[int, str], is_picture: bool) -> bool:
    """Whether two headers are the same. In a picture, a character or two may be misread and a head lost."""
    if not is_picture:
        return earlier == labels
    is_most = labels.keys() <= earlier.keys() and len(labels) * 5 >= len(earlier) * 4
    return is_most and all(resembles(earlier[column], labels[column]) for column in labels)


def _may_be(form: Form, table: FormTable) -> bool:
    """Whether a table can be of a form.

    A part without a title can: its rows may not show the form, or may show another form with the same header.
    """
    if table.title is None:
        return bool(table.header) and (table.form is None or table.form.has_table)
    return table.form is not None and table.form.has_table and form.form_id in (table.form.form_id, *table.rivals)


def _is_closed(table: FormTable) -> bool:
    """Whether a table whose total comes last has reached it."""
    rows = table.form.rows if table.form is not None else None
    return rows is not None and rows.total_is_last and len(table.body) > 1 and _has_total(table.body[-1:])


def _begins_anew(form: Form | None, body: Sequence[Row], row: Row) -> bool:
    """Whether a row repeats one of the table or is a second 合计: another table with the same columns begins.

    Goods of 政府采购 repeat beneath each project.
    """
    if _has_total([row]) and _has_total(body):
        return True
    is_tree = form is not None and form.rows is not None and bool(form.rows.details)
    words = _words_of(row)
    return any(_words_of(other) == words for other in (body[:1] if is_tree else body))


def _words_of(row: Row) -> tuple[tuple[int, str], ...]:
    """The words of a row by column, without figures that have decimals."""
    return tuple([(c.column, fold(c.text)) for c in row.cells if not ((f := figure(c.text)) and f.decimals)])


def _has_total(rows: Sequence[Row]) -> bool:
    return any(is_total(cell.text) for row in rows for cell in row.cells)
