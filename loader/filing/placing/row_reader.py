"""The key of a row, by the codes and names in it: a unit, a function, a subject, a project."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import clean, digits, figure, fold, is_placeholder, is_total, label
from loader.filing.headers.rows import is_numbering
from loader.filing.headers.years import of_which_year, says_change, says_only_amount
from loader.filing.identity import Identity
from loader.filing.known_names import known_names
from loader.filing.placing.form_findings import FormFindings
from loader.filing.printed_codes import code_of, coded_name, without_padding
from loader.filing.tables.form_table import FormTable
from schema.codes.lists import subject_names
from schema.forms import FORMS, set_of
from schema.forms.classes import FUNCTIONAL_CLASSES
from schema.forms.template import Coordinate, Form, Prior, Role


@dataclass(slots=True)
class PlacedRow:
    """The key and label of a row."""

    key: str
    label: str
    is_detail: bool = False  # below the last level of the form


@dataclass(slots=True)
class Context:
    """The input for placing a form, and the units and findings collected from it."""

    identity: Identity
    known_units: dict[str, str]
    findings: FormFindings
    unit_names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    departments: dict[str, str] = field(default_factory=dict)


class _CodeColumns(NamedTuple):
    """The columns that identify a row.

    ``levels``: 类, 款 and 项 in columns of their own. ``whole``: the whole code. ``name``: the name. ``details``:
    further texts. ``sums``: label → line of the rows that add up others.
    """

    levels: tuple[str, ...]
    whole: str
    are_of_units: bool
    name: str
    details: tuple[str, ...]
    sums: dict[str, str]


@cache
def _code_columns(form_id: str, column_ids: tuple[str, ...]) -> _CodeColumns:
    """The columns that identify the rows of a form, among those of a header."""
    form = FORMS[form_id]
    columns = [form.column(column_id) for column_id in column_ids]
    codes = [(column, column.code) for column in columns if column.role is Role.CODE and column.code is not None]
    parts = sorted((code.part, column.id) for column, code in codes if code.part is not None)
    whole = next(((column.id, code) for column, code in codes if code.part is None), None)
    return _CodeColumns(
        levels=tuple(column_id for _, column_id in parts),
        whole=whole[0] if whole else "",
        are_of_units=whole is not None and Coordinate.FUNCTIONAL not in whole[1].of,
        name=next((column.id for column in columns if column.role is Role.NAME), ""),
        details=tuple(column.id for column in columns if column.role is Role.TEXT),
        sums={label(name): line.id for line in form.sums for name in (line.label, *line.aliases)},
    )


# 合计 in other words
_OTHER_TOTAL = re.compile("(?:本年|全年)?(?:收入|支出)?(?:预算|决算)?(?:合计|总计|小计|共计)")


def _other_total(table: FormTable) -> str | None:
    """The label of the first or last row if it is 合计 in other words (小计, 支出合计).

    None if another row has such a label or says 合计.
    """
    if table.body and any(is_total(cell.text) for cell in table.body[0].cells):
        return None
    likely = [cell.text for row in table.body for cell in row.cells if "计" in cell.text]
    labels = [text for text in map(label, likely) if text.endswith("计")]
    others = [text for text in labels if _OTHER_TOTAL.fullmatch(text)]
    if len(others) != 1 or any(map(is_total, labels)):
        return None
    body = [row for row in table.body if not is_numbering(row)]
    ends = (label(cell.text) for row in (body[0], body[-1]) for cell in row.cells)
    return others[0] if others[0] in ends else None


def _is_of_one_row(table: FormTable) -> bool:
    """Whether exactly one row of a table has figures."""
    rows = [row for row in table.body if not is_numbering(row)]
    return sum(any(figure(cell.text) for cell in row.cells) for row in rows) == 1


_LONGEST_FIGURE = 15  # characters: a longer text alone in its row is prose, even with numbers in it


def _is_caption(row: Row) -> bool:
    """Whether a row is only words: a caption (相关统计数：) or a line of prose."""
    text = fold(row.cells[0].text)
    if len(row.cells) > 1 or len(text) == 1 or is_placeholder(text):
        return False
    return not any(map(str.isdigit, text)) or len(text) > _LONGEST_FIGURE


class RowReader:
    """Reads the codes and names of a form's rows from top to bottom."""

    def __init__(self, form: Form, table: FormTable, context: Context) -> None:
        self.form = form
        self.context = context
        self.findings = context.findings
        self.is_by_unit = form.is_by(Coordinate.UNIT)
        self.is_by_function = form.is_by(Coordinate.FUNCTIONAL)
        self.is_by_economic = form.is_by(Coordinate.DEPARTMENT_ECONOMIC)
        self.is_by_project = form.is_by(Coordinate.PROJECT)
        self.codes = _code_columns(form.form_id, tuple(dict.fromkeys(table.columns.values())))
        self.department: str | None = None
        self.unit: str | None = None
        self.functional = subject_names("functional", context.identity.fiscal_year)
        self.economic = subject_names("department_economic", context.identity.fiscal_year)
        self.projects: dict[str, int] = defaultdict(int)
        self.item: str | None = None
        self.above = ""  # the code of the last row
        self.levels: list[str | None] = []
        self.parts: dict[tuple[int, ...], list[str]] = {}  # columns of a spread code → its parts in the last row
        self.total = (form.rows and form.rows.total) or "total"
        self.total_label = _other_total(table)
        self.is_one_row = form.rows is not None and not form.rows.by
        self.has_rows_apart = form.rows is not None and bool(form.rows.priors)
        self.known_columns = {*table.columns, *table.priors, *table.rates}
        self.is_of_one_row = self.has_rows_apart and _is_of_one_row(table)
        self.details: list[str] = []
        self.seen_details: dict[str, int] = defaultdict(int)

    def read(self, values: dict[str, str], row: Row) -> PlacedRow | None:
        """The key and label of a row by its codes and names (column → text), None if they are not understood."""
        rows = self.form.rows
        for text in values.values():
            if (line_id := self.codes.sums.get(label(text))) is not None:
                return PlacedRow(line_id, text)
            if is_total(text) or label(text) == self.total_label:
                return PlacedRow(self.total, text)
        if rows is not None and not rows.by:
            is_other = _is_caption(row) or any(map(says_change, self._labels(row)))
            is_only = self._is_the_only(values) and not is_other
            return PlacedRow(rows.total or "total", rows.total_label) if is_only else None
        levels = self._levels(values)
        code, name = self._code_and_name(values, levels)
        if self.is_by_economic:
            return self._economic(_joined_code(levels) if levels and levels[0] else code, name, row)
        if self.is_by_project:
            return self._special_fund(code, name, row)
        if rows is not None and rows.details:
            return self._of_tree(code, name, [values.get(c, "") for c in self.codes.details], row)
        if self.is_by_function:
            return self._function(code, name, levels, row)
        return self._unit_row(code, name, row) if code else self._unit_without_code(name, row)

    def _is_the_only(self, values: dict[str, str]) -> bool:
        """Whether a row is the only row of a form of one row.

        If the form also has rows of other years or stages, the label must be that of this year. A row without a label
        must be the only one with figures.
        """
        if self.form.rows is None or not self.has_rows_apart:
            return True
        labels = [text for text in values.values() if text]
        return all(map(self._is_of_this_year, labels)) if labels else self.is_of_one_row

    def _is_of_this_year(self, text: str) -> bool:
        """Whether a label is only the name of the row of this year and stage, or its year."""
        name, years_back, _ = of_which_year(text, self.context.identity.fiscal_year)
        return years_back == 0 and self.form.rows is not None and name in ("", self.form.rows.total_label)

    def _labels(self, row: Row) -> list[str]:
        """The texts before the figures of a row, in columns that the form does not have."""
        first = next((cell.column for cell in row.cells if cell.column in self.known_columns), 0)
        return [cell.text for cell in row.cells if cell.column < first]

    def prior_of(self, values: dict[str, str], row: Row) -> Prior | None:
        """The other year or stage of a row, by its label, None if it is of this one. For forms of one row.

        The label of another year is the same as this year's, but for the year. A change between years is not a row of
        another year.
        """
        rows = self.form.rows
        declared = dict(rows.priors) if rows is not None else {}
        for text in (*values.values(), *self._labels(row)):
            name, years_back, stage = of_which_year(text, self.context.identity.fiscal_year)
            if years_back > 0 and (name in ("", *declared) or says_only_amount((name,))):
                return Prior(years_back, stage or set_of(self.form.form_id).stage)
            if years_back == 0 and name in declared:
                return declared[name]
        return None

    def _levels(self, values: dict[str, str]) -> list[str | None]:
        """类, 款 and 项 of a row. A code printed once holds for the rows below it."""
        levels = [code_of(values.get(level, "")) for level in self.codes.levels]
        first = next((number for number, level in enumerate(levels) if level), 0)
        if first and all(self.levels[:first]):
            levels[:first] = self.levels[:first]
        elif _lacks_group(levels):
            levels[1] = self._group_of(levels, self.levels, values.get(self.codes.name, ""))
        self.levels = levels
        return levels

    def _group_of(self, parts: Sequence[str | None], above: Sequence[str | None], name: str) -> str | None:
        """The 款 of a row that prints only 类 and 项, None if it is not certain.

        Within a 类 it is the 款 of the row above. Where a merged cell spans two 类, it is the only 款 with a 项 of this
        name.
        """
        head, tail = code_of(parts[0] or "") or "", code_of(parts[2] or "") or ""
        if len(tail) == len(_FINEST_CODE) and tail.startswith(head):
            return tail[3:5]
        if len(above) == len(parts) and above[1] and code_of(above[0] or "") == head:
            return above[1]
        known = known_names("functional")
        codes = [code for code in self.functional if code[:3] == head and code[5:] == tail.zfill(2)]
        named = [code[3:5] for code in codes if label(name) in known.get(code, frozenset())]
        return named[0] if len(named) == 1 else None

    def whole_parts(self, printed: dict[int, str], name: str) -> list[str]:
        """The texts of a row in the columns of a spread code, completed from the rows above.

        ``printed``: column → text. Empty if the 款 between 类 and 项 is not certain.
        """
        columns, parts = tuple(printed), list(printed.values())
        first = next((number for number, part in enumerate(parts) if part), 0)
        above = self.parts.get(columns, [])
        if above[:first] and all(map(code_of, above[:first])) and len(code_of(parts[first]) or "") in (1, 2):
            parts[:first] = above[:first]
        elif self.is_by_function and _lacks_group(parts) and all(code_of(parts[at]) for at in (0, 2)):
            group = self._group_of(parts, above, name)
            if group is None:
                return []
            parts[1] = group
        self.parts[columns] = parts
        return [part for part in parts if part]

    def _code_and_name(self, values: dict[str, str], levels: list[str | None]) -> tuple[str | None, str]:
        """The whole code of a row and its name. Both may be in one cell, and the code may be repeated before the
        name."""
        printed, name = values.get(self.codes.whole, ""), values.get(self.codes.name, "")
        code = code_of(printed)
        in_name = coded_name(name)
        if self.is_by_project:  # the name of a project may begin with a number that is no unit's code
            is_unit = code is None and in_name is not None and self._is_known_unit(in_name.code)
            return (in_name.code, in_name.name) if in_name is not None and is_unit else (code, name)
        if code is None and not any(levels):
            coded = coded_name(printed) or in_name
            return (
                (coded.code, coded.name) if coded is not None and self._is_code(coded.code) else (None, name or printed)
            )
        if in_name is not None and in_name.code in (code, _joined_code(levels) if levels else None):
            name = in_name.name
        return code, name

    def _is_known_unit(self, code: str) -> bool:
        own = self.context.identity.reporting_unit_code
        return code in self.context.known_units or code in (own, own[:3])

    def _is_code(self, number: str) -> bool:
        """Whether a number before a name is a code. In rows of units it may belong to the name (120急救中心)."""
        if not self.is_by_unit or len(number) >= _UNIT_DIGITS:
            return True
        is_subject = self.is_by_function and number in self.functional
        return is_subject or number.startswith(self.context.identity.reporting_unit_code[:3])

    def _of_tree(self, code: str | None, name: str, texts: list[str], row: Row) -> PlacedRow | None:
        """A row of a form with rows below its last level: a kind of 政府采购, a unit, or the goods bought."""
        whole = None
        if self.form.is_by(Coordinate.ITEM) and name:
            whole = self._item(name)
            self.item = whole.key if whole else None
        elif self.is_by_unit and code:
            whole = self._unit_row(code, name, row)
            self.item = whole.key if whole else None
        elif self.is_by_unit and any(texts):  # a name beside the goods
            is_named = bool(self.codes.whole or self.codes.name)
            unit = self._unit_named(name) if is_named else self.context.identity.reporting_unit_code
            self.item = unit or self.item
        elif self.is_by_unit and name:
            whole = self._unit_without_code(name, row)
            self.item = whole.key if whole else self.item
        if whole is not None:
            self.details = []
        return self._detail(texts) if any(texts) else whole

    def _item(self, name: str) -> PlacedRow | None:
        """A kind of 政府采购, by its name or by the letter behind it (一、货物A)."""
        names = subject_names("item", self.context.identity.fiscal_year)
        text = label(name)
        item = next((code for code, known in names.items() if text in (known, f"{known}{code}", code)), None)
        return PlacedRow(item, name) if item else None

    def _detail(self, texts: list[str]) -> PlacedRow | None:
        """A row below the last level, by the texts of its columns and those that still hold from above."""
        first = next((number for number, text in enumerate(texts) if text), None)
        if self.item is None or first is None:
            return None
        self.details = [*self.details[:first], *(fold_name(text) for text in texts[first:])]
        key = "/".join([self.item, *(text for text in self.details if text)])
        self.seen_details[key] += 1
        count = self.seen_details[key]
        return PlacedRow(key if count == 1 else f"{key}#{count}", texts[first], is_detail=True)

    def _economic(self, code: str | None, name: str, row: Row) -> PlacedRow | None:
        if code is not None and len(code) == _UNIT_DIGITS:
            return None
        if code is not None and len(code) <= _PART_DIGITS and (code := self._beneath(code, name)) is None:
            return None
        code = without_padding(code) if code is not None else None
        if code is None:
            code = next((c for c, known in self.economic.items() if label(known) == label(name)), None)
            if code is None or not name:
                return None
            self.findings.add("code_by_name", {"name": name, "code": code}, row.number)
        self._check_name("department_economic", self.economic, code, name, row)
        self.above = code
        return PlacedRow(code, name)

    def _beneath(self, part: str, name: str) -> str | None:
        """The whole code of a row that prints only its last two digits below its 款 or 类, chosen by its name.

        None if no code there has the name.
        """
        named = known_names("functional" if self.is_by_function else "department_economic")
        codes = [self.above[:digits] + part.zfill(_PART_DIGITS) for digits in (5, 3) if len(self.above) >= digits]
        return next((code for code in codes if label(name) in named.get(code, ())), None)

    def _unit_row(self, code: str | None, name: str, row: Row) -> PlacedRow | None:
        if code is None:
            return None
        code = self._whole_unit_code(code)
        if len(code) == 3:
            self.department, self.unit = code, None
        else:
            self.unit = code
            self.context.departments[code] = code[:3]
            if self.department != code[:3]:
                self.department = code[:3]
        if digits(name) is not None:
            self.findings.add("code_for_name", {"code": fold(name)}, row.number)
        elif name:
            self.context.unit_names[code][fold(name)] += 1
        return PlacedRow(code, name)

    def _unit_without_code(self, name: str, row: Row) -> PlacedRow | None:
        """A row that names a unit without a code, or a row of a form without columns of units."""
        name = name if self.codes.whole or self.codes.name else self.context.identity.reporting_unit_name
        unit = self._unit_named(name)
        if unit is None:
            return None
        self.findings.add("code_by_name", {"name": name, "code": unit}, row.number)
        return self._unit_row(unit, name, row) if unit.isdigit() else PlacedRow(unit, name)

    def _unit_named(self, name: str) -> str | None:
        """The unit that files, or the only unit of this name."""
        own = self.context.identity
        if fold(name) == fold(own.reporting_unit_name):
            return own.reporting_unit_code
        units = [unit for unit, known in self.context.known_units.items() if name and fold(known) == fold(name)]
        return units[0] if len(units) == 1 else None

    def _whole_unit_code(self, code: str) -> str:
        """A unit code with the zeros that a spreadsheet dropped: 1 → 001, 1001 → 001001."""
        width = 3 if len(code) <= 3 else -(-len(code) // 3) * 3
        if len(code) != width:
            self.findings.add("repaired_code", {"printed": code, "code": code.zfill(width)})
        return code.zfill(width)

    def _special_fund(self, code: str | None, name: str, row: Row) -> PlacedRow | None:
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
        return PlacedRow(f"{unit}/{title}", name)

    def _function(self, code: str | None, name: str, levels: list[str | None], row: Row) -> PlacedRow | None:
        if _lacks_group(levels):
            return self._functional_row(code, name, row) if code is not None and code in self.functional else None
        if levels and levels[0]:
            functional = _joined_code(levels)
            if code == functional:  # some offices print the whole code also in the column of units
                return self._functional_row(functional, name, row)
            if self.codes.are_of_units and code:
                unit = self._whole_unit_code(code)
                if unit != self.unit and unit != self.department:
                    self.unit = unit
                    self.context.departments.setdefault(unit, unit[:3])
            elif code and code != functional and len(code) in (3, 5, 7):
                self.findings.add("code_contradiction", {"code": functional, "printed": code}, row.number)
            return self._functional_row(functional, name, row)
        if code is None:
            return None
        if not self.is_by_unit:
            is_called_so = fold(name) == fold(self.context.identity.reporting_unit_name)
            is_office = is_called_so and (len(code) <= _CLASS_DIGITS or code not in self.functional)
            whole = self._beneath(code, name) if len(code) <= _PART_DIGITS else code
            return (
                None
                if whole is None or len(code) == _UNIT_DIGITS or is_office
                else self._functional_row(whole, name, row)
            )
        if len(code) == 5 and self._is_unit_without_zero(code, name):
            return self._unit_row(code, name, row)
        if len(code) in (5, 7):
            return self._functional_row(code, name, row)
        if len(code) <= 3 and not self.codes.levels and self._is_class(code, name):
            return self._functional_row(code, name, row)
        return self._unit_row(code, name, row)

    def _is_unit_without_zero(self, code: str, name: str) -> bool:
        """Whether five digits are a unit's code without its first zero (56001), not a 款."""
        department = self.department or self.context.identity.reporting_unit_code[:3]
        if not department.startswith("0") or not code.zfill(6).startswith(department):
            return False
        return bool(self.codes.levels) or label(name) not in known_names("functional").get(code, frozenset())

    def _is_class(self, code: str, name: str) -> bool:
        """Whether a code is a 类, in a column with departments and 类: it stands below a unit or has the name of a
        类."""
        named = label(self.functional.get(code, FUNCTIONAL_CLASSES.get(code, ""))) == label(name)
        if self.unit is not None or self.department is not None:
            names = self.context.unit_names.get(code, ())
            return named or not (fold(name) in names or fold(name) == fold(self.context.identity.reporting_unit_name))
        return named and code != self.context.identity.reporting_unit_code[:3]

    def _functional_row(self, code: str, name: str, row: Row) -> PlacedRow:
        code = without_padding(code)
        self._check_name("functional", self.functional, code, name, row)
        self.above = code
        if not self.is_by_unit:
            return PlacedRow(code, name)
        unit = self.unit or self.department or self.context.identity.reporting_unit_code
        return PlacedRow(f"{unit}/{code}", name)

    def _check_name(self, scheme: str, names: dict[str, str], code: str, name: str, row: Row) -> None:
        official = names.get(code)
        if official is None:
            self.findings.add(
                "unknown_code", {"code": code, "name": name, "year": self.context.identity.fiscal_year}, row.number
            )
            return
        known = known_names(scheme).get(code, frozenset())
        if name and label(name) not in known:
            self.findings.add("label", {"code": code, "name": name, "official": official}, row.number)


def fold_name(name: str) -> str:
    """The name of a project or unit as stored: without blanks and invisible characters, otherwise as printed."""
    return "".join(clean(name).split())


def one_text(shown: list[str]) -> str:
    """The text of several columns under one head: 类, 款 and 项 are joined into one code."""
    if len(shown) == 1:
        return shown[0]
    codes = [code for text in shown if (code := code_of(text)) is not None]
    if len(codes) < len(shown):
        return "".join(shown)
    longest = max(codes, key=len)
    is_whole = len(longest) > _CLASS_DIGITS and all(code in longest for code in codes)
    return longest if is_whole else _joined_code(codes)


_CLASS_DIGITS = 3  # digits of a 类
_PART_DIGITS = 2  # digits of a 款 within its 类, and of a 项 within its 款
_FINEST_CODE = "2010101"  # the code of a 项
_UNIT_DIGITS = 6


def _lacks_group(parts: Sequence[str | None]) -> bool:
    """Whether 类 and 项 are printed without the 款 between them."""
    return len(parts) == len(("类", "款", "项")) and bool(parts[0] and parts[2]) and not parts[1]


def _joined_code(levels: Sequence[str | None]) -> str:
    """The code from columns of 类, 款 and 项, with zeros that a spreadsheet dropped (201, 1, 1 → 2010101)."""
    code = (levels[0] or "").zfill(3)
    for level in levels[1:]:
        if not level:
            break
        if len(level) > 2 and level.startswith(code):
            code = level
        else:
            code += level[-2:].zfill(2)
    return code
