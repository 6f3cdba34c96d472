"""The twenty-three official forms (部门预算公开报表), each declared once.

Sources: the forms of the 2024 disclosures of 荷塘区; forms 4 and 5 have the columns of 17 and 18; form 2 has a row
a unit and the fund sources as columns. Codes follow 财预〔2017〕98号 (economic classes) and the 资金性质 codes of the
预算管理一体化规范, with sub-codes of ours (see ``codes/fund.csv``).
"""

from __future__ import annotations

from dataclasses import replace

from schema.forms.building_blocks import (
    CARRY_OVER,
    ECONOMIC,
    ECONOMIC_ROWS_TOTAL_LAST,
    EXPENDITURE,
    FISCAL_ACCOUNT_FEES,
    PROCUREMENT,
    REVENUE,
    THREE_PUBLIC,
    beneath_funds,
    details_of,
)
from schema.forms.classes import FUNCTIONAL_CLASS_ALIASES, FUNCTIONAL_CLASSES, GOVERNMENT_CLASSES, PUBLIC, STAFF
from schema.forms.template import (
    Code,
    Column,
    Coordinate,
    Form,
    Line,
    LineList,
    Role,
    Rows,
    Sheet,
    Stage,
    Statement,
    TemplateSet,
    Where,
)

# 财政拨款: this year's appropriations and those carried over from the year before (form 6).
APPROPRIATION = ("11", "12", "13", "14", "180", "181", "182", "183", "184")

# code, column id, name among project spending, other names
PROJECT_CLASSES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("301", "project_wages", "按项目管理的工资福利支出", ("工资福利支出",)),
    (
        "302",
        "project_goods_services",
        "按项目管理的商品和服务支出",
        ("商品和服务支出", "按项目管理的一般商品和服务支出"),
    ),
    ("303", "project_individuals_families", "按项目管理的对个人和家庭的补助", ("对个人和家庭的补助",)),
    ("307", "project_debt_interest", "债务利息及费用支出", ()),
    ("309", "project_capital_construction", "资本性支出（基本建设）", ("资本性支出（基本建设支出）",)),
    ("310", "project_capital", "资本性支出", ("其他资本性支出",)),
    ("311", "project_enterprise_construction", "对企业补助（基本建设）", ()),
    ("312", "project_enterprise_subsidy", "对企业补助", ()),
    ("313", "project_social_security_funds", "对社会保障基金补助", ()),
    ("399", "project_other", "其他支出", ()),
)
PROJECT_CLASS_IDS = tuple(column_id for _, column_id, _, _ in PROJECT_CLASSES)


def _department_economic(*codes: str) -> Where:
    return Where(department_economic=codes)


def _government_economic(*codes: str) -> Where:
    return Where(government_economic=codes)


Aliases = tuple[tuple[str, ...], ...]
UNIT_CODES = Code((Coordinate.UNIT,))
SUBJECT_CODES = Code((Coordinate.UNIT, Coordinate.FUNCTIONAL))
PROJECT_NAMES = Code((Coordinate.UNIT, Coordinate.PROJECT))

UNIT_ROWS = Rows((Coordinate.UNIT,))
FUNCTION_ROWS = Rows((Coordinate.UNIT, Coordinate.FUNCTIONAL))
ITEM_ROWS = Rows((Coordinate.UNIT, Coordinate.FUNCTIONAL), unprinted=("class", "group"))
PROJECT_ROWS = Rows((Coordinate.UNIT, Coordinate.PROJECT), unprinted=("unit",))


def _code(column_id: str, *path: str, code: Code = UNIT_CODES, aliases: Aliases = ()) -> Column:
    return Column(column_id, path, Role.CODE, code=code, aliases=aliases)


def _name(column_id: str, *path: str, code: Code = UNIT_CODES, aliases: Aliases = ()) -> Column:
    return Column(column_id, path, Role.NAME, code=code, aliases=aliases)


def _level(column_id: str, part: int, word: str) -> Column:
    """类, 款 or 项: one part of a functional code."""
    aliases = (("科目编码", word), ("支出功能分类科目", word), ("功能科目",))
    return _code(column_id, "功能科目", word, code=Code((Coordinate.FUNCTIONAL,), part), aliases=aliases)


FUNCTION_LEVELS = (
    _level("functional_class", 0, "类"),
    _level("functional_group", 1, "款"),
    _level("functional_item", 2, "项"),
)
SUBJECT = (
    _code(
        "subject_code",
        "科目编码",
        code=SUBJECT_CODES,
        aliases=(("科目代码",), ("功能科目编码",), ("单位代码",), ("单位编码",)),
    ),
    _name(
        "subject_name",
        "科目名称",
        code=SUBJECT_CODES,
        aliases=(("功能科目名称",), ("单位名称（功能科目）",), ("科目名称（单位名称）",), ("单位名称",)),
    ),
)
UNIT_AND_SUBJECT = (
    _code("unit_code", "单位代码", aliases=(("单位编码",), ("科目编码",))),
    _name(
        "unit_name",
        "单位名称（功能科目）",
        code=SUBJECT_CODES,
        aliases=(("单位名称",), ("科目名称",), ("功能科目名称",)),
    ),
)


# ---------------------------------------------------------------------------- forms 1, 2 and 6: revenue

REVENUE_LINES = (
    Line("11", "一、一般公共预算拨款收入", Where(REVENUE, item=("11",)), 1, ("111", "112", "113", "114", "115")),
    Line("111", "经费拨款", Where(REVENUE, item=("111",)), 2, aliases=("经费拨款（补助）",)),
    Line(
        "112",
        "纳入一般公共预算管理的非税收入拨款",
        Where(REVENUE, item=("112",)),
        2,
        ("1121", "1122", "1123", "1124", "1125", "1126", "1127", "1129"),
        aliases=("纳入一般公共预算管理的非税收入", "纳入预算管理的非税收入拨款"),
    ),
    Line("1121", "行政事业性收费收入", Where(REVENUE, item=("1121",)), 3),
    Line("1122", "专项收入", Where(REVENUE, item=("1122",)), 3),
    Line("1123", "国有资本经营收入", Where(REVENUE, item=("1123",)), 3),
    Line("1124", "国有资源（资产）有偿使用收入", Where(REVENUE, item=("1124",)), 3),
    Line("1125", "罚没收入", Where(REVENUE, item=("1125",)), 3),
    Line("1126", "捐赠收入", Where(REVENUE, item=("1126",)), 3),
    Line("1127", "政府住房基金收入", Where(REVENUE, item=("1127",)), 3),
    Line(
        "1129",
        "其他纳入一般公共预算管理的非税收入",
        Where(REVENUE, item=("1129",)),
        3,
        aliases=("其他收入（非税）",),
    ),
    Line("113", "一般债券", Where(REVENUE, item=("113",)), 2),
    Line("114", "外国政府和国际组织贷款", Where(REVENUE, item=("114",)), 2),
    Line("115", "外国政府和国际组织捐赠", Where(REVENUE, item=("115",)), 2, aliases=("外国政府和国际组织赠款",)),
    Line("12", "二、政府性基金预算拨款收入", Where(REVENUE, item=("12",))),
    Line("13", "三、国有资本经营预算拨款收入", Where(REVENUE, item=("13",))),
    Line(
        "14",
        "四、社会保障基金预算资金",
        Where(REVENUE, item=("14",)),
        aliases=("社会保险基金预算资金", "社会保障基金预算拨款收入"),
    ),
    Line(
        "2", "五、财政专户管理资金收入", Where(REVENUE, item=("2",)), aliases=("财政专户管理资金", *FISCAL_ACCOUNT_FEES)
    ),
    Line("17", "六、上级财政补助收入", Where(REVENUE, item=("17",)), 1, ("171", "172", "173")),
    Line("171", "一般公共预算补助", Where(REVENUE, item=("171",)), 2),
    Line("172", "政府性基金补助", Where(REVENUE, item=("172",)), 2),
    Line("173", "国有资本经营预算补助", Where(REVENUE, item=("173",)), 2),
    Line("31", "七、事业收入", Where(REVENUE, item=("31",))),
    Line("34", "八、事业单位经营收入", Where(REVENUE, item=("34",))),
    Line("32", "九、上级单位补助收入", Where(REVENUE, item=("32",))),
    Line("33", "十、附属单位上缴收入", Where(REVENUE, item=("33",))),
    Line("39", "十一、其他收入", Where(REVENUE, item=("39",))),
    Line(
        "year_total",
        "本年收入合计",
        Where(REVENUE),
        0,
        ("11", "12", "13", "14", "2", "17", "31", "34", "32", "33", "39"),
        aliases=("本年收入总计",),
    ),
    Line(
        "opening",
        "上年结转结余",
        Where(CARRY_OVER, item=("opening",)),
        0,
        aliases=("上年结转", "上年结余", "用事业基金弥补收支差额"),
    ),
    Line(
        "grand_total",
        "收入总计",
        Where(REVENUE + CARRY_OVER, item=("1", "2", "3", "opening")),
        0,
        ("year_total", "opening"),
    ),
)


