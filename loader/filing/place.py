"""Forms → filed cells: which row and column of its template each cell is, and the figure that it prints.

Rows are told by their codes and names, columns by the header. A cell keeps its text and place whatever it says; what
cannot be told is listed as a finding and loses nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from loader.documents.grid import Row
from loader.documents.wording import clean, digits, figure, fold, is_placeholder, is_total, label, stored_figure
from loader.filing.filed import FiledCell, FiledForm, Finding
from loader.filing.identity import Identity
from loader.filing.recognise import FormTable
from schema.codes.lists import subject_aliases, subject_names, subjects
from schema.forms import FORMS
from schema.forms.classes import FUNCTIONAL_CLASSES
from schema.forms.template import Column, Coordinate, Form, Line, LineList, Role, Statement

UNIT_FACTORS = {
    "元": Decimal(1) / 10000,
    "百元": Decimal(1) / 100,
    "千元": Decimal(1) / 10,
    "万元": Decimal(1),
    "亿元": Decimal(10000),
}


@dataclass(slots=True)
class _PlacedRow:
    """A row of a form: its key, label, and the key of the row it is part of."""

    key: str
    label: str
    parent: str | None


_Placement = tuple[_PlacedRow, Row, dict[str, FiledCell]]  # the cells of the row by their columns


@dataclass(slots=True)
class _Context:
    """What placing a form needs to know and what it notes down."""

    identity: Identity
    form_no: int
    form: Form | None
    known_units: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    unit_names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    departments: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, message: str, row: Row | None = None, column: int | None = None) -> None:
        where = f"form {self.form.report_no}" if self.form else f"table {self.form_no}"
        if row is not None:
            where += f", row {row.number}"
        if column is not None:
            where += f", column {column + 1}"
        self.findings.append(
            Finding(
                kind,
                f"{where}: {message}",
                self.form_no,
                self.form.report_no if self.form else None,
                row.number if row else None,
                None if column is None else column + 1,
            )
        )


@dataclass(slots=True)
class Placed:
    """A placed form with what was noted about it and its units."""

    form: FiledForm
    findings: list[Finding]
    unit_names: dict[str, Counter[str]]
    departments: dict[str, str]


def place(table: FormTable, form_no: int, identity: Identity, known_units: dict[str, str] | None = None) -> Placed:
    """Place the cells of one table. Sheets of goals (forms 22 and 23) are placed by :mod:`loader.filing.sheets`.

    ``known_units`` names the units in the rows of all forms of the document.
    """
    context = _Context(identity, form_no, table.form, known_units or {})
    money_unit = table.money_unit or "万元"
    if table.form is not None and table.money_unit is None:
        context.note("money_unit", "no money unit stated, 万元 assumed")
    if table.form is None:
        context.note("unknown_form", f"a table that is none of the official forms: {table.title or 'no title'}")
    elif table.recognised_by == "header alone":
        context.note("title", f"no title found, recognised by its header as {table.form.title}")
    cells = bare_cells(table)
    filed = FiledForm(
        form_no,
        table.form,
        table.title,
        None,
        table.recognised_by,
        table.place,
        money_unit,
        table.note,
        is_empty=False,
        cells=[cell for row in cells for cell in row[1]],
        header_columns=set(table.columns.values()),
    )
    if table.form is not None:
        _note_unknown_columns(table, context)
        body = cells[len(table.header) :]
        header_width = max(table.header_labels, default=-1) + 1
        outside = [(row, cell) for row, row_cells in body for cell in row_cells if cell.column_no > header_width]
        for row, cell in outside:
            context.note(
                "ragged",
                f"{cell.text!r} stands outside the {header_width} columns of the header",
                row,
                cell.column_no - 1,
            )
        repeated = {_words(row) for row in table.header}
        openings = {fold(row.cells[0].text) for row in table.header}
        body = [b for b in body if fold(b[0].cells[0].text) not in openings or _words(b[0]) not in repeated]
        factor = UNIT_FACTORS[money_unit]
        if table.form.lists:
            _place_lists(table, table.form, body, factor, context)
        else:
            _place_rows(table, table.form, body, factor, context)
        filed.is_empty = not any(cell.amount for cell in filed.cells)
        if not body:
            context.note("incomplete", "the table ends after its header, expected at least a row 合计")
    return Placed(filed, context.findings, context.unit_names, context.departments)


def _words(row: Row) -> tuple[tuple[int, str], ...]:
    return tuple([(cell.column, fold(cell.text)) for cell in row.cells])


def bare_cells(table: FormTable) -> list[tuple[Row, list[FiledCell]]]:
    """Every cell of a table with its place, row by row, without keys."""
    return [
        (
            row,
            [FiledCell(number, c.column + 1, row.number, c.row_span, c.column_span, c.text, c.raw) for c in row.cells],
        )
        for number, row in enumerate((*table.header, *table.body), start=1)
    ]


def set_figure(cell: FiledCell, factor: Decimal) -> bool:
    """Read the figure of a money cell; False where it is neither a figure nor a placeholder."""
    amount = _amount(cell.text, cell.raw, factor)
    if amount is None:
        return is_placeholder(cell.text)
    cell.amount, cell.half_place = amount
    return True


@lru_cache(maxsize=50_000)
def _amount(text: str, raw: str | None, factor: Decimal) -> tuple[Decimal, Decimal] | None:
    """The figure of a cell and half of the last place that it prints, in 万元."""
    shown = stored_figure(text, raw)
    if shown is None:
        return None
    if shown.yuan is not None:
        factor = UNIT_FACTORS["元"] * shown.yuan
    return shown.value * factor, Decimal(5).scaleb(-shown.decimals - 1) * factor


def figure_fault(text: str) -> str:
    """The kind of finding for a money cell without a figure; a column that is too narrow prints ####."""
    return "figure_lost" if set(fold(text)) == {"#"} else "not_a_number"


