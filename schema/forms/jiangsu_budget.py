"""The twelve forms of budgets of provincial offices in Jiangsu (公开表一 to 公开表十二), in the order of 2018.

Sources: disclosures of 2017 to 2019. No form has rows of units, 合计 stands on top, codes stand in one cell. Some
titles say in brackets by what their rows are: 财政拨款支出预算表（功能科目）.
"""

from __future__ import annotations

from schema.forms.building_blocks import (
    CARRY_OVER,
    ECONOMIC,
    ECONOMIC_ROWS,
    EXPENDITURE,
    FISCAL,
    FUNCTION,
    FUNCTION_ROWS,
    ONE_ROW,
    OPERATING_COST,
    REVENUE,
    THREE_PUBLIC,
    Path,
    Paths,
    function_lines,
    procurement_by_kind,
)
from schema.forms.classes import FUNCTIONAL_CLASSES
from schema.forms.template import (
    Column,
    Form,
    Line,
    LineList,
    Role,
    Stage,
    TemplateSet,
    Where,
)

# ---------------------------------------------------------------------------- js01, js04: lists

_UNPRINTED_CLASSES = frozenset({"209", "219", "223", "224", "227", "230", "231", "232", "233", "234"})
_NATURES = (
    Line("basic", "一、基本支出", Where(EXPENDITURE, nature=("basic",))),
    Line("project", "二、项目支出", Where(EXPENDITURE, nature=("project",))),
    Line("reserve", "三、单位预留机动经费", Where(EXPENDITURE, nature=("reserve",))),
)
_NATURE_IDS = tuple(line.id for line in _NATURES)
_REVENUE_LABELS = ("收入", "项目名称")
_PURPOSE_LABELS = ("支出", "支出用途", "项目名称")
_PURPOSE_AMOUNTS = ("支出", "支出用途", "金额")

JS01 = Form(
    form_id="js01",
    title="收支预算总表",
    short_title="收支预算总表",
    lists=(
        LineList(
            "revenue",
            _REVENUE_LABELS,
            (Column("revenue", ("收入", "金额")),),
            (
                Line("fiscal", "一、财政拨款", Where(REVENUE, item=FISCAL), 1, ("11", "12")),
                Line("11", "1.一般公共预算", Where(REVENUE, item=("11",)), 2, aliases=("一般公共预算资金",)),
                Line("12", "2.政府性基金预算", Where(REVENUE, item=("12",)), 2, aliases=("政府性基金",)),
                Line("2", "二、财政专户管理资金", Where(REVENUE, item=("2",))),
                Line("3", "三、其他资金", Where(REVENUE, item=("3",))),
                Line("year_total", "当年收入小计", Where(REVENUE), 0, ("fiscal", "2", "3")),
                Line("opening", "上年结转资金", Where(CARRY_OVER, item=("opening",)), 0),
                Line(
                    "grand_total",
                    "收入合计",
                    Where(REVENUE + CARRY_OVER, item=("1", "2", "3", "opening")),
                    0,
                    ("year_total", "opening"),
                ),
            ),
        ),
        LineList(
            "function",
            ("支出", "功能分类", "功能科目名称"),
            (Column("function", ("支出", "功能分类", "金额")),),
            function_lines(frozenset(FUNCTIONAL_CLASSES) - _UNPRINTED_CLASSES),
            label_aliases=(("支出", "功能分类", "科目名称"),),
        ),
        # the closing lines of 支出 stand across both of its lists, and their amounts in this one
        LineList(
            "purpose",
            _PURPOSE_LABELS,
            (Column("purpose", _PURPOSE_AMOUNTS),),
            (
                *_NATURES,
                Line("year_total", "当年支出小计", Where(EXPENDITURE), 0, _NATURE_IDS),
                Line("closing", "结转下年资金", Where(CARRY_OVER, item=("closing",)), 0),
                Line(
                    "grand_total",
                    "支出合计",
                    Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
                    0,
                    ("year_total", "closing"),
                ),
            ),
        ),
    ),
)
JS04 = Form(
    form_id="js04",
    title="财政拨款收支预算总表",
    short_title="财政拨款收支预算总表",
    lists=(
        LineList(
            "revenue",
            _REVENUE_LABELS,
            (Column("revenue", ("收入", "金额")),),
            (
                Line("11", "一、一般公共预算", Where(REVENUE, item=("11",)), aliases=("一般公共预算资金",)),
                Line("12", "二、政府性基金预算", Where(REVENUE, item=("12",)), aliases=("政府性基金",)),
                Line("grand_total", "收入合计", Where(REVENUE, item=FISCAL), 0, ("11", "12")),
            ),
        ),
        LineList(
            "purpose",
            _PURPOSE_LABELS,
            (Column("purpose", _PURPOSE_AMOUNTS, where=Where(fund=FISCAL)),),
            (*_NATURES, Line("grand_total", "支出合计", Where(EXPENDITURE), 0, _NATURE_IDS)),
        ),
    ),
)

