"""A budget as the 23 official forms in a text document, tidy or with the irregularities of real ones.

Every figure is a sum over the budget's amounts, as the templates define it. It is the oracle of the tests and shares
only the templates with the loader.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from hypothesis import strategies as st

from schema.forms.hunan_budget import HUNAN_BUDGET
from schema.forms.template import Column, Coordinate, Form, LineList, Role, Sheet, Where
from synthetic.budgets import CENT_OF_WAN, FEN, YEAR, Budget, Entry, economic_names, functional_names

Key = tuple[int, str, str]  # form, row, column
# by number: this generator is for the forms of Hunan only
FORMS = {form.report_no: form for form in HUNAN_BUDGET.forms if form.report_no is not None}
ALL_FORMS = tuple(FORMS)


def prints_items_only(form: Form) -> bool:
    """Whether a form prints 项 without their 类 and 款."""
    return form.rows is not None and "class" in form.rows.unprinted


NOTE = "注：如本表格为空，则表示本年度未安排此项目。"
# forms that are recognised by their header; 4 and 17, 5 and 18 need a title or their order
TELLING_HEADERS = (1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 20, 21)


@dataclass(frozen=True)
class Mess:
    """The irregularities of a document. The defaults are a tidy document. ``seed`` decides where they occur."""

    seed: int = 0
    blanks: bool = False  # white space inside labels, names and titles
    narrow: bool = False  # half-width brackets, plain quotation marks
    wide_digits: bool = False  # full-width digits in some figures and codes
    separators: bool = False  # thousands separators in some figures
    zero: str = ""  # the text of a cell without money
    short_figures: bool = False  # 20 for 20.00
    dropped_zeros: bool = False  # 1 for 001 and for 01, as spreadsheets do
    total_in_code: bool = False  # 合计 in the code column
    enumeration: str = "official"  # or arabic, none, others
    title_prefix: str = ""
    title_aliases: bool = False
    header_aliases: bool = False
    shuffled: bool = False
    untitled: tuple[int, ...] = ()
    yuan: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()  # forms that print no decimals
    summed: tuple[int, ...] = ()  # forms that add up rounded amounts, where the others round exact sums
    narrow_columns: tuple[int, ...] = ()  # forms that print some figures rounded to whole units, as spreadsheets do
    repeated_headers: bool = False
    page_numbers: bool = False
    notes: bool = True
    contents: bool = True
    code_as_name: bool = False
    department_rows: bool = True
    unit_rows_in_21: bool = False
    optional_lines: bool = False
    blank_columns: bool = True  # of money, in forms with a title that print any
    by_department: bool = False  # the department files although it has only one unit
    names_only: bool = False  # no codes in forms by function


def messes() -> st.SearchStrategy[Mess]:
    """Any irregularities with which the forms can still be recognised."""
    return st.builds(
        Mess,
        seed=st.integers(0, 99),
        blanks=st.booleans(),
        narrow=st.booleans(),
        wide_digits=st.booleans(),
        separators=st.booleans(),
        zero=st.sampled_from(("", "0.00", "-", "0")),
        short_figures=st.booleans(),
        dropped_zeros=st.booleans(),
        total_in_code=st.booleans(),
        enumeration=st.sampled_from(("official", "arabic", "none", "of which")),
        title_prefix=st.sampled_from(("", f"{YEAR}年", "表{no} ", "附件{no}：", f"{YEAR}年度部门预算公开表{{no}}-")),
        title_aliases=st.booleans(),
        header_aliases=st.booleans(),
        shuffled=st.booleans(),
        untitled=st.lists(st.sampled_from(TELLING_HEADERS), max_size=4, unique=True).map(tuple),
        yuan=st.lists(st.sampled_from(ALL_FORMS[:21]), max_size=6, unique=True).map(tuple),
        repeated_headers=st.booleans(),
        page_numbers=st.booleans(),
        notes=st.booleans(),
        contents=st.booleans(),
        code_as_name=st.booleans(),
        department_rows=st.sampled_from((True, True, False)),
        unit_rows_in_21=st.booleans(),
        optional_lines=st.booleans(),
        blank_columns=st.sampled_from((True, True, False)),
        by_department=st.booleans(),
    )


# ---------------------------------------------------------------------------- the oracle

_PROJECT = Entry._fields.index("project")


def held(amounts: Mapping[Entry, int], where: Where) -> Mapping[Entry, int]:
    """The amounts that match a selection of a template: a prefix on each coordinate, "" for no code.

    Projects are compared as whole names, because one may be a prefix of another.
    """
    for at, prefixes in _restrictions(where):
        if at == _PROJECT:
            amounts = {entry: amount for entry, amount in amounts.items() if entry.project in prefixes}
        else:
            codes = tuple(prefix for prefix in prefixes if prefix)
            none = "" in prefixes
            amounts = {e: amount for e, amount in amounts.items() if e[at].startswith(codes) or (none and not e[at])}
    return amounts


@lru_cache(maxsize=10_000)
def _restrictions(where: Where) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The coordinates that a selection restricts, as index in an entry and prefixes."""
    return tuple((at, prefixes) for at, prefixes in enumerate(where.coordinates()) if prefixes)