def _closing_lines(year_parts: tuple[str, ...]) -> tuple[Line, ...]:
    """The three lines that end every list of expenditure."""
    return (
        Line("year_total", "本年支出合计", Where(EXPENDITURE), 0, year_parts, aliases=("本年支出总计",)),
        Line(
            "closing",
            "年终结转结余",
            Where(CARRY_OVER, item=("closing",)),
            0,
            aliases=("结转下年", "年终结转", "结转结余"),
        ),
        Line(
            "grand_total",
            "支出总计",
            Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
            0,
            ("year_total", "closing"),
        ),
    )


_ORDINALS = "一二三四五六七八九"


def _ordinal(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十."""
    if number < 10:
        return _ORDINALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _ORDINALS[tens - 1]) + "十" + (_ORDINALS[ones - 1] if ones else "")


FUNCTION_LINES = tuple(
    Line(
        code,
        f"（{_ordinal(number)}）{name}",
        Where(EXPENDITURE, functional=(code,)),
        aliases=FUNCTIONAL_CLASS_ALIASES.get(code, ()),
    )
    for number, (code, name) in enumerate(FUNCTIONAL_CLASSES.items(), start=1)
)
FUNCTION_LINE_IDS = tuple(line.id for line in FUNCTION_LINES)

DEPARTMENT_ECONOMIC_LINES = (
    Line(
        "basic",
        "一、基本支出",
        Where(EXPENDITURE, nature=("basic",)),
        1,
        ("basic_wages", "basic_goods_services", "basic_individuals_families"),
    ),
    Line("basic_wages", "工资福利支出", Where(EXPENDITURE, nature=("basic",), department_economic=("301",)), 2),
    Line(
        "basic_goods_services",
        "商品和服务支出",
        Where(EXPENDITURE, nature=("basic",), department_economic=PUBLIC),
        2,
        aliases=("一般商品和服务支出",),
    ),
    Line(
        "basic_individuals_families",
        "对个人和家庭的补助",
        Where(EXPENDITURE, nature=("basic",), department_economic=("303",)),
        2,
    ),
    Line("project", "二、项目支出", Where(EXPENDITURE, nature=("project",)), 1, PROJECT_CLASS_IDS),
    *(
        Line(
            line_id,
            name,
            Where(EXPENDITURE, nature=("project",), department_economic=(code,)),
            2,
            aliases=aliases,
        )
        for code, line_id, name, aliases in PROJECT_CLASSES
    ),
    Line(
        "operating",
        "三、事业单位经营服务支出",
        Where(EXPENDITURE, nature=("operating",)),
        aliases=("事业单位经营支出",),
    ),
    Line(
        "remitted",
        "四、上缴上级支出",
        Where(EXPENDITURE, nature=("remitted",)),
        aliases=("上缴上级支出",),
        optional=True,
    ),
    Line(
        "subsidy",
        "五、对附属单位补助支出",
        Where(EXPENDITURE, nature=("subsidy",)),
        aliases=("对附属单位补助支出",),
        optional=True,
    ),
)
GOVERNMENT_ECONOMIC_LINES = tuple(
    Line(
        code,
        f"{_ordinal(number)}、{name}",
        Where(EXPENDITURE, government_economic=(code,)),
        aliases=aliases,
    )
    for number, (code, _, name, aliases) in enumerate(GOVERNMENT_CLASSES, start=1)
)

APPROPRIATION_REVENUE_LINES = (
    Line("year", "一、本年收入", Where(REVENUE, item=("11", "12", "13", "14")), 1, ("11", "12", "13", "14")),
    Line("11", "（一）一般公共预算拨款", Where(REVENUE, item=("11",)), 2, ("111", "112"), aliases=("一般公共预算",)),
    Line("111", "经费拨款", Where(REVENUE, item=("111",)), 3),
    Line(
        "112",
        "纳入一般公共预算管理的非税收入拨款",
        Where(REVENUE, item=("112",)),
        3,
        aliases=("纳入一般公共预算管理的非税收入",),
    ),
    Line("12", "（二）政府性基金预算拨款", Where(REVENUE, item=("12",)), 2),
    Line("13", "（三）国有资本经营预算拨款", Where(REVENUE, item=("13",)), 2),
    Line(
        "14",
        "（四）社会保险基金预算资金",
        Where(REVENUE, item=("14",)),
        2,
        aliases=("社会保障基金预算资金", "社会保险基金预算拨款"),
    ),
    Line(
        "opening",
        "二、上年结转",
        Where(CARRY_OVER, fund=APPROPRIATION, item=("opening",)),
        1,
        ("opening_181", "opening_182", "opening_183", "opening_184"),
        aliases=("上年结转结余",),
    ),
    Line("opening_181", "（一）一般公共预算拨款", Where(CARRY_OVER, fund=("181",), item=("opening",)), 2),
    Line("opening_182", "（二）政府性基金预算拨款", Where(CARRY_OVER, fund=("182",), item=("opening",)), 2),
    Line("opening_183", "（三）国有资本经营预算拨款", Where(CARRY_OVER, fund=("183",), item=("opening",)), 2),
    Line(
        "opening_184",
        "（四）社会保险基金预算资金",
        Where(CARRY_OVER, fund=("184",), item=("opening",)),
        2,
        aliases=("社会保障基金预算资金",),
    ),
    Line(
        "grand_total",
        "收入总计",
        Where(
            REVENUE + CARRY_OVER,
            fund=APPROPRIATION,
            item=("11", "12", "13", "14", "opening"),
        ),
        0,
        ("year", "opening"),
    ),
)
APPROPRIATION_EXPENDITURE_LINES = (
    Line("year", "一、本年支出", Where(EXPENDITURE, fund=APPROPRIATION), 1, FUNCTION_LINE_IDS),
    *(
        Line(line.id, line.label, replace(line.where, fund=APPROPRIATION), 2, aliases=line.aliases)
        for line in FUNCTION_LINES
    ),
    Line(
        "closing",
        "二、年终结转结余",
        Where(CARRY_OVER, fund=APPROPRIATION, item=("closing",)),
        1,
        aliases=("结转下年", "年终结转"),
    ),
    Line(
        "grand_total",
        "支出总计",
        Where(EXPENDITURE + CARRY_OVER, fund=APPROPRIATION, item=("", "closing")),
        0,
        ("year", "closing"),
    ),
)


def _amount(list_id: str, side: str) -> tuple[Column, ...]:
    """The one column of amounts that a list of forms 1 and 6 has."""
    return (Column(list_id, (side, "预算数")),)


_PLAIN_ITEMS = (("支出", "项目"),)  # heads that do not say by what: the lists stand in the official order
FORM_1 = Form(
    form_id="r01",
    report_no=1,
    title="收支总表",
    short_title="收支总表",
    aliases=("部门收支总表", "部门收支总体情况表", "部门预算收支总表"),
    lists=(
        LineList("revenue", ("收入", "项目"), _amount("revenue", "收入"), REVENUE_LINES),
        LineList(
            "function",
            ("支出", "项目（按功能分类）"),
            _amount("function", "支出"),
            FUNCTION_LINES + _closing_lines(FUNCTION_LINE_IDS),
            label_aliases=_PLAIN_ITEMS,
        ),
        LineList(
            "department_economic",
            ("支出", "项目（按部门预算经济分类）"),
            _amount("department_economic", "支出"),
            DEPARTMENT_ECONOMIC_LINES + _closing_lines(("basic", "project", "operating", "remitted", "subsidy")),
            label_aliases=_PLAIN_ITEMS,
            optional=True,
        ),
        LineList(
            "government_economic",
            ("支出", "项目（按政府预算经济分类）"),
            _amount("government_economic", "支出"),
            GOVERNMENT_ECONOMIC_LINES + _closing_lines(tuple(line.id for line in GOVERNMENT_ECONOMIC_LINES)),
            label_aliases=_PLAIN_ITEMS,
            optional=True,
        ),
    ),
)

FORM_6 = Form(
    form_id="r06",
    report_no=6,
    title="财政拨款收支总表",
    short_title="财政拨款收支总表",
    aliases=("财政拨款收支总体情况表", "部门财政拨款收支总表"),
    lists=(
        LineList("revenue", ("收入", "项目"), _amount("revenue", "收入"), APPROPRIATION_REVENUE_LINES),
        LineList(
            "function",
            ("支出", "项目"),
            _amount("function", "支出"),
            APPROPRIATION_EXPENDITURE_LINES,
            label_aliases=(("支出", "项目（按功能分类）"),),
        ),
    ),
)


def _source(column_id: str, path: tuple[str, ...], *items: str, **options: object) -> Column:
    where = Where(REVENUE, item=items)
    return Column(column_id, path, where=where, **options)  # type: ignore[arg-type]


_GENERAL = "一般公共预算"
FORM_2 = Form(
    form_id="r02",
    report_no=2,
    title="收入总表",
    short_title="收入总表",
    rows=UNIT_ROWS,
    aliases=("部门收入总表", "部门收入总体情况表"),
    columns=(
        _code("unit_code", "单位代码", aliases=(("单位编码",), ("科目编码",))),
        _name("unit_name", "单位名称", aliases=(("科目名称",),)),
        Column(
            "total",
            ("总计",),
            where=Where(REVENUE + CARRY_OVER, item=("1", "2", "3", "opening")),
            parts=(
                "general_total",
                "government_fund",
                "state_capital",
                "social_insurance",
                "fiscal_account",
                "superior_subsidy_total",
                "institution_income",
                "operating_income",
                "superior_unit_subsidy",
                "affiliate_remittance",
                "other_income",
                "opening",
            ),
            aliases=(("合计",),),
        ),
        _source(
            "general_total",
            (_GENERAL, "小计"),
            "11",
            parts=("general_funds", "general_non_tax", "general_bonds", "foreign_loans", "foreign_grants"),
            aliases=((_GENERAL, "合计"), (_GENERAL, "一般公共预算小计"), (_GENERAL,), ("一般公共预算拨款收入",)),
        ),
        _source("general_funds", (_GENERAL, "经费拨款"), "111", aliases=(("一般公共预算拨款", "经费拨款"),)),
        _source(
            "general_non_tax",
            (_GENERAL, "纳入一般公共预算管理的非税收入拨款"),
            "112",
            aliases=((_GENERAL, "纳入一般公共预算管理的非税收入"), (_GENERAL, "非税收入拨款")),
        ),
        _source("general_bonds", (_GENERAL, "一般债券"), "113"),
        _source("foreign_loans", (_GENERAL, "外国政府和国际组织贷款"), "114"),
        _source(
            "foreign_grants",
            (_GENERAL, "外国政府和国际组织捐赠"),
            "115",
            aliases=((_GENERAL, "外国政府和国际组织赠款"),),
        ),
        _source(
            "government_fund",
            ("政府性基金预算",),
            "12",
            aliases=(("政府性基金",), ("政府性基金预算拨款收入",), ("政府性基金预算拨款",)),
        ),
        _source(
            "state_capital",
            ("国有资本经营预算",),
            "13",
            aliases=(("国有资本经营",), ("国有资本经营预算拨款收入",), ("国有资本经营预算拨款",)),
        ),
        _source(
            "social_insurance",
            ("社会保险基金预算资金",),
            "14",
            aliases=(("社会保险基金",), ("社会保障基金预算资金",), ("社会保险基金预算",)),
        ),
        _source(
            "fiscal_account",
            ("财政专户管理资金",),
            "2",
            aliases=(("财政专户",), ("财政专户管理资金收入",), *((fees,) for fees in FISCAL_ACCOUNT_FEES)),
        ),
        _source(
            "superior_subsidy_total",
            ("上级财政补助", "小计"),
            "17",
            parts=("superior_subsidy_general", "superior_subsidy_government_fund", "superior_subsidy_state_capital"),
            aliases=(
                ("上级财政补助收入", "小计"),
                ("上级财政补助收入", "合计"),
                ("上级财政补助收入",),
                ("上级财政补助",),
            ),
        ),
        _source(
            "superior_subsidy_general",
            ("上级财政补助", "一般公共预算补助"),
            "171",
            aliases=(("上级财政补助收入", "一般公共预算补助"),),
        ),
        _source(
            "superior_subsidy_government_fund",
            ("上级财政补助", "政府性基金补助"),
            "172",
            aliases=(("上级财政补助收入", "政府性基金补助"),),
        ),
        _source(
            "superior_subsidy_state_capital",
            ("上级财政补助", "国有资本经营预算补助"),
            "173",
            aliases=(("上级财政补助收入", "国有资本经营预算补助"),),
        ),
        _source(
            "unit_funds_total",
            ("单位资金", "小计"),
            "3",
            parts=(
                "institution_income",
                "operating_income",
                "superior_unit_subsidy",
                "affiliate_remittance",
                "other_income",
            ),
            optional=True,
            aliases=(("单位资金", "合计"), ("单位资金",)),
        ),
        _source("institution_income", ("事业收入",), "31", aliases=(("单位资金", "事业收入"),)),
        _source(
            "operating_income",
            ("事业单位经营收入",),
            "34",
            aliases=(("单位资金", "事业单位经营收入"), ("经营收入",)),
        ),
        _source(
            "superior_unit_subsidy",
            ("上级单位补助收入",),
            "32",
            aliases=(("单位资金", "上级补助收入"), ("单位资金", "上级单位补助收入"), ("上级补助收入",)),
        ),
        _source(
            "affiliate_remittance",
            ("附属单位上缴收入",),
            "33",
            aliases=(("单位资金", "附属单位上缴收入"),),
        ),
        _source("other_income", ("其他收入",), "39", aliases=(("单位资金", "其他收入"),)),
        Column(
            "opening",
            ("上年结转结余",),
            where=Where(CARRY_OVER, item=("opening",)),
            aliases=(("上年结转",), ("上年结余",)),
        ),
    ),
)

# ---------------------------------------------------------------------------- forms 3, 4, 5: all expenditure

FORM_3 = Form(
    form_id="r03",
    report_no=3,
    title="支出总表",
    short_title="支出总表",
    rows=FUNCTION_ROWS,
    where=Where(EXPENDITURE),
    aliases=("部门支出总表", "部门支出总体情况表"),
    columns=(
        *FUNCTION_LEVELS,
        *SUBJECT,
        Column(
            "total",
            ("合计",),
            parts=("basic", "project", "operating", "remitted", "subsidy"),
            aliases=(("总计",),),
        ),
        Column("basic", ("基本支出",), where=Where(nature=("basic",))),
        Column("project", ("项目支出",), where=Where(nature=("project",))),
        Column(
            "operating",
            ("事业单位经营支出",),
            where=Where(nature=("operating",)),
            aliases=(("事业单位经营服务支出",), ("经营支出",)),
        ),
        Column("remitted", ("上缴上级支出",), where=Where(nature=("remitted",))),
        Column(
            "subsidy",
            ("对附属单位补助支出",),
            where=Where(nature=("subsidy",)),
            aliases=(("对下级单位补助支出",), ("补助下级支出",)),
        ),
    ),
)

GOVERNMENT_CLASS_COLUMNS = (
    Column("total", ("总计",), parts=tuple(i for _, i, _, _ in GOVERNMENT_CLASSES), aliases=(("合计",),)),
    *(
        Column(
            column_id,
            (name,),
            where=_government_economic(code),
            aliases=tuple((alias,) for alias in aliases),
        )
        for code, column_id, name, aliases in GOVERNMENT_CLASSES
    ),
)


def _department_class_columns() -> tuple[Column, ...]:
    """The columns of forms 5 and 18: basic spending by three classes, project spending by ten.

    Most offices print no wages of projects in form 18, some none in form 5.
    """
    return (
        Column("total", ("总计",), parts=("basic_total", "project_total"), aliases=(("合计",),)),
        Column(
            "basic_total",
            ("基本支出", "合计"),
            where=Where(nature=("basic",)),
            parts=("basic_wages", "basic_goods_services", "basic_individuals_families"),
            aliases=(("基本支出", "小计"),),
        ),
        Column(
            "basic_wages",
            ("基本支出", "工资福利支出"),
            where=Where(nature=("basic",), department_economic=("301",)),
        ),
        Column(
            "basic_goods_services",
            ("基本支出", "一般商品和服务支出"),
            where=Where(nature=("basic",), department_economic=PUBLIC),
            aliases=(("基本支出", "商品和服务支出"),),
        ),
        Column(
            "basic_individuals_families",
            ("基本支出", "对个人和家庭的补助"),
            where=Where(nature=("basic",), department_economic=("303",)),
        ),
        Column(
            "project_total",
            ("项目支出", "合计"),
            where=Where(nature=("project",)),
            parts=tuple(i for _, i, _, _ in PROJECT_CLASSES),
            aliases=(("项目支出", "小计"),),
        ),
        *(
            Column(
                column_id,
                ("项目支出", name),
                where=Where(nature=("project",), department_economic=(code,)),
                aliases=tuple(("项目支出", alias) for alias in aliases),
                optional=code == "301",
            )
            for code, column_id, name, aliases in PROJECT_CLASSES
        ),
    )


FORM_4 = Form(
    form_id="r04",
    report_no=4,
    title="支出预算分类汇总表（按政府预算经济分类）",
    short_title="支出按政府经济分类",
    rows=ITEM_ROWS,
    where=Where(EXPENDITURE),
    aliases=("部门支出总表（按政府预算经济分类）", "支出总表（按政府预算经济分类）"),
    columns=(*FUNCTION_LEVELS, *UNIT_AND_SUBJECT, *GOVERNMENT_CLASS_COLUMNS),
)
FORM_5 = Form(
    form_id="r05",
    report_no=5,
    title="支出预算分类汇总表（按部门预算经济分类）",
    short_title="支出按部门经济分类",
    rows=ITEM_ROWS,
    where=Where(EXPENDITURE),
    aliases=("部门支出总表（按部门预算经济分类）", "支出总表（按部门预算经济分类）"),
    columns=(*FUNCTION_LEVELS, *UNIT_AND_SUBJECT, *_department_class_columns()),
)

# ---------------------------------------------------------------------------- forms 7, 8: general public budget


def _basic_and_project(basic: tuple[str, ...], project: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of forms 7, 16, 19 and 20; ``basic`` and ``project`` are the headers above them.

    Some places do not divide 人员经费. A header that names the budget may stand above 合计 and 项目支出, too.
    """
    names_budget = basic != ("基本支出",)
    return (
        Column(
            "total",
            ("合计",),
            parts=("basic_total", "project"),
            aliases=(("总计",), *(((*basic, "合计"), (*basic, "小计")) if names_budget else ())),
        ),
        Column(
            "basic_total",
            (*basic, "小计"),
            where=Where(nature=("basic",)),
            parts=("basic_wages", "basic_individuals_families", "basic_public"),
            aliases=((*basic, "合计"), ("基本支出", "小计"), ("基本支出", "合计"), (*basic, "基本支出"), ("基本支出",)),
        ),
        Column("basic_staff", (*basic, "人员经费"), Role.MEMO, optional=True, aliases=(("基本支出", "人员经费"),)),
        Column(
            "basic_wages",
            (*basic, "人员经费", "工资福利支出"),
            where=Where(nature=("basic",), department_economic=("301",)),
            aliases=(("基本支出", "人员经费", "工资福利支出"),),
        ),
        Column(
            "basic_individuals_families",
            (*basic, "人员经费", "对个人和家庭的补助"),
            where=Where(nature=("basic",), department_economic=("303",)),
            aliases=(("基本支出", "人员经费", "对个人和家庭的补助"),),
        ),
        Column(
            "basic_public",
            (*basic, "公用经费"),
            where=Where(nature=("basic",), department_economic=PUBLIC),
            aliases=(("基本支出", "公用经费"), (*basic, "商品和服务支出")),
        ),
        Column("project", (*project, "项目支出"), where=Where(nature=("project",)), aliases=((*basic, "项目支出"),)),
    )


FORM_7 = Form(
    form_id="r07",
    report_no=7,
    title="一般公共预算支出表",
    short_title="一般公共预算支出",
    rows=FUNCTION_ROWS,
    where=Where(EXPENDITURE, fund=("11",)),
    aliases=("一般公共预算支出情况表", "一般公共预算财政拨款支出表"),
    columns=(*FUNCTION_LEVELS, *SUBJECT, *_basic_and_project(("基本支出",), ())),
)
_BASIC_8 = "本年一般公共预算基本支出"
_SUBJECT_8 = "部门预算支出经济分类科目"
FORM_8 = Form(
    form_id="r08",
    report_no=8,
    title="一般公共预算基本支出表",
    short_title="一般公共预算基本支出",
    rows=ECONOMIC_ROWS_TOTAL_LAST,
    where=Where(EXPENDITURE, fund=("11",), nature=("basic",)),
    aliases=("一般公共预算基本支出情况表",),
    columns=(
        _code("economic_code", _SUBJECT_8, "科目代码", code=ECONOMIC, aliases=((_SUBJECT_8, "科目编码"),)),
        _name("economic_name", _SUBJECT_8, "科目名称", code=ECONOMIC),
        Column("total", (_BASIC_8, "合计"), parts=("staff", "public"), aliases=((_BASIC_8, "小计"),)),
        Column("staff", (_BASIC_8, "人员经费"), where=_department_economic(*STAFF)),
        Column("public", (_BASIC_8, "公用经费"), where=_department_economic(*PUBLIC)),
    ),
)

_BASIC_TITLE = "一般公共预算基本支出表"
# An extra form of some places (岳阳楼区), where the numbers of the forms behind it are shifted by one.
FORM_9X = Form(
    form_id="r09x",
    title=f"{_BASIC_TITLE}（按部门预算经济分类）",
    short_title="基本支出按部门预算经济分类",
    rows=ITEM_ROWS,
    where=Where(EXPENDITURE, fund=("11",), nature=("basic",)),
    optional=True,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column(
            "total",
            ("合计",),
            parts=("wages", "goods_services", "individuals_families", "capital", "other"),
            aliases=(("总计",),),
        ),
        Column("wages", ("工资福利支出",), where=_department_economic("301")),
        Column("goods_services", ("商品和服务支出",), where=_department_economic("302")),
        Column("individuals_families", ("对个人和家庭的补助",), where=_department_economic("303")),
        Column("capital", ("资本性支出",), where=_department_economic("309", "310"), optional=True),
        Column(
            "other",
            ("其他支出",),
            where=_department_economic("307", "311", "312", "313", "399"),
            optional=True,
        ),
    ),
)

