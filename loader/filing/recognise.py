"""Grids → forms: which of the 23 official forms stand in a document, and which column of a table is which.

A form is known by its title and by its header together, never by its number: other places and years insert or drop
forms, cut titles or leave them out. The header says what the columns are, path by path; a column that the template
does not know is kept without a meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from loader.documents.grid import Cell, Document, Grid, Row
from loader.documents.wording import figure, fold, is_note, is_page_number, is_total, label, without_continued
from schema.forms import FORMS
from schema.forms.template import Form

HeaderPath = tuple[str, ...]

_MONEY_UNIT = re.compile(r"(?:金额)?单位[:：]?\(?(亿元|万元|千元|百元|元)\)?")
_UNIT_LINE = re.compile(r"^(?:填报|编报|预算)?(?:单位|部门)(?:名称)?[:：]\s*(?:(\d{3,9})[-_—\s]*)?(\D.*)?$")
_FOOTER = re.compile(
    r"^(?:(?:第\d+页|共\d+页)[,/]?(?:共\d+页|第\d+页)?|-\d+-"
    r"|(?:填[表报]|制[表单]|编制|审核|复核|经办|联系|打印|(?:单位|部门|财务)?(?:负责|分管))(?:人|员|日期|时间|电话|领导)(?:\(.*?\))?:.*)$"
)
_SHEET_NUMBER = re.compile(r"^(?:附?[表件]|[\d.()-]+、?|[一二三四五六七八九十]+、)*|[\d()-]*$")
_DEEPEST_HEADER = 5
_LONGEST_HEADER = 80  # characters: beyond, a cell is a sentence, such as a performance goal
_FAR_TITLE = 8  # rows above a header in which its title may stand


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a document that is one official form, or an unknown one (``form`` is None).

    ``columns`` maps a grid column to the id of the template's column; for a list form it maps a label column to
    the id of the list. ``header`` and ``body`` are the rows of the table as they stand in the grid.
    """

    form: Form | None
    place: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    columns: dict[int, str]
    header_labels: dict[int, str]
    title: str | None = None
    note: str | None = None
    money_unit: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    recognised_by: str = "title and header"
    rivals: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a header fits a template."""

    form: Form
    score: float
    columns: dict[int, str]


# ---------------------------------------------------------------------------- titles


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {fold(title): form.form_id for form in FORMS.values() for title in (form.title, *form.aliases)}


@lru_cache(maxsize=10_000)
def match_title(text: str) -> tuple[tuple[str, float], ...]:
    """Forms (form_id) whose title this text is, with how sure: 1 whole, 0.9 behind a prefix (year, unit, number),
    0.5 where the text is a title cut short. （续） behind a title that goes on over the page does not count."""
    folded = without_continued(text)
    titles = _titles()
    if folded in titles:
        return ((titles[folded], 1.0),)
    ending = [(title, form_id) for title, form_id in titles.items() if folded.endswith(title)]
    if ending and len(folded) <= len(max(ending)[0]) + 40:
        longest = max(ending, key=lambda pair: len(pair[0]))
        return ((longest[1], 0.9),)
    if len(folded) >= 8:
        return tuple((form_id, 0.5) for title, form_id in titles.items() if title.startswith(folded))
    return ()


@lru_cache(maxsize=10_000)
def money_unit_of(text: str) -> str | None:
    """元, 万元 … where the text states the money unit of a form."""
    match = _MONEY_UNIT.search(fold(text))
    return match[1] if match else None


@lru_cache(maxsize=10_000)
def unit_of(text: str) -> tuple[str | None, str | None] | None:
    """(code, name) where the text says whose form this is (单位：001001_…), None where it does not."""
    folded = fold(text)
    if money_unit_of(text) and not re.search(r"\d{3}", folded):
        folded = _MONEY_UNIT.sub("", folded)
    match = _UNIT_LINE.match(folded)
    if match is None or (match[1] is None and not match[2]):
        return None
    name = _MONEY_UNIT.sub("", match[2] or "").strip("-_ ") or None
    return match[1], name


def sheet_title(name: str) -> tuple[tuple[str, float], ...]:
    """Forms (form_id) whose title a sheet's name is, numbered (表3 支出总表) or cut at 31 characters."""
    return match_title(_SHEET_NUMBER.sub("", fold(name)))