def _note_unknown_columns(table: FormTable, context: _Context) -> None:
    if table.form is None or table.form.lists:
        return
    for column, text in table.header_labels.items():
        if column not in table.columns:
            context.note(
                "unknown_column", f"the form has no column {text!r}, its figures are kept as filed", None, column
            )
    found = set(table.columns.values())
    missing = [c.label for c in table.form.columns if c.role is Role.MONEY and not c.optional and c.id not in found]
    if missing:
        context.note("missing_column", f"without the columns {', '.join(missing)}")


# ---------------------------------------------------------------------------- fixed lines


def _place_lists(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: _Context
) -> None:
    for line_list in form.lists:
        column = next((c for c, list_id in table.columns.items() if list_id == line_list.id), None)
        if column is None:
            context.note("missing_column", f"without the list {line_list.label}")
            continue
        _place_list(form, line_list, column, body, factor, context)


def _place_list(
    form: Form,
    line_list: LineList,
    column: int,
    body: list[tuple[Row, list[FiledCell]]],
    factor: Decimal,
    context: _Context,
) -> None:
    names = _line_names(form.form_id, line_list.id)
    amount = line_list.amounts[0]
    last = -1
    placed: dict[str, FiledCell] = {}
    taken: set[int] = set()
    for row, cells in body:
        by_column = {cell.column_no: cell for cell in cells}
        name_cell, amount_cell = by_column.get(column + 1), by_column.get(column + 2)
        if name_cell is None:
            if amount_cell is not None and figure(amount_cell.text):
                context.note("unknown_row", f"a figure {amount_cell.text} without a label", row, column + 1)
            continue
        options = [p for p in names.get(label(name_cell.text), ()) if p not in taken]
        if not options:
            if label(name_cell.text) not in ("其中", "") and amount_cell is not None:
                context.note("unknown_row", f"the form has no line {name_cell.text!r}", row, column)
            continue
        # the same words stand in several places of a list: the next one in official order is meant
        position = next((p for p in options if p > last), options[0])
        last = position
        taken.add(position)
        line = line_list.lines[position]
        name_cell.row_key, name_cell.row_label = line.id, name_cell.text
        if amount_cell is None:
            continue
        amount_cell.row_key, amount_cell.row_label = line.id, name_cell.text
        amount_cell.column_key, amount_cell.column_label = amount.id, line_list.amount_label(amount)
        amount_cell.statements = form.selection(amount, line).statement
        if not set_figure(amount_cell, factor):
            context.note(
                figure_fault(amount_cell.text),
                f"{amount_cell.text!r} is no figure ({name_cell.text}, column {amount_cell.column_label})",
                row,
                column + 1,
            )
        placed[line.id] = amount_cell
    by_id = {line.id: line for line in line_list.lines}
    for line_id, cell in placed.items():
        cell.part_count = sum(part in placed and placed[part].amount is not None for part in by_id[line_id].parts)
        cell.is_leaf = not _figures_beneath(by_id[line_id], by_id, placed)
    closing = line_list.lines[-1]
    if closing.id not in placed and body:
        context.note("incomplete", f"the list {line_list.label} ends without {closing.label}")