# ---------------------------------------------------------------------------- forms 9–14: basic spending by item

_WAGES = Where(EXPENDITURE, fund=("11",), nature=("basic",), department_economic=("301",))
_INDIVIDUALS = Where(EXPENDITURE, fund=("11",), nature=("basic",), department_economic=("303",))
_GOODS = Where(EXPENDITURE, fund=("11",), nature=("basic",), department_economic=("302",))


def _items(where: type[Where] | str, *columns: tuple[str, tuple[str, ...], tuple[str, ...]]) -> tuple[Column, ...]:
    """Leaf columns of one classification: (column id, header path, codes)."""
    return tuple(
        Column(
            column_id,
            path,
            where=_government_economic(*codes) if where == "government" else _department_economic(*codes),
        )
        for column_id, path, codes in columns
    )


_AGENCY_WAGES = "机关工资福利支出"
_INSTITUTION = "对事业单位经常性补助"
FORM_9 = Form(
    form_id="r09",
    report_no=9,
    title=f"{_BASIC_TITLE}--人员经费(工资福利支出)(按政府预算经济分类)",
    short_title="基本支出工资福利按政府分类",
    rows=ITEM_ROWS,
    where=_WAGES,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column("total", ("总计",), parts=("agency_total", "institution_total"), aliases=(("合计",),)),
        Column(
            "agency_total",
            (_AGENCY_WAGES, "合计"),
            where=_government_economic("501"),
            parts=("agency_salaries", "agency_social_insurance", "agency_housing_fund", "agency_other_wages"),
            aliases=((_AGENCY_WAGES, "小计"),),
        ),
        *_items(
            "government",
            ("agency_salaries", (_AGENCY_WAGES, "工资奖金津补贴"), ("50101",)),
            ("agency_social_insurance", (_AGENCY_WAGES, "社会保障缴费"), ("50102",)),
            ("agency_housing_fund", (_AGENCY_WAGES, "住房公积金"), ("50103",)),
            ("agency_other_wages", (_AGENCY_WAGES, "其他工资福利支出"), ("50199",)),
        ),
        Column(
            "institution_total",
            (_INSTITUTION, "合计"),
            where=_government_economic("505"),
            parts=("institution_wages", "institution_other"),
            aliases=((_INSTITUTION, "小计"),),
        ),
        *_items(
            "government",
            ("institution_wages", (_INSTITUTION, "工资福利支出"), ("50501",)),
            ("institution_other", (_INSTITUTION, "其他对事业单位补助"), ("50599",)),
        ),
    ),
)
_SALARIES = "工资津补贴"
_SOCIAL = "社会保障缴费"
_OTHER_WAGES = "其他工资福利支出"
FORM_10 = Form(
    form_id="r10",
    report_no=10,
    title=f"{_BASIC_TITLE}--人员经费(工资福利支出)(按部门预算经济分类)",
    short_title="基本支出工资福利按部门分类",
    rows=ITEM_ROWS,
    where=_WAGES,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column(
            "total",
            ("总计",),
            parts=("salaries_total", "social_insurance_total", "housing_fund", "other_wages_total"),
            aliases=(("合计",),),
        ),
        Column(
            "salaries_total",
            (_SALARIES, "合计"),
            where=_department_economic("30101", "30102", "30103", "30107"),
            parts=("basic_salary", "allowances", "bonuses", "performance_pay"),
            aliases=((_SALARIES, "小计"), ("工资奖金津补贴", "合计")),
        ),
        *_items(
            "department",
            ("basic_salary", (_SALARIES, "基本工资"), ("30101",)),
            ("allowances", (_SALARIES, "津贴补贴"), ("30102",)),
            ("bonuses", (_SALARIES, "奖金"), ("30103",)),
            ("performance_pay", (_SALARIES, "绩效工资"), ("30107",)),
        ),
        Column(
            "social_insurance_total",
            (_SOCIAL, "合计"),
            where=_department_economic("30108", "30109", "30110", "30111", "30112"),
            parts=("pension", "occupational_annuity", "medical_insurance", "civil_servant_medical", "other_social"),
            aliases=((_SOCIAL, "小计"),),
        ),
        *_items(
            "department",
            ("pension", (_SOCIAL, "机关事业单位基本养老保险缴费"), ("30108",)),
            ("occupational_annuity", (_SOCIAL, "职业年金缴费"), ("30109",)),
            ("medical_insurance", (_SOCIAL, "职工基本医疗保险缴费"), ("30110",)),
            ("civil_servant_medical", (_SOCIAL, "公务员医疗补助缴费"), ("30111",)),
            ("other_social", (_SOCIAL, "其他社会保障缴费"), ("30112",)),
            ("housing_fund", ("住房公积金",), ("30113",)),
        ),
        Column(
            "other_wages_total",
            (_OTHER_WAGES, "合计"),
            where=_department_economic("30106", "30114", "30199"),
            parts=("meal_allowance", "medical_fees", "other_wages"),
            aliases=((_OTHER_WAGES, "小计"),),
        ),
        *_items(
            "department",
            ("meal_allowance", (_OTHER_WAGES, "伙食补助费"), ("30106",)),
            ("medical_fees", (_OTHER_WAGES, "医疗费"), ("30114",)),
            ("other_wages", (_OTHER_WAGES, "其他工资福利支出"), ("30199",)),
        ),
    ),
)
FORM_11 = Form(
    form_id="r11",
    report_no=11,
    title=f"{_BASIC_TITLE}--人员经费(对个人和家庭的补助)(按政府预算经济分类)",
    short_title="基本支出个人家庭按政府分类",
    rows=ITEM_ROWS,
    where=_INDIVIDUALS,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column(
            "total",
            ("总计",),
            parts=("welfare_relief", "student_grants", "farm_subsidies", "retirement", "other_individuals"),
            aliases=(("合计",),),
        ),
        Column(
            "welfare_relief",
            ("社会福利和救济",),
            where=_government_economic("50901"),
            aliases=(("社会福利和救助",),),
        ),
        *_items(
            "government",
            ("student_grants", ("助学金",), ("50902",)),
            ("farm_subsidies", ("个人农业生产补贴",), ("50903",)),
            ("retirement", ("离退休费",), ("50905",)),
            ("other_individuals", ("其他对个人和家庭的补助",), ("50999",)),
        ),
    ),
)
_FORM_12_ITEMS = _items(
    "department",
    ("leave_retirement", ("离休费",), ("30301",)),
    ("retirement", ("退休费",), ("30302",)),
    ("resignation", ("退职（役）费",), ("30303",)),
    ("pension_for_bereaved", ("抚恤金",), ("30304",)),
    ("living_allowance", ("生活补助",), ("30305",)),
    ("relief", ("救济费",), ("30306",)),
    ("medical_subsidy", ("医疗费补助",), ("30307",)),
    ("student_grants", ("助学金",), ("30308",)),
    ("rewards", ("奖励金",), ("30309",)),
    ("social_insurance_paid", ("代缴社会保险费",), ("30311",)),
    ("farm_subsidies", ("个人农业生产补贴",), ("30310",)),
    ("other_individuals", ("其他对个人和家庭的补助",), ("30399",)),
)
FORM_12 = Form(
    form_id="r12",
    report_no=12,
    title=f"{_BASIC_TITLE}--人员经费(对个人和家庭的补助)（按部门预算经济分类）",
    short_title="基本支出个人家庭按部门分类",
    rows=ITEM_ROWS,
    where=_INDIVIDUALS,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column("total", ("总计",), parts=tuple(c.id for c in _FORM_12_ITEMS), aliases=(("合计",),)),
        *_FORM_12_ITEMS,
    ),
)
_AGENCY_GOODS = "机关商品和服务支出"
FORM_13 = Form(
    form_id="r13",
    report_no=13,
    title=f"{_BASIC_TITLE}--公用经费(商品和服务支出)（按政府预算经济分类）",
    short_title="基本支出公用经费按政府分类",
    rows=ITEM_ROWS,
    where=_GOODS,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column("total", ("总计",), parts=("agency_total", "institution_total"), aliases=(("合计",),)),
        Column(
            "agency_total",
            (_AGENCY_GOODS, "合计"),
            where=_government_economic("502"),
            parts=(
                "office",
                "meetings",
                "training",
                "special_materials",
                "commissioned_services",
                "reception",
                "abroad",
                "vehicle_operation",
                "maintenance",
                "other_goods_services",
            ),
            aliases=((_AGENCY_GOODS, "小计"),),
        ),
        *_items(
            "government",
            ("office", (_AGENCY_GOODS, "办公经费"), ("50201",)),
            ("meetings", (_AGENCY_GOODS, "会议费"), ("50202",)),
            ("training", (_AGENCY_GOODS, "培训费"), ("50203",)),
            ("special_materials", (_AGENCY_GOODS, "专用材料购置费"), ("50204",)),
            ("commissioned_services", (_AGENCY_GOODS, "委托业务费"), ("50205",)),
            ("reception", (_AGENCY_GOODS, "公务接待费"), ("50206",)),
            ("abroad", (_AGENCY_GOODS, "因公出国（境）费用"), ("50207",)),
            ("vehicle_operation", (_AGENCY_GOODS, "公务用车运行维护费"), ("50208",)),
            ("maintenance", (_AGENCY_GOODS, "维修（护）费"), ("50209",)),
            ("other_goods_services", (_AGENCY_GOODS, "其他商品和服务支出"), ("50299",)),
        ),
        Column(
            "institution_total",
            (_INSTITUTION, "合计"),
            where=_government_economic("505"),
            parts=("institution_goods_services", "institution_other"),
            aliases=((_INSTITUTION, "小计"),),
        ),
        *_items(
            "government",
            ("institution_goods_services", (_INSTITUTION, "商品和服务支出"), ("50502",)),
            ("institution_other", (_INSTITUTION, "其他对事业单位补助"), ("50599",)),
        ),
    ),
)
_FORM_14_ITEMS = _items(
    "department",
    ("office", ("办公费",), ("30201",)),
    ("printing", ("印刷费",), ("30202",)),
    ("consulting", ("咨询费",), ("30203",)),
    ("bank_charges", ("手续费",), ("30204",)),
    ("water", ("水费",), ("30205",)),
    ("electricity", ("电费",), ("30206",)),
    ("post_telecom", ("邮电费",), ("30207",)),
    ("heating", ("取暖费",), ("30208",)),
    ("property_management", ("物业管理费",), ("30209",)),
    ("travel", ("差旅费",), ("30211",)),
    ("abroad", ("因公出国（境）费用",), ("30212",)),
    ("maintenance", ("维修（护）费",), ("30213",)),
    ("rent", ("租赁费",), ("30214",)),
    ("meetings", ("会议费",), ("30215",)),
    ("training", ("培训费",), ("30216",)),
    ("reception", ("公务接待费",), ("30217",)),
    ("special_materials", ("专用材料费",), ("30218",)),
    ("bedding_clothing", ("被装购置费",), ("30224",)),
    ("special_fuel", ("专用燃料费",), ("30225",)),
    ("labour_services", ("劳务费",), ("30226",)),
    ("commissioned_services", ("委托业务费",), ("30227",)),
    ("union_funds", ("工会经费",), ("30228",)),
    ("welfare", ("福利费",), ("30229",)),
    ("vehicle_operation", ("公务用车运行维护费",), ("30231",)),
    ("other_transport", ("其他交通费用",), ("30239",)),
    ("taxes", ("税金及附加费用",), ("30240",)),
    ("other_goods_services", ("其他商品和服务支出",), ("30299",)),
)
FORM_14 = Form(
    form_id="r14",
    report_no=14,
    title=f"{_BASIC_TITLE}--公用经费(商品和服务支出)(按部门预算经济分类)",
    short_title="基本支出公用经费按部门分类",
    rows=ITEM_ROWS,
    where=_GOODS,
    columns=(
        *FUNCTION_LEVELS,
        *UNIT_AND_SUBJECT,
        Column("total", ("总计",), parts=tuple(c.id for c in _FORM_14_ITEMS), aliases=(("合计",),)),
        *_FORM_14_ITEMS,
    ),
)

