"""How the figures of a list add up: the parts of each figure, down its lines and across its columns."""

from __future__ import annotations

from loader.filing.filed import FiledCell
from schema.forms.template import Line, LineList

ListCells = dict[tuple[str, str], FiledCell]  # line, column → cell


def count_parts(entry: LineList, placed: ListCells) -> None:
    """Count the parts of each cell (line, column) that a list prints. A cell without parts that hold money is a
    leaf."""
    by_id = {line.id: line for line in entry.lines}
    amounts = {amount.id: amount for amount in entry.amounts}
    for (line_id, amount_id), cell in placed.items():
        line, amount = by_id[line_id], amounts[amount_id]
        cell.is_leaf = True
        if line.parts:
            down = [placed[part, amount_id] for part in line.parts if (part, amount_id) in placed]
            cell.part_count = len([part for part in down if part.amount is not None])
            cell.is_leaf = not _figures_beneath(line, by_id, placed, amount_id)
        if amount.parts:
            across = [placed[line_id, part] for part in amount.parts if (line_id, part) in placed]
            cell.part_count = max(cell.part_count, len([part for part in across if part.amount is not None]))
            cell.is_leaf = cell.is_leaf and not any(part.amount for part in across)


def _figures_beneath(line: Line, by_id: dict[str, Line], placed: ListCells, amount_id: str) -> bool:
    """Whether a part of a line, at any depth, has a figure other than zero."""
    return any(
        ((part, amount_id) in placed and placed[part, amount_id].amount)
        or _figures_beneath(by_id[part], by_id, placed, amount_id)
        for part in line.parts
        if part in by_id
    )