# ---------------------------------------------------------------------------- headers


def header_paths(rows: Sequence[tuple[Cell, ...]]) -> dict[int, HeaderPath]:
    """The header path of every column, from the top down, without repetitions.

    A cell covers the blank cells to its right as far as the cell above it reaches; a span says how far for sure.
    Spans may stand beside cells that a sheet only centres across the blanks.
    """
    width = max((cell.column + cell.column_span for cells in rows for cell in cells), default=0)
    paths: list[list[str]] = [[] for _ in range(width)]
    parents = [0] * width  # which cell of the row above covers a column
    for depth, cells in enumerate(rows):
        covering = [-1] * width
        texts = [""] * width
        for index, cell in enumerate(cells):
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                texts[column] = cell.text
                covering[column] = index
        for column in range(1, width):
            left = covering[column - 1]
            same_parent = depth == 0 or parents[column] == parents[column - 1]
            if covering[column] < 0 <= left and same_parent and cells[left].column_span == 1:
                covering[column] = left
                texts[column] = texts[column - 1]
        for column in range(width):
            text = fold(texts[column])
            if text and (not paths[column] or paths[column][-1] != text):
                paths[column].append(text)
        # columns under one cell here, and under one cell above, stay together further down
        groups: dict[tuple[int, int], int] = {}
        parents = [
            groups.setdefault((parents[c], covering[c] if covering[c] >= 0 else -2 - c), len(groups))
            for c in range(width)
        ]
    return {column: tuple(path) for column, path in enumerate(paths) if path}


@lru_cache(maxsize=1)
def _header_words() -> frozenset[str]:
    """Every label that stands in the header of any form."""
    words = set()
    for form in FORMS.values():
        paths: list[HeaderPath] = [path for c in form.columns for path in (c.path, *c.aliases)]
        for line_list in form.lists:
            amounts = [path for amount in line_list.amounts for path in (amount.path, *amount.aliases)]
            paths += [line_list.label_path, *line_list.label_aliases, *amounts]
        words |= {fold(word) for path in paths for word in path}
    return frozenset(words)


@cache
def _template_paths(form_id: str) -> dict[HeaderPath, tuple[str, ...]]:
    """Header path → ids of the columns of one form that bear it, from left to right."""
    paths: dict[HeaderPath, tuple[str, ...]] = {}
    for column in FORMS[form_id].columns:
        for path in (column.path, *column.aliases):
            folded = tuple(fold(word) for word in path)
            paths[folded] = (*paths.get(folded, ()), column.id)
    return paths


@cache
def _template_leaves(form_id: str) -> dict[str, tuple[str, ...]]:
    """Innermost header word → ids of the columns that end with it."""
    leaves: dict[str, tuple[str, ...]] = {}
    for path, column_ids in _template_paths(form_id).items():
        known = leaves.get(path[-1], ())
        leaves[path[-1]] = (*known, *(column_id for column_id in column_ids if column_id not in known))
    return leaves


def _match_columns(form: Form, paths: dict[int, HeaderPath]) -> _Match:
    exact = _template_paths(form.form_id)
    leaves = _template_leaves(form.form_id)
    columns: dict[int, str] = {}
    weight = 0.0
    for column, path in paths.items():
        column_id = next((i for i in exact.get(path, ()) if i not in columns.values()), None)
        if column_id is not None:
            columns[column] = column_id
            weight += 1.0
    for column, path in paths.items():
        if column in columns:
            continue
        # an unfamiliar grouping above a familiar word, or a familiar path below an unfamiliar heading
        taken = columns.values()
        tails = [i for start in range(1, len(path)) for i in exact.get(path[start:], ()) if i not in taken]
        endings = leaves.get(path[-1], ())
        if tails:
            columns[column] = tails[0]
            weight += 0.7
        elif len(endings) == 1 and endings[0] not in taken:
            columns[column] = endings[0]
            weight += 0.6
    required = sum(not c.optional for c in form.columns)
    return _Match(form, 2 * weight / (required + len(paths)), columns)