@cache
def _line_names(form_id: str, list_id: str) -> dict[str, list[int]]:
    """Label → positions of the lines of a list that bear it, from top to bottom."""
    names: dict[str, list[int]] = defaultdict(list)
    lines = next(line_list.lines for line_list in FORMS[form_id].lists if line_list.id == list_id)
    for position, line in enumerate(lines):
        for name in {label(line.label), *(label(alias) for alias in line.aliases)}:
            names[name].append(position)
    return dict(names)


def _figures_beneath(line: Line, by_id: dict[str, Line], placed: dict[str, FiledCell]) -> bool:
    return any(
        (part in placed and placed[part].amount) or _figures_beneath(by_id[part], by_id, placed)
        for part in line.parts
        if part in by_id
    )


# ---------------------------------------------------------------------------- rows with codes


def _place_rows(
    table: FormTable, form: Form, body: list[tuple[Row, list[FiledCell]]], factor: Decimal, context: _Context
) -> None:
    reader = _RowReader(form, table, context)
    placed: list[_Placement] = []
    ids = {column + 1: column_id for column, column_id in table.columns.items()}
    labels, money = _labels(form.form_id), _money(form.form_id)
    for row, cells in body:
        by_id = {ids[cell.column_no]: cell for cell in cells if cell.column_no in ids}
        read = reader.read({column_id: cell.text for column_id, cell in by_id.items() if column_id not in money}, row)
        if read is None:
            if any(column_id in money and figure(cell.text) for column_id, cell in by_id.items()):
                context.note("unknown_row", f"cannot tell what the row {row.text[:60]!r} stands for", row)
            continue
        for cell in cells:
            cell.row_key, cell.row_label = read.key, read.label
        placed.append((read, row, by_id))
    placed = _without_hidden_copies(placed, context)
    for read, row, by_id in placed:
        for column_id, cell in by_id.items():
            cell.column_key, cell.column_label = column_id, labels[column_id]
            if column_id in money:
                cell.statements = money[column_id]
                if not set_figure(cell, factor):
                    context.note(
                        figure_fault(cell.text),
                        f"{cell.text!r} is no figure ({read.label}, column {labels[column_id]})",
                        row,
                        cell.column_no - 1,
                    )
    _count_parts(form, placed)
    _check_sum(form, placed, context)
    keys = Counter(read.key for read, _, _ in placed)
    for key, count in keys.items():
        if count > 1:
            context.note("duplicate_row", f"{count} rows stand for {key}")
    if placed and "total" not in keys:
        context.note("incomplete", "no row 合计")


def _without_hidden_copies(placed: list[_Placement], context: _Context) -> list[_Placement]:
    """Rows without the hidden ones that repeat a row which everybody sees; their cells are kept as filed."""
    seen = {read.key for read, row, _ in placed if not row.hidden}
    for read, row, by_id in placed:
        if row.hidden and read.key in seen:
            context.note("duplicate_row", f"a hidden row repeats {read.key}, its figures are kept as filed", row)
            for cell in by_id.values():
                cell.row_key = cell.row_label = None
    return [entry for entry in placed if not entry[1].hidden or entry[0].key not in seen]