# ---------------------------------------------------------------------------- form 15: 三公


def _three_public(column_id: str, path: tuple[str, ...], *items: str, **options: object) -> Column:
    return Column(column_id, path, where=Where(item=items), **options)  # type: ignore[arg-type]


_VEHICLES = "公务用车购置及运行费"
FORM_15 = Form(
    form_id="r15",
    report_no=15,
    title="一般公共预算“三公”经费支出表",
    short_title="三公经费",
    rows=UNIT_ROWS,
    where=Where(THREE_PUBLIC),
    aliases=(
        "“三公”经费支出表",
        "一般公共预算“三公”经费支出情况表",
        "“三公”经费预算表",
        "“三公”经费、会议费、培训费支出表",
    ),
    columns=(
        _code("unit_code", "单位编码", aliases=(("单位代码",),)),
        _name("unit_name", "单位名称"),
        _three_public(
            "total",
            ("“三公”经费合计",),
            parts=("abroad", "vehicle_total", "reception"),
            aliases=(("“三公”经费总计",), ("“三公”经费", "小计"), ("“三公”经费", "合计"), ("合计",)),
        ),
        _three_public("abroad", ("因公出国（境）费",), "abroad", aliases=(("因公出国（境）费用",),)),
        _three_public(
            "vehicle_total",
            (_VEHICLES, "小计"),
            "vehicle_purchase",
            "vehicle_operation",
            parts=("vehicle_purchase", "vehicle_operation"),
            aliases=((_VEHICLES, "合计"), ("公务用车购置及运行维护费", "小计")),
        ),
        _three_public(
            "vehicle_purchase",
            (_VEHICLES, "公务用车购置费"),
            "vehicle_purchase",
            aliases=(("公务用车购置及运行维护费", "公务用车购置费"),),
        ),
        _three_public(
            "vehicle_operation",
            (_VEHICLES, "公务用车运行费"),
            "vehicle_operation",
            aliases=((_VEHICLES, "公务用车运行维护费"), ("公务用车购置及运行维护费", "公务用车运行维护费")),
        ),
        _three_public("reception", ("公务接待费",), "reception"),
    ),
)

