"""The tables of a grid in order, with the lines above and below each, and the rows outside of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from loader.documents.grid import Grid, Row
from loader.documents.wording import figure, fold
from loader.filing.tables.above_table import Preamble, is_footer, whole_lines
from loader.filing.tables.below_table import unit_below
from loader.filing.tables.continued_tables import extend_last_table, rows_in_place
from loader.filing.tables.form_table import FormTable, Found
from loader.filing.tables.table_ends import body_end
from loader.filing.tables.table_starts import FAR_TITLE, starts_of
from loader.filing.tables.titles import NO_FILING_UNIT, filing_unit_of, match_title, sheet_title

_RUNNING = 3  # a line that stands outside the tables this often is a running head of the pages


def tables_of(grid: Grid, earlier: Found | None) -> tuple[list[Found], list[Row]]:
    """The tables of a grid in order, and the rows outside of them (covers, contents, prose).

    ``earlier``, the last table of the grid before, comes first in the list: it may continue in this grid.
    """
    rows = grid.rows
    starts = starts_of(rows, grid.place, earlier.matches if earlier is not None else ())
    found = [earlier] if earlier is not None else []
    carried = len(found)
    lines = Counter([fold(row.text) for row in rows if not row.in_table])
    running = frozenset(text for text, times in lines.items() if times >= _RUNNING)
    outside: list[Row] = []
    previous_end = 0
    for position, start in enumerate(starts):
        following = starts[position + 1].row if position + 1 < len(starts) else len(rows)
        while more := extend_last_table(found, rows[previous_end : start.row], grid.place, running):
            previous_end += more
        unknown, loose = _split_unknown(rows[previous_end : start.row], grid.place)
        found += unknown
        outside += loose
        preamble = Preamble()
        for row in loose[-FAR_TITLE:]:
            preamble.add(row)
        body_start = start.row + start.depth
        left = rows[start.row].cells[0].column
        end, previous_end, note = body_end(rows, body_start, following, left, start)
        below = unit_below(
            rows[body_start:end],
            rows[previous_end:following],
            is_above=preamble.money_unit is not None,
            is_last=position + 1 == len(starts),
        )
        previous_end += below.lines
        header = tuple(rows[start.row : body_start])
        title = preamble.titles[-1][0] if preamble.titles else None
        table = FormTable(
            form=start.sheet,
            place=f"{grid.place}:{rows[start.row].number}",
            sheet=grid.place,
            header=header,
            body=rows_in_place(
                [r for r in rows[body_start:end] if r.in_table and not is_footer(r.cells[0].text)],
                start.matches,
                start.paths,
            ),
            columns={},
            header_labels={column: "-".join(path) for column, path in start.paths.items()},
            title=title,
            note=note,
            money_unit=preamble.money_unit,
            money_units=tuple(preamble.money_units),
            unit_below=below.money_unit,
            filing_unit=preamble.filing_unit or NO_FILING_UNIT,
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
            Found(table, start.matches, start.paths, titles, not preamble.titles, start.sheet, unfamiliar, kept)
        )
    while more := extend_last_table(found, rows[previous_end:], grid.place, running):
        previous_end += more
    unknown, loose = _split_unknown(rows[previous_end:], grid.place)
    return found + unknown, outside + loose


def _split_unknown(rows: Sequence[Row], place: str) -> tuple[list[Found], list[Row]]:
    """The tables without a known header, and the rows around them. Contents pages are no tables."""
    unknown: list[Found] = []
    loose: list[Row] = []
    run: list[Row] = []

    def close() -> None:
        nonlocal run
        if run and any(map(filing_unit_of, whole_lines(run[0]))):
            loose.append(run.pop(0))  # office and money unit side by side are not part of the table
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


def _unknown_table(run: Sequence[Row], above: Sequence[Row], place: str) -> Found | None:
    """Rows as a table without a known header. None if it has no figures and no title of a form known by title only."""
    wide = [row for row in run if len(row.cells) >= 2]
    if len(wide) < 2:
        return None
    preamble = Preamble()
    for row in above[-FAR_TITLE:]:
        preamble.add(row)
    kept = preamble.kept_forms(place)
    figures = any(figure(c.text) is not None and ("." in c.text or "," in c.text) for row in wide for c in row.cells)
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
        filing_unit=(preamble.filing_unit if kept else None) or NO_FILING_UNIT,
        recognised_by="unknown header",
    )
    titles = {form_id: sure for _, named in preamble.titles[-1:] for form_id, sure in named}
    return Found(table, (), {}, titles, is_sheet_name=False, kept=kept)


def _is_contents(rows: Sequence[Row]) -> bool:
    """Whether most rows name a form: a contents page."""
    named = sum(any(match_title(cell.text) for cell in row.cells if not figure(cell.text)) for row in rows)
    return named * 2 > len(rows)
