"""Documents of any set of forms, printed from the declarations: final accounts and budgets of other places.

A consistent account of one office becomes sheets, one for each form without rows of units. :mod:`synthetic.workbooks`
and :mod:`synthetic.pages` write them in any format. Every figure is a sum over the amounts: the oracle of the tests.
Only the declarations are shared with the loader.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.template import Column, Coordinate, Form, Line, LineList, Role, TemplateSet, Where
from synthetic.budgets import (
    CENT_OF_WAN,
    YEAR,
    Entry,
    Shape,
    budget_of,
    economic_names,
    functional_items,
    functional_names,
)
from synthetic.pages import Form as Page
from synthetic.rendering import held, printed
from synthetic.workbooks import Cell, Sheet, header_cells, stored_cell

Figures = dict[tuple[str, str, str], int]  # form_id, row, column → 分
OFFICE = "某某市某某区市场管理局"
_GOODS = ("302", "310")  # the parts of 机关运行经费
_KINDS = {"A": ("货物", ("台式计算机", "打印机")), "C": ("服务", ("物业管理服务",))}
_CARRIED = {"11": "181", "12": "182", "13": "183"}
_BUDGETED = 100 * CENT_OF_WAN  # the budget beside a figure of a final account is so much higher


@dataclass(frozen=True)
class Style:
    """How a document is printed. The defaults are the simplest."""

    ordinals: bool = False  # 行次 beside the labels of lists, a row 栏次 below headers
    code_columns: int = 1  # 3: codes in columns for 类, 款 and 项, below one head
    in_yuan: bool = False
    wrapped_titles: bool = False  # the title over two lines
    office_in_titles: bool = False  # 2024年度某某局支出决算表, and no line with the office
    field_in_two_cells: bool = False  # 部门： | 某某局
    is_department: bool = True
    grouped_by_cost: bool = False  # columns side by side under 人员经费 and 公用经费
    stages_first: bool = False  # 预算数 and 决算数 above the items of 三公, not below each
    planned: bool = False  # 年初预算数 beside the 决算数 of lists
    in_one_cell: bool = False  # title, number, office and money unit on lines of one cell
    decimals: int = 2  # decimals of figures; a figure rounded to 0 is blank


PLAIN = Style()


def amounts_of(entry: TemplateSet, seed: int) -> dict[Entry, int]:
    """A consistent account of one office in 分, with money in everything that the set can print."""
    chance = random.Random(f"{entry.id} {seed}")
    is_final, is_jiangsu, is_national = (entry is one for one in (FINAL_ACCOUNTS, JIANGSU_BUDGET, NATIONAL_BUDGET))
    funds = ("12", "2", "39") if is_jiangsu else ("12", "13", "31")
    shape = Shape(
        seed=seed,
        functions=2,
        items=4,
        capital_items=0 if is_jiangsu else 1,
        project_functions=2,
        projects=2,
        three_public=True,
        apart=True,
    )
    budget = budget_of(shape)
    found: dict[Entry, int] = defaultdict(int)
    for fund, functional in zip(funds, chance.sample(sorted(functional_items()), len(funds)), strict=True):
        for nature in ("project",) if is_jiangsu or is_national else ("basic", "project"):
            # forms of basic spending from 财政拨款 show economic items
            item = "30299" if (is_final and fund in _CARRIED and nature == "basic") else ""
            found[Entry("expenditure", "", fund, nature, functional, item)] = chance.randint(1, 9_999) * CENT_OF_WAN
    for at, amount in budget.amounts.items():
        if at.statement == "three_public":
            found[at._replace(unit="")] += amount
        if at.statement != "expenditure":
            continue
        # only basic spending of 一般公共预算 is itemised by economic item
        item = at.department_economic if (at.fund, at.nature) == ("11", "basic") else ""
        nature = "reserve" if is_jiangsu and at.nature == "project" and chance.random() < 0.3 else at.nature
        found[Entry("expenditure", "", at.fund, nature, at.functional, item)] += amount
        if item.startswith(_GOODS):
            found[Entry("operating_cost", "", department_economic="" if entry.id == "shanghai_budget" else item)] += (
                amount
            )
    paid: dict[tuple[str, str], int] = defaultdict(int)
    for at, amount in found.items():
        if at.statement == "expenditure":
            paid[at.fund, at.functional] += amount
    for (fund, functional), amount in paid.items():
        source = {"11": "111", "2": "21"}.get(fund, fund) if is_jiangsu else fund
        source_function = "" if is_jiangsu else functional
        carried = _CARRIED.get(fund)
        if is_final and carried is not None:
            # money left of a fund last year, and money left now
            found[Entry("carry_over", "", carried, functional=functional, item="opening")] += CENT_OF_WAN
            found[Entry("carry_over", "", carried, functional=functional, item="closing")] += 3 * CENT_OF_WAN
            amount += 2 * CENT_OF_WAN
        elif is_final:
            found[Entry("carry_over", "", item="surplus_used")] += 2 * CENT_OF_WAN
            found[Entry("carry_over", "", item="surplus_distributed")] += CENT_OF_WAN
            amount -= CENT_OF_WAN
        elif is_national:
            found[Entry("carry_over", "", _CARRIED.get(fund, "1893"), functional=functional, item="opening")] += (
                CENT_OF_WAN
            )
            amount -= CENT_OF_WAN
        found[Entry("revenue", "", source, functional=source_function, item=source)] += amount
    if is_jiangsu or is_final or is_national:
        for kind in _KINDS:
            found[Entry("procurement", "", item=kind)] += chance.randint(100, 900) * CENT_OF_WAN
    return dict(found)


@dataclass(frozen=True)
class Account:
    """A consistent account of one office, to be printed in the forms of a set."""

    entry: TemplateSet
    amounts: Mapping[Entry, int]  # 分


def random_account(entry: TemplateSet, seed: int) -> Account:
    """The account of a seed."""
    return Account(entry, amounts_of(entry, seed))


def text_of(account: Account, style: Style = PLAIN) -> str:
    """The document of an account as text: a line for each row of the sheets, with tabs between its cells."""
    lines = []
    for sheet in document(account.entry, account.amounts, style):
        rows: dict[int, dict[int, str]] = defaultdict(dict)
        for cell in sheet.cells:
            rows[cell.row][cell.column] = cell.text
        width = max(cell.column for cell in sheet.cells) + 1
        lines += ["\t".join(rows[row].get(at, "") for at in range(width)) for row in range(sheet.height)]
        lines.append("")
    return "\n".join(lines)


# ---------------------------------------------------------------------------- the oracle


def figures_of(amounts: Mapping[Entry, int], forms: Sequence[Form]) -> Figures:
    """All figures (分) other than zero in some forms, without the budget beside a final account."""
    found: Figures = {}
    for form in filter(_has_no_units, forms):
        own = held(amounts, form.where)
        for key, where in _rows(own, form):
            for column in form.money_columns:
                found[form.form_id, key, column.id] = sum(held(held(own, where), column.where).values())
        for entry in form.lists:
            for line in entry.lines:
                for amount in (a for a in entry.amounts if a.role is Role.MONEY):
                    found[form.form_id, line.id, amount.id] = sum(held(held(own, line.where), amount.where).values())
    return {key: amount for key, amount in found.items() if amount}


def _has_no_units(form: Form) -> bool:
    return not form.is_by(Coordinate.UNIT)


def _rows(amounts: Mapping[Entry, int], form: Form) -> list[tuple[str, Where]]:
    """The rows of a form with their selections: 合计 first, sums last."""
    if form.rows is None:
        return []
    rows = [(form.rows.total, Where())] if form.rows.total else []
    subject = form.rows.subject
    if subject is not None:
        codes = {getattr(at, subject.value) for at in amounts} - {""}
        sizes = (1,) if subject is Coordinate.ITEM else (3, 5, 7)
        keys = sorted({code[:size] for code in codes for size in sizes})
        rows += [(key, Where(**{subject.value: (key,)})) for key in keys]
    return rows + [(line.id, line.where) for line in form.sums if not line.optional]


# ---------------------------------------------------------------------------- sheets


def document(
    entry: TemplateSet,
    amounts: Mapping[Entry, int],
    style: Style = PLAIN,
    office: str = OFFICE,
    year: int = YEAR,
    forms: Collection[str] = (),
) -> list[Sheet]:
    """A cover and a sheet for each form, or for each of ``forms``."""
    word = "决算" if entry is FINAL_ACCOUNTS else "预算"
    kind = "部门" if style.is_department else "单位"
    cover = Sheet("封面", tuple(Cell(row, 0, text, 3) for row, text in enumerate((office, f"{year}年度{kind}{word}"))))
    chosen = [form for form in entry.forms if _has_no_units(form) and (not forms or form.form_id in forms)]
    return [cover, *(_sheet(form, number, amounts, style, office, year) for number, form in enumerate(chosen, start=1))]


def pages_of(sheets: Sequence[Sheet]) -> list[Page]:
    """The same as pages: the lines above a table, the table, and its note."""
    pages = []
    for sheet in sheets[1:]:
        width = max(cell.column + cell.column_span for cell in sheet.cells)
        top = min(c.row for c in sheet.cells if c.column_span < width and c.row >= _TOP)
        table = [Cell(c.row - top, c.column, c.text, c.column_span, c.row_span) for c in sheet.cells if c.row >= top]
        above = ["".join(c.text + "  " for c in sheet.cells if c.row == row).strip() for row in range(top)]
        pages.append(Page(above, table, _depth(table), []))
    cover = [cell.text for cell in sheets[0].cells]
    return [Page([*cover, *pages[0].above], pages[0].cells, pages[0].depth, []), *pages[1:]]


def _depth(table: Sequence[Cell]) -> int:
    """The number of header rows of a table, by its merged cells."""
    depth = 1
    while any((c.row == depth - 1 and c.column_span > 1) or c.row < depth < c.row + c.row_span for c in table):
        depth += 1
    return depth


_TOP = 3  # least number of rows above a table: title, number of the form, office and money unit


def _sheet(form: Form, number: int, amounts: Mapping[Entry, int], style: Style, office: str, year: int) -> Sheet:
    header, body = _lists(form, amounts, style) if form.lists else _table(form, amounts, style)
    width = max(len(row) for row in (*header, *body))
    title = f"{year}年度{office}{form.title}" if style.office_in_titles else form.title
    lines = [title[:-3], title[-3:]] if style.wrapped_titles else [title]
    cells = [Cell(row, 0, text, width) for row, text in enumerate(lines)]
    cells.append(Cell(len(cells), 0, f"公开{number:02}表", width))
    field = f"{'部门' if style.is_department else '单位'}："
    office_cells = [] if style.office_in_titles else [field, office] if style.field_in_two_cells else [field + office]
    last = max(len(office_cells), width - 1)
    row = len(cells)
    cells += [Cell(row, column, text) for column, text in enumerate(office_cells)]
    cells.append(Cell(row, last, f"金额单位：{'元' if style.in_yuan else '万元'}"))
    if style.in_one_cell:
        cells = [Cell(0, 0, "\n".join(cell.text for cell in cells), width)]
        row = 0
    top = row + 1
    cells += header_cells(header, top, width)
    if style.ordinals:
        body = [_numbering(form, header), *body]
    for at, texts in enumerate(body, start=top + len(header)):
        cells += [stored_cell(at, column, text, False) for column, text in enumerate(texts) if text]
    return Sheet(f"{number}{form.short_title}"[:31].translate({ord(c): "_" for c in "[]:*?/\\"}), tuple(cells))


def _numbering(form: Form, header: list[list[str]]) -> list[str]:
    """The row 栏次: the word below the labels, and a number for each column of amounts."""
    found, number = [], 0
    width = len(header[0])
    words = _words(form)
    for column in range(width):
        word = next((row[column] for row in reversed(header) if row[column]), "")
        if word in words:
            found.append("栏次" if form.lists or column == 0 else "")
        elif word == "行次":
            found.append("")
        else:
            number += 1
            found.append(str(number))
    return found


def _words(form: Form) -> set[str]:
    names = {column.path[-1] for column in form.columns if column.role in (Role.CODE, Role.NAME)}
    return names | {entry.label_path[-1] for entry in form.lists}


def _money(amount: int, style: Style) -> str:
    figure = round(printed(amount, style.in_yuan) * (10_000 if style.in_yuan else 1), style.decimals)
    return f"{figure:.{style.decimals}f}" if figure else ""


def _header(paths: Sequence[Sequence[str]]) -> list[list[str]]:
    """Header rows. A grouping word stands only above the first of its columns."""
    rows = []
    for level in range(max(map(len, paths))):
        row = []
        for position, path in enumerate(paths):
            same = position > 0 and paths[position - 1][: level + 1] == path[: level + 1]
            row.append(path[level] if level < len(path) and not same else "")
        rows.append(row)
    return rows


# ---------------------------------------------------------------------------- rows of codes


def _table(form: Form, amounts: Mapping[Entry, int], style: Style) -> tuple[list[list[str]], list[list[str]]]:
    shown = figures_of(amounts, [form])
    columns = [column for column in form.columns if not (column.role is Role.MEMO and column.optional)]
    if style.stages_first:
        columns.sort(key=lambda column: column.role is not Role.PRIOR and column.code is None)
    rows = [key for key, _ in _rows(held(amounts, form.where), form)]
    rows = [
        key
        for key in rows
        if key in (form.rows and form.rows.total, *(line.id for line in form.sums))
        or any((form.form_id, key, column.id) in shown for column in columns)
    ]
    sums = {line.id: line for line in form.sums}
    if form.sums:
        return _side_by_side(form, columns, [key for key in rows if key not in sums], shown, style)
    if form.rows is not None and form.rows.total_is_last:
        rows = [*rows[1:], rows[0]]
    body = []
    for key in rows:
        body.append([text for column in columns for text in _cells(form, key, column, shown, style)])
        if form.rows is not None and form.rows.details and key in _KINDS:
            body += _goods(shown[form.form_id, key, "total"], key, style)
    return _header([path for column in columns for path in _paths(form, column, style)]), body


def _is_spread(form: Form, column: Column, style: Style) -> bool:
    return style.code_columns > 1 and column.code is not None and column.role is Role.CODE and column.code.part is None


def _paths(form: Form, column: Column, style: Style) -> list[tuple[str, ...]]:
    """The paths of a column, several if a code is spread over columns."""
    if not _is_spread(form, column, style):
        by_stage = (path for path in column.aliases if path[0] == column.path[-1])
        return [next(by_stage, column.path) if style.stages_first else column.path]
    parts = 3 if form.is_by(Coordinate.FUNCTIONAL) else 2
    return [(*column.path, word) for word in ("类", "款", "项")[:parts]]


def _cells(form: Form, key: str, column: Column, shown: Figures, style: Style) -> Iterator[str]:
    """The cells of a row in a column, or in the columns over which a code is spread."""
    is_total = form.rows is not None and key == form.rows.total
    if column.role is Role.CODE:
        parts = [key[:3], key[3:5], key[5:]]
        if _is_spread(form, column, style):
            yield from ["合计" if is_total else parts[0], *("" if is_total else part for part in parts[1:])][
                : 3 if form.is_by(Coordinate.FUNCTIONAL) else 2
            ]
        elif column.code is not None and column.code.part is not None:
            yield ("合计" if column.code.part == 0 else "") if is_total else parts[column.code.part]
        else:
            yield "" if is_total else key
    elif column.role is Role.NAME:
        spelt = any(_is_spread(form, c, style) or (c.code and c.code.part is not None) for c in form.columns)
        yield ("" if spelt else "合计") if is_total else _name(form, key)
    elif column.role is Role.PRIOR:
        yield _money(shown.get((form.form_id, key, column.id.removesuffix("_budget")), 0) + _BUDGETED, style)
    elif column.role is Role.MONEY:
        yield _money(shown.get((form.form_id, key, column.id), 0), style)
    else:
        yield ""


def _name(form: Form, key: str) -> str:
    if form.is_by(Coordinate.ITEM):
        return f"{'一二三'['ABC'.index(key)]}、{_KINDS[key][0]}{key}"
    names = economic_names() if form.is_by(Coordinate.DEPARTMENT_ECONOMIC) else functional_names()
    return names[key]


def _goods(amount: int, kind: str, style: Style) -> Iterator[list[str]]:
    """The rows of a kind of 政府采购: a project, and its goods."""
    names = _KINDS[kind][1]
    yield ["", "日常采购", "办公费", "", "", _money(amount, style)]
    for number, name in enumerate(names):
        share = amount // len(names) // CENT_OF_WAN * CENT_OF_WAN
        rest = amount - share * (len(names) - 1) if number == 0 else share
        yield ["", "", "", name, "分散采购", _money(rest, style)]


def _side_by_side(
    form: Form, columns: list[Column], rows: list[str], shown: Figures, style: Style
) -> tuple[list[list[str]], list[list[str]]]:
    """Codes, names and amounts three times side by side: 人员经费 first, then 公用经费; sums at the foot."""
    paths = [path for column in columns for path in _paths(form, column, style)]
    width = len(paths)
    staff = [key for key in rows if key.startswith(("301", "303"))]
    public = [key for key in rows if key not in staff]
    half = -(-len(public) // 2)
    groups = [staff, public[:half], public[half:]]
    body = []
    for number in range(max(map(len, groups))):
        row: list[str] = []
        for group in groups:
            key = group[number] if number < len(group) else None
            texts = [text for column in columns for text in _cells(form, key, column, shown, style)] if key else []
            row += texts or [""] * width
        body.append(row)
    sums = {line.id: _money(shown.get((form.form_id, line.id, columns[-1].id), 0), style) for line in form.sums}
    blank = [""] * (width - 2)
    body.append(["人员经费合计", *blank, sums["staff"], "公用经费合计", *blank, *[""] * width, sums["public"]])
    names = ("人员经费", "公用经费", "公用经费")
    return _header([(name, *path) if style.grouped_by_cost else path for name in names for path in paths]), body


# ---------------------------------------------------------------------------- lists


def _lists(form: Form, amounts: Mapping[Entry, int], style: Style) -> tuple[list[list[str]], list[list[str]]]:
    shown = figures_of(amounts, [form])
    blocks, paths = [], []
    for entry in form.lists:
        money = [amount for amount in entry.amounts if amount.role is Role.MONEY]
        labels = [entry.label_path] * (2 if _has_groups(entry) else 1)
        ordinal = next((a.path for a in entry.amounts if a.role is Role.ORDINAL), None) if style.ordinals else None
        paths += [*labels, *([ordinal] if ordinal else [])]
        for amount in money:
            paths += [(*amount.path[:-1], "年初预算数")] if _is_planned(amount, style) else []
            paths.append(amount.path)
        lines = [line for line in entry.lines if not line.optional or _has_money(form, line, money, shown)]
        blocks.append((entry, [*_printed(form, entry, lines, money, shown, style, ordinal is not None)]))
    foot = max(sum(line.level > 0 for line, _ in block) for _, block in blocks)
    closing = max(sum(line.level == 0 for line, _ in block) for _, block in blocks)
    body: list[list[str]] = [[] for _ in range(foot + closing)]
    for _, block in blocks:
        width = len(block[0][1])
        above = [cells for line, cells in block if line.level > 0]
        below = [cells for line, cells in block if line.level == 0]
        blank = [""] * width
        column = above + [blank] * (foot - len(above)) + [blank] * (closing - len(below)) + below
        for row, cells in zip(body, column, strict=True):
            row += cells
    return _header(paths), body


def _has_groups(entry: LineList) -> bool:
    """Whether a list has two levels in two columns: a source, and 小计 or a part of it."""
    return any(line.label.endswith("小计") and line.level == 2 for line in entry.lines)


def _is_planned(column: Column, style: Style) -> bool:
    return style.planned and column.path[-1] == "决算数"


def _has_money(form: Form, line: Line, money: Sequence[Column], shown: Figures) -> bool:
    return any((form.form_id, line.id, amount.id) in shown for amount in money)


def _printed(
    form: Form,
    entry: LineList,
    lines: Sequence[Line],
    money: Sequence[Column],
    shown: Figures,
    style: Style,
    has_ordinals: bool,
) -> Iterator[tuple[Line, list[str]]]:
    for number, line in enumerate(lines, start=1):
        label = line.label
        labels = [label]
        if _has_groups(entry):
            is_group = label.endswith("小计")
            labels = (
                [label.removesuffix("小计"), "小计"] if is_group else ["", label] if line.level > 2 else [label, ""]
            )
        cells = [*labels, *([str(number)] if has_ordinals else [])]
        for column in money:
            amount = shown.get((form.form_id, line.id, column.id), 0)
            cells += [_money(amount + _BUDGETED, style)] if _is_planned(column, style) else []
            cells.append(_money(amount, style))
        yield line, cells