# ---------------------------------------------------------------------------- forms 16–20: the other budgets


def _budget_by_subject(no: int, title: str, short_title: str, fund: str, header: str, *aliases: str) -> Form:
    """Forms 16, 19 and 20: the header above the basic columns names the budget."""
    return Form(
        form_id=f"r{no:02d}",
        report_no=no,
        title=title,
        short_title=short_title,
        aliases=aliases,
        rows=FUNCTION_ROWS,
        where=Where(EXPENDITURE, fund=(fund,)),
        # offices print the levels in columns of their own as in form 7
        columns=(
            *(replace(level, optional=True) for level in FUNCTION_LEVELS),
            *SUBJECT,
            *_basic_and_project((header,), ()),
        ),
    )


FORM_16 = _budget_by_subject(
    16,
    "政府性基金预算支出表",
    "政府性基金预算支出",
    "12",
    "本年政府性基金预算支出",
    "政府性基金预算表",
    "政府性基金预算支出情况表",
)
FORM_17 = Form(
    form_id="r17",
    report_no=17,
    title="政府性基金预算支出分类汇总表（按政府预算经济分类）",
    short_title="政府性基金按政府经济分类",
    rows=ITEM_ROWS,
    where=Where(EXPENDITURE, fund=("12",)),
    columns=(*FUNCTION_LEVELS, *UNIT_AND_SUBJECT, *GOVERNMENT_CLASS_COLUMNS),
)
FORM_18 = Form(
    form_id="r18",
    report_no=18,
    title="政府性基金预算支出分类汇总表（按部门预算经济分类）",
    short_title="政府性基金按部门经济分类",
    rows=ITEM_ROWS,
    where=Where(EXPENDITURE, fund=("12",)),
    columns=(*FUNCTION_LEVELS, *UNIT_AND_SUBJECT, *_department_class_columns()),
)
FORM_19 = _budget_by_subject(
    19,
    "国有资本经营预算支出表",
    "国有资本经营预算支出",
    "13",
    "本年国有资本经营预算支出",
    "国有资本经营预算表",
    "国有资本经营预算支出情况表",
)
FORM_20 = _budget_by_subject(
    20,
    "财政专户管理资金预算支出表",
    "财政专户管理资金支出",
    "2",
    "本年财政专户管理资金预算支出",
    "财政专户管理资金预算表",
)

