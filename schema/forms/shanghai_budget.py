"""The nine forms of budgets in Shanghai (部门预算 and 单位预算), in the order of publication.

Source: the forms of 普陀区, 2024 to 2026. Departments and units publish the same forms; that of a unit shows 人员经费,
公用经费 and 项目支出 in the first one. No form has rows of units.
"""

from __future__ import annotations

from schema.forms.building_blocks import (
    ECONOMIC_ROWS_TOTAL_LAST,
    EXPENDITURE,
    FISCAL,
    FUNCTION_LINE_IDS,
    FUNCTION_ROWS_TOTAL_LAST,
    ONE_ROW,
    OPERATING_COST,
    REVENUE,
    THREE_PUBLIC,
    Path,
    Paths,
    code_parts,
    function_lines,
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
    Stage,
    TemplateSet,
    Where,
)

_FUNCTION_CODES = "功能分类科目编码"
_FUNCTION_COLUMNS = (
    *code_parts(Coordinate.FUNCTIONAL, ("项目", _FUNCTION_CODES), (_FUNCTION_CODES,)),
    Column(
        "subject_name",
        ("项目", "功能分类科目名称"),
        Role.NAME,
        code=Code((Coordinate.FUNCTIONAL,)),
        aliases=(("功能分类科目名称",), ("科目名称",), ("项目", "名称"), ("名称",)),
    ),
)

# ---------------------------------------------------------------------------- sh01, sh04: lists

_FUND_LINES = {
    "11": ("一般公共预算资金", ("一般公共预算",)),
    "12": ("政府性基金", ("政府性基金预算",)),
    "13": ("国有资本经营预算", ("国有资本经营",)),
}
SH01 = Form(
    form_id="sh01",
    title="财务收支预算总表",
    short_title="财务收支预算总表",
    lists=(
        LineList(
            "revenue",
            ("本年收入", "项目"),
            (Column("revenue", ("本年收入", "预算数")),),
            (
                Line("fiscal", "一、财政拨款收入", Where(REVENUE, item=FISCAL), 1, FISCAL, aliases=("财政拨款",)),
                *(
                    Line(code, f"{number}. {name}", Where(REVENUE, item=(code,)), 2, aliases=aliases)
                    for number, (code, (name, aliases)) in enumerate(_FUND_LINES.items(), start=1)
                ),
                Line("31", "二、事业收入", Where(REVENUE, item=("31",))),
                Line("34", "三、事业单位经营收入", Where(REVENUE, item=("34",)), aliases=("经营收入",)),
                Line("39", "四、其他收入", Where(REVENUE, item=("39",))),
                Line("grand_total", "收入总计", Where(REVENUE), 0, ("fiscal", "31", "34", "39")),
            ),
            label_aliases=(("本年收入", "科目"),),
        ),
        LineList(
            "function",
            ("本年支出", "项目"),
            (
                Column(
                    "function_total",
                    ("本年支出", "预算数", "合计"),
                    parts=("function_staff", "function_public", "function_project"),
                    aliases=(("本年支出", "预算数"),),
                ),
                Column(
                    "function_staff",
                    ("本年支出", "预算数", "基本支出", "人员经费"),
                    where=Where(nature=("basic",), department_economic=STAFF),
                    optional=True,
                ),
                Column(
                    "function_public",
                    ("本年支出", "预算数", "基本支出", "公用经费"),
                    where=Where(nature=("basic",), department_economic=PUBLIC),
                    optional=True,
                ),
                Column(
                    "function_project",
                    ("本年支出", "预算数", "项目支出"),
                    where=Where(nature=("project",)),
                    optional=True,
                ),
            ),
            (*function_lines(), Line("grand_total", "支出总计", Where(EXPENDITURE), 0, FUNCTION_LINE_IDS)),
            label_aliases=(("本年支出", "项目（按功能分类）"), ("本年支出", "功能分类"), ("本年支出", "科目")),
        ),
    ),
)
SH04 = Form(
    form_id="sh04",
    title="财政拨款收支预算总表",
    short_title="财政拨款收支预算总表",
    lists=(
        LineList(
            "revenue",
            ("财政拨款收入", "项目"),
            (Column("revenue", ("财政拨款收入", "预算数")),),
            (
                *(
                    Line(code, f"{number}、{name}", Where(REVENUE, item=(code,)), aliases=aliases)
                    for number, (code, (name, aliases)) in zip("一二三", _FUND_LINES.items(), strict=True)
                ),
                Line("grand_total", "收入总计", Where(REVENUE, item=FISCAL), 0, FISCAL),
            ),
            label_aliases=(("财政拨款收入", "科目"),),
        ),
        LineList(
            "function",
            ("财政拨款支出", "项目"),
            (
                Column(
                    "function_total",
                    ("财政拨款支出", "合计"),
                    where=Where(fund=FISCAL),
                    parts=("function_general", "function_government_fund", "function_state_capital"),
                ),
                Column("function_general", ("财政拨款支出", "一般公共预算"), where=Where(fund=("11",))),
                Column("function_government_fund", ("财政拨款支出", "政府性基金预算"), where=Where(fund=("12",))),
                Column("function_state_capital", ("财政拨款支出", "国有资本经营预算"), where=Where(fund=("13",))),
            ),
            (*function_lines(), Line("grand_total", "支出总计", Where(EXPENDITURE), 0, FUNCTION_LINE_IDS)),
            label_aliases=(
                ("财政拨款支出", "项目（按功能分类）"),
                ("财政拨款支出", "功能分类"),
                ("财政拨款支出", "科目"),
            ),
        ),
    ),
)