@cache
def _labels(form_id: str) -> dict[str, str]:
    """Column → its label."""
    return {column.id: column.label for column in FORMS[form_id].columns}


@cache
def _money(form_id: str) -> dict[str, tuple[Statement, ...]]:
    """Column of money → the statements that it adds up."""
    form = FORMS[form_id]
    return {column.id: form.selection(column).statement for column in form.money_columns}


def _check_sum(form: Form, placed: list[_Placement], context: _Context) -> None:
    """Where the finest rows do not add up to 合计, rows may be missing: a table cut off looks like this."""
    column = next((column_id for column_id, _, _ in _totals(form.form_id)), "")
    total = next(((row, by_id) for read, row, by_id in placed if read.key == "total"), None)
    if total is None or column not in total[1]:
        return
    stated = total[1][column].amount
    parents = {read.parent for read, _, _ in placed}
    while missing := {p for key in parents if key and (p := _parent_of(key)) and p not in parents}:
        parents |= missing
    leaves = [by_id[column] for read, _, by_id in placed if read.key not in parents and column in by_id]
    figures = [cell.amount for cell in leaves if cell.amount is not None and cell is not total[1][column]]
    tolerance = (len(figures) + 1) * (total[1][column].half_place or Decimal(0))
    if stated is not None and abs(sum(figures) - stated) > tolerance:
        context.note(
            "sum",
            f"the rows add up to {sum(figures)} 万元, 合计 says {stated} ({_labels(form.form_id)[column]});"
            " is the table complete?",
            total[0],
            total[1][column].column_no - 1,
        )


def _count_parts(form: Form, placed: list[_Placement]) -> None:
    """Count the figures printed directly beneath each figure, down its column and across its row."""
    keys = {read.key for read, _, _ in placed}
    figures = [
        (read, {column_id: cell for column_id, cell in by_id.items() if cell.amount is not None})
        for read, _, by_id in placed
    ]
    beneath: dict[str, Counter[str]] = defaultdict(Counter)  # row → column → figures in the rows that are its parts
    for read, shown in figures:
        parent = read.parent
        while parent is not None and parent not in keys:
            parent = _parent_of(parent)
        if parent is not None:
            beneath[parent].update(shown.keys())
    totals = _totals(form.form_id)
    for read, shown in figures:
        down = beneath.get(read.key)
        for column_id, cell in shown.items():
            cell.part_count = 0 if down is None else down.get(column_id, 0)
            cell.is_leaf = down is None
        for column_id, direct, all_parts in totals:
            if column_id in shown:
                cell = shown[column_id]
                cell.part_count = max(cell.part_count, len(shown.keys() & direct))
                cell.is_leaf &= not any(shown[part].amount for part in shown.keys() & all_parts)


