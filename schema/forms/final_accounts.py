"""The nine national forms of final accounts (部门决算公开), 公开01 to 公开09, in the order of 2024.

Sources: the layout of 财政部 since 2019, whose forms 07 to 09 have changed places; a disclosure of 普陀区 for 2024.
行次 and 栏次 stand in some documents only. Rows are functions or economic items without unit rows.
"""

from __future__ import annotations

from dataclasses import replace

from schema.forms.building_blocks import (
    CARRY_OVER,
    ECONOMIC,
    ECONOMIC_ROWS_TOTAL_LAST,
    EXPENDITURE,
    FISCAL,
    FUNCTION,
    FUNCTION_LINE_IDS,
    FUNCTION_ROWS,
    NATIONAL_FUNCTION_LINES,
    ONE_ROW,
    OPERATING_COST,
    PROCUREMENT,
    REVENUE,
    THREE_PUBLIC,
    THREE_PUBLIC_LINES,
    Path,
    Paths,
    operating_cost_by_item,
)
from schema.forms.classes import PUBLIC, STAFF
from schema.forms.template import (
    Column,
    Coordinate,
    Form,
    Line,
    LineList,
    Prior,
    Role,
    Rows,
    Stage,
    TemplateSet,
    Where,
)

# fund of the year, fund of what is left of it, id, name
_FUNDS = (
    ("11", "181", "general", "一般公共预算财政拨款"),
    ("12", "182", "government_fund", "政府性基金预算财政拨款"),
    ("13", "183", "state_capital", "国有资本经营预算财政拨款"),
)
_FISCAL_CARRIED = ("180", "181", "182", "183")
_ORDINALS = "一二三四五六七八"


def _amount(column_id: str, side: str) -> tuple[Column, ...]:
    """The amounts of a list with one column; some documents print 行次 in front of them."""
    return (
        Column(column_id, (side, "决算数"), aliases=((side, "金额"),)),
        Column(f"{column_id}_ordinal", (side, "行次"), Role.ORDINAL, optional=True),
    )


# ---------------------------------------------------------------------------- f01: 收入支出决算总表

_REVENUE_NAMES = (
    ("11", "一般公共预算财政拨款收入"),
    ("12", "政府性基金预算财政拨款收入"),
    ("13", "国有资本经营预算财政拨款收入"),
    ("32", "上级补助收入"),
    ("31", "事业收入"),
    ("34", "经营收入"),
    ("33", "附属单位上缴收入"),
    ("39", "其他收入"),
)
_REVENUE_ALIASES = {
    "11": ("一般公共预算财政拨款",),
    "12": ("政府性基金预算财政拨款", "政府性基金"),
    "13": ("国有资本经营预算财政拨款",),
    "33": ("附属单位缴款",),
}
# Accounts until 2018 print the sum of the budgets, and 政府性基金 alone beneath it.
_FISCAL_SUM = Line(
    "fiscal", "一、财政拨款收入", Where(REVENUE, item=FISCAL), 1, FISCAL, aliases=("财政拨款",), optional=True
)
F01 = Form(
    form_id="f01",
    title="收入支出决算总表",
    short_title="收入支出决算总表",
    aliases=("收支决算总表", "收入支出决算表"),
    lists=(
        LineList(
            "revenue",
            ("收入", "项目"),
            _amount("revenue", "收入"),
            (
                _FISCAL_SUM,
                *(
                    Line(
                        code,
                        f"{number}、{name}",
                        Where(REVENUE, item=(code,)),
                        aliases=_REVENUE_ALIASES.get(code, ()),
                    )
                    for number, (code, name) in zip(_ORDINALS, _REVENUE_NAMES, strict=False)
                ),
                Line("year_total", "本年收入合计", Where(REVENUE), 0, tuple(code for code, _ in _REVENUE_NAMES)),
                Line(
                    "surplus_used",
                    "使用非财政拨款结余",
                    Where(CARRY_OVER, item=("surplus_used",)),
                    0,
                    aliases=(
                        "使用非财政拨款结余（含专用结余）",
                        "使用非财政拨款结余和专用结余",
                        "用事业基金弥补收支差额",
                    ),
                ),
                Line("opening", "年初结转和结余", Where(CARRY_OVER, item=("opening",)), 0),
                Line(
                    "grand_total",
                    "总计",
                    Where(REVENUE + CARRY_OVER, item=("1", "2", "3", "surplus_used", "opening")),
                    0,
                    ("year_total", "surplus_used", "opening"),
                    aliases=("收入总计",),
                ),
            ),
            label_aliases=(("收入", "科目"),),
        ),
        LineList(
            "function",
            ("支出", "项目"),
            _amount("function", "支出"),
            (
                *NATIONAL_FUNCTION_LINES,
                Line("year_total", "本年支出合计", Where(EXPENDITURE), 0, FUNCTION_LINE_IDS),
                Line(
                    "surplus_distributed",
                    "结余分配",
                    Where(CARRY_OVER, item=("surplus_distributed",)),
                    0,
                ),
                Line("closing", "年末结转和结余", Where(CARRY_OVER, item=("closing",)), 0),
                Line(
                    "grand_total",
                    "总计",
                    Where(EXPENDITURE + CARRY_OVER, item=("", "surplus_distributed", "closing")),
                    0,
                    ("year_total", "surplus_distributed", "closing"),
                    aliases=("支出总计",),
                ),
            ),
            label_aliases=(("支出", "项目（按功能分类）"), ("支出", "功能分类"), ("支出", "科目")),
        ),
    ),
)