def total(budget: Budget, *wheres: Where) -> int:
    """The sum (分) of the amounts that match all selections."""
    amounts: Mapping[Entry, int] = budget.amounts
    for where in wheres:
        amounts = held(amounts, where)
    return sum(amounts.values())


@dataclass
class FormRow:
    """A row of a form: its key, its code and name as printed, and its figures (分) by column."""

    key: str
    level: str  # total, department, unit, class, group, item, project
    code: str
    name: str
    functional: str = ""
    figures: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=100)
def rows_of(budget: Budget, form: Form) -> list[FormRow]:
    """All rows of a form with codes, in official order. Only 合计 if the budget has no such money."""
    narrowed = Budget(
        budget.department,
        budget.department_name,
        budget.units,
        dict(held(budget.amounts, form.where)),
    )
    rows = (
        list(_economic_rows(narrowed, form))
        if form.is_by(Coordinate.DEPARTMENT_ECONOMIC)
        else list(_unit_rows(narrowed, form))
    )
    return [row for row in rows if row.key == "total" or any(row.figures.values())]


def _row(budget: Budget, form: Form, row: FormRow, where: Where) -> FormRow:
    amounts = held(budget.amounts, where)
    row.figures = {column.id: sum(held(amounts, column.where).values()) for column in form.money_columns}
    return row


def _economic_rows(budget: Budget, form: Form) -> Iterable[FormRow]:
    codes = {entry.department_economic for entry in budget.amounts}
    for code in sorted({c[:size] for c in codes for size in (3, 5)}):
        row = FormRow(code, "class" if len(code) == 3 else "item", code, economic_names()[code])
        yield _row(budget, form, row, Where(department_economic=(code,)))
    yield _row(budget, form, FormRow("total", "total", "合计", ""), Where())


def _unit_rows(budget: Budget, form: Form) -> Iterable[FormRow]:
    yield _row(budget, form, FormRow("total", "total", "", "合计"), Where())
    department = FormRow(budget.department, "department", budget.department, budget.department_name)
    yield _row(budget, form, department, Where(unit=(budget.department,)))
    for unit in budget.units:
        # selected once, not for every row: a department may have sixty units
        amounts = {entry: amount for entry, amount in budget.amounts.items() if entry.unit == unit.code}
        own = Budget(budget.department, budget.department_name, budget.units, amounts)
        yield _row(own, form, FormRow(unit.code, "unit", unit.code, unit.name), Where())
        if form.is_by(Coordinate.FUNCTIONAL):
            for code in sorted(
                {e.functional[:size] for e in amounts for size in ((7,) if prints_items_only(form) else (3, 5, 7))}
            ):
                level = {3: "class", 5: "group", 7: "item"}[len(code)]
                shown = unit.code if prints_items_only(form) else code
                row = FormRow(f"{unit.code}/{code}", level, shown, functional_names()[code], code)
                yield _row(own, form, row, Where(functional=(code,)))
        elif form.is_by(Coordinate.PROJECT):
            for project in sorted({entry.project for entry in amounts}):
                row = FormRow(f"{unit.code}/{project}", "project", unit.code, project)
                yield _row(own, form, row, Where(project=(project,)))