# ---------------------------------------------------------------------------- js02: revenue by source


def _revenue_group(code: str, label: str, *parts: tuple[str, str]) -> tuple[Line, ...]:
    """A source: its 小计, and what it is made of."""
    return (
        Line(
            code,
            f"{label}小计",
            Where(REVENUE, item=(code,)),
            2,
            tuple(part for part, _ in parts),
            aliases=(label,),
        ),
        *(Line(part, name, Where(REVENUE, item=(part,)), 3) for part, name in parts),
    )


# the part of last year's money that is spent this year; the ledger holds what is carried over, by fund
_CARRIED_SPENT = "动用上年结转和结余资金"

# A list of two levels in two columns: the source, and 小计 or a part of it. The total stands on top.
JS02 = Form(
    form_id="js02",
    title="收入预算总表",
    short_title="收入预算总表",
    lists=(
        LineList(
            "revenue",
            ("项目名称",),
            (
                Column("revenue", ("金额",)),
                Column("carried_spent", ("金额", _CARRIED_SPENT), Role.MEMO, optional=True),
            ),
            (
                Line(
                    "grand_total",
                    "收入总计",
                    Where(REVENUE + CARRY_OVER, item=("1", "2", "3", "opening")),
                    1,
                    ("11", "12", "2", "3", "opening"),
                ),
                *_revenue_group("11", "一般公共预算资金", ("111", "公共财政拨款（补助）资金"), ("1122", "专项收入")),
                *_revenue_group("12", "政府性基金"),
                *_revenue_group("2", "财政专户管理资金", ("21", "专户管理教育收费"), ("29", "其他非税收入")),
                *_revenue_group(
                    "3",
                    "其他资金",
                    ("31", "事业收入"),
                    ("34", "经营收入"),
                    ("39", "其他收入"),
                    ("38", "债务资金（银行贷款）"),
                ),
                Line(
                    "opening",
                    "上年结转和结余资金小计",
                    Where(CARRY_OVER, item=("opening",)),
                    2,
                    aliases=("上年结转和结余资金",),
                ),
            ),
            memos=((_CARRIED_SPENT, "opening", "carried_spent"),),
        ),
    ),
)

# ---------------------------------------------------------------------------- js03: expenditure in one row

JS03 = Form(
    form_id="js03",
    title="支出预算总表",
    short_title="支出预算总表",
    rows=ONE_ROW,
    columns=(
        Column(
            "total",
            ("合计",),
            where=Where(EXPENDITURE + CARRY_OVER, item=("", "closing")),
            parts=(*_NATURE_IDS, "closing"),
        ),
        Column("basic", ("基本支出",), where=Where(EXPENDITURE, nature=("basic",))),
        Column("project", ("项目支出",), where=Where(EXPENDITURE, nature=("project",))),
        Column("reserve", ("单位预留机动经费",), where=Where(EXPENDITURE, nature=("reserve",))),
        Column("closing", ("结转下年资金",), where=Where(CARRY_OVER, item=("closing",))),
    ),
)

# ---------------------------------------------------------------------------- js05–js08, js10, js11: one amount


def _by_function(form_id: str, title: str, *aliases: str, funds: Path) -> Form:
    return Form(
        form_id=form_id,
        title=title,
        short_title=title,
        rows=FUNCTION_ROWS,
        where=Where(EXPENDITURE, fund=funds),
        aliases=aliases,
        columns=(
            Column(
                "subject_code",
                ("功能科目代码",),
                Role.CODE,
                code=FUNCTION,
                aliases=(("功能科目编码",), ("科目编码",), ("科目代码",), ("编码",)),
            ),
            Column("subject_name", ("功能科目名称",), Role.NAME, code=FUNCTION, aliases=(("科目名称",), ("名称",))),
            Column("total", ("金额",)),
        ),
    )