# ---------------------------------------------------------------------------- f02, f03, f05: by function

_FUNCTION_COLUMNS = (
    Column(
        "subject_code",
        ("项目", "功能分类科目编码"),
        Role.CODE,
        code=FUNCTION,
        aliases=(
            ("功能分类科目编码",),
            ("项目", "支出功能分类科目编码"),
            ("支出功能分类科目编码",),
            ("项目", "科目编码"),
            ("项目", "科目代码"),
            ("项目", "编码"),
            ("编码",),
        ),
    ),
    Column(
        "subject_name",
        ("项目", "科目名称"),
        Role.NAME,
        code=FUNCTION,
        aliases=(
            ("科目名称",),
            ("项目", "功能分类科目名称"),
            ("功能分类科目名称",),
            ("项目", "名称"),
            ("名称",),
        ),
    ),
)


def _memo(column_id: str, *path: str, aliases: Paths = ()) -> Column:
    return Column(column_id, path, Role.MEMO, optional=True, aliases=aliases)


# Some provinces divide what was carried over and received by nature, which the ledger does not.
_BY_NATURE = (
    _memo("opening_basic", "年初结转和结余", "基本支出结转", aliases=(("年初结转和结余", "基本支出"),)),
    _memo("opening_project", "年初结转和结余", "项目支出结转和结余", aliases=(("年初结转和结余", "项目支出"),)),
    _memo("revenue_basic", "本年收入", "基本支出"),
    _memo("revenue_project", "本年收入", "项目支出"),
    _memo("closing_basic", "年末结转和结余", "基本支出结转", aliases=(("年末结转和结余", "基本支出"),)),
    _memo("closing_project", "年末结转和结余", "项目支出结转和结余", aliases=(("年末结转和结余", "项目支出"),)),
    _memo("closing_project_carried", "年末结转和结余", "项目支出结转和结余", "项目支出结转"),
    _memo("closing_project_surplus", "年末结转和结余", "项目支出结转和结余", "项目支出结余"),
)


def _source(column_id: str, name: str, *items: str, aliases: Paths = ()) -> Column:
    return Column(column_id, (name,), where=Where(item=items), aliases=aliases)


def _nature(nature: str, name: str, *, under: str | None = None) -> Column:
    path = (name,) if under is None else (under, name)
    return Column(nature, path, where=Where(nature=(nature,)), aliases=(("本年支出", name),) if under is None else ())


