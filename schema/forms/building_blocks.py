"""What the forms of several places share: columns of codes in parts, plain rows, a line a functional class."""

from __future__ import annotations

from schema.forms.classes import FUNCTIONAL_CLASS_ALIASES, FUNCTIONAL_CLASSES
from schema.forms.template import Code, Column, Coordinate, Line, Role, Rows, Statement, Where

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