def _by_economic_item(
    form_id: str, title: str, *aliases: str, where: Where, amount: str = "金额", short_title: str = ""
) -> Form:
    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title or title,
        rows=ECONOMIC_ROWS,
        where=where,
        aliases=aliases,
        columns=(
            Column("subject_code", ("科目编码",), Role.CODE, code=ECONOMIC, aliases=(("科目代码",), ("编码",))),
            Column("subject_name", ("科目名称",), Role.NAME, code=ECONOMIC, aliases=(("名称",),)),
            Column("total", (amount,), aliases=(("金额",),) if amount != "金额" else ()),
        ),
    )


JS05 = _by_function("js05", "财政拨款支出预算表", "财政拨款支出预算表（功能科目）", funds=FISCAL)
JS06 = _by_economic_item(
    "js06",
    "财政拨款基本支出预算表",
    "财政拨款基本支出预算表（经济科目）",
    where=Where(EXPENDITURE, fund=FISCAL, nature=("basic",)),
)
JS07 = _by_function("js07", "一般公共预算支出预算表", "一般公共预算支出预算表（功能科目）", funds=("11",))
JS08 = _by_economic_item(
    "js08",
    "一般公共预算基本支出预算表",
    "一般公共预算基本支出预算表（经济科目）",
    where=Where(EXPENDITURE, fund=("11",), nature=("basic",)),
)
JS10 = _by_function(
    "js10",
    "财政拨款政府性基金支出预算表",
    "政府性基金支出预算表",
    "政府性基金预算支出预算表",
    "政府性基金预算财政拨款支出预算表",
    "政府性基金预算支出表",
    funds=("12",),
)
JS11 = _by_economic_item(
    "js11",
    "一般公共预算机关运行经费支出预算表",
    "机关运行经费支出预算表",
    where=Where(OPERATING_COST),
    amount="机关运行经费支出",
    short_title="机关运行经费支出预算表",
)

# ---------------------------------------------------------------------------- js09: 三公, meetings and training

_HEADER = "“三公”经费"
_VEHICLES = "公务用车购置及运行维护费"


def _three_public(column_id: str, path: Path, *items: str, parts: Path = (), aliases: Paths = ()) -> Column:
    return Column(
        column_id,
        (_HEADER, *path),
        where=Where(THREE_PUBLIC, item=items),
        parts=parts,
        aliases=aliases,
    )


JS09 = Form(
    form_id="js09",
    title="“三公”经费、会议费、培训费支出预算表",
    short_title="三公经费会议费培训费",
    rows=ONE_ROW,
    columns=(
        # 会议费 and 培训费 have no item among 三公 and may be project spending: nothing of the ledger adds up to them
        Column("all_total", ("合计",), Role.MEMO),
        _three_public("total", ("小计",), parts=("abroad", "vehicle_total", "reception")),
        _three_public("abroad", ("因公出国（境）费",), "abroad", aliases=((_HEADER, "因公出国（境）费用"),)),
        _three_public(
            "vehicle_total",
            (_VEHICLES, "小计"),
            "vehicle_purchase",
            "vehicle_operation",
            parts=("vehicle_purchase", "vehicle_operation"),
        ),
        _three_public("vehicle_purchase", (_VEHICLES, "公务用车购置费"), "vehicle_purchase"),
        _three_public("vehicle_operation", (_VEHICLES, "公务用车运行维护费"), "vehicle_operation"),
        _three_public("reception", ("公务接待费",), "reception"),
        Column("meetings", ("会议费",), Role.MEMO),
        Column("training", ("培训费",), Role.MEMO),
    ),
)

# ---------------------------------------------------------------------------- js12: procurement

JS12 = procurement_by_kind("js12", "政府采购预算表", aliases=("政府采购支出预算表",))

JIANGSU_BUDGET = TemplateSet(
    id="jiangsu_budget",
    title="江苏省省级部门预算公开表",
    divisions=("32",),
    years=range(2016, 2100),
    stage=Stage.BUDGET,
    forms=(JS01, JS02, JS03, JS04, JS05, JS06, JS07, JS08, JS09, JS10, JS11, JS12),
    finest_first=(
        "js08",
        "js07",
        "js10",
        "js06",
        "js05",
        "js11",
        "js09",
        "js12",
        "js02",
        "js03",
        "js01",
        "js04",
    ),
)
