"""Where the rows of a table end: at prose, at a note, or at the title of the next form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from loader.documents.grid import Row
from loader.documents.wording import figure, is_note, is_page_number, label, without_continued
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.form_table import line_labels
from loader.filing.tables.table_starts import Start, is_line
from loader.filing.tables.titles import CUT, PREFIXED, filing_unit_of, match_kept_title, match_title, money_unit_of

_LONGEST_LIST = 60  # lines


def body_end(rows: Sequence[Row], start: int, limit: int, left: int, header: Start) -> tuple[int, int, str | None]:
    """The end of a table's body, the row where the search for the next form continues, and the notes below the table.

    A body ends at a paragraph, a note, or the title and unit lines of the next form. ``left`` is the first column of
    the header.
    """
    note: str | None = None
    end = start
    is_sheet = header.sheet is not None
    # fields of a sheet of goals also name units; below its indicators such a line belongs to the next sheet
    open_to_next = not is_sheet
    while end < limit:
        row = rows[end]
        first, last = row.cells[0].text, row.cells[-1].text
        if row.in_table and open_to_next and first != last and not filing_unit_of(first):
            end += 1  # as most rows
            continue
        text = first if row.in_table else row.text
        if row.in_table and len(row.cells) == 1 and is_note(text) and _goes_on(rows[end + 1 : limit], row, header):
            note = text
            end += 1
            continue
        if not row.in_table and _is_lone_line(rows[end : min(end + _LONGEST_LIST, limit)], header):
            end += 1
            continue
        if not row.in_table or (len(row.cells) == 1 and is_note(text)):
            goes_over = is_page_number(text) or not without_continued(text)
            if goes_over and end + 1 < limit and rows[end + 1].in_table:
                # a page number or 续表 between the rows of a table that continues without its header
                end += 1
                continue
            below = list(takewhile(is_note, (row.text for row in rows[end:limit])))
            note = " ".join(below) or note
            return end, end + len(below), note
        alone = first == last and all(cell.text == first for cell in row.cells)
        if alone and not is_sheet and _is_title(row, left) and not is_line(header.matches, row):
            break
        if alone and not is_sheet and _begins_title(rows[end : min(end + 2, limit)]):
            break
        if alone and is_sheet and any(sure >= PREFIXED for _, sure in match_title(text)):
            break
        if open_to_next and filing_unit_of(text) and (alone or money_unit_of(row.text)):
            break
        open_to_next = open_to_next or any(label(cell.text) == "一级指标" for cell in row.cells)
        end += 1
    return end, end, note


def _is_lone_line(rows: Sequence[Row], header: Start) -> bool:
    """Whether a paragraph, the first of some rows, is a line of the lists above that prints only its label.

    In a text such a line looks like a paragraph. The table must continue right below it, or below more such lines.
    """
    for above, below in pairwise(rows):
        if below.number != above.number + 1 or not is_line(header.matches, above):
            return False
        if below.in_table:
            return True
    return False


def _goes_on(below: Sequence[Row], note: Row, header: Start) -> bool:
    """Whether the table continues right below a note: with figures, or with lines of its lists."""
    if not below or below[0].number != note.number + 1:
        return False
    lines = {line for match in header.matches for line in line_labels(match.form.form_id)}
    return has_figures(below[0]) or any(label(cell.text) in lines for cell in below[0].cells)


def has_figures(row: Row) -> bool:
    """Whether a row of a table prints a figure and more than one cell."""
    return row.in_table and len(row.cells) > 1 and any(figure(cell.text) is not None for cell in row.cells)


def _begins_title(rows: Sequence[Row]) -> bool:
    """Whether the first of two rows begins the title of the next form and the second ends it."""
    if len(rows) < 2 or any(len(row.cells) > 1 for row in rows):
        return False
    first, second = (row.cells[0].text for row in rows)
    whole = match_title(first + second)
    return any(sure > CUT for _, sure in whole) and not any(sure > CUT for _, sure in match_title(second))


def _is_title(row: Row, left: int) -> bool:
    """Whether a row is the title of the next form.

    A title that is cut short must stand on the left: further right, a line of forms 1 and 6 may look like one
    (国有资本经营预算支出).
    """
    return any(
        match_kept_title(text) or any(sure > CUT or row.cells[0].column <= left for _, sure in match_title(text))
        for text in whole_lines(row)
    )