def _match_lists(form: Form, paths: dict[int, HeaderPath]) -> _Match:
    columns: dict[int, str] = {}
    for line_list in form.lists:
        wanted = {tuple(fold(word) for word in path) for path in (line_list.label_path, *line_list.label_aliases)}
        leaf_words = {path[-1] for path in wanted}
        found = [c for c, path in paths.items() if path in wanted and c not in columns]
        found += [c for c, path in paths.items() if path[-1] in leaf_words and c not in columns and c not in found]
        for column in found:
            # 项目 alone names several lists: those on the left hold revenue
            side = paths[column][0]
            if len(paths[column]) > 1 and side != fold(line_list.label_path[0]):
                continue
            columns[column] = line_list.id
            break
    labels = 2 * len(form.lists)
    return _Match(form, 2 * len(columns) / (len(form.lists) + len(paths) * len(form.lists) / labels), columns)


@lru_cache(maxsize=2_000)
def _match_header(header: tuple[tuple[int, HeaderPath], ...]) -> tuple[_Match, ...]:
    """All templates, best first, that a header (columns with their paths) may belong to.

    Offices fill in the same official headers, so a batch of documents asks for few different ones.
    """
    paths = dict(header)
    matches = []
    for form in FORMS.values():
        if not form.has_table:
            continue
        match = _match_lists(form, paths) if form.lists else _match_columns(form, paths)
        if match.score >= 0.4:
            matches.append(match)
    return tuple(sorted(matches, key=lambda m: -m.score))


@lru_cache(maxsize=50_000)
def _header_role(text: str) -> str | None:
    """What a cell can be in a header: a known word, a figure or any other text; None where it stands in none."""
    if len(text) > _LONGEST_HEADER:
        return None
    if fold(text) in _header_words():
        return "word"
    shown = figure(text)
    if shown is None:
        return "other"
    return None if shown.decimals else "figure"