# ---------------------------------------------------------------------------- form 21: special funds


def _special(column_id: str, path: tuple[str, ...], *funds: str, **options: object) -> Column:
    return Column(column_id, path, where=Where(fund=funds), **options)  # type: ignore[arg-type]


_QUOTA = "预算额度"
_METHOD = "预算编制方式"
FORM_21 = Form(
    form_id="r21",
    report_no=21,
    title="专项资金预算汇总表",
    short_title="专项资金预算汇总表",
    rows=PROJECT_ROWS,
    where=Where((Statement.SPECIAL_FUND,)),
    aliases=("专项资金预算汇总情况表",),
    columns=(
        _code("unit_code", "单位代码", aliases=(("单位编码",),)),
        _name("project_name", "单位名称（专项名称）", code=PROJECT_NAMES, aliases=(("单位名称",), ("专项名称",))),
        _special(
            "total",
            (_QUOTA, "总计"),
            parts=("general_total", "government_fund", "state_capital", "social_insurance"),
            aliases=((_QUOTA, "合计"), (_QUOTA,)),
        ),
        _special(
            "general_total",
            (_QUOTA, _GENERAL, "一般公共预算小计"),
            "11",
            parts=("general_funds", "general_non_tax", "general_bonds", "foreign_loans", "foreign_grants"),
            aliases=((_QUOTA, _GENERAL, "小计"), (_QUOTA, _GENERAL, "合计"), (_QUOTA, _GENERAL)),
        ),
        _special("general_funds", (_QUOTA, _GENERAL, "经费拨款"), "111"),
        _special(
            "general_non_tax",
            (_QUOTA, _GENERAL, "纳入一般公共预算管理的非税收入"),
            "112",
            aliases=((_QUOTA, _GENERAL, "纳入一般公共预算管理的非税收入拨款"),),
            optional=True,
        ),
        _special("general_bonds", (_QUOTA, _GENERAL, "一般债券"), "113", optional=True),
        _special("foreign_loans", (_QUOTA, _GENERAL, "外国政府和国际组织贷款"), "114", optional=True),
        _special(
            "foreign_grants",
            (_QUOTA, _GENERAL, "外国政府和国际组织赠款"),
            "115",
            aliases=((_QUOTA, _GENERAL, "外国政府和国际组织捐赠"),),
            optional=True,
        ),
        _special("government_fund", (_QUOTA, "政府性基金"), "12", aliases=((_QUOTA, "政府性基金预算"),), optional=True),
        _special("state_capital", (_QUOTA, "国有资本经营预算"), "13", optional=True),
        _special(
            "social_insurance",
            (_QUOTA, "社会保险基金预算资金"),
            "14",
            aliases=((_QUOTA, "社会保险基金预算"),),
            optional=True,
        ),
        Column(
            "in_department_budget",
            (_METHOD, "编入部门预算金额"),
            where=Where(item=("in_department_budget",)),
            optional=True,
        ),
        Column("held_by_finance", (_METHOD, "财政代编金额"), where=Where(item=("held_by_finance",)), optional=True),
    ),
)