F02 = Form(
    form_id="f02",
    title="收入决算表",
    short_title="收入决算表",
    aliases=("收入决算总表",),
    rows=FUNCTION_ROWS,
    where=Where(REVENUE),
    columns=(
        *_FUNCTION_COLUMNS,
        Column(
            "total",
            ("本年收入合计",),
            parts=(
                "fiscal",
                "superior_unit_subsidy",
                "institution_income",
                "operating_income",
                "affiliate_remittance",
                "other_income",
            ),
            aliases=(("合计",), ("本年收入", "合计")),
        ),
        _source("fiscal", "财政拨款收入", *FISCAL, aliases=(("财政拨款",), ("财政补助收入",))),
        _source("superior_unit_subsidy", "上级补助收入", "32"),
        _source("institution_income", "事业收入", "31", aliases=(("事业收入", "小计"),)),
        Column("education_fees", ("事业收入", "其中：教育收费"), Role.MEMO, optional=True),
        _source("operating_income", "经营收入", "34"),
        _source("affiliate_remittance", "附属单位上缴收入", "33"),
        _source("other_income", "其他收入", "39"),
    ),
)
F03 = Form(
    form_id="f03",
    title="支出决算表",
    short_title="支出决算表",
    aliases=("支出决算总表",),
    rows=FUNCTION_ROWS,
    where=Where(EXPENDITURE),
    columns=(
        *_FUNCTION_COLUMNS,
        Column(
            "total",
            ("本年支出合计",),
            parts=("basic", "project", "remitted", "operating", "subsidy"),
            aliases=(("合计",), ("本年支出", "合计"), ("本年支出",)),
        ),
        _nature("basic", "基本支出"),
        _nature("project", "项目支出"),
        _nature("remitted", "上缴上级支出"),
        _nature("operating", "经营支出"),
        _nature("subsidy", "对附属单位补助支出"),
    ),
)
_GENERAL = Where(EXPENDITURE, fund=("11",))
F05 = Form(
    form_id="f05",
    title="一般公共预算财政拨款支出决算表",
    short_title="一般公共预算支出决算表",
    rows=FUNCTION_ROWS,
    aliases=(
        "一般公共预算支出决算表",
        "一般公共预算财政拨款支出决算明细表",
        "一般公共预算财政拨款收入支出决算表",
        "一般公共预算收入支出决算表",
    ),
    columns=(
        *_FUNCTION_COLUMNS,
        Column(
            "opening",
            ("年初结转和结余",),
            where=Where(CARRY_OVER, fund=("181",), item=("opening",)),
            optional=True,
        ),
        Column(
            "revenue",
            ("本年收入",),
            where=Where(REVENUE, item=("11",)),
            aliases=(("本年收入合计",),),
            optional=True,
        ),
        Column(
            "total",
            ("合计",),
            where=_GENERAL,
            parts=("basic", "project"),
            aliases=(("小计",), ("本年支出", "小计"), ("本年支出", "合计"), ("本年支出合计",)),
        ),
        Column(
            "basic",
            ("基本支出",),
            where=_GENERAL.meet(Where(nature=("basic",))),
            parts=("staff", "public"),
            aliases=(("本年支出", "基本支出"), ("基本支出", "小计"), ("本年支出", "基本支出", "小计")),
        ),
        Column(
            "staff",
            ("基本支出", "人员经费"),
            where=_GENERAL.meet(Where(nature=("basic",), department_economic=STAFF)),
            aliases=(("本年支出", "基本支出", "人员经费"),),
            optional=True,
        ),
        Column(
            "public",
            ("基本支出", "公用经费"),
            where=_GENERAL.meet(Where(nature=("basic",), department_economic=PUBLIC)),
            aliases=(("本年支出", "基本支出", "公用经费"),),
            optional=True,
        ),
        Column(
            "project",
            ("项目支出",),
            where=_GENERAL.meet(Where(nature=("project",))),
            aliases=(("本年支出", "项目支出"),),
        ),
        Column(
            "closing",
            ("年末结转和结余",),
            where=Where(CARRY_OVER, fund=("181",), item=("closing",)),
            optional=True,
        ),
        *_BY_NATURE,
    ),
)

# Some provinces print spending of 财政拨款 as a whole beside that of 一般公共预算.
F05X = Form(
    form_id="f05x",
    title="财政拨款支出决算表",
    short_title="财政拨款支出决算表",
    rows=FUNCTION_ROWS,
    where=Where(EXPENDITURE, fund=FISCAL),
    optional=True,
    needs_title=True,
    columns=(
        *_FUNCTION_COLUMNS,
        Column(
            "total",
            ("合计",),
            parts=("basic", "project"),
            aliases=(("小计",), ("本年支出", "小计"), ("本年支出", "合计"), ("本年支出合计",)),
        ),
        _nature("basic", "基本支出"),
        _nature("project", "项目支出"),
    ),
)