@lru_cache(maxsize=100)
def list_figures(budget: Budget, form: Form) -> dict[tuple[str, str], int]:
    """The figures of forms 1 and 6: (line, list) → 分."""
    return {
        (line.id, line_list.id): total(budget, form.where, line.where)
        for line_list in form.lists
        for line in line_list.lines
    }


def department_figures(budget: Budget) -> dict[str, int]:
    """The figures (分) of form 23 by column."""
    return {column.id: total(budget, FORMS[23].where, column.where) for column in FORMS[23].money_columns}


def project_figure(budget: Budget, project: str) -> int:
    """The amount (分) in a sheet of form 22."""
    return total(budget, FORMS[22].where, Where(project=(project,)))


def published(budget: Budget, forms: Collection[int] = ALL_FORMS, mess: Mess | None = None) -> dict[Key, int]:
    """All figures (分) other than zero that the forms publish."""
    mess = mess or Mess()
    found: dict[Key, int] = {}
    for no in forms:
        form = FORMS[no]
        if form.lists:
            found |= {(no, *key): amount for key, amount in list_figures(budget, form).items()}
        elif form.sheet is Sheet.PROJECT:
            found |= {(no, name, "amount"): project_figure(budget, name) for name in budget.sheets}
        elif form.sheet is Sheet.DEPARTMENT:
            found |= {(no, "budget", column): amount for column, amount in department_figures(budget).items()}
        else:
            shown = {column.id for column in _columns(budget, form, mess)}
            for row in _shown_rows(budget, form, mess):
                found |= {(no, row.key, c): amount for c, amount in row.figures.items() if c in shown}
    return {key: amount for key, amount in found.items() if amount}


def _columns(budget: Budget, form: Form, mess: Mess) -> list[Column]:
    """The columns that a form prints."""
    needed = mess.optional_lines or form.report_no == 5
    columns = [column for column in form.columns if not column.optional or needed]
    if mess.names_only and form.is_by(Coordinate.FUNCTIONAL):
        columns = [column for column in columns if column.role is not Role.CODE]
    if mess.blank_columns or form.report_no in mess.untitled:
        return columns
    paid = {column for row in rows_of(budget, form) for column, amount in row.figures.items() if amount}
    return [column for column in columns if column.role is not Role.MONEY or column.id in paid or not paid]


def _shown_rows(budget: Budget, form: Form, mess: Mess) -> list[FormRow]:
    rows = rows_of(budget, form)
    if not mess.department_rows and len(budget.units) == 1:
        rows = [row for row in rows if row.level != "department"]
    if form.report_no == 21 and not mess.unit_rows_in_21:
        rows = [row for row in rows if row.level != "unit"]
    return rows


# ---------------------------------------------------------------------------- words and figures


_BRACKETS = str.maketrans("（）“”：", '()"":')
_ENUMERATION = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_SPACES = (" ", "\u3000", "\xa0", "  ")