# ---------------------------------------------------------------------------- forms 22, 23: performance goals

INDICATOR_COLUMNS = (
    Column("level1", ("一级指标",), Role.NAME),
    Column("level2", ("二级指标",), Role.NAME),
    Column("level3", ("三级指标",), Role.NAME),
    Column("target", ("指标值",), Role.TEXT),
    Column("target_text", ("指标值内容",), Role.TEXT, aliases=(("评扣分标准",), ("指标值说明",))),
    Column("measure", ("度量单位",), Role.TEXT, aliases=(("计量单位",),)),
    Column("target_type", ("指标值类型",), Role.TEXT, aliases=(("指标类型",), ("指标性质",))),
    Column("note", ("备注",), Role.TEXT),
)
INDICATOR_COLUMN_IDS = tuple(column.id for column in INDICATOR_COLUMNS)

FORM_22 = Form(
    form_id="r22",
    report_no=22,
    title="项目支出绩效目标表",
    short_title="项目支出绩效目标表",
    sheet=Sheet.PROJECT,
    rows=Rows((Coordinate.PROJECT,), total=None),
    where=Where((Statement.SPECIAL_FUND,)),
    aliases=("项目支出绩效目标申报表", "项目支出预算绩效目标表"),
    columns=(
        Column("project_name", ("项目名称",), Role.NAME),
        Column("category", ("项目类别",), Role.TEXT, aliases=(("项目属性",), ("项目类型",))),
        Column("amount", ("年度本级预算金额",), aliases=(("年度预算金额",), ("年度资金总额",))),
        Column("period", ("项目支出实施期",), Role.TEXT, aliases=(("项目实施期",), ("实施期限",))),
        Column("goal", ("本年度绩效目标",), Role.TEXT, aliases=(("年度绩效目标",), ("绩效目标",))),
        *INDICATOR_COLUMNS,
    ),
)
_BY_FUND = "按收入性质分"
_BY_NATURE = "按支出性质分"
FORM_23 = Form(
    form_id="r23",
    report_no=23,
    title="整体支出绩效目标表",
    short_title="整体支出绩效目标表",
    sheet=Sheet.DEPARTMENT,
    rows=Rows(total="budget", total_label="预算情况"),
    where=Where(EXPENDITURE),
    aliases=("部门整体支出绩效目标表", "部门整体支出绩效目标申报表"),
    columns=(
        Column("department_name", ("部门名称",), Role.NAME, aliases=(("单位名称",),)),
        Column("duty_goal", ("年履职目标",), Role.TEXT, aliases=(("年度履职目标",), ("部门职能职责概述",))),
        Column("task_name", ("任务名称",), Role.NAME),
        Column("task_content", ("主要内容",), Role.TEXT),
        Column("total", ("资金总额",), parts=("general", "government_fund", "fiscal_account", "other_funds")),
        Column("general", (_BY_FUND, "一般公共预算"), where=Where(fund=("11",))),
        Column(
            "government_fund",
            (_BY_FUND, "政府性基金拨款"),
            where=Where(fund=("12",)),
            aliases=((_BY_FUND, "政府性基金"),),
        ),
        Column("fiscal_account", (_BY_FUND, "财政专户管理资金"), where=Where(fund=("2",))),
        Column("other_funds", (_BY_FUND, "其他资金"), where=Where(fund=("13", "14", "17", "18", "3", ""))),
        Column("basic", (_BY_NATURE, "基本支出"), where=Where(nature=("basic",))),
        Column("project", (_BY_NATURE, "项目支出"), where=Where(nature=("project",))),
        *INDICATOR_COLUMNS,
    ),
)