# ---------------------------------------------------------------------------- f04: 财政拨款收入支出决算总表

_FISCAL_AND_CARRIED = (*FISCAL, *_FISCAL_CARRIED)


def _by_fund(column_id: str, name: str, *funds: str, parts: Path = (), aliases: Paths = ()) -> Column:
    return Column(
        column_id,
        ("支出", name),
        where=Where(fund=funds),
        parts=parts,
        aliases=(("支出", "决算数", name), *aliases),
        optional=funds[0] == "13",  # until 2019
    )


F04 = Form(
    form_id="f04",
    title="财政拨款收入支出决算总表",
    short_title="财政拨款收入支出决算总表",
    aliases=("财政拨款收支决算总表", "财政拨款收入支出决算表"),
    lists=(
        LineList(
            "revenue",
            ("收入", "项目"),
            _amount("revenue", "收入"),
            (
                *(
                    Line(
                        fund,
                        f"{number}、{name}",
                        Where(REVENUE, item=(fund,)),
                        # until 2014: 公共预算财政拨款
                        aliases=(f"{name}收入", *((name.removeprefix("一般"),) if fund == "11" else ())),
                    )
                    for number, (fund, _, _, name) in zip(_ORDINALS, _FUNDS, strict=False)
                ),
                Line("year_total", "本年收入合计", Where(REVENUE, item=FISCAL), 1, FISCAL),
                Line(
                    "opening",
                    "年初财政拨款结转和结余",
                    Where(CARRY_OVER, fund=_FISCAL_CARRIED, item=("opening",)),
                    1,
                    tuple(f"opening_{carried}" for _, carried, _, _ in _FUNDS),
                ),
                *(
                    Line(
                        f"opening_{carried}",
                        f"{number}、{name}",
                        Where(CARRY_OVER, fund=(carried,), item=("opening",)),
                        2,
                        aliases=(name.removeprefix("一般"),) if carried == "181" else (),
                    )
                    for number, (_, carried, _, name) in zip(_ORDINALS, _FUNDS, strict=False)
                ),
                Line(
                    "grand_total",
                    "总计",
                    Where(REVENUE + CARRY_OVER, fund=_FISCAL_AND_CARRIED, item=(*FISCAL, "opening")),
                    0,
                    ("year_total", "opening"),
                    aliases=("收入总计",),
                ),
            ),
            label_aliases=(("收入", "科目"),),
        ),
        LineList(
            "function",
            ("支出", "项目"),
            (
                _by_fund(
                    "function_total",
                    "合计",
                    *_FISCAL_AND_CARRIED,
                    parts=tuple(f"function_{name}" for _, _, name, _ in _FUNDS),
                    aliases=(("支出", "小计"), ("支出", "决算数", "小计"), ("支出", "决算数"), ("支出", "金额")),
                ),
                *(
                    _by_fund(
                        f"function_{column_id}",
                        name,
                        fund,
                        carried,
                        aliases=(
                            ("支出", name.removesuffix("财政拨款")),
                            ("支出", name.removesuffix("预算财政拨款")),
                            ("支出", name.replace("财政拨款", "拨款")),
                        ),
                    )
                    for fund, carried, column_id, name in _FUNDS
                ),
                Column("function_ordinal", ("支出", "行次"), Role.ORDINAL, optional=True),
            ),
            (
                *NATIONAL_FUNCTION_LINES,
                Line("year_total", "本年支出合计", Where(EXPENDITURE), 1, FUNCTION_LINE_IDS),
                Line("closing", "年末财政拨款结转和结余", Where(CARRY_OVER, item=("closing",))),
                Line(
                    "grand_total",
                    "总计",
                    Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
                    0,
                    ("year_total", "closing"),
                    aliases=("支出总计",),
                ),
            ),
            label_aliases=(("支出", "项目（按功能分类）"), ("支出", "功能分类"), ("支出", "科目")),
        ),
    ),
)

