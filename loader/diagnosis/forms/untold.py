"""The cells of a form that the ledger leaves out whose figures no other form tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loader.filing.filed import FiledForm
from loader.ledger.lines import Line
from schema.forms.template import Column, Coordinate, Form, Where
from schema.forms.template import Line as FormLine

# coordinate → its name in the ``allocated`` of a line, the name if even the class was chosen, and the class's length
_MARKS = {
    Coordinate.UNIT: ("unit_code", "", 0),
    Coordinate.FUND: ("fund_code", "fund_class", 2),
    Coordinate.NATURE: ("nature", "", 0),
    Coordinate.FUNCTIONAL: ("functional_code", "functional_class", 3),
    Coordinate.DEPARTMENT_ECONOMIC: ("department_economic_code", "department_economic_class", 3),
    Coordinate.GOVERNMENT_ECONOMIC: ("government_economic_code", "government_economic_class", 3),
    Coordinate.ITEM: ("item_code", "", 0),
    Coordinate.PROJECT: ("project_id", "", 0),
}


def mark_untold(form: FiledForm, lines: Sequence[Line]) -> None:
    """Take the support from the cells of a form for which the ledger, made from the others, has nothing certain: a line
    is or may be among their money whose place was chosen."""
    template = form.template
    if template is None:
        return
    chosen = [line for line in lines if any(_known(line, at) is not None for at in _MARKS)]
    told: dict[tuple[str, str], bool] = {}
    for cell in form.cells:
        if not cell.statements or cell.row_key is None or cell.column_key is None:
            continue
        key = cell.row_key, cell.column_key
        if key not in told:
            where = [*_restrictions(template, *key)]
            statement = cell.statements
            told[key] = not any(line.coordinates.statement in statement and _may_move(line, where) for line in chosen)
        cell.support = "other_form" if told[key] else None


def _restrictions(form: Form, row: str, column: str) -> Iterator[tuple[Coordinate, tuple[str, ...]]]:
    """The coordinates that a cell restricts, with the prefixes of their codes."""
    line, amount = _line_and_column(form, row, column)
    selection: Where = form.selection(amount, line)
    yield from ((at, selection.on(at)) for at in _MARKS if selection.on(at))
    if line is None and form.rows is not None and row != form.rows.total:
        for at, code in zip(form.rows.by, row.split("/", len(form.rows.by) - 1), strict=False):
            yield at, (code,)


def _line_and_column(form: Form, row: str, column: str) -> tuple[FormLine | None, Column]:
    for entry in form.lists:
        for amount in entry.amounts:
            if amount.id == column:
                return entry.line(row), amount
    return next((line for line in form.sums if line.id == row), None), form.column(column)


def _known(line: Line, at: Coordinate) -> str | None:
    """What is known of a code of a line that was chosen or is not told. None if the code is certain."""
    name, name_of_class, length = _MARKS[at]
    code = line.coordinates.on(at)
    if code and name not in line.allocated:
        return None
    return code[:length] if name_of_class not in line.allocated else ""


def _may_move(line: Line, where: Sequence[tuple[Coordinate, tuple[str, ...]]]) -> bool:
    """Whether the line may be in a selection as well as outside."""
    is_certain = True
    for at, prefixes in where:
        known = _known(line, at)
        if known is None:
            if not line.coordinates.on(at).startswith(prefixes):
                return False
        elif not known.startswith(prefixes):
            if not any(prefix.startswith(known) for prefix in prefixes):
                return False
            is_certain = False
    return not is_certain