# what pays for 政府采购
_PAYING = tuple(
    Column(
        column_id,
        ("资金来源", names[0]),
        where=Where(fund=funds),
        aliases=tuple(path for name in names for path in ((name,), ("资金来源", name))),
        optional=True,
    )
    for column_id, funds, names in (
        ("general", ("11",), ("一般公共预算拨款", "一般公共预算", "财政拨款")),
        ("government_fund", ("12",), ("政府性基金预算拨款", "政府性基金预算", "政府性基金")),
        ("state_capital", ("13",), ("国有资本经营预算拨款", "国有资本经营预算")),
        ("fiscal_account", ("2",), ("财政专户管理资金",)),
        ("other_funds", ("3",), ("单位资金", "其他资金")),
    )
)

# A form of some places (湘潭), the 24th there. What is bought is part of spending, so this is a statement of its own.
FORM_24 = Form(
    form_id="r24",
    title="政府采购预算表",
    short_title="政府采购预算表",
    rows=Rows((Coordinate.UNIT,), details=details_of("total", *(column.id for column in _PAYING))),
    where=Where(PROCUREMENT),
    aliases=("政府采购预算汇总表", "政府采购预算明细表", "政府采购支出预算表", "政府采购表"),
    optional=True,
    columns=(
        _code("unit_code", "单位代码", aliases=(("单位编码",), ("预算单位编码",))),
        _name("unit_name", "单位名称", aliases=(("预算单位",), ("预算单位名称",), ("单位",))),
        Column("project", ("项目名称",), Role.TEXT, aliases=(("采购项目",), ("采购项目名称",)), optional=True),
        Column(
            "goods",
            ("采购品目",),
            Role.TEXT,
            aliases=(("采购品目名称",), ("品目名称",), ("采购目录",), ("政府采购品目",), ("政府采购目录",)),
            optional=True,
        ),
        Column(
            "total",
            ("合计",),
            parts=tuple(column.id for column in _PAYING),
            aliases=(
                ("总计",),
                ("金额",),
                ("采购金额",),
                ("预算金额",),
                ("采购预算金额",),
                ("资金来源", "合计"),
                ("资金来源", "总计"),
            ),
        ),
        *_PAYING,
        Column("detail", ("合计", "项目和品目"), Role.MEMO, optional=True),
        *beneath_funds(_PAYING, "项目和品目"),
    ),
)

HUNAN_BUDGET = TemplateSet(
    id="hunan_budget",
    title="湖南省部门预算公开表（2022年起）",
    divisions=("43",),
    years=range(2022, 2100),
    stage=Stage.BUDGET,
    forms=(
        FORM_1,
        FORM_2,
        FORM_3,
        FORM_4,
        FORM_5,
        FORM_6,
        FORM_7,
        FORM_8,
        FORM_9X,
        FORM_9,
        FORM_10,
        FORM_11,
        FORM_12,
        FORM_13,
        FORM_14,
        FORM_15,
        FORM_16,
        FORM_17,
        FORM_18,
        FORM_19,
        FORM_20,
        FORM_21,
        FORM_22,
        FORM_23,
        FORM_24,
    ),
    finest_first=(
        *(f"r{no:02d}" for no in (10, 12, 14, 8, 18, 5, 3, 7, 16, 19, 20, 9, 11, 13, 17, 4, 2, 15, 21, 6, 1, 22, 23)),
        "r09x",
        "r24",
    ),
)