# ---------------------------------------------------------------------------- f06: basic spending by economic item

# Code, name and amount stand two or three times side by side. 人员经费合计 and 公用经费合计 close the form.
F06 = Form(
    form_id="f06",
    title="一般公共预算财政拨款基本支出决算表",
    short_title="基本支出决算表",
    rows=Rows((Coordinate.DEPARTMENT_ECONOMIC,), total=None),
    where=Where(EXPENDITURE, fund=("11",), nature=("basic",)),
    sums=(
        Line(
            "staff",
            "人员经费合计",
            Where(department_economic=STAFF),
            1,
            STAFF,
            aliases=("人员经费小计", "人员经费总计", "人员经费"),
        ),
        Line(
            "public",
            "公用经费合计",
            Where(department_economic=PUBLIC),
            1,
            PUBLIC,
            aliases=("公用经费小计", "公用经费总计", "公用经费"),
        ),
        Line("grand_total", "合计", Where(), 1, (*STAFF, *PUBLIC), aliases=("总计", "基本支出合计"), optional=True),
    ),
    aliases=("一般公共预算财政拨款基本支出决算明细表", "一般公共预算基本支出决算表", "一般公共预算基本支出决算明细表"),
    columns=(
        Column(
            "subject_code",
            ("经济分类科目编码",),
            Role.CODE,
            code=ECONOMIC,
            aliases=(
                ("科目编码",),
                ("编码",),
                ("人员经费", "科目编码"),
                ("公用经费", "科目编码"),
                ("人员经费", "经济分类科目编码"),
                ("公用经费", "经济分类科目编码"),
            ),
        ),
        Column(
            "subject_name",
            ("科目名称",),
            Role.NAME,
            code=ECONOMIC,
            aliases=(("经济分类科目名称",), ("名称",), ("人员经费", "科目名称"), ("公用经费", "科目名称")),
        ),
        Column(
            "amount",
            ("决算数",),
            aliases=(
                ("金额",),
                ("人员经费", "决算数"),
                ("公用经费", "决算数"),
                ("人员经费", "金额"),
                ("公用经费", "金额"),
            ),
        ),
    ),
)


def _by_item(
    form_id: str,
    title: str,
    short_title: str,
    funds: Path,
    heads: Path,
    undivided: Paths = (),
    **options: object,
) -> Form:
    """Basic spending by economic item, 人员经费 and 公用经费 in columns; ``heads`` stand over them, or nothing does.

    Where some places print one amount instead, it is headed as in ``undivided``.
    """

    def under(name: str) -> Paths:
        return (*((head, name) for head in heads[1:]), (name,))

    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title,
        rows=ECONOMIC_ROWS_TOTAL_LAST,
        where=Where(EXPENDITURE, fund=funds, nature=("basic",)),
        optional=True,
        columns=(
            Column(
                "subject_code",
                ("项目", "经济分类科目编码"),
                Role.CODE,
                code=ECONOMIC,
                aliases=(("经济分类科目编码",), ("项目", "科目编码"), ("科目编码",), ("项目", "编码"), ("编码",)),
            ),
            Column(
                "subject_name",
                ("项目", "科目名称"),
                Role.NAME,
                code=ECONOMIC,
                aliases=(
                    ("科目名称",),
                    ("项目", "经济分类科目名称"),
                    ("经济分类科目名称",),
                    ("项目", "名称"),
                    ("名称",),
                ),
            ),
            Column("total", (heads[0], "合计"), parts=("staff", "public"), aliases=(*under("合计"), *undivided)),
            Column(
                "staff",
                (heads[0], "人员经费"),
                where=Where(department_economic=STAFF),
                aliases=under("人员经费"),
                optional=bool(undivided),
            ),
            Column(
                "public",
                (heads[0], "公用经费"),
                where=Where(department_economic=PUBLIC),
                aliases=under("公用经费"),
                optional=bool(undivided),
            ),
        ),
        **options,  # type: ignore[arg-type]
    )


