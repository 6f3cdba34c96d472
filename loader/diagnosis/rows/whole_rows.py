"""Faults of whole rows or columns: shifted, swapped, under another code, left out, twice; and the form without each.

A hypothesis is tried only if the failing checks of its form hold after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import cached_property
from itertools import combinations

from loader.diagnosis.disagreement.labels import column_label, money, official_name, row_and_name
from loader.diagnosis.disagreement.table import Figures, Table
from loader.diagnosis.figures.single_figures import form_name, wrong_figure
from loader.diagnosis.hypothesis import Hypothesis, columns_swapped
from loader.diagnosis.rows.totals import sum_fault
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import to_fen
from loader.ledger.evidence.projection import CellKey
from loader.ledger.evidence.sums import failing_sums
from loader.ledger.rebuilt import RebuiltForm
from schema.forms import FORMS
from schema.forms.template import Coordinate

MOST_ROWS = 16  # rows with failing checks, if the fault is in one row or two; includes the rows above them
MOST_COLUMNS = 6  # columns with failing checks, if two of them are exchanged
MOST_FIGURES = 100  # figures that may be the one by which sums are off
MOST_PAIRS = 300  # of rows that may have been swapped
AGAIN = "#"  # before the number of a project if the form prints its name more than once
UNNAMED = "\x00"  # stands for the name of a project that no form shows


class RowFaults:
    """The hypotheses on the rows of one table.

    ``names`` maps the rows of all forms of this kind to their labels. ``sheets`` maps each project with a sheet of
    goals to the figures of that sheet (分).
    """

    def __init__(self, table: Table, names: Mapping[str, str], sheets: Mapping[str, Set[int]]) -> None:
        self._table = table
        self._names = names
        self._sheets = sheets
        self._is_only_fault = True
        self._failed = table.failed
        self._children = table.children()
        self._rows = table.rows

    @cached_property
    def _printed(self) -> dict[str, dict[int, dict[str, int]]]:
        """Row → number of each printed row with this key → its figures (分)."""
        table = self._table
        found: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for cell in table.form.filed.cells:
            if cell.row_key in table.figures and cell.amount is not None and cell.column_key in table.columns:
                found[cell.row_key][cell.row_no][cell.column_key] = to_fen(cell.amount)
        return found

    @cached_property
    def _are_repeated(self) -> bool:
        """Whether the form prints a row with figures more than once."""
        cells = self._table.form.filed.cells
        printed = {(cell.row_key, cell.row_no) for cell in cells if cell.row_key and cell.amount is not None}
        return len({row for row, _ in printed}) < len(printed)

    @cached_property
    def _source(self) -> dict[str, int]:
        """Row → its place in the source."""
        cells = reversed(self._table.form.filed.cells)  # of a row that is printed again, the first counts
        return {cell.row_key: cell.source_row for cell in cells if cell.row_key in self._table.figures}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            cell.row_key: cell.row_label for cell in self._table.form.filed.cells if cell.row_key and cell.row_label
        }

    def find(self, alone: bool = True) -> Iterator[Hypothesis]:
        """All hypotheses after which every check of the form holds.

        If the fault is not ``alone``, its own sums must hold, and fewer checks against other forms may fail than
        before.
        """
        self._is_only_fault = alone
        twice = [*self._twice()]
        yield from twice
        yield from self._exchanged()
        if not self._failed or len({failed.row for failed in self._failed}) > MOST_ROWS:
            return
        yield from self._shifted()
        swapped = [*self._swapped()]
        yield from swapped
        yield from self._misplaced()
        # sums are wrong only if no row can be left out, exchanged or twice
        omitted = [*self._omitted()]
        yield from omitted
        if not (omitted or swapped or twice):
            yield from self._stale_sums()

    # ------------------------------------------------------------------------ the faults

    def _twice(self) -> Iterator[Hypothesis]:
        table = self._table
        for row, figures in table.figures.items():
            name, again, number = row.rpartition(AGAIN)
            if again and number.isdigit() and figures and figures == table.figures.get(name):
                rows = {other: shown for other, shown in table.figures.items() if other != row}
                yield from self._hypothesis(self._row_twice(name, row, figures), rows)
        if not self._are_repeated:
            return
        repeated = {
            row: next(iter(shown.values()))
            for row, shown in self._printed.items()
            if len(shown) > 1 and all(figures == next(iter(shown.values())) for figures in shown.values())
        }
        if not repeated:
            return
        with_money = [row for row, figures in table.figures.items() if any(figures.values())]
        if len(repeated) > 1 and len(repeated) == len(with_money):
            finding = Finding("form_pasted_twice", {"count": len(repeated)}, *self._place())
            yield from self._hypothesis(finding, {**table.figures, **repeated})
            return
        for row, figures in repeated.items():
            yield from self._hypothesis(self._row_twice(row, row, figures), {**table.figures, row: figures})

    def _row_twice(self, name: str, row: str, figures: Mapping[str, int]) -> Finding:
        return Finding("row_twice", {"row": self._label(name), "amount": money(_most(figures))}, *self._place(row))

    def _exchanged(self) -> Iterator[Hypothesis]:
        """The figures of two columns are exchanged in all rows."""
        failing = {failed.column for failed in self._failed}
        if not 0 < len(failing) <= MOST_COLUMNS:
            return
        for one, other in combinations(self._table.columns, 2):
            moved = {whole for whole, parts in self._table.parts.items() if (one in parts) != (other in parts)}
            moved |= {one, other}
            if not failing <= moved if self._is_only_fault else failing.isdisjoint((one, other)):
                continue
            figures = {
                row: {**shown, one: shown.get(other, 0), other: shown.get(one, 0)}
                if shown.get(one) != shown.get(other)
                else shown
                for row, shown in self._table.figures.items()
            }
            if sum(figures[row] is not shown for row, shown in self._table.figures.items()) > 1:
                finding = columns_swapped(self._table.form, one, other)
                found = [*self._hypothesis(finding, figures)]
                yield from found or self._hypothesis(finding, figures, self._without_money_beyond({one, other}))

    def _without_money_beyond(self, columns: Set[str]) -> Table:
        """The table without money beyond totals of these columns: the ledger that shows it may follow the fault."""
        table = self._table
        parts = {total: {total, *beneath} for total, beneath in table.parts.items()}
        beyond = {key: amount for key, amount in table.beyond.items() if parts[key[1]].isdisjoint(columns)}
        return replace(table, beyond=beyond) if len(beyond) < len(table.beyond) else table

    def _stale_sums(self) -> Iterator[Hypothesis]:
        """The sums down the rows were not brought up to date. If they are off by no more than their rounding, they may
        be right."""
        if all(abs(entry.difference) <= entry.slack for entry in failing_sums(self._table.form)):
            return
        figures = dict(self._table.figures)
        lacking: dict[str, dict[str, int]] = {}
        for row in sorted(self._children, key=lambda row: -len(self._rows.above(row))):
            sums = Counter[str]()
            for child in self._children[row]:
                sums.update(figures[child])
            before = figures[row]
            missing = {c: sums[c] - before.get(c, 0) for c in self._table.columns if sums[c] != before.get(c, 0)}
            if missing:
                lacking[row] = missing
                figures[row] = before | {column: sums[column] for column in missing}
        if lacking and not self._is_one_figure(lacking) and (finding := sum_fault(self._table, lacking)):
            yield from self._hypothesis(finding, figures)

    def _is_one_figure(self, lacking: Mapping[str, Mapping[str, int]]) -> bool:
        """Whether correcting one figure beneath sums that all lack the same makes all checks hold.

        One wrong figure is likelier than several wrong sums, unless it would have to be nothing: then the sums leave it
        out. Money beyond the columns, which a ledger may assume for these rows, is ignored.
        """
        table = self._table
        lowest = max(lacking, key=lambda row: len(self._rows.above(row)))
        if len(lacking) < 2 or len(lacking[lowest]) > 1 or any(lacks != lacking[lowest] for lacks in lacking.values()):
            return False
        [(column, amount)] = lacking[lowest].items()
        tried = 0
        for row in self._children[lowest]:
            before = table.figures[row].get(column, 0)
            right = before - amount
            if row in self._children or not right or right < 0 <= before:
                continue
            if (tried := tried + 1) > MOST_FIGURES:
                break
            rows = (row, *self._rows.above(row))
            beyond = {key: money for key, money in table.beyond.items() if key[0] not in rows}
            figures = {**table.figures, row: {**table.figures[row], column: right}}
            if replace(table, beyond=beyond).holds(figures, rows):
                return True
        return False

    def _shifted(self) -> Iterator[Hypothesis]:
        table = self._table
        for row in self._suspects():
            seen = []
            old = [table.figures[row].get(column, 0) for column in table.columns]
            for at in range(len(old)):
                options = []
                if any(old[at:-1]):
                    options.append(("左", "left", self._to_right(old, at)))
                if not old[at] and any(old[at + 1 :]):
                    options += [("右", "right", new) for new in self._to_left(row, old, at)]
                for zh, en, new in options:
                    figures = dict(zip(table.columns, new, strict=True))
                    if sum(a != b for a, b in zip(old, new, strict=True)) < 2:
                        continue  # a single wrong figure
                    if new in seen or self._fails_across(figures, row):
                        continue
                    seen.append(new)
                    finding = Finding(
                        "row_shifted", {"row": self._label(row), "to_zh": zh, "to_en": en}, *self._place(row)
                    )
                    yield from self._hypothesis(finding, {**table.figures, row: figures})

    def _to_right(self, old: list[int], at: int) -> list[int]:
        """The row without the loss of a cell here. If the cell was a total, it becomes the sum of its parts."""
        new = [*old[:at], 0, *old[at:-1]]
        figures = dict(zip(self._table.columns, new, strict=True))
        new[at] = sum(figures.get(part, 0) for part in self._table.parts.get(self._table.columns[at], ()))
        return new

    def _to_left(self, row: str, old: list[int], at: int) -> list[list[int]]:
        """The possible rows without the extra cell here: the last cell is blank, or what its total lacks, across or
        down."""
        kept = [*old[:at], *old[at + 1 :]]
        last = self._table.columns[-1]
        figures = dict(zip(self._table.columns, [*kept, 0], strict=True))
        lost = {0: None}
        for column, parts in self._table.parts.items():
            if last in parts:
                lost[figures[column] - sum(figures[part] for part in parts)] = None
        if (parent := self._parent(row)) is not None:
            beside = (child for child in self._children[parent] if child != row)
            shown = self._table.figures
            lost[shown[parent].get(last, 0) - sum(shown[child].get(last, 0) for child in beside)] = None
        return [[*kept, amount] for amount in reversed(lost)]

    def _swapped(self) -> Iterator[Hypothesis]:
        table = self._table
        over = self._excess()
        beside = {failed.row for failed in self._failed if failed.check in FORMS}
        pairs = []
        for one, other in combinations(self._suspects(), 2):
            a, b = table.figures[one], table.figures[other]
            parent, other_parent = self._parent(one), self._parent(other)
            if a == b:
                continue
            if parent == other_parent:
                likely = one in beside and other in beside
            elif one in (other_parent, *self._rows.above(other)) or other in (parent, *self._rows.above(one)):
                # beside a figure below zero its sign explains as much
                likely = not any(amount < 0 for row in self._suspects() for amount in table.figures[row].values())
            else:
                likely = all(b.get(c, 0) - a.get(c, 0) == over.get(parent or "", {}).get(c, 0) for c in table.columns)
            if likely:
                pairs.append((one, other))
        for one, other in pairs[:MOST_PAIRS]:
            finding = Finding(
                "rows_swapped", {"row": self._label(one), "other_row": self._label(other)}, *self._place(one)
            )
            swapped = {one: table.figures[other], other: table.figures[one]}
            yield from self._hypothesis(finding, {**table.figures, **swapped})

    def _misplaced(self) -> Iterator[Hypothesis]:
        table = self._table
        wanted = {failed.row for failed in self._failed if failed.check in FORMS}
        for row in self._suspects():
            if row in self._children:
                continue
            for figures in self._printed[row].values():
                for code in self._missing(row):
                    if wanted and code not in wanted:
                        continue
                    new = {**table.figures, code: figures}
                    if len(self._printed[row]) > 1:
                        new[row] = {c: amount - figures.get(c, 0) for c, amount in table.figures[row].items()}
                    else:
                        del new[row]
                    finding = Finding(
                        "row_misplaced", {"row": self._label(row), "right": self._label(code)}, *self._place(row)
                    )
                    yield from self._hypothesis(finding, new)

    def _omitted(self) -> Iterator[Hypothesis]:
        table = self._table
        over = self._excess()
        by_project = self._rows.by[-1] is Coordinate.PROJECT
        for parent, lacking in over.items():
            if any(child in over for child in self._children[parent]) or min(lacking.values()) < 0:
                continue
            if self._is_turned_sign(parent, lacking):
                continue
            if by_project and self._rows.levels and "/" not in parent:
                open_table = self._with_open_totals(parent, lacking)
                if any(open_table.failing_across(lacking, "")):
                    continue
                finding = Finding("project_omitted", {"amount": money(_most(lacking))}, *self._place(parent))
                unit = parent if parent in self._names else self._home()
                project = self._project_of_sheet(_most(lacking))
                yield from self._hypothesis(finding, {**table.figures, f"{unit}/{project}": lacking}, open_table)
                continue
            if blank := [*self._blank(parent, lacking)]:
                yield from blank  # a printed row has lost its figure: none needs to be left out
                continue
            options = [row for row in self._names if self._is_lacking(row, parent)]
            for row in sorted(options, key=len):
                if any(held in options for held in self._rows.above(row)) or self._fails_across(lacking, row):
                    continue
                is_unit = Coordinate.UNIT in self._rows and "/" not in row
                finding = Finding(
                    "unit_omitted" if is_unit else "row_omitted",
                    {"row": self._label(row), "amount": money(_most(lacking))},
                    *self._place(parent),
                )
                yield from self._hypothesis(finding, {**table.figures, **dict.fromkeys(self._only_line(row), lacking)})

    def _is_turned_sign(self, parent: str, lacking: Mapping[str, int]) -> bool:
        """Whether a row beneath a sum explains what the sum lacks as well, if its figures below zero have the wrong
        sign."""
        shown = (self._table.figures[child] for child in self._children[parent])
        return any(all(-2 * figures.get(at, 0) == amount for at, amount in lacking.items()) for figures in shown)

    def _blank(self, parent: str, lacking: Mapping[str, int]) -> Iterator[Hypothesis]:
        """The finest rows beneath a sum that may have lost what it lacks: they are blank there, and their totals hold
        with it. Details beneath a row have no such figures."""
        table = self._table
        column, amount = next(iter(lacking.items()))
        for row in self._children[parent] if not self._rows.details else ():
            full = {**table.figures[row], **lacking}
            if row in self._children or any(map(table.figures[row].get, lacking)) or self._fails_across(full, row):
                continue
            label = self._labels.get(row) or self._label(row)
            heading, own = column_label(table.form, column), form_name(table.form)
            finding = wrong_figure(table.form, label, heading, (0, amount), (), [own], self._source.get(row))
            yield from self._hypothesis(finding, {**table.figures, row: full})

    def _with_open_totals(self, parent: str, lacking: Mapping[str, int]) -> Table:
        """The table for a project that is left out of it.

        It ignores money that the ledger gives to projects that the form does not print. Its totals may hold money of a
        column that is not printed, if the sum above exceeds its columns by as much as the missing row would.
        """
        table = self._table
        beyond = {failed.column: failed.difference for failed in table.failing_across(lacking, "")}
        above = {failed.column: failed.difference for failed in table.failing_across(table.figures[parent], parent)}
        is_whole = {column.id: {*column.parts} <= {*table.columns} for column in table.form.form.money_columns}
        fuller = {column for column, amount in beyond.items() if above.get(column) == amount and not is_whole[column]}
        of_printed_rows = {key: money for key, money in table.beyond.items() if key[0] in table.figures}
        return replace(table, fuller=table.fuller | fuller, beyond=of_printed_rows)

    def _project_of_sheet(self, amount: int) -> str:
        """The only project that has a sheet with this figure and no row in the form, else ``UNNAMED``."""
        printed = {row.partition("/")[2] for row in self._table.figures}
        found = [project for project, shown in self._sheets.items() if amount in shown and project not in printed]
        return found[0] if len(found) == 1 else UNNAMED

    def rows_left_out(self) -> Iterator[Finding]:
        """A finding for each row without its only finer row, in a form that splits other rows. Nothing contradicts
        this. None if the row may be one of those that are not understood."""
        table = self._table
        if table.form.filed.unknown_rows:
            return
        if self._rows.by[-1] is Coordinate.PROJECT:
            for row, figures in table.figures.items():
                is_split = row in self._children or "/" in row or row == self._rows.total
                if not is_split and any(figures.values()):
                    yield Finding("project_omitted", {"amount": money(_most(figures))}, *self._place(row))
            return
        if Coordinate.FUNCTIONAL not in self._rows:
            return
        by_unit = Coordinate.UNIT in self._rows
        codes = [row.rpartition("/")[2] for row in table.figures if "/" in row or not by_unit]
        finest = max((len(code) for code in codes if code != self._rows.total), default=0)
        for row, figures in table.figures.items():
            if row in self._children or row == self._rows.total or not any(figures.values()):
                continue
            if (only := self._only_finer(row, finest)) is not None:
                yield Finding(
                    "row_omitted", {"row": self._label(only), "amount": money(_most(figures))}, *self._place(row)
                )

    def _only_finer(self, row: str, size: int) -> str | None:
        """The only row of this length beneath a row in any form. If there are several, the only one to which another
        form gives the same figure for the same selection of money."""
        known = [code for code in self._names if len(code.rpartition("/")[2]) == size and self._is_finer(code, row)]
        if len(known) == 1:
            return known[0]
        for other, columns in self._table.twins:
            for own, at in columns:
                paid = [code for code in known if other.figures.get(code, {}).get(at)]
                if len(paid) == 1 and other.figures[paid[0]][at] == self._table.figures[row].get(own):
                    return paid[0]
        return None

    def _is_finer(self, row: str, above: str) -> bool:
        return above in self._rows.above(row)

    # ------------------------------------------------------------------------ checks and rows

    def _hypothesis(self, finding: Finding, figures: Figures, table: Table | None = None) -> Iterator[Hypothesis]:
        """The hypothesis with these figures as the form without the fault, if the checks hold: those of the form, or of
        a ``table`` with weaker ones."""
        table = table or self._table
        dropped = frozenset(table.figures.keys() - figures.keys())
        cells: dict[CellKey, int] = {}
        for row, shown in figures.items():
            before = table.figures.get(row, {})
            if shown is not before:
                for column in dict.fromkeys((*shown, *before)):
                    if shown.get(column, 0) != before.get(column, 0):
                        cells[row, column] = shown.get(column, 0)
        if self._is_only_fault:
            if table.holds(figures, {row for row, _ in cells} | {failed.row for failed in self._failed}):
                yield Hypothesis(finding, table.form, cells, dropped, len(self._failed))
            return
        left = list(table.failing(figures))
        if len(left) < len(self._failed) and not any(failed.check in ("across", "down") for failed in left):
            yield Hypothesis(finding, table.form, cells, dropped, len(self._failed) - len(left))

    def _suspects(self) -> list[str]:
        """The rows with a failing check, and the parts of failing sums."""
        found = dict.fromkeys(failed.row for failed in self._failed if failed.row in self._table.figures)
        for failed in self._failed:
            if failed.check == "down":
                found |= dict.fromkeys(self._children[failed.row])
        return [row for row in found if any(self._table.figures[row].values())]

    def _excess(self) -> dict[str, dict[str, int]]:
        """Row → column → by how much the row exceeds the rows beneath it (分)."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for failed in self._failed:
            if failed.check == "down":
                found[failed.row][failed.column] = failed.difference
        return found

    def _fails_across(self, figures: Mapping[str, int], row: str = "") -> bool:
        return any(self._table.failing_across(figures, row))

    def _parent(self, row: str) -> str | None:
        return next((held for held in self._rows.above(row) if held in self._table.figures), None)

    def _missing(self, row: str) -> list[str]:
        """The rows of other forms that this form lacks, with the same length and unit."""
        unit = row.rpartition("/")[0]
        return [
            code
            for code in self._names
            if code not in self._table.figures and len(code) == len(row) and code.rpartition("/")[0] == unit
        ]

    def _is_lacking(self, row: str, parent: str | None) -> bool:
        """Whether a row that other forms print could stand directly beneath ``parent`` in this form, but is not
        printed, nor perhaps one of the rows that are not understood."""
        if row in self._table.figures or self._table.form.filed.unknown_rows or self._parent(row) != parent:
            return False
        return self._is_printed_level(row) and not any(row in self._rows.above(own) for own in self._table.figures)

    def _is_printed_level(self, row: str) -> bool:
        """Whether the form prints rows of this level. Some forms print functions without their class and group."""
        if Coordinate.FUNCTIONAL not in self._rows or (Coordinate.UNIT in self._rows and "/" not in row):
            return True
        level = {3: "class", 5: "group", 7: "item"}.get(len(row.rpartition("/")[2]))
        return level not in self._rows.unprinted

    def _only_line(self, row: str) -> list[str]:
        """A row and the rows beneath it, as long as other forms show exactly one beneath each."""
        found = [row]
        while True:
            beneath = [
                code for code in self._names if found[-1] in self._rows.above(code) and self._is_printed_level(code)
            ]
            nearest = [code for code in beneath if not any(held in beneath for held in self._rows.above(code))]
            if len(nearest) != 1:
                return found
            found += nearest

    def _home(self) -> str:
        return next((row for row in self._names if "/" not in row and len(row) > 3), "")

    def _label(self, row: str) -> str:
        return row_and_name(row, self._labels.get(row) or self._names.get(row) or "")

    def _place(self, row: str | None = None) -> tuple[int, str, int | None, int | None]:
        return *self._table.place(), self._source.get(row) if row else None


def row_names(
    tables: Iterable[Table], rebuilt: Mapping[str, RebuiltForm], year: int
) -> dict[tuple[Coordinate, ...], dict[str, str]]:
    """Coordinates of rows → all rows of this kind that forms print or the ledger fills, with their labels or else their
    names in the code lists of the year."""
    found: dict[tuple[Coordinate, ...], dict[str, str]] = defaultdict(dict)
    for table in tables:
        names = found[table.rows.by]
        for cell in table.form.filed.cells:
            if cell.row_key in table.figures:
                names[cell.row_key] = names.get(cell.row_key) or cell.row_label or ""
        for place in sorted(rebuilt[table.form.form.form_id].rows):
            for row in place:
                names.setdefault(row, official_name(table.rows, row, year))
    return found


def _most(figures: Mapping[str, int]) -> int:
    return max(figures.values(), key=abs, default=0)