# ---------------------------------------------------------------------------- sh02, sh03, sh05–sh07: by function


def _source(column_id: str, name: str, *items: str, other: str = "") -> Column:
    aliases = ((name,), ("收入预算", other), (other,)) if other else ((name,),)
    return Column(column_id, ("收入预算", name), where=Where(item=items), aliases=aliases)


SH02 = Form(
    form_id="sh02",
    title="收入预算总表",
    short_title="收入预算总表",
    rows=FUNCTION_ROWS_TOTAL_LAST,
    where=Where(REVENUE),
    columns=(
        *_FUNCTION_COLUMNS,
        Column("total", ("收入预算", "合计"), parts=("fiscal", "institution", "operating", "other")),
        _source("fiscal", "财政拨款收入", *FISCAL, other="财政拨款"),
        _source("institution", "事业收入", "31"),
        _source("operating", "事业单位经营收入", "34", other="经营收入"),
        _source("other", "其他收入", "39"),
    ),
)


def _basic_and_project(form_id: str, title: str, short_title: str, header: str, where: Where) -> Form:
    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title,
        rows=FUNCTION_ROWS_TOTAL_LAST,
        where=where,
        columns=(
            *_FUNCTION_COLUMNS,
            Column("total", (header, "合计"), parts=("basic", "project")),
            Column("basic", (header, "基本支出"), where=Where(nature=("basic",))),
            Column("project", (header, "项目支出"), where=Where(nature=("project",))),
        ),
    )


def _by_fund(form_id: str, budget: str, fund: str) -> Form:
    return _basic_and_project(
        form_id,
        f"{budget}支出功能分类预算表",
        f"{budget}支出功能分类",
        f"{budget}支出",
        Where(EXPENDITURE, fund=(fund,)),
    )


SH03 = _basic_and_project("sh03", "支出预算总表", "支出预算总表", "支出预算", Where(EXPENDITURE))
SH05 = _by_fund("sh05", "一般公共预算", "11")
SH06 = _by_fund("sh06", "政府性基金预算", "12")
SH07 = _by_fund("sh07", "国有资本经营预算", "13")

# ---------------------------------------------------------------------------- sh08: basic spending by economic item

_ECONOMIC_CODES = "部门预算经济分类科目编码"
SH08 = Form(
    form_id="sh08",
    title="一般公共预算基本支出部门预算经济分类预算表",
    short_title="基本支出部门预算经济分类",
    rows=ECONOMIC_ROWS_TOTAL_LAST,
    where=Where(EXPENDITURE, fund=("11",), nature=("basic",)),
    columns=(
        *code_parts(
            Coordinate.DEPARTMENT_ECONOMIC,
            ("项目", _ECONOMIC_CODES),
            ("项目", "经济分类科目编码"),
            (_ECONOMIC_CODES,),
            ("经济分类科目编码",),
        ),
        Column(
            "subject_name",
            ("项目", "经济分类科目名称"),
            Role.NAME,
            code=Code((Coordinate.DEPARTMENT_ECONOMIC,)),
            aliases=(
                ("项目", "部门经济分类科目名称"),
                ("经济分类科目名称",),
                ("部门经济分类科目名称",),
                ("科目名称",),
            ),
        ),
        Column("total", ("一般公共预算基本支出", "合计"), parts=("staff", "public")),
        Column("staff", ("一般公共预算基本支出", "人员经费"), where=Where(department_economic=STAFF)),
        Column("public", ("一般公共预算基本支出", "公用经费"), where=Where(department_economic=PUBLIC)),
    ),
)

# ---------------------------------------------------------------------------- sh09: 三公 and 机关运行经费

_THREE_PUBLIC = "“三公”经费预算数"
_VEHICLES = "公务用车购置及运行费"


def _three_public(column_id: str, path: Path, *items: str, parts: Path = (), aliases: Paths = ()) -> Column:
    return Column(
        column_id,
        (_THREE_PUBLIC, *path),
        where=Where(THREE_PUBLIC, item=items),
        parts=parts,
        aliases=(path, *aliases),
    )


SH09 = Form(
    form_id="sh09",
    title="“三公”经费和机关运行经费预算表",
    short_title="三公经费和机关运行经费",
    rows=ONE_ROW,
    aliases=("“三公”经费预算表",),
    columns=(
        _three_public("total", ("合计",), parts=("abroad", "reception", "vehicle_total")),
        _three_public("abroad", ("因公出国（境）费",), "abroad"),
        _three_public("reception", ("公务接待费",), "reception"),
        _three_public(
            "vehicle_total",
            (_VEHICLES, "小计"),
            "vehicle_purchase",
            "vehicle_operation",
            parts=("vehicle_purchase", "vehicle_operation"),
            aliases=((_VEHICLES,),),
        ),
        _three_public("vehicle_purchase", (_VEHICLES, "购置费"), "vehicle_purchase"),
        _three_public("vehicle_operation", (_VEHICLES, "运行费"), "vehicle_operation"),
        Column(
            "operating_cost",
            ("机关运行经费预算数",),
            where=Where(OPERATING_COST),
            aliases=(("机关运行经费",), ("机关运行经费预算",)),
            optional=True,
        ),
    ),
)

SHANGHAI_BUDGET = TemplateSet(
    id="shanghai_budget",
    title="上海市部门预算公开表",
    divisions=("31",),
    years=range(2018, 2100),
    stage=Stage.BUDGET,
    forms=(SH01, SH02, SH03, SH04, SH05, SH06, SH07, SH08, SH09),
    finest_first=("sh08", "sh05", "sh06", "sh07", "sh03", "sh02", "sh09", "sh01", "sh04"),
)