# Some places print this form with 人员经费 and 公用经费 in columns, under the same title.
F06X = _by_item(
    "f06x",
    f"{F06.title}（按人员经费和公用经费）",
    "基本支出决算表（人员和公用）",
    ("11",),
    ("一般公共预算财政拨款基本支出", "决算数"),
    aliases=(F06.title, *F06.aliases),
    variant_of="f06",
)
# Some provinces print basic spending of 财政拨款 as a whole beside that of 一般公共预算.
F06Y = _by_item(
    "f06y",
    "财政拨款基本支出决算表",
    "财政拨款基本支出决算表",
    FISCAL,
    ("财政拨款基本支出", "决算数", "本年支出"),
    undivided=(("决算数",), ("金额",), ("本年支出合计",), ("财政拨款基本支出",)),
    needs_title=True,
)

# ---------------------------------------------------------------------------- f07: 三公

_THREE_PUBLIC_HEADER = "财政拨款“三公”经费"
_VEHICLES = "公务用车购置及运行维护费"
_VEHICLE_NAMES = (_VEHICLES, "公务用车购置及运行费")

# id, the paths of the item, codes, parts
_THREE_PUBLIC_ITEMS: tuple[tuple[str, Paths, Path, Path], ...] = (
    ("total", (("合计",),), (), ("abroad", "vehicle_total", "reception")),
    ("abroad", (("因公出国（境）费",), ("因公出国（境）费用",)), ("abroad",), ()),
    (
        "vehicle_total",
        (*((name, "小计") for name in _VEHICLE_NAMES), *((name,) for name in _VEHICLE_NAMES)),
        ("vehicle_purchase", "vehicle_operation"),
        ("vehicle_purchase", "vehicle_operation"),
    ),
    (
        "vehicle_purchase",
        tuple((name, word) for name in _VEHICLE_NAMES for word in ("公务用车购置费", "购置费")),
        ("vehicle_purchase",),
        (),
    ),
    (
        "vehicle_operation",
        tuple(
            (name, word)
            for name in _VEHICLE_NAMES
            for word in ("公务用车运行维护费", "公务用车运行费", "运行维护费", "运行费")
        ),
        ("vehicle_operation",),
        (),
    ),
    ("reception", (("公务接待费",),), ("reception",), ()),
)


def _three_public(stage: str, paths: Paths) -> Paths:
    """Paths of an item's 预算数 or 决算数: the word stands beneath each item, or above them all."""
    return (
        *((_THREE_PUBLIC_HEADER, *path, stage) for path in paths),
        *((*path, stage) for path in paths),
        *((stage, *path) for path in paths),
        *((_THREE_PUBLIC_HEADER, stage, *path) for path in paths),
    )


def _budgeted_and_spent(column_id: str, paths: Paths, items: Path, parts: Path) -> tuple[Column, Column]:
    """The budget of an item, and what was spent."""
    budgeted = _three_public("预算数", paths)
    spent = (*_three_public("决算数", paths), *_three_public("金额", paths))
    return (
        Column(
            f"{column_id}_budget",
            budgeted[0],
            Role.PRIOR,
            aliases=budgeted[1:],
            prior=Prior(0, Stage.BUDGET),
        ),
        Column(column_id, spent[0], where=Where(THREE_PUBLIC, item=items), parts=parts, aliases=spent[1:]),
    )