class Writer:
    """Writes words and figures in the style of one form. ``changes`` are figures (分) to print instead."""

    def __init__(self, mess: Mess, no: int, changes: dict[Key, int] | None = None) -> None:
        self.mess = mess
        self.no = no
        self.random = random.Random(f"mess {mess.seed} {no}")
        self.changes = changes or {}
        self.in_yuan = no in mess.yuan

    def _strikes(self, chance: float = 0.25) -> bool:
        return self.random.random() < chance

    def word(self, text: str) -> str:
        """A label, name or title as printed."""
        if self.mess.narrow and self._strikes(0.5):
            text = text.translate(_BRACKETS)
        if self.mess.blanks and self._strikes():
            places = [i for i in range(1, len(text)) if not text[i - 1 : i + 1].isascii()]
            if places:
                at = self.random.choice(places)
                text = text[:at] + self.random.choice(_SPACES) + text[at:]
        return text

    def line(self, label: str) -> str:
        """A label of forms 1 and 6 as printed."""
        match = _ENUMERATION.match(label)
        if match and self.mess.enumeration == "none":
            label = label[match.end() :]
        elif match and self.mess.enumeration == "arabic":
            number = self.random.randint(1, 30)
            label = (
                self.random.choice((f"{number}、", f"{number}.", f"({number})", f"{number}．")) + label[match.end() :]
            )
        elif not match and self.mess.enumeration == "of which" and self._strikes():
            label = "其中：" + label
        return self.word(label)

    def code(self, text: str) -> str:
        """A code as printed."""
        if self.mess.dropped_zeros and self._strikes(0.5):
            text = text.lstrip("0") or text
        if self.mess.wide_digits and self._strikes(0.1):
            text = text.translate(_WIDE)
        return text

    def figure(self, amount: int, row: str, column: str) -> str:
        """An amount (分) as printed in the money unit of the form. 0 prints the text for no money."""
        amount = self.changes.get((self.no, row, column), amount)
        if not amount:
            return self.mess.zero
        return self.number(amount)

    def number(self, amount: int) -> str:
        """An amount (分) as printed, also 0."""
        factor = FEN // 10_000 if self.in_yuan else FEN
        is_cut = self.no in self.mess.narrow_columns and self._strikes()
        place = Decimal(1) if is_cut or self.no in self.mess.whole else Decimal("0.01")
        value = (Decimal(amount) / factor).quantize(place, ROUND_HALF_UP)
        grouped = self.mess.separators and self._strikes(0.5)
        text = f"{value:,}" if grouped else f"{value}"
        if self.mess.short_figures and self._strikes():
            text = text.rstrip("0").rstrip(".")
        if self.mess.wide_digits and self._strikes(0.1):
            text = text.translate(_WIDE)
        return text

    @property
    def money_unit(self) -> str:
        """The line that states the money unit."""
        lead = "单位" if self.no == 8 else "金额单位"
        return f"{lead}：{'元' if self.in_yuan else '万元'}"


