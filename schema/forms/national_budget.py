"""The forms of budgets as 财政部 lays them out, which most provinces publish (部门预算公开表1 to 9).

Sources: the forms of central departments, and those of the 预算管理一体化规范 since 2022, by which provinces word some
heads otherwise or split a total further. Rows are functions or economic items without unit rows; 收入总表 alone may
have a row a unit instead. 上年结转 keeps its fund beside this year's in 收入总表 and 财政拨款收支总表.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schema.forms.building_blocks import (
    CARRY_OVER,
    ECONOMIC,
    ECONOMIC_ROWS_TOTAL_LAST,
    EXPENDITURE,
    FISCAL_ACCOUNT_FEES,
    FUNCTION,
    FUNCTION_LINE_IDS,
    FUNCTION_ROWS_TOTAL_LAST,
    NATIONAL_FUNCTION_LINES,
    ONE_ROW,
    REVENUE,
    THREE_PUBLIC,
    THREE_PUBLIC_LINES,
    Path,
    Paths,
    code_parts,
    operating_cost_by_item,
    procurement_by_kind,
)
from schema.forms.classes import PUBLIC, STAFF
from schema.forms.template import (
    Code,
    Column,
    Coordinate,
    Form,
    Line,
    LineList,
    Role,
    Rows,
    Stage,
    Statement,
    TemplateSet,
    Where,
)

_ORDINALS = "一二三四五六七八九"

# fund of this year, of what is left of it from last year, id, name
_FUNDS = (
    ("11", "181", "general", "一般公共预算"),
    ("12", "182", "government_fund", "政府性基金预算"),
    ("13", "183", "state_capital", "国有资本经营预算"),
)
_FISCAL_FUNDS = tuple(fund for fund, _, _, _ in _FUNDS)
_FISCAL_CARRIED = ("180", *(carried for _, carried, _, _ in _FUNDS))
_CARRIED = ("opening", "surplus_used")

# ---------------------------------------------------------------------------- nb01, nb04: lists


def _fiscal(name: str) -> tuple[str, ...]:
    """Other names of the revenue of a budget. 政府性基金 and 国有资本经营 may lack 预算."""
    names = (name,) if name == _FUNDS[0][3] else (name, name.removesuffix("预算"))
    words = ("", "拨款", "拨款收入", "财政拨款收入", "财政拨款", "收入", "资金")
    return tuple(own + word for own in names for word in words)


# code, name, other names
_SOURCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((fund, f"{name}拨款收入", _fiscal(name)) for fund, _, _, name in _FUNDS),
    (
        "2",
        "财政专户管理资金收入",
        ("财政专户管理资金", "财政专户管理资金拨款收入", "财政专户拨款", "教育收费资金收入", *FISCAL_ACCOUNT_FEES),
    ),
    ("31", "事业收入", ()),
    ("34", "事业单位经营收入", ("经营收入",)),
    ("32", "上级补助收入", ("上级单位补助收入",)),
    ("33", "附属单位上缴收入", ()),
    ("39", "其他收入", ("其他资金",)),
)
_OF_UNITS = ("31", "34", "32", "33", "39")
# Some places print the sum of the budgets, and of what units earn, above their parts.
_FISCAL_SUM = Line(
    "fiscal",
    "财政拨款收入",
    Where(REVENUE, item=_FISCAL_FUNDS),
    1,
    _FISCAL_FUNDS,
    ("财政拨款", "预算拨款"),
    optional=True,
)
_UNIT_SUM = Line("unit_funds", "单位资金收入", Where(REVENUE, item=("3",)), 1, _OF_UNITS, ("单位资金",), optional=True)


def _source_lines() -> Iterator[Line]:
    for number, (code, name, aliases) in zip(_ORDINALS, _SOURCES, strict=True):
        if code in (_FISCAL_FUNDS[0], _OF_UNITS[0]):
            yield _FISCAL_SUM if code == _FISCAL_FUNDS[0] else _UNIT_SUM
        yield Line(code, f"{number}、{name}", Where(REVENUE, item=(code,)), aliases=aliases)


_REVENUE_LINES = (
    *_source_lines(),
    Line("year_total", "本年收入合计", Where(REVENUE), 0, tuple(code for code, _, _ in _SOURCES)),
    Line(
        "surplus_used",
        "使用非财政拨款结余",
        Where(CARRY_OVER, item=("surplus_used",)),
        0,
        aliases=("使用非财政拨款结余（含专用结余）", "用事业基金弥补收支差额"),
        optional=True,
    ),
    Line(
        "opening",
        "上年结转结余",
        Where(CARRY_OVER, item=("opening",)),
        0,
        aliases=("上年结转", "上年结余", "上年结余结转", "上年结转和结余", "上年结转（结余）"),
    ),
    Line(
        "grand_total",
        "收入总计",
        Where(REVENUE + CARRY_OVER, item=("1", "2", "3", *_CARRIED)),
        0,
        ("year_total", "surplus_used", "opening"),
        aliases=("总计",),
    ),
)
NB01 = Form(
    form_id="nb01",
    title="部门收支总表",
    short_title="收支总表",
    aliases=(
        "收支总表",
        "单位收支总表",
        "收支总体情况表",
        "收支预算总表",
        "收支预算总体情况表",
        "部门预算收支总表",
        "财务收支预算总表",
    ),
    lists=(
        LineList(
            "revenue",
            ("收入", "项目"),
            (Column("revenue", ("收入", "预算数"), aliases=(("收入", "金额"),)),),
            _REVENUE_LINES,
        ),
        LineList(
            "function",
            ("支出", "项目"),
            (Column("function", ("支出", "预算数"), aliases=(("支出", "金额"),)),),
            (
                *NATIONAL_FUNCTION_LINES,
                Line("year_total", "本年支出合计", Where(EXPENDITURE), 0, FUNCTION_LINE_IDS),
                Line(
                    "surplus_distributed",
                    "事业单位结余分配",
                    Where(CARRY_OVER, item=("surplus_distributed",)),
                    0,
                    aliases=("结余分配",),
                    optional=True,
                ),
                Line(
                    "closing",
                    "年终结转结余",
                    Where(CARRY_OVER, item=("closing",)),
                    0,
                    aliases=("结转下年", "结转下年支出", "结余结转下年", "年终结转", "年终结转和结余", "结转结余"),
                ),
                Line(
                    "grand_total",
                    "支出总计",
                    Where(EXPENDITURE + CARRY_OVER, item=("", "surplus_distributed", "closing")),
                    0,
                    ("year_total", "surplus_distributed", "closing"),
                    aliases=("总计",),
                ),
            ),
            label_aliases=(("支出", "项目（按功能分类）"), ("支出", "功能分类"), ("支出", "功能分类科目")),
        ),
    ),
)


# Some places list spending by nature in place of functions. What stands beneath a nature (工资福利支出) is kept only:
# no other form tells the economic classes of money that is not of 一般公共预算.
def _of_nature(nature: str, label: str, *aliases: str) -> Line:
    return Line(nature, label, Where(EXPENDITURE, nature=(nature,)), aliases=aliases)


# 本年支出合计 adds up what stands above it: some places print it above the money for other units, others beneath.
# Neither is called year_total: a line that one list of a form lacks and another has counts as blank.
_YEAR_TOTAL = "本年支出合计"
_SPENT_BY_UNIT, _PASSED_ON = ("basic", "project", "operating"), ("subsidy", "remitted")
_NATURE_LINES = (
    _of_nature("basic", "一、基本支出"),
    _of_nature("project", "二、项目支出"),
    _of_nature("operating", "三、事业单位经营支出", "经营支出"),
    Line(
        "own_total",
        f"{_YEAR_TOTAL}（不含补助和上缴）",
        Where(EXPENDITURE, nature=_SPENT_BY_UNIT),
        0,
        _SPENT_BY_UNIT,
        aliases=(_YEAR_TOTAL,),
        optional=True,
    ),
    _of_nature("subsidy", "四、对附属单位补助支出", "对附属单位补助", "对下级单位补助支出"),
    _of_nature("remitted", "五、上缴上级支出", "上缴上级"),
    Line("nature_total", _YEAR_TOTAL, Where(EXPENDITURE), 0, (*_SPENT_BY_UNIT, *_PASSED_ON), optional=True),
    Line(
        "closing",
        "六、结转下年",
        Where(CARRY_OVER, item=("closing",)),
        0,
        aliases=("结转下年支出", "年终结转结余", "结余结转下年"),
    ),
    Line(
        "grand_total",
        "支出总计",
        Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
        0,
        (*_SPENT_BY_UNIT, *_PASSED_ON, "closing"),
        aliases=("总计",),
    ),
)
NB01Y = Form(
    form_id="nb01y",
    title=f"{NB01.title}（按支出性质）",
    short_title="收支总表（按支出性质）",
    aliases=(NB01.title, *NB01.aliases),
    optional=True,
    variant_of="nb01",
    needs_title=True,
    lists=(
        NB01.lists[0],
        LineList(
            "nature",
            ("支出", "项目"),
            (Column("nature", ("支出", "预算数"), aliases=(("支出", "金额"),)),),
            _NATURE_LINES,
        ),
    ),
)


def _by_fund(column_id: str, name: str, *funds: str) -> Column:
    aliases = (("支出", "预算数", name), *(("支出", word) for word in _fiscal(name)[1:]))
    return Column(column_id, ("支出", name), where=Where(fund=funds), aliases=aliases, optional=True)


NB04 = Form(
    form_id="nb04",
    title="财政拨款收支总表",
    short_title="财政拨款收支总表",
    aliases=(
        "财政拨款收支总体情况表",
        "财政拨款收支预算总表",
        "财政拨款收支预算总体情况表",
        "部门财政拨款收支总表",
    ),
    lists=(
        LineList(
            "revenue",
            ("收入", "项目"),
            (Column("revenue", ("收入", "预算数"), aliases=(("收入", "金额"),)),),
            (
                Line(
                    "year",
                    "一、本年收入",
                    Where(REVENUE, item=_FISCAL_FUNDS),
                    1,
                    _FISCAL_FUNDS,
                    aliases=("本年收入合计", "本年财政拨款收入"),
                ),
                *(
                    Line(fund, f"（{number}）{name}拨款", Where(REVENUE, item=(fund,)), 2, aliases=_fiscal(name))
                    for number, (fund, _, _, name) in zip(_ORDINALS, _FUNDS, strict=False)
                ),
                Line(
                    "opening",
                    "二、上年结转",
                    Where(CARRY_OVER, fund=_FISCAL_CARRIED, item=("opening",)),
                    1,
                    tuple(f"opening_{carried}" for _, carried, _, _ in _FUNDS),
                    aliases=("上年结转结余", "上年财政拨款结转", "上年财政拨款结转结余"),
                ),
                *(
                    Line(
                        f"opening_{carried}",
                        f"（{number}）{name}拨款",
                        Where(CARRY_OVER, fund=(carried,), item=("opening",)),
                        2,
                        aliases=_fiscal(name),
                    )
                    for number, (_, carried, _, name) in zip(_ORDINALS, _FUNDS, strict=False)
                ),
                Line(
                    "grand_total",
                    "收入总计",
                    Where(
                        REVENUE + CARRY_OVER, fund=(*_FISCAL_FUNDS, *_FISCAL_CARRIED), item=(*_FISCAL_FUNDS, "opening")
                    ),
                    0,
                    ("year", "opening"),
                    aliases=("总计",),
                ),
            ),
        ),
        LineList(
            "function",
            ("支出", "项目"),
            (
                Column(
                    "function_total",
                    ("支出", "合计"),
                    where=Where(fund=(*_FISCAL_FUNDS, *_FISCAL_CARRIED)),
                    parts=tuple(f"function_{name}" for _, _, name, _ in _FUNDS),
                    aliases=(("支出", "预算数"), ("支出", "金额"), ("支出", "预算数", "合计"), ("支出", "小计")),
                ),
                *(_by_fund(f"function_{column_id}", name, fund, carried) for fund, carried, column_id, name in _FUNDS),
            ),
            (
                Line(
                    "year",
                    "一、本年支出",
                    Where(EXPENDITURE),
                    1,
                    FUNCTION_LINE_IDS,
                    aliases=("本年支出合计", "本年财政拨款支出"),
                ),
                *NATIONAL_FUNCTION_LINES,
                Line(
                    "closing",
                    "二、年终结转结余",
                    Where(CARRY_OVER, item=("closing",)),
                    1,
                    aliases=("结转下年", "结转下年支出", "年终结转", "年终结转和结余"),
                ),
                Line(
                    "grand_total",
                    "支出总计",
                    Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
                    0,
                    ("year", "closing"),
                    aliases=("总计",),
                ),
            ),
            label_aliases=(("支出", "项目（按功能分类）"), ("支出", "功能分类"), ("支出", "功能分类科目")),
        ),
    ),
)

# ---------------------------------------------------------------------------- nb02: revenue by function, or by unit

_FUNCTION_COLUMNS = (
    Column(
        "subject_code",
        ("科目编码",),
        Role.CODE,
        code=FUNCTION,
        aliases=(
            ("功能分类科目编码",),
            ("科目", "科目编码"),
            ("功能分类科目", "科目编码"),
            ("项目", "科目编码"),
            ("项目", "功能分类科目编码"),
            ("支出功能分类", "科目编码"),
            ("功能分类科目",),
            ("项目", "功能分类科目"),
        ),
    ),
    Column(
        "subject_name",
        ("科目名称",),
        Role.NAME,
        code=FUNCTION,
        aliases=(
            ("功能分类科目名称",),
            ("科目", "科目名称"),
            ("功能分类科目", "科目名称"),
            ("项目", "科目名称"),
            ("项目", "功能分类科目名称"),
            ("支出功能分类", "科目名称"),
        ),
    ),
)


def _paths_of(column: Column) -> Paths:
    return (column.path, *column.aliases)


_UNIT = Code((Coordinate.UNIT,))
_UNIT_COLUMNS = (
    Column(
        "unit_code",
        ("部门（单位）代码",),
        Role.CODE,
        code=_UNIT,
        aliases=(("单位代码",), ("部门代码",), ("预算单位代码",), ("项目", "单位代码")),
    ),
    Column(
        "unit_name",
        ("部门（单位）名称",),
        Role.NAME,
        code=_UNIT,
        aliases=(("单位名称",), ("部门名称",), ("预算单位名称",), ("单位名称（科目）",), ("项目", "单位名称（科目）")),
    ),
)
# Departments print the unit beside 类, 款 and 项, or its row above those of its functions.
_UNIT_OR_FUNCTION = Code((Coordinate.UNIT, Coordinate.FUNCTIONAL))
_UNITS_AND_FUNCTIONS = (
    *(
        replace(column, optional=True)
        for column in code_parts(
            Coordinate.FUNCTIONAL,
            ("科目编码",),
            ("项目", "科目编码"),
            ("功能分类科目编码",),
            ("功能分类科目",),
            ("支出功能分类",),
        )
    ),
    Column(
        "subject_code",
        ("单位代码",),
        Role.CODE,
        code=_UNIT_OR_FUNCTION,
        aliases=(*_paths_of(_UNIT_COLUMNS[0]), *_paths_of(_FUNCTION_COLUMNS[0])),
    ),
    Column(
        "subject_name",
        ("单位名称（科目）",),
        Role.NAME,
        code=_UNIT_OR_FUNCTION,
        aliases=(*_paths_of(_UNIT_COLUMNS[1]), *_paths_of(_FUNCTION_COLUMNS[1])),
    ),
)


_BY = {
    (Coordinate.UNIT,): "（按单位）",
    (Coordinate.UNIT, Coordinate.FUNCTIONAL): "（按单位和功能）",
    (Coordinate.UNIT, Coordinate.DEPARTMENT_ECONOMIC): "（按单位和经济分类）",
}


def _by_unit(form: Form, form_id: str, rows: Rows, columns: tuple[Column, ...]) -> Form:
    """A form whose rows are also told by unit, under the same title; a document has one of the two."""
    by = _BY[rows.by]
    return replace(
        form,
        form_id=form_id,
        title=f"{form.title}{by}",
        short_title=f"{form.short_title}（按单位）",
        rows=rows,
        aliases=(form.title, *form.aliases),
        optional=True,
        variant_of=form.form_id,
        needs_title=True,
        columns=columns,
    )


def _by_unit_and_function(form: Form, form_id: str) -> Form:
    rows = Rows((Coordinate.UNIT, Coordinate.FUNCTIONAL))
    return _by_unit(form, form_id, rows, (*_UNITS_AND_FUNCTIONS, *form.columns[len(_FUNCTION_COLUMNS) :]))


_YEAR_REVENUE, _CARRIED_OVER = "本年收入", "上年结转结余"
# id, words, codes
_REVENUE_COLUMNS: tuple[tuple[str, Path, Path], ...] = (
    *((column_id, _fiscal(name), (fund,)) for fund, _, column_id, name in _FUNDS),
    ("fiscal_account", ("财政专户管理资金", "财政专户管理资金收入", "教育收费资金收入", *FISCAL_ACCOUNT_FEES), ("2",)),
    ("institution_income", ("事业收入",), ("31",)),
    ("operating_income", ("事业单位经营收入", "经营收入"), ("34",)),
    ("superior_unit_subsidy", ("上级补助收入", "上级单位补助收入"), ("32",)),
    ("affiliate_remittance", ("附属单位上缴收入",), ("33",)),
    ("other_income", ("其他收入",), ("39",)),
)
# what is left of fund, id, words
_CARRIED_COLUMNS = (
    *((carried, f"opening_{column_id}", name) for _, carried, column_id, name in _FUNDS),
    ("1892", "opening_fiscal_account", "财政专户管理资金"),
    ("1893", "opening_unit_funds", "单位资金"),
)


def _revenue(form_id: str, rows: Rows, told_by: tuple[Column, ...], *, variant_of: str | None = None) -> Form:
    """收入总表 with the columns that tell its rows; a document has one of the two."""
    by = "（按单位）" if variant_of else ""
    sources = tuple(column_id for column_id, _, _ in _REVENUE_COLUMNS)
    return Form(
        form_id=form_id,
        title=f"部门收入总表{by}",
        short_title=f"收入总表{by}",
        rows=rows,
        aliases=(
            "收入总表",
            "部门收入总表",
            "单位收入总表",
            "收入总体情况表",
            "收入预算总表",
            "部门收入预算总表",
            "部门收入预算表",
        ),
        optional=variant_of is not None,
        variant_of=variant_of,
        columns=(
            *told_by,
            Column(
                "total",
                ("合计",),
                where=Where(REVENUE + CARRY_OVER, item=("1", "2", "3", *_CARRIED)),
                parts=(*sources, "surplus_used", "opening"),
                aliases=(("总计",), ("收入合计",)),
            ),
            Column(
                "year_total",
                (_YEAR_REVENUE, "小计"),
                where=Where(REVENUE),
                parts=sources,
                aliases=((_YEAR_REVENUE, "合计"), ("本年收入合计",)),
                optional=True,
            ),
            Column(
                "fiscal",
                (_YEAR_REVENUE, "财政拨款收入"),
                where=Where(REVENUE, item=_FISCAL_FUNDS),
                aliases=((_YEAR_REVENUE, "财政拨款"), ("财政拨款收入",), ("财政拨款",)),
                optional=True,
            ),
            *(
                Column(
                    column_id,
                    (_YEAR_REVENUE, words[0]),
                    where=Where(REVENUE, item=codes),
                    aliases=(
                        *((_YEAR_REVENUE, word) for word in words[1:]),
                        *((word,) for word in words),
                        *((word, "金额") for word in words),
                    ),
                    optional=codes not in (("11",), ("12",)),
                )
                for column_id, words, codes in _REVENUE_COLUMNS
            ),
            Column("education_fees", ("事业收入", "其中：教育收费"), Role.MEMO, optional=True),
            Column(
                "surplus_used",
                ("使用非财政拨款结余",),
                where=Where(CARRY_OVER, item=("surplus_used",)),
                aliases=(("用事业基金弥补收支差额",),),
                optional=True,
            ),
            Column(
                "opening",
                (_CARRIED_OVER, "小计"),
                where=Where(CARRY_OVER, item=("opening",)),
                parts=tuple(column_id for _, column_id, _ in _CARRIED_COLUMNS),
                aliases=(
                    (_CARRIED_OVER,),
                    ("上年结转",),
                    ("上年结转", "小计"),
                    ("上年结转和结余",),
                    ("上年结转（结余）",),
                ),
            ),
            *(
                Column(
                    column_id,
                    (_CARRIED_OVER, name),
                    where=Where(CARRY_OVER, fund=(carried,), item=("opening",)),
                    aliases=(("上年结转", name),),
                    optional=True,
                )
                for carried, column_id, name in _CARRIED_COLUMNS
            ),
        ),
    )


NB02 = _revenue("nb02", FUNCTION_ROWS_TOTAL_LAST, _FUNCTION_COLUMNS)
NB02U = replace(_by_unit_and_function(NB02, "nb02u"), short_title="收入总表（按单位和功能）")
NB02X = _revenue("nb02x", Rows((Coordinate.UNIT,)), _UNIT_COLUMNS, variant_of=NB02.form_id)
# Some places print 收入总表 as a list of sources, under the same title.
NB02Y = Form(
    form_id="nb02y",
    title=f"{NB02.title}（按来源）",
    short_title="收入总表（按来源）",
    aliases=(NB02.title, *NB02.aliases),
    optional=True,
    variant_of="nb02",
    lists=(
        LineList(
            "revenue",
            ("项目",),
            (Column("revenue", ("预算数",), aliases=(("金额",),)),),
            _REVENUE_LINES,
            label_aliases=(("收入", "项目"), ("收入",), ("收入项目",)),
        ),
    ),
)

# ---------------------------------------------------------------------------- nb03, nb05, nb08, nb09: by function


def _nature(nature: str, name: str, *aliases: str, optional: bool = False) -> Column:
    words = tuple((word,) for word in aliases)
    return Column(nature, (name,), where=Where(nature=(nature,)), aliases=words, optional=optional)


def _of_basic(column_id: str, classes: Path, *paths: Path) -> Column:
    path, *aliases = paths
    where = Where(nature=("basic",), department_economic=classes)
    return Column(column_id, ("基本支出", *path), where=where, aliases=tuple(aliases), optional=True)


def _memo(column_id: str, name: str) -> Column:
    aliases = (("公用经费", name), ("基本支出", name))
    return Column(column_id, ("基本支出", "公用经费", name), Role.MEMO, aliases=aliases, optional=True)


# Basic spending by what it is for. Some places divide it further; what 公用经费 is made of is kept only.
_STAFF, _PUBLIC, _WAGES, _FAMILIES = "人员经费", "公用经费", "工资福利支出", "对个人和家庭的补助"
_BASIC_BY_CLASS = (
    _of_basic("staff", STAFF, (_STAFF,), (_STAFF,), ("基本支出", _STAFF, "小计")),
    _of_basic("wages", STAFF[:1], (_STAFF, _WAGES), (_STAFF, _WAGES), ("基本支出", _WAGES)),
    _of_basic("families", STAFF[1:], (_STAFF, _FAMILIES), (_STAFF, _FAMILIES), ("基本支出", _FAMILIES)),
    _of_basic("public", PUBLIC, (_PUBLIC,), (_PUBLIC,), ("基本支出", _PUBLIC, "小计")),
    _memo("goods", "商品和服务支出"),
    _memo("capital", "资本性支出"),
)

NB03 = Form(
    form_id="nb03",
    title="部门支出总表",
    short_title="支出总表",
    rows=FUNCTION_ROWS_TOTAL_LAST,
    where=Where(EXPENDITURE),
    aliases=("支出总表", "单位支出总表", "支出总体情况表", "支出预算总表", "部门支出预算总表", "部门支出预算表"),
    columns=(
        *_FUNCTION_COLUMNS,
        Column(
            "total",
            ("合计",),
            parts=("basic", "project", "operating", "remitted", "subsidy"),
            aliases=(("总计",), ("支出合计",), ("预算数",)),
        ),
        Column(
            "basic",
            ("基本支出",),
            where=Where(nature=("basic",)),
            parts=("staff", "public"),
            aliases=(("基本支出", "小计"), ("基本支出", "合计")),
        ),
        *_BASIC_BY_CLASS,
        _nature("project", "项目支出"),
        _nature("operating", "事业单位经营支出", "经营支出", optional=True),
        _nature("remitted", "上缴上级支出", optional=True),
        _nature("subsidy", "对附属单位补助支出", "对下级单位补助支出", optional=True),
    ),
)

NB03X = replace(_by_unit_and_function(NB03, "nb03x"), short_title="支出总表（按单位和功能）")
# Some places print 支出总表 as a list of natures, under the same title.
NB03Y = Form(
    form_id="nb03y",
    title=f"{NB03.title}（按支出性质）",
    short_title="支出总表（按支出性质）",
    aliases=(NB03.title, *NB03.aliases),
    optional=True,
    variant_of="nb03",
    needs_title=True,
    lists=(
        LineList(
            "nature",
            ("项目",),
            (Column("nature", ("预算数",), aliases=(("金额",),)),),
            _NATURE_LINES,
            label_aliases=(("支出", "项目"), ("支出",), ("支出项目",)),
        ),
    ),
)


def _by_staff_and_public(
    form_id: str, title: str, short_title: str, fund: Path, words: Path, **options: object
) -> Form:
    """Spending of some budgets by function: basic spending of people and of goods, and projects."""
    header = f"本年{short_title}"
    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title,
        rows=FUNCTION_ROWS_TOTAL_LAST,
        where=Where(EXPENDITURE, fund=fund),
        aliases=words,
        columns=(
            *_FUNCTION_COLUMNS,
            Column(
                "total",
                ("合计",),
                parts=("basic", "project"),
                aliases=(("总计",), ("小计",), ("预算数",), ("预算数", "小计"), ("预算数", "合计"), (header, "合计")),
            ),
            Column(
                "basic",
                ("基本支出", "小计"),
                where=Where(nature=("basic",)),
                parts=("staff", "public"),
                aliases=(("基本支出",), ("基本支出", "合计"), ("预算数", "基本支出"), (header, "基本支出")),
            ),
            *_BASIC_BY_CLASS,
            Column(
                "project",
                ("项目支出",),
                where=Where(nature=("project",)),
                aliases=(("预算数", "项目支出"), (header, "项目支出"), ("专项业务经费支出",)),
            ),
        ),
        **options,  # type: ignore[arg-type]
    )


NB05 = _by_staff_and_public(
    "nb05",
    "一般公共预算支出表",
    "一般公共预算支出",
    ("11",),
    (
        "一般公共预算支出情况表",
        "一般公共预算支出预算表",
        "一般公共预算支出总体情况表",
        "一般公共预算支出明细表",
        "一般公共预算财政拨款支出表",
        "一般公共预算财政拨款支出预算表",
    ),
)
NB05U = _by_unit_and_function(NB05, "nb05u")
# Some provinces print spending of 财政拨款 as a whole beside that of 一般公共预算.
NB05X = _by_staff_and_public(
    "nb05x",
    "财政拨款支出表",
    "财政拨款支出",
    _FISCAL_FUNDS,
    ("财政拨款支出表（功能科目）", "财政拨款支出预算表", "财政拨款支出预算表（功能科目）", "财政拨款支出总表"),
    optional=True,
)


def _of_budget(form_id: str, budget: str, fund: str) -> Form:
    header = f"本年{budget}支出"
    return Form(
        form_id=form_id,
        title=f"{budget}支出表",
        short_title=f"{budget}支出",
        rows=FUNCTION_ROWS_TOTAL_LAST,
        where=Where(EXPENDITURE, fund=(fund,)),
        aliases=(
            f"{budget}支出情况表",
            f"{budget}支出预算表",
            f"{budget.removesuffix('预算')}支出预算表",
            f"{budget}财政拨款支出表",
            f"{budget}财政拨款支出预算表",
            f"{budget}支出预算情况表",
        ),
        columns=(
            *_FUNCTION_COLUMNS,
            Column(
                "total",
                (header, "合计"),
                parts=("basic", "project"),
                aliases=(
                    ("合计",),
                    ("预算数",),
                    ("本年支出", "合计"),
                    (header, "小计"),
                    (f"{budget}支出", "合计"),
                    (header,),
                    ("本年支出",),
                ),
            ),
            Column(
                "basic",
                (header, "基本支出"),
                where=Where(nature=("basic",)),
                aliases=(("基本支出",), ("本年支出", "基本支出"), (f"{budget}支出", "基本支出")),
            ),
            Column(
                "project",
                (header, "项目支出"),
                where=Where(nature=("project",)),
                aliases=(("项目支出",), ("本年支出", "项目支出"), (f"{budget}支出", "项目支出")),
            ),
        ),
    )


NB08 = _of_budget("nb08", "政府性基金预算", "12")
NB09 = _of_budget("nb09", "国有资本经营预算", "13")
NB08U = _by_unit_and_function(NB08, "nb08u")
NB09U = _by_unit_and_function(NB09, "nb09u")

# ---------------------------------------------------------------------------- nb06: basic spending by economic item

_ECONOMIC_ITEMS = "部门预算支出经济分类科目"


def _basic(form_id: str, title: str, short_title: str, fund: Path, words: Path, **options: object) -> Form:
    """Basic spending of some budgets by economic item."""
    header = f"本年{short_title}"
    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title,
        rows=ECONOMIC_ROWS_TOTAL_LAST,
        where=Where(EXPENDITURE, fund=fund, nature=("basic",)),
        aliases=words,
        columns=(
            Column(
                "subject_code",
                (_ECONOMIC_ITEMS, "科目编码"),
                Role.CODE,
                code=ECONOMIC,
                aliases=(("经济分类科目编码",), ("经济分类科目",), ("支出经济分类", "科目编码")),
            ),
            Column(
                "subject_name",
                (_ECONOMIC_ITEMS, "科目名称"),
                Role.NAME,
                code=ECONOMIC,
                aliases=(("经济分类科目名称",), ("支出经济分类", "科目名称")),
            ),
            Column(
                "total",
                (header, "合计"),
                parts=("staff", "public"),
                aliases=((short_title, "合计"), ("预算数",), ("金额",), (header,), (short_title,)),
            ),
            Column(
                "staff",
                (header, "人员经费"),
                where=Where(department_economic=STAFF),
                aliases=((short_title, "人员经费"),),
                optional=True,
            ),
            Column(
                "public",
                (header, "公用经费"),
                where=Where(department_economic=PUBLIC),
                aliases=((short_title, "公用经费"),),
                optional=True,
            ),
        ),
        **options,  # type: ignore[arg-type]
    )


NB06 = _basic(
    "nb06",
    "一般公共预算基本支出表",
    "一般公共预算基本支出",
    ("11",),
    (
        "一般公共预算基本支出情况表",
        "一般公共预算基本支出预算表",
        "一般公共预算基本支出总体情况表",
        "一般公共预算财政拨款基本支出表",
    ),
)
_UNIT_OR_ITEM = Code((Coordinate.UNIT, Coordinate.DEPARTMENT_ECONOMIC))
NB06U = _by_unit(
    NB06,
    "nb06u",
    Rows((Coordinate.UNIT, Coordinate.DEPARTMENT_ECONOMIC)),
    (
        *(
            replace(column, optional=True)
            for column in code_parts(
                Coordinate.DEPARTMENT_ECONOMIC,
                ("科目编码",),
                ("项目", "科目编码"),
                ("经济分类科目编码",),
                ("经济分类科目",),
                ("支出经济分类",),
            )
        ),
        Column(
            "subject_code",
            ("单位代码",),
            Role.CODE,
            code=_UNIT_OR_ITEM,
            aliases=(*_paths_of(_UNIT_COLUMNS[0]), *_paths_of(NB06.columns[0])),
        ),
        Column(
            "subject_name",
            ("单位名称（科目）",),
            Role.NAME,
            code=_UNIT_OR_ITEM,
            aliases=(*_paths_of(_UNIT_COLUMNS[1]), *_paths_of(NB06.columns[1])),
        ),
        *NB06.columns[2:],
    ),
)
NB06X = _basic(
    "nb06x",
    "财政拨款基本支出表",
    "财政拨款基本支出",
    _FISCAL_FUNDS,
    ("财政拨款基本支出表（经济科目）", "财政拨款基本支出预算表", "财政拨款基本支出预算表（经济科目）"),
    optional=True,
)

# 机关运行经费, which some provinces print by economic item
NB10 = operating_cost_by_item(
    "nb10",
    "一般公共预算机关运行经费支出表",
    "机关运行经费支出",
    aliases=(
        "一般公共预算机关运行经费支出预算表",
        "机关运行经费支出表",
        "机关运行经费支出预算表",
        "机关运行经费预算表",
    ),
    amounts=(("预算数",),),
)

# ---------------------------------------------------------------------------- nb07: 三公

_VEHICLES = "公务用车购置及运行费"


def _three_public(column_id: str, paths: Paths, *items: str, parts: Path = ()) -> Column:
    aliases = (*paths[1:], *(("预算数", *path) for path in paths), *(("“三公”经费", *path) for path in paths))
    return Column(column_id, paths[0], where=Where(item=items), parts=parts, aliases=aliases)


_TITLE_7 = "一般公共预算“三公”经费支出表"
_ALIASES_7 = (
    "财政拨款“三公”经费支出表",
    "“三公”经费支出表",
    "一般公共预算“三公”经费支出情况表",
    "一般公共预算“三公”经费支出预算表",
    "财政拨款“三公”经费支出预算表",
    "一般公共预算“三公”经费预算表",
    "财政拨款“三公”经费预算表",
    "“三公”经费预算表",
    "“三公”经费、会议费、培训费支出表",
    "一般公共预算“三公”经费、会议费、培训费支出表",
    "一般公共预算“三公”经费、会议费、培训费支出预算表",
)
NB07 = Form(
    form_id="nb07",
    title=_TITLE_7,
    short_title="三公经费支出",
    rows=ONE_ROW,
    where=Where(THREE_PUBLIC),
    aliases=_ALIASES_7,
    columns=(
        _three_public(
            "total",
            (("“三公”经费合计",), ("合计",), ("小计",), ("“三公”经费财政拨款预算总额",)),
            parts=("abroad", "vehicle_total", "reception"),
        ),
        _three_public("abroad", (("因公出国（境）费",),), "abroad"),
        _three_public(
            "vehicle_total",
            ((_VEHICLES, "小计"), (_VEHICLES,)),
            "vehicle_purchase",
            "vehicle_operation",
            parts=("vehicle_purchase", "vehicle_operation"),
        ),
        _three_public("vehicle_purchase", ((_VEHICLES, "公务用车购置费"), (_VEHICLES, "购置费")), "vehicle_purchase"),
        _three_public("vehicle_operation", ((_VEHICLES, "公务用车运行费"), (_VEHICLES, "运行费")), "vehicle_operation"),
        _three_public("reception", (("公务接待费",),), "reception"),
        Column("meetings", ("会议费",), Role.MEMO, optional=True),
        Column("training", ("培训费",), Role.MEMO, optional=True),
    ),
)

NB07U = _by_unit(NB07, "nb07u", Rows((Coordinate.UNIT,)), (*_UNIT_COLUMNS, *NB07.columns))
# Some provinces print the items of 三公 beneath one another, under the same title.
NB07X = Form(
    form_id="nb07x",
    title=f"{_TITLE_7}（按项目）",
    short_title="三公经费支出（按项目）",
    where=Where(THREE_PUBLIC),
    aliases=(_TITLE_7, *_ALIASES_7),
    optional=True,
    variant_of="nb07",
    lists=(
        LineList(
            "three_public",
            ("项目",),
            (Column("amount", ("预算数",), aliases=(("金额",), ("合计",))),),
            THREE_PUBLIC_LINES,
            label_aliases=(("项目名称",), ("“三公”经费",)),
        ),
    ),
)

# 政府采购, which some provinces publish with the forms of a budget
NB11 = procurement_by_kind(
    "nb11",
    "政府采购支出表",
    aliases=("政府采购预算表", "政府采购支出预算表", "政府采购预算明细表"),
    by_fund=True,
    optional=True,
)

# 项目支出 project by project, which many provinces publish. The money of a project is of the unit beside it.
_THIS_YEAR, _LEFT = "本年拨款", "财政拨款结转结余"


def _project_fund(column_id: str, fund: str, *paths: Path) -> Column:
    return Column(column_id, paths[0], where=Where(fund=(fund,)), aliases=paths[1:], optional=fund != "11")


_THIS_YEARS = tuple(column_id for _, _, column_id, _ in _FUNDS)
_LEFT_OVER = tuple(f"left_{column_id}" for column_id in _THIS_YEARS)
NB12 = Form(
    form_id="nb12",
    title="项目支出表",
    short_title="项目支出",
    rows=Rows((Coordinate.UNIT, Coordinate.PROJECT), unprinted=("department", "unit")),
    where=Where((Statement.SPECIAL_FUND,)),
    aliases=("项目支出预算表", "项目支出情况表", "项目支出明细表", "项目支出预算明细表"),
    optional=True,
    columns=(
        Column("category", ("类型",), Role.TEXT, aliases=(("项目类型",), ("项目类别",), ("项目分类",)), optional=True),
        Column(
            "project_name",
            ("项目名称",),
            Role.NAME,
            code=Code((Coordinate.PROJECT,)),
            aliases=(("项目支出名称",),),
        ),
        Column("unit_name", ("项目单位",), Role.NAME, code=_UNIT, aliases=(("单位名称",),)),
        Column(
            "total",
            ("合计",),
            parts=(*_THIS_YEARS, *_LEFT_OVER, "fiscal_account", "unit_funds"),
            aliases=(("总计",), ("预算数",), ("金额",)),
        ),
        *(
            _project_fund(
                column_id,
                fund,
                *((_THIS_YEAR, word) for word in _fiscal(name)),
                *((word,) for word in _fiscal(name)),
            )
            for fund, _, column_id, name in _FUNDS
        ),
        *(
            _project_fund(
                f"left_{column_id}",
                carried,
                *((head, word) for head in (_LEFT, "上年结转结余") for word in _fiscal(name)),
            )
            for _, carried, column_id, name in _FUNDS
        ),
        _project_fund("fiscal_account", "2", ("财政专户管理资金",), ("财政专户",), ("财政专户资金",)),
        _project_fund("unit_funds", "3", ("单位资金",), ("非财政拨款资金",)),
    ),
)

NATIONAL_BUDGET = TemplateSet(
    id="national_budget",
    title="部门预算公开表（财政部格式）",
    divisions=(),
    years=range(2016, 2100),
    stage=Stage.BUDGET,
    forms=(
        NB01,
        NB01Y,
        NB02,
        NB02U,
        NB02X,
        NB02Y,
        NB03,
        NB03X,
        NB03Y,
        NB04,
        NB05,
        NB05U,
        NB05X,
        NB06,
        NB06U,
        NB06X,
        NB07,
        NB07U,
        NB07X,
        NB08,
        NB08U,
        NB09,
        NB09U,
        NB10,
        NB11,
        NB12,
    ),
    finest_first=(
        "nb06u",
        "nb06",
        "nb06x",
        "nb05u",
        "nb05",
        "nb05x",
        "nb08u",
        "nb08",
        "nb09u",
        "nb09",
        "nb03x",
        "nb03",
        "nb03y",
        "nb02u",
        "nb02",
        "nb02x",
        "nb02y",
        "nb10",
        "nb07u",
        "nb07",
        "nb07x",
        "nb11",
        "nb12",
        "nb04",
        "nb01y",
        "nb01",
    ),
)