F07 = Form(
    form_id="f07",
    title="财政拨款“三公”经费支出决算表",
    short_title="三公经费支出决算表",
    rows=ONE_ROW,
    aliases=(
        "一般公共预算财政拨款“三公”经费支出决算表",
        "一般公共预算“三公”经费支出决算表",
        "“三公”经费支出决算表",
        "“三公”经费决算表",
        "财政拨款“三公”经费决算表",
        *(f"{of}“三公”经费及机关运行经费支出决算表" for of in ("", "财政拨款", "一般公共预算财政拨款")),
    ),
    columns=(
        *(column for item in _THREE_PUBLIC_ITEMS for column in _budgeted_and_spent(*item)),
        Column(
            "operating_cost",
            ("机关运行经费决算数",),
            where=Where(OPERATING_COST),
            aliases=(
                ("机关运行经费支出决算数",),
                ("机关运行经费", "决算数"),
                *((f"机关运行经费{word}",) for word in ("", "支出", "金额")),
            ),
            optional=True,
        ),
    ),
)
# of a line: what some provinces print beneath it, which the ledger does not hold
_ITEMS_BENEATH = (
    ("reception", "domestic", "国内接待费"),
    ("reception", "foreign_guests", "其中：外事接待费"),
    ("reception", "overseas", "国（境）外接待费"),
    ("operating_cost", "offices", "行政单位"),
    ("operating_cost", "institutions", "参照公务员法管理事业单位"),
)
# Some places print the items beneath one another, under the same title, or in 机构运行信息表 above 机关运行经费, cars
# and 政府采购, whose rows are kept only.
F07X = Form(
    form_id="f07x",
    title=f"{F07.title}（按项目）",
    short_title="三公经费决算表（按项目）",
    aliases=(
        F07.title,
        *F07.aliases,
        "机构运行信息表",
        "机构运行信息决算表",
        "“三公”经费、行政参公单位机关运行经费情况表",
        "财政拨款“三公”经费、行政参公单位机关运行经费情况表",
        "“三公”经费及机关运行经费等信息表",
    ),
    optional=True,
    variant_of="f07",
    lists=(
        LineList(
            "three_public",
            ("项目",),
            (
                Column("amount", ("决算数",), aliases=(("金额",), ("支出数",), ("统计数",), ("决算统计数",))),
                *(Column(column_id, (name,), Role.MEMO, optional=True) for _, column_id, name in _ITEMS_BENEATH),
            ),
            (
                *(replace(line, where=line.where.meet(Where(THREE_PUBLIC))) for line in THREE_PUBLIC_LINES),
                Line(
                    "operating_cost",
                    "机关运行经费",
                    Where(OPERATING_COST),
                    1,
                    aliases=("机关运行经费支出", "机关运行经费合计"),
                    optional=True,
                ),
            ),
            label_aliases=(("项目名称",), ("“三公”经费",)),
            memos=tuple((name, line_id, column_id) for line_id, column_id, name in _ITEMS_BENEATH),
        ),
    ),
)

# Some print 预算数 and 决算数 in rows, and 会议费 and 培训费 beside 三公, under the same title.
F07Y = Form(
    form_id="f07y",
    title=f"{F07.title}（预算数和决算数分行）",
    short_title="三公经费决算表（分行）",
    rows=Rows(
        total_label="决算数",
        priors=(
            ("预算数", Prior(0, Stage.BUDGET)),
            ("年初预算数", Prior(0, Stage.BUDGET)),
            ("全年预算数", Prior(0, Stage.ADJUSTED)),
            ("调整预算数", Prior(0, Stage.ADJUSTED)),
        ),
    ),
    where=Where(THREE_PUBLIC),
    aliases=(F07.title, *F07.aliases),
    optional=True,
    variant_of="f07",
    columns=(
        Column("stage_name", ("项目",), Role.NAME),
        *(
            Column(
                column_id,
                (_THREE_PUBLIC_HEADER, *(("小计",) if column_id == "total" else paths[0])),
                where=Where(item=items),
                parts=parts,
                aliases=(
                    *paths,
                    *((_THREE_PUBLIC_HEADER, *path) for path in paths),
                    *((("“三公”经费合计",), (_THREE_PUBLIC_HEADER, "“三公”经费合计")) if column_id == "total" else ()),
                ),
            )
            for column_id, paths, items, parts in _THREE_PUBLIC_ITEMS
        ),
        Column("meetings", ("会议费",), Role.MEMO, optional=True),
        Column("training", ("培训费",), Role.MEMO, optional=True),
    ),
)

# ---------------------------------------------------------------------------- f08, f09: the other budgets