def printed(amount: int, in_yuan: bool = False) -> Decimal:
    """The value in 万元 of the figure printed for an amount (分)."""
    factor = FEN // 10_000 if in_yuan else FEN
    value = (Decimal(amount) / factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return value / 10_000 if in_yuan else value


# ---------------------------------------------------------------------------- forms


def _header(columns: Sequence[Sequence[str]], writer: Writer) -> list[list[str]]:
    """Header rows. A grouping word stands only above the first of its columns."""
    depth = max(map(len, columns))
    rows = []
    for level in range(depth):
        row = []
        for position, path in enumerate(columns):
            shown = level < len(path)
            same = position > 0 and columns[position - 1][: level + 1] == path[: level + 1]
            row.append(writer.word(path[level]) if shown and not same else "")
        rows.append(row)
    return rows


def _header_path(column: Column, writer: Writer) -> tuple[str, ...]:
    """The path of a column, or an alias under the same grouping."""
    if writer.mess.header_aliases and column.role is Role.MONEY:
        options = [column.path, *(a for a in column.aliases if a[:-1] == column.path[:-1])]
        return writer.random.choice(options)
    return column.path


def _table(budget: Budget, form: Form, writer: Writer) -> list[list[str]]:
    """Header and body of a form with rows of codes."""
    mess = writer.mess
    columns = _columns(budget, form, mess)
    header = _header([_header_path(column, writer) for column in columns], writer)
    body = []
    for row in _shown_rows(budget, form, mess):
        cells = []
        for column in columns:
            if column.role is Role.MONEY:
                text = writer.figure(row.figures[column.id], row.key, column.id)
                if row.key == "total" and column.id == "total" and not row.figures["total"]:
                    text = "0.00"
            elif column.role in (Role.CODE, Role.NAME):
                text = _identity(form, row, column, writer)
            else:
                text = ""  # not part of a budget
            cells.append(text)
        body.append(cells)
    return _paged(header, body, writer)


def _identity(form: Form, row: FormRow, column: Column, writer: Writer) -> str:
    """The text of a row in a column of codes or names."""
    if column.id.startswith("functional_"):
        start, end = {"functional_class": (0, 3), "functional_group": (3, 5), "functional_item": (5, 7)}[column.id]
        return writer.code(row.functional[start:end]) if row.functional[start:end] else ""
    if row.key == "total":
        in_code = writer.mess.total_in_code or form.is_by(Coordinate.DEPARTMENT_ECONOMIC)
        return "合计" if in_code == (column.role is Role.CODE) else ""
    if column.role is Role.CODE:
        return writer.code(row.code)
    if form.report_no == 3 and row.level == "department" and writer.mess.code_as_name:
        return row.code
    return writer.word(row.name)


def _paged(header: list[list[str]], body: list[list[str]], writer: Writer) -> list[list[str]]:
    """Header and body, with a page break at a random place if the mess has one."""
    mess = writer.mess
    if not (mess.repeated_headers or mess.page_numbers) or len(body) < 3:
        return header + body
    at = writer.random.randrange(1, len(body))
    footer = [[f"- {writer.random.randint(1, 40)} -"]] if mess.page_numbers else []
    repeated = header if mess.repeated_headers else []
    return header + body[:at] + footer + repeated + body[at:]


def _lists(budget: Budget, form: Form, writer: Writer) -> list[list[str]]:
    """Forms 1 and 6: lists side by side, with their last lines in the same rows."""
    figures = list_figures(budget, form)
    paths = [path for entry in form.lists for path in (entry.label_path, entry.amounts[0].path)]
    header = [["" if i and paths[i - 1][0] == p[0] else p[0] for i, p in enumerate(paths)], [p[1] for p in paths]]
    blocks = [_list_lines(entry, figures, writer) for entry in form.lists]
    closing = min(len([line for line, level in block if level == 0]) for block in blocks)
    height = max(len(block) for block in blocks)
    body: list[list[str]] = []
    for position in range(height):
        row: list[str] = []
        for block in blocks:
            top, bottom = block[: len(block) - closing], block[len(block) - closing :]
            if position < len(top):
                row += top[position][0]
            elif position >= height - closing:
                row += bottom[position - height + closing][0]
            else:
                row += ["", ""]
        body.append(row)
    return _paged([[writer.word(w) for w in row] for row in header], body, writer)


def _list_lines(
    line_list: LineList, figures: dict[tuple[str, str], int], writer: Writer
) -> list[tuple[list[str], int]]:
    lines = []
    for line in line_list.lines:
        amount = figures[line.id, line_list.id]
        if line.optional and not amount and not writer.mess.optional_lines:
            continue
        words = writer.line(line.label)
        if line.level == 0 and writer.mess.blanks:
            words = " ".join(line.label)
        lines.append(([words, writer.figure(amount, line.id, line_list.id)], line.level))
    return lines


_INDICATORS = (
    ("产出指标", "数量指标", "完成次数", "6", "完成次数", "次", "≥"),
    ("", "", "参加人数", "120", "参加人数", "人", "="),
    ("", "质量指标", "完成率", "100", "完成情况", "%", "="),
    ("效益指标", "社会效益", "影响", "长期", "长期", "/", "定性"),
    ("满意度指标", "服务对象满意度", "满意率", "95", "满意率", "%", "≥"),
)
_INDICATOR_HEADER = ("一级指标", "二级指标", "三级指标", "指标值", "指标值内容", "度量单位", "指标值类型", "备注")


def _project_sheet(budget: Budget, project: str, writer: Writer) -> list[list[str]]:
    amount = writer.changes.get((22, project, "amount"), project_figure(budget, project))
    return [
        [writer.word("项目名称"), writer.word(project), "", "", "", "", "", "", ""],
        ["项目类别", "特定目标类", "", "", "年度本级预算金额", "", writer.number(amount), "", ""],
        ["项目支出实施期", f"{YEAR}年1月-12月", *[""] * 7],
        ["本年度绩效目标", "保障工作顺利开展；按时完成。", *[""] * 7],
        ["本年度绩效指标", *map(writer.word, _INDICATOR_HEADER)],
        *(["", *row, ""] for row in _INDICATORS),
    ]


def _department_sheet(budget: Budget, writer: Writer) -> list[list[str]]:
    figures = department_figures(budget)
    columns = FORMS[23].money_columns
    header = _header([("预算情况 (万元)",), *(column.path for column in columns)], writer)
    return [
        ["部门名称", writer.word(budget.filed_by[1]), *[""] * 6],
        ["年履职目标", "履行法定职责，服务经济社会发展。", *[""] * 6],
        ["年度主要任务", "任务名称", "", "", "主要内容", "", "", ""],
        ["", "依法履职", "", "", "依法履行各项职责。", "", "", ""],
        ["", "保障运转", "", "", "保障机关正常运转。", "", "", ""],
        *header,
        ["", *(writer.number(writer.changes.get((23, "budget", c.id), figures[c.id])) for c in columns)],
        list(map(writer.word, _INDICATOR_HEADER)),
        *([*row, ""] for row in _INDICATORS),
    ]


def _lines(rows: list[list[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]


def _form_text(budget: Budget, form: Form, mess: Mess, filed_by: tuple[str, str], changes: dict[Key, int]) -> list[str]:
    """A form with its title, unit and money unit above and the note below."""
    assert form.report_no is not None  # one of the 23 forms of Hunan
    writer = Writer(mess, form.report_no, changes)
    code, name = filed_by
    if form.sheet is Sheet.PROJECT:
        sheets = []
        for project in budget.sheets:
            rows = _project_sheet(budget, project, writer)
            sheets += ["", f"填报单位：{name}", "", writer.money_unit, "", *_lines(rows)]
        return sheets
    if form.sheet is Sheet.DEPARTMENT:
        return ["", *_lines(_department_sheet(budget, writer))]
    title = writer.random.choice((form.title, *form.aliases)) if mess.title_aliases else form.title
    title = mess.title_prefix.format(no=form.report_no) + title
    titled = [] if form.report_no in mess.untitled else ["", writer.word(title)]
    rows = _lists(budget, form, writer) if form.lists else _table(budget, form, writer)
    note = ["", NOTE] if mess.notes and form.report_no not in (1, 2, 3, 6) else []
    return [*titled, "", f"单位：{code}_{writer.word(name)}", "", writer.money_unit, "", *_lines(rows), *note]


def render(
    budget: Budget,
    forms: Collection[int] = ALL_FORMS,
    mess: Mess | None = None,
    changes: dict[Key, int] | None = None,
) -> str:
    """The document of a budget. ``changes`` prints other amounts (分) in single cells: wrong figures."""
    mess = mess or Mess()
    writer = Writer(mess, 0)
    filed_by = budget.filed_by
    if mess.by_department:
        filed_by = (budget.department, budget.department_name)
    lines = ["", f"{YEAR}年部门预算公开表", "", f"单位编码：{filed_by[0]}", "", f"单位名称：{filed_by[1]}", ""]
    if mess.contents:
        lines += ["一、部门预算报表\t", *(f"{no}\t{FORMS[no].title}" for no in forms)]
    order = [no for no in ALL_FORMS if no in forms]
    if mess.shuffled and not mess.untitled:
        writer.random.shuffle(order)
    for no in order:
        own = budget.rounded() if no in mess.summed else budget
        lines += _form_text(own, FORMS[no], mess, filed_by, changes or {})
    return "\n".join(lines) + "\n"


def tolerance(part_count: int) -> int:
    """The largest difference in 分 between a total and the sum of so many rounded parts."""
    return (part_count + 1) * CENT_OF_WAN // 2
