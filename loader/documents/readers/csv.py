"""Sheets saved as text (csv): one row per line, cells separated by commas or other marks, quoted if necessary."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from loader.documents.grid import Document, DocumentError, Grid, Row, shared_cell
from loader.documents.readers.cell_text import text_of
from loader.documents.readers.encoding import decode
from loader.documents.readers.markdown import RULE, has_tables, words_of
from loader.documents.readers.sheet import MAX_COLUMNS, check_size
from loader.documents.readers.text import lines_ended_alike
from loader.documents.readers.text_end import cut_off_in
from loader.documents.wording import figure

_MARKS = ",;|^"  # between cells, beside the tab
# beneath the header of a table in Markdown, or around one of signs
_RULE = re.compile(r"(?=.*?(?:--|:-|-:))[\s:+-]+", re.DOTALL)
_OUTSIDE_FIGURES = {",": re.compile(r",(?!(?<=\d,)\d{3}(?!\d))"), ";": re.compile(";"), "|": re.compile(r"\|")}
_FEWEST_MARKS = 2  # in a line of a small table
_APART = re.compile(r"\S[ \u3000]{2,}(?=\S)")  # columns that stand below one another
_END = "\x1a"  # which no decoded text holds
_NOTHING = frozenset(("NaN", "nan", "None", "NULL", "null", "\\N"))  # how programs write a blank cell
_NAMELESS = re.compile(r"Unnamed: ?\d+(?:_level_\d+)?")  # how pandas names a column whose head is blank
_AGAIN = re.compile(r"(.*\D)\.(\d+)", re.DOTALL)  # how pandas names a column whose head is that of an earlier one
# how programs keep the zeros of 001001 and long numbers from Excel: ="001001" and '001001
_KEPT = re.compile(r"""^(?:="(.*)"|'(?=[-+(\d.])(.*))$""", re.DOTALL)


def delimiter_of(text: str) -> str | None:
    """The separator of csv. None if the text has no cells, or tabs between them and no quotation marks around them."""
    if has_tables(text):
        return "|"
    tabs = text.count("\t")
    if tabs:
        for mark in sorted(_MARKS, key=text.count, reverse=True):
            if text.count(mark) >= tabs and 2 * _at_edges(text, mark) > tabs:
                return mark
        is_quoted = 2 * text.count('"\t"') > tabs or '\t"=""' in text or _has_quoted_lines(text)
        return "\t" if is_quoted else None
    lines = [line for line in text.splitlines() if line and not line.isspace()]
    if len(lines) < 3:
        return None
    # most lines have the mark, so that it is as frequent at least
    frequent = [(count, mark) for mark in _MARKS if 2 * (count := text.count(mark)) > len(lines)]
    found, _, best = max(((sum(m in line for line in lines), n, m) for n, m in frequent), default=(0, 0, ""))
    return best if 2 * found > len(lines) else _delimiter_of_small_table(lines)


def _delimiter_of_small_table(lines: list[str]) -> str | None:
    """The separator of a table of a few lines below more lines without one: two lines with the same number of cells,
    three at least, the lower one with a figure. The commas within figures separate nothing, nor do those of sentences,
    nor any in a text whose columns stand below one another."""
    if any(len(_APART.findall(line)) >= _FEWEST_MARKS for line in lines):
        return None
    for mark in ",;|":
        counts = [0 if "。" in line else len(_OUTSIDE_FIGURES[mark].findall(line)) for line in lines]
        for (above, below), line in zip(pairwise(counts), lines[1:], strict=True):
            if above == below >= _FEWEST_MARKS and any(figure(entry.strip()) for entry in line.split(mark)):
                return mark
    return None


def _at_edges(text: str, mark: str) -> int:
    """How many cells begin or end with a tab if this is the separator: a tab beside a number keeps Excel from rounding
    it."""
    edges = ("\n\t", '\n"\t', "\t\n", "\t\r", '\t"\n', '\t"\r')
    return sum(map(text.count, (*edges, f"{mark}\t", f"\t{mark}", f'{mark}"\t', f'\t"{mark}')))


def _has_quoted_lines(text: str) -> bool:
    """Whether a cell between tabs is quoted because it holds several lines."""
    before, *quoted = text.split('"')
    for within, behind in pairwise(quoted):
        opens = not before or before[-1] in "\t\n\r"
        if opens and "\n" in within and "\t" not in within and behind[:1] in ("\t", "\r", "\n"):
            return True
        before = within
    return False


def read(content: bytes, file_name: str) -> Document:
    """One grid; a row has the number of its first line."""
    decoded = decode(content)
    delimiter = None if decoded.is_binary else delimiter_of(decoded.text)
    if delimiter is None:
        raise DocumentError(f"{file_name}: binary data of an unknown format, expected a document with tables")
    text = lines_ended_alike(decoded.text)
    lines = io.StringIO(text, newline="\n").readlines()
    for number, line in enumerate(lines, start=1):
        if line.count(delimiter) > MAX_COLUMNS:
            raise DocumentError(
                f"{file_name}: line {number} has more than {MAX_COLUMNS:,} cells, expected a disclosure"
            )
    is_markdown = delimiter == "|" and RULE.search(text) is not None
    printed_in = _printed_in_markdown if is_markdown else _printed
    rows: list[Row] = []
    widths: list[int] = []
    cut_off: tuple[str, ...] = ()
    count = 0
    for number, record in _records(lines, delimiter, file_name):
        if record is None:
            cut_off = (f"a quotation mark in line {number} is not closed: is the text cut off?",)
            continue
        entries = _without_numbers(record)
        if any(entries) and all(_RULE.fullmatch(entry) for entry in entries if entry):
            continue
        cells = tuple(
            [shared_cell(printed, c) for c, entry in enumerate(entries) if entry and (printed := printed_in(entry))]
        )
        if cells:
            # in Markdown a line without bars is prose
            rows.append(Row(number, cells, in_table=not is_markdown or len(entries) > 1))
            widths.append(len(entries))
            count += len(cells)
            check_size(file_name, count)
    cut_off = cut_off or cut_off_in(rows, widths, decoded.text, decoded.is_cut)
    return Document(file_name, "csv", (Grid("csv", tuple(rows)),), decoded.remarks, cut_off=cut_off)


def _records(lines: list[str], delimiter: str, file_name: str) -> Iterator[tuple[int, list[str] | None]]:
    """The records with the numbers of their first lines. After a quotation mark that is never closed (reported as None)
    every line is a record."""
    reader = csv.reader([*lines, _END], delimiter=delimiter, skipinitialspace=True)
    number = 1
    try:
        for entries in reader:
            if entries == [_END]:
                return
            if reader.line_num > len(lines):
                break  # the end is within quotation marks
            yield number, entries
            number = reader.line_num + 1
    except csv.Error:
        pass  # the longest text that a cell may have is exceeded: nothing closes the quotation mark either
    yield number, None
    try:
        for place, line in enumerate(lines[number - 1 :], start=number):
            yield place, next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except csv.Error as error:
        raise DocumentError(f"{file_name}: line {place}: {error}, expected a disclosure") from None


def _without_numbers(entries: list[str]) -> list[str]:
    """A header with its heads as printed: pandas numbers a head that stands in a row again (预算数, 预算数.1)."""
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        head = entry.strip()
        again = _AGAIN.fullmatch(head)
        if again is not None and seen[again[1]] == int(again[2]):
            head = entry = again[1]
        seen[head] += 1
        found.append(entry)
    return found


@lru_cache(maxsize=20_000)
def _printed(entry: str) -> str:
    """The text of a cell."""
    if entry.strip() in _NOTHING or _NAMELESS.fullmatch(entry.strip()):
        return ""
    kept = _KEPT.match(entry.strip())
    return text_of([entry if kept is None else kept[1] or kept[2] or ""])


@lru_cache(maxsize=20_000)
def _printed_in_markdown(entry: str) -> str:
    """The text of a cell of a table in Markdown."""
    return _printed(words_of(entry))