def _with_carry_over(budget: str, fund: str, carried: str, *, optional: bool) -> tuple[Column, ...]:
    """年初结转, 本年收入, 本年支出, 年末结转 of a budget."""
    return (
        *_FUNCTION_COLUMNS,
        Column(
            "opening",
            ("年初结转和结余",),
            where=Where(CARRY_OVER, fund=(carried,), item=("opening",)),
            optional=optional,
        ),
        Column(
            "revenue",
            ("本年收入",),
            where=Where(REVENUE, item=(fund,)),
            aliases=(("本年收入合计",), ("本年收入", "合计")),
            optional=optional,
        ),
        Column(
            "total",
            ("本年支出", "合计"),
            where=Where(EXPENDITURE, fund=(fund,)),
            parts=("basic", "project"),
            aliases=(("本年支出", "小计"), ("合计",), ("小计",), (f"{budget}支出", "合计"), ("本年支出",)),
        ),
        Column(
            "basic",
            ("本年支出", "基本支出"),
            where=Where(EXPENDITURE, fund=(fund,), nature=("basic",)),
            aliases=(("基本支出",),),
        ),
        Column(
            "project",
            ("本年支出", "项目支出"),
            where=Where(EXPENDITURE, fund=(fund,), nature=("project",)),
            aliases=(("项目支出",),),
        ),
        Column(
            "closing",
            ("年末结转和结余",),
            where=Where(CARRY_OVER, fund=(carried,), item=("closing",)),
            optional=optional,
        ),
        *_BY_NATURE,
    )


F08 = Form(
    form_id="f08",
    title="政府性基金预算财政拨款收入支出决算表",
    short_title="政府性基金收入支出决算表",
    rows=FUNCTION_ROWS,
    aliases=(
        "政府性基金预算财政拨款支出决算表",
        "政府性基金预算收入支出决算表",
        "政府性基金收入支出决算表",
        "政府性基金预算支出决算表",
    ),
    columns=_with_carry_over("政府性基金预算", "12", "182", optional=False),
)
F09 = Form(
    form_id="f09",
    title="国有资本经营预算财政拨款支出决算表",
    short_title="国有资本经营支出决算表",
    rows=FUNCTION_ROWS,
    aliases=(
        "国有资本经营预算财政拨款收入支出决算表",
        "国有资本经营预算收入支出决算表",
        "国有资本经营预算支出决算表",
    ),
    columns=_with_carry_over("国有资本经营预算", "13", "183", optional=True),
)

# ---------------------------------------------------------------------------- f10, f11: beside the national forms

# 机关运行经费 and 政府采购, which some provinces publish in forms of their own
F10 = operating_cost_by_item(
    "f10",
    "机关运行经费支出决算表",
    "机关运行经费支出决算表",
    aliases=("一般公共预算机关运行经费支出决算表", "财政拨款机关运行经费支出决算表", "机关运行经费决算表"),
    amounts=(("决算数",), ("机关运行经费支出", "合计"), ("机关运行经费支出决算数",)),
)
_KINDS = (("A", "货物"), ("B", "工程"), ("C", "服务"))
F11 = Form(
    form_id="f11",
    title="政府采购支出决算表",
    short_title="政府采购支出决算表",
    where=Where(PROCUREMENT),
    aliases=("政府采购决算表", "政府采购支出表", "政府采购支出情况表", "政府采购情况表"),
    optional=True,
    needs_title=True,
    lists=(
        LineList(
            "procurement",
            ("项目",),
            (Column("amount", ("决算数",), aliases=(("金额",), ("统计数",), ("采购决算金额",))),),
            (
                Line(
                    "total",
                    "政府采购支出合计",
                    Where(),
                    1,
                    tuple(kind for kind, _ in _KINDS),
                    aliases=("合计", "政府采购支出"),
                ),
                *(
                    Line(kind, f"政府采购{name}支出", Where(item=(kind,)), 2, aliases=(name, f"{name}支出"))
                    for kind, name in _KINDS
                ),
            ),
        ),
    ),
)

FINAL_ACCOUNTS = TemplateSet(
    id="final_accounts",
    title="部门决算公开表（2019年起）",
    divisions=(),
    years=range(2019, 2100),
    stage=Stage.FINAL,
    forms=(F01, F02, F03, F04, F05, F05X, F06, F06X, F06Y, F07, F07X, F07Y, F08, F09, F10, F11),
    finest_first=(
        "f06",
        "f06x",
        "f06y",
        "f05",
        "f05x",
        "f08",
        "f09",
        "f03",
        "f02",
        "f10",
        "f07",
        "f07x",
        "f07y",
        "f11",
        "f04",
        "f01",
    ),
    carried_keeps_fund=True,
)
