"""What the forms of several places share: columns of codes in parts, plain rows, a line a functional class, the items
of 三公."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schema.forms.classes import FUNCTIONAL_CLASS_ALIASES, FUNCTIONAL_CLASSES
from schema.forms.template import Code, Column, Coordinate, Form, Line, Role, Rows, Statement, Where

Path = tuple[str, ...]
Paths = tuple[Path, ...]

EXPENDITURE = (Statement.EXPENDITURE,)
REVENUE = (Statement.REVENUE,)
CARRY_OVER = (Statement.CARRY_OVER,)
THREE_PUBLIC = (Statement.THREE_PUBLIC,)
OPERATING_COST = (Statement.OPERATING_COST,)
PROCUREMENT = (Statement.PROCUREMENT,)

# 财政拨款: the three budgets that it comes from
FISCAL = ("11", "12", "13")
# the revenue of 财政专户 as it was called before 2022
FISCAL_ACCOUNT_FEES = ("专户非税收入", "纳入专户管理的非税收入", "纳入专户管理的非税收入拨款")

FUNCTION = Code((Coordinate.FUNCTIONAL,))
ECONOMIC = Code((Coordinate.DEPARTMENT_ECONOMIC,))

# Rows of forms without unit rows: the money is the reporting unit's. 合计 on top, or at the foot.
FUNCTION_ROWS = Rows((Coordinate.FUNCTIONAL,))
FUNCTION_ROWS_TOTAL_LAST = Rows((Coordinate.FUNCTIONAL,), total_is_last=True)
ECONOMIC_ROWS = Rows((Coordinate.DEPARTMENT_ECONOMIC,))
ECONOMIC_ROWS_TOTAL_LAST = Rows((Coordinate.DEPARTMENT_ECONOMIC,), total_is_last=True)
ONE_ROW = Rows()


def code_parts(coordinate: Coordinate, path: Path, *aliases: Path) -> tuple[Column, ...]:
    """类, 款 and, of functions, 项: a column each beneath one header."""
    parts = (("code_class", "类"), ("code_group", "款"), ("code_item", "项"))
    words = parts if coordinate is Coordinate.FUNCTIONAL else parts[:2]
    return tuple(
        Column(
            column_id,
            (*path, word),
            Role.CODE,
            code=Code((coordinate,), part),
            aliases=tuple((*alias, word) for alias in aliases),
        )
        for part, (column_id, word) in enumerate(words)
    )


def function_lines(printed: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """A line a functional class: those of ``printed`` always stand in the form, the others if they have money.

    Documents number the lines as they come, so the labels bear no numbers.
    """
    return tuple(
        Line(
            code,
            name,
            Where(EXPENDITURE, functional=(code,)),
            aliases=FUNCTIONAL_CLASS_ALIASES.get(code, ()),
            optional=code not in printed,
        )
        for code, name in FUNCTIONAL_CLASSES.items()
    )


FUNCTION_LINE_IDS = tuple(FUNCTIONAL_CLASSES)

# Classes that the forms of 财政部 have no line for, or had none in some years.
_UNPRINTED_CLASSES = frozenset({"209", "223", "227", "230", "231", "233", "234"})
NATIONAL_FUNCTION_LINES = function_lines(frozenset(FUNCTIONAL_CLASSES) - _UNPRINTED_CLASSES)


def operating_cost_by_item(form_id: str, title: str, short_title: str, aliases: Path, amounts: Paths) -> Form:
    """机关运行经费 by economic item, which some provinces print."""
    return Form(
        form_id=form_id,
        title=title,
        short_title=short_title,
        rows=ECONOMIC_ROWS_TOTAL_LAST,
        where=Where(OPERATING_COST),
        aliases=aliases,
        optional=True,
        columns=(
            Column("subject_code", ("科目编码",), Role.CODE, code=ECONOMIC),
            Column("subject_name", ("科目名称",), Role.NAME, code=ECONOMIC),
            Column("total", ("机关运行经费支出",), aliases=(("金额",), *amounts, ("合计",), ("机关运行经费",))),
        ),
    )


# what pays for 政府采购: id, fund, names
_PAYING = (
    ("general", "11", ("一般公共预算资金", "一般公共预算")),
    ("government_fund", "12", ("政府性基金", "政府性基金预算")),
    ("state_capital", "13", ("国有资本经营预算",)),
    ("carried_over", "18", ("上年结转和结余资金", "上年结转结余资金")),
    ("other_funds", "3", ("其他资金", "单位资金")),
)


def details_of(total: str, *funds: str) -> tuple[tuple[str, str], ...]:
    """The columns for rows beneath the last level: of the total and of what pays for it."""
    return ((total, "detail"), *((fund, f"{fund}_detail") for fund in funds))


def beneath_funds(funds: Iterable[Column], what: str) -> Iterator[Column]:
    """For each column of a fund, the one for rows beneath the last level."""
    return (Column(f"{fund.id}_detail", (*fund.path, what), Role.MEMO, optional=True) for fund in funds)


def procurement_by_kind(
    form_id: str, title: str, aliases: Path, *, by_fund: bool = False, optional: bool = False
) -> Form:
    """政府采购 as a tree of kinds (货物, 工程, 服务), projects and goods, told by the column in which a row begins.

    The ledger holds the kinds; the figures of projects and goods are kept as filed, keyed by kind, project and goods.
    """
    funds = tuple(
        Column(
            column_id,
            ("资金来源", names[0]),
            where=Where(fund=(fund,)),
            aliases=tuple(("资金来源", name) for name in names[1:]),
            optional=True,
        )
        for column_id, fund, names in (_PAYING if by_fund else ())
    )
    return Form(
        form_id=form_id,
        title=title,
        short_title=title,
        rows=Rows((Coordinate.ITEM,), details=details_of("total", *(column.id for column in funds))),
        where=Where(PROCUREMENT),
        aliases=aliases,
        optional=optional,
        columns=(
            Column("kind", ("采购品目大类",), Role.NAME, code=Code((Coordinate.ITEM,)), aliases=(("采购类别",),)),
            Column("project", ("专项名称",), Role.TEXT, aliases=(("项目名称",),) if by_fund else ()),
            Column("economic_item", ("经济科目",), Role.TEXT, optional=by_fund),
            Column("goods", ("采购物品名称",), Role.TEXT, aliases=(("采购品目名称",),) if by_fund else ()),
            Column("organisation", ("采购组织形式",), Role.TEXT, optional=by_fund),
            Column(
                "total",
                ("总计",),
                parts=tuple(column.id for column in funds),
                aliases=(("金额",), ("合计",), *((("资金来源", "总计"), ("资金来源", "合计")) if by_fund else ())),
            ),
            *funds,
            Column("detail", ("总计", "项目和物品"), Role.MEMO, optional=True),
            *beneath_funds(funds, "项目和物品"),
        ),
    )


def _item(item: str, label: str, level: int, *aliases: str, parts: Path = ()) -> Line:
    return Line(item, label, Where(item=parts or (item,)), level, parts, aliases=aliases)


# “三公”经费 where its items stand beneath one another, in any order
THREE_PUBLIC_LINES = (
    Line(
        "total",
        "合计",
        Where(),
        1,
        ("abroad", "reception", "vehicle_total"),
        aliases=("“三公”经费合计", "“三公”经费", "“三公”经费支出", "支出合计"),
    ),
    _item("abroad", "因公出国（境）费", 2, "因公出国（境）费用", "因公出国（境）经费", "因公出国（境）支出"),
    _item("reception", "公务接待费", 2, "公务接待经费", "公务接待费支出", "公务接待支出"),
    _item(
        "vehicle_total",
        "公务用车购置及运行费",
        2,
        "公务用车费",
        "公务用车购置及运行维护费",
        "公务用车购置和运行费",
        "公务用车购置和运行维护费",
        "公务用车购置及运维费",
        "公务用车购置及运行维护支出",
        parts=("vehicle_purchase", "vehicle_operation"),
    ),
    _item("vehicle_operation", "公务用车运行费", 3, "公务用车运行维护费", "运行费", "运行维护费"),
    _item("vehicle_purchase", "公务用车购置费", 3, "公务用车购置", "购置费"),
)