@cache
def _totals(form_id: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """The columns with parts, with the columns printed directly beneath them and those at any depth."""
    form = FORMS[form_id]

    def beneath(column: Column) -> Iterator[str]:
        for part in column.parts:
            yield part
            yield from beneath(form.column(part))

    return tuple(
        (column.id, frozenset(column.parts), frozenset(beneath(column))) for column in form.columns if column.parts
    )


@lru_cache(maxsize=10_000)
def _parent_of(key: str) -> str | None:
    """The row that a row is part of, by its key; 项 → 款 → 类 → unit → department → total."""
    if key == "total":
        return None
    head, _, code = key.rpartition("/")
    if head and code.isdigit() and len(code) > 3:
        return f"{head}/{code[:-2]}"
    if head:
        return head
    return key[:-3] if len(key) > 3 else "total"


class _RowReader:
    """Reads the codes and names of one form's rows from top to bottom."""

    def __init__(self, form: Form, table: FormTable, context: _Context) -> None:
        self.form = form
        self.context = context
        columns = [form.column(column_id) for column_id in table.columns.values()]
        codes = [column for column in columns if column.role is Role.CODE and column.code is not None]
        parts = sorted((c.code.part, c.id) for c in codes if c.code is not None and c.code.part is not None)
        self.levels = [column_id for _, column_id in parts]  # 类, 款 and 项 in columns of their own
        self.has_levels = bool(parts)
        whole = next((c for c in codes if c.code is not None and c.code.part is None), None)
        self.code_column = whole.id if whole else ""
        self.has_unit_codes = bool(whole and whole.code and Coordinate.FUNCTIONAL not in whole.code.of)
        self.name_column = next((column.id for column in columns if column.role is Role.NAME), "")
        self.department: str | None = None
        self.unit: str | None = None
        self.functional = subject_names("functional", context.identity.fiscal_year)
        self.economic = subject_names("department_economic", context.identity.fiscal_year)
        self.projects: Counter[str] = Counter()

    def read(self, values: dict[str, str], row: Row) -> _PlacedRow | None:
        """What a row stands for by its codes and names (column → text), or None where they do not tell."""
        for text in values.values():
            if is_total(text):
                return _PlacedRow("total", text, None)
        code, name = digits(values.get(self.code_column, "")), values.get(self.name_column, "")
        if self.form.is_by(Coordinate.DEPARTMENT_ECONOMIC):
            return self._economic(code, name, row)
        if self.form.is_by(Coordinate.PROJECT):
            return self._special_fund(code, name, row)
        if self.form.is_by(Coordinate.FUNCTIONAL):
            return self._function(code, name, [digits(values.get(level, "")) for level in self.levels], row)
        return self._unit_row(code, name, row)

    def _economic(self, code: str | None, name: str, row: Row) -> _PlacedRow | None:
        if code is None:
            code = next((c for c, known in self.economic.items() if label(known) == label(name)), None)
            if code is None or not name:
                return None
            self.context.note("label", f"no code, told by the name {name!r} as {code}", row)
        self._check_name("department_economic", self.economic, code, name, row)
        return _PlacedRow(code, name, code[:3] if len(code) > 3 else "total")

    def _unit_row(self, code: str | None, name: str, row: Row) -> _PlacedRow | None:
        if code is None:
            return None
        code = self._whole_unit_code(code)
        if len(code) == 3:
            self.department, self.unit = code, None
            parent = "total"
        else:
            self.unit = code
            self.context.departments[code] = code[:3]
            if self.department != code[:3]:
                self.department = code[:3]
            parent = code[:3]
        if digits(name) is not None:
            self.context.note("label", f"the code {fold(name)!r} stands where a name belongs", row)
        elif name:
            self.context.unit_names[code][fold(name)] += 1
        return _PlacedRow(code, name, parent)

    def _whole_unit_code(self, code: str) -> str:
        """A unit code with the zeros that a spreadsheet dropped: 1 → 001, 1001 → 001001."""
        width = 3 if len(code) <= 3 else -(-len(code) // 3) * 3
        if len(code) != width:
            self.context.note("repaired_code", f"{code} read as {code.zfill(width)}")
        return code.zfill(width)

    def _special_fund(self, code: str | None, name: str, row: Row) -> _PlacedRow | None:
        whole = self._whole_unit_code(code) if code else self.unit
        known = self.context.identity
        names = (known.reporting_unit_name, self.context.known_units.get(whole or "", ""))
        own_names = {*map(fold, names), *self.context.unit_names.get(whole or "", ())}
        if code and (len(whole or "") == 3 or fold(name) in own_names):
            return self._unit_row(code, name, row)
        if not name or (whole is None and self.department is None):
            return None
        unit = whole or self.department or known.reporting_unit_code
        self.unit = unit
        if len(unit) > 3:
            self.context.departments[unit] = unit[:3]
        title = fold_name(name)
        self.projects[f"{unit}/{title}"] += 1
        if self.projects[f"{unit}/{title}"] > 1:
            title += f"#{self.projects[f'{unit}/{title}']}"
        return _PlacedRow(f"{unit}/{title}", name, unit)

    def _function(self, code: str | None, name: str, levels: list[str | None], row: Row) -> _PlacedRow | None:
        if levels and levels[0]:
            functional = _functional_code(levels)
            if self.has_unit_codes and code:
                unit = self._whole_unit_code(code)
                if unit != self.unit and unit != self.department:
                    self.unit = unit
                    self.context.departments.setdefault(unit, unit[:3])
            elif code and code != functional and len(code) in (3, 5, 7):
                self.context.note("label", f"类款项 say {functional}, the code column says {code}", row)
            return self._functional_row(functional, name, row)
        if code is None:
            return None
        if len(code) == 5 and self._is_unit_without_zero(code, name):
            return self._unit_row(code, name, row)
        if len(code) in (5, 7):
            return self._functional_row(code, name, row)
        if len(code) <= 3 and not self.has_levels and self._is_class(code, name):
            return self._functional_row(code, name, row)
        return self._unit_row(code, name, row)

    def _is_unit_without_zero(self, code: str, name: str) -> bool:
        """Whether five digits are a unit's six without the zero in front (56001), rather than a 款."""
        department = self.department or self.context.identity.reporting_unit_code[:3]
        if not department.startswith("0") or not code.zfill(6).startswith(department):
            return False
        return self.has_levels or label(name) not in known_names("functional").get(code, frozenset())

    def _is_class(self, code: str, name: str) -> bool:
        """Where one column holds departments and 类: a 类 stands below a unit, or says so by its name."""
        named = label(self.functional.get(code, FUNCTIONAL_CLASSES.get(code, ""))) == label(name)
        if self.unit is not None or self.department is not None:
            names = self.context.unit_names.get(code, Counter())
            return named or not (fold(name) in names or fold(name) == fold(self.context.identity.reporting_unit_name))
        return named and code != self.context.identity.reporting_unit_code[:3]

    def _functional_row(self, code: str, name: str, row: Row) -> _PlacedRow:
        self._check_name("functional", self.functional, code, name, row)
        unit = self.unit or self.department or self.context.identity.reporting_unit_code
        parent = f"{unit}/{code[:-2]}" if len(code) > 3 else unit
        return _PlacedRow(f"{unit}/{code}", name, parent)

    def _check_name(self, scheme: str, names: dict[str, str], code: str, name: str, row: Row) -> None:
        official = names.get(code)
        if official is None:
            self.context.note(
                "unknown_code", f"{code} {name} is not in the code list of {self.context.identity.fiscal_year}", row
            )
            return
        known = known_names(scheme).get(code, frozenset())
        if name and label(name) not in known:
            self.context.note("label", f"{code} is named {name!r}, the code list says {official!r}", row)


_NAMES: dict[str, dict[str, frozenset[str]]] = {}


def known_names(scheme: str) -> dict[str, frozenset[str]]:
    """Code → every name that it ever had, as comparable labels."""
    if scheme not in _NAMES:
        names: dict[str, set[str]] = defaultdict(set)
        for subject in subjects():
            if subject["scheme"] == scheme:
                names[str(subject["code"])].add(label(str(subject["subject_name"])))
        for code, aliases in subject_aliases().get(scheme, {}).items():
            names[code] |= {label(alias) for alias in aliases}
        _NAMES[scheme] = {code: frozenset(known) for code, known in names.items()}
    return _NAMES[scheme]


def fold_name(name: str) -> str:
    """A project's or unit's name as it is kept: without what nobody sees, otherwise as printed."""
    return "".join(clean(name).split())


def _functional_code(levels: list[str | None]) -> str:
    """类款项 columns → one code; zeros dropped by a spreadsheet come back (201, 1, 1 → 2010101)."""
    code = (levels[0] or "").zfill(3)
    for level in levels[1:]:
        if not level:
            break
        if len(level) > 2 and level.startswith(code):
            code = level
        else:
            code += level[-2:].zfill(2)
    return code