def _is_header_row(row: Row) -> bool:
    """A row may belong to a header if it prints no figure with decimals, no 合计 row and header words, no fewer than
    other cells."""
    if not row.in_table:
        return False
    words = figures = 0
    for cell in reversed(row.cells):  # the figures of a body stand on the right
        role = _header_role(cell.text)
        if role is None:
            return False
        words += role == "word"
        figures += role == "figure"
    if figures and (is_total(row.cells[0].text) or words == 1):
        return False
    return words >= max(1, (len(row.cells) + 1) // 2)


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

    titles: list[tuple[str, tuple[tuple[str, float], ...]]] = field(default_factory=list)
    unit: tuple[str | None, str | None] | None = None
    money_unit: str | None = None
    free_text: list[str] = field(default_factory=list)
    line: str = ""  # the line before, where it may be the beginning of a title

    def add(self, row: Row) -> None:
        if len(row.cells) == 1 and self._completes_title(row.text):
            return
        self.line = row.text if len(row.cells) == 1 else ""
        for cell in row.cells:
            text = cell.text
            if money := money_unit_of(text):
                self.money_unit = money
            if unit := unit_of(text):
                self.unit = unit
            elif matches := match_title(text):
                self.titles.append((text, matches))
            elif not money and not is_page_number(text) and not is_note(text):
                self.free_text.append(text)

    def _completes_title(self, text: str) -> bool:
        """Whether a title too long for its line goes on in this one."""
        whole = self.line + text
        matches = match_title(whole) if self.line else ()
        is_whole = any(sure > 0.5 for _, sure in matches) and not any(sure > 0.5 for _, sure in match_title(text))
        if not is_whole and not (matches and not match_title(text)):
            return False
        for texts in (self.titles, self.free_text):
            if texts and self.line in texts[-1]:
                texts.pop()
        self.titles.append((whole, matches))
        self.line = whole
        return True


_Header = tuple[int, Sequence[_Match], dict[int, HeaderPath]]  # rows, templates that it may belong to, paths


def _header_runs(rows: Sequence[Row]) -> list[int]:
    """For every row, how many rows from it on may belong to one header."""
    runs = [0]
    for row in reversed(rows):
        runs.append(runs[-1] + 1 if _is_header_row(row) else 0)
    return runs[:0:-1]


def _best_header(rows: Sequence[Row], runs: Sequence[int], start: int) -> _Header | None:
    """The depth at which a header starting in this row fits a template best."""
    deepest = min(runs[start], _DEEPEST_HEADER)
    return _best_depth(tuple([row.cells for row in rows[start : start + deepest]]))


def _begins_later(rows: Sequence[Row], runs: Sequence[int], start: int, header: _Header) -> bool:
    """Whether the header fits better without its first rows: the last lines of the table above may consist of header
    words, too, where a repeated header follows them (其他支出 in forms 1 and 6)."""
    depth, matches, _ = header
    laters = (_best_header(rows, runs, start + rest) for rest in range(1, depth))
    return any(later is not None and later[1][0].score > matches[0].score for later in laters)


@lru_cache(maxsize=2_000)
def _best_depth(rows: tuple[tuple[Cell, ...], ...]) -> _Header | None:
    best: _Header | None = None
    for depth in range(1, len(rows) + 1):
        paths = header_paths(rows[:depth])
        matches = _match_header(tuple(paths.items()))
        if matches and (best is None or matches[0].score >= best[1][0].score):
            best = (depth, matches, paths)
    return best


def _choose(
    matches: Sequence[_Match], preamble: _Preamble, sheet_name: str
) -> tuple[_Match, str, tuple[str, ...]] | None:
    """The form that title and header name together, how it was told, and the other forms it could be.

    Where no title is printed, the name of the sheet stands in for it.
    """
    titled: dict[str, float] = {}
    for found in [found for _, found in preamble.titles[-3:]] or [sheet_title(sheet_name)]:
        for form_id, sure in found:
            titled[form_id] = max(titled.get(form_id, 0.0), sure)
    ranked = sorted(matches, key=lambda m: -(m.score + 0.35 * titled.get(m.form.form_id, 0.0)))
    best = ranked[0]
    if best.score < (0.45 if best.form.form_id in titled else 0.6):
        return None
    if best.form.form_id in titled:
        return best, "title and header" if preamble.titles else "sheet name and header", ()
    rivals = tuple(m.form.form_id for m in ranked if m.score >= best.score - 0.02 and m is not best)
    return best, "header alone", rivals


def _is_contents(rows: Sequence[Row]) -> bool:
    """A contents page: most rows name a form."""
    named = sum(any(match_title(cell.text) for cell in row.cells) for row in rows)
    return named * 2 > len(rows)


def tables_of(grid: Grid) -> tuple[list[FormTable], list[Row]]:
    """The forms of a grid in order, and the rows outside any form (covers, contents)."""
    rows = grid.rows
    runs = _header_runs(rows)
    starts: list[tuple[int, int, Sequence[_Match], dict[int, HeaderPath], Form | None]] = []
    index = 0
    while index < len(rows):
        sheet = _sheet_form(rows, index)
        if sheet is not None:
            starts.append((index, 0, [], {}, sheet))
            index += 1
            continue
        inside_sheet = bool(starts) and starts[-1][4] is not None
        if runs[index] and not (inside_sheet and _indicator_row(rows[index])):
            header = _best_header(rows, runs, index)
            if header is not None and header[1][0].score >= 0.45 and not _begins_later(rows, runs, index, header):
                starts.append((index, header[0], header[1], header[2], None))
                index += header[0]
                continue
        index += 1
    tables: list[FormTable] = []
    outside: list[Row] = []
    previous_end = 0
    for position, (start, depth, matches, paths, sheet) in enumerate(starts):
        limit = starts[position + 1][0] if position + 1 < len(starts) else len(rows)
        preamble = _Preamble()
        unknown, loose = _split_unknown(rows[previous_end:start], grid.place)
        tables += unknown
        outside += loose
        for row in loose[-_FAR_TITLE:]:
            preamble.add(row)
        left = rows[start].cells[0].column
        body_end, previous_end, note = _body_end(rows, start + depth, limit, left, is_sheet=sheet is not None)
        body = tuple(
            [row for row in rows[start + depth : body_end] if row.in_table and not _is_footer(row.cells[0].text)]
        )
        title = preamble.titles[-1][0] if preamble.titles else None
        shared = {
            "place": f"{grid.place}:{rows[start].number}",
            "title": title,
            "note": note,
            "unit_code": preamble.unit[0] if preamble.unit else None,
            "unit_name": preamble.unit[1] if preamble.unit else None,
        }
        if sheet is not None:
            tables.append(
                FormTable(
                    form=sheet,
                    header=(),
                    body=body,
                    columns={},
                    header_labels={},
                    money_unit=preamble.money_unit,
                    recognised_by="title and fields" if title else "fields alone",
                    **shared,  # type: ignore[arg-type]
                )
            )
            continue
        header_rows = tuple(rows[start : start + depth])
        labels = {column: "-".join(path) for column, path in paths.items()}
        chosen = _choose(matches, preamble, grid.place)
        money_unit = preamble.money_unit or next((u for r in header_rows if (u := money_unit_of(r.text))), None)
        if chosen is None:
            tables.append(
                FormTable(
                    form=None,
                    header=header_rows,
                    body=body,
                    columns={},
                    header_labels=labels,
                    money_unit=money_unit,
                    recognised_by="unknown header",
                    **shared,  # type: ignore[arg-type]
                )
            )
            continue
        match, how, rivals = chosen
        table = FormTable(
            form=match.form,
            header=header_rows,
            body=body,
            columns=match.columns,
            header_labels=labels,
            money_unit=money_unit,
            recognised_by=how,
            rivals=rivals,
            **shared,  # type: ignore[arg-type]
        )
        if tables and _continues(tables[-1], table):
            earlier = tables[-1]
            tables[-1] = replace(
                earlier, header=earlier.header + header_rows, body=earlier.body + body, note=note or earlier.note
            )
        else:
            tables.append(table)
    unknown, loose = _split_unknown(rows[previous_end:], grid.place)
    return tables + unknown, outside + loose


def _indicator_row(row: Row) -> bool:
    return any(label(cell.text) in ("一级指标", "任务名称", "资金总额") for cell in row.cells)


@lru_cache(maxsize=50_000)
def _is_footer(text: str) -> bool:
    """Whether a row that begins with this text is a page number or a signature (填表人：…) in a sheet."""
    return bool(_FOOTER.match(fold(text)))


def _continues(earlier: FormTable, table: FormTable) -> bool:
    """A header repeated on a new page: the same header without a title, or under the same title."""
    return (
        earlier.form is not None
        and table.form is not None
        and earlier.form.form_id in (table.form.form_id, *table.rivals)
        and earlier.header_labels == table.header_labels
        and (table.title is None or without_continued(table.title) == without_continued(earlier.title or ""))
        and (table.unit_code is None or table.unit_code == earlier.unit_code)
        and (table.title is None or table.unit_code is not None or earlier.unit_code is None)
        # a table that begins with 合计 is a new one, unless 合计 comes last and is still to come
        and not (_has_total(table.body[:1]) and _has_total(earlier.body))
    )


def _has_total(rows: Sequence[Row]) -> bool:
    return any(is_total(cell.text) for row in rows for cell in row.cells)


def _body_end(rows: Sequence[Row], start: int, limit: int, left: int, is_sheet: bool) -> tuple[int, int, str | None]:
    """Where the body ends (at a paragraph, a note, or the title and unit lines of the next form), where the search
    for the next form goes on, and the note below the table."""
    note: str | None = None
    end = start
    # the fields of a sheet name units, too; below its indicators such a line belongs to the next sheet
    open_to_next = not is_sheet
    while end < limit:
        row = rows[end]
        text = row.cells[0].text if row.in_table else row.text
        if not row.in_table or (len(row.cells) == 1 and is_note(text)):
            if is_page_number(text) and end + 1 < limit and rows[end + 1].in_table:
                # a page number between the rows of a table that goes on without its header
                end += 1
                continue
            if is_note(text):
                note = text
            break
        first = row.cells[0].text
        alone = first == row.cells[-1].text and all(cell.text == first for cell in row.cells)
        if alone and not is_sheet and _is_title(row, left):
            break
        if alone and is_sheet and any(sure >= 0.9 for _, sure in match_title(text)):
            break
        if open_to_next and unit_of(text) and (alone or money_unit_of(row.text)):
            break
        open_to_next = open_to_next or any(label(cell.text) == "一级指标" for cell in row.cells)
        end += 1
    return end, end + (1 if note else 0), note


def _is_title(row: Row, left: int) -> bool:
    """Whether a row is the title of the next form. A title cut short stands on the left: further right, a line of
    forms 1 and 6 can read like the beginning of a title (国有资本经营预算支出)."""
    return any(sure > 0.5 or row.cells[0].column <= left for _, sure in match_title(row.text))


def _split_unknown(rows: Sequence[Row], place: str) -> tuple[list[FormTable], list[Row]]:
    """Tables that no template knows, and the rows around them; contents pages are no forms."""
    unknown: list[FormTable] = []
    loose: list[Row] = []
    run: list[Row] = []

    def close() -> None:
        nonlocal run
        wide = [row for row in run if len(row.cells) >= 2]
        figures = sum(figure(c.text) is not None and "." in c.text for row in wide for c in row.cells)
        if len(wide) >= 2 and figures and not _is_contents(run):
            preamble = _Preamble()
            for row in loose[-_FAR_TITLE:]:
                preamble.add(row)
            title = preamble.free_text[-1] if preamble.free_text else None
            unknown.append(
                FormTable(
                    form=None,
                    place=f"{place}:{run[0].number}",
                    header=(),
                    body=tuple(run),
                    columns={},
                    header_labels={},
                    title=title,
                    money_unit=preamble.money_unit,
                    recognised_by="unknown header",
                )
            )
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


# ---------------------------------------------------------------------------- a whole document


@dataclass(frozen=True, slots=True)
class Recognised:
    """The forms of a document in order, and the text outside them (covers and contents)."""

    tables: tuple[FormTable, ...]
    outside: tuple[tuple[str, Row], ...]


def recognise(document: Document) -> Recognised:
    """Find the forms of a document and settle which of two like forms is which."""
    tables: list[FormTable] = []
    outside: list[tuple[str, Row]] = []
    for grid in document.grids:
        found, loose = tables_of(grid)
        tables += found
        outside += [(grid.place, row) for row in loose]
    return Recognised(tuple(_settle_rivals(tables)), tuple(outside))


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
        fitting = [o for o in free if before < order[o] < after] or [o for o in free if order[o] > before] or free
        form = FORMS[fitting[0]]
        paths = {c: tuple(text.split("-")) for c, text in table.header_labels.items()}
        columns = table.columns if form is table.form else _match_columns(form, paths).columns
        settled[index] = replace(table, form=form, columns=columns, rivals=())
    return settled
