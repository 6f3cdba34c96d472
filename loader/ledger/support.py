"""A solution → the support of each filed cell: whether other forms show its sum."""

from __future__ import annotations

import random
from collections import defaultdict

from loader.filing.filed import FiledCell
from loader.ledger.program import Solution
from loader.ledger.system import System

_MARK_BITS = 48  # of a line's random mark: the sum of thousands of marks still fits a small number


def set_support(system: System, solution: Solution) -> None:
    """Set the support of each cell: another form prints the same sum, or each of its lines."""
    forms = system.forms
    generator = random.Random(0)
    # each sum of lines has its own mark, whichever cell prints it
    marks = [generator.getrandbits(_MARK_BITS) if value else 0 for value in solution.values]
    line_of = {mark: line for line, mark in enumerate(marks) if mark}
    shown_by: dict[int, set[int]] = defaultdict(set)
    sums: dict[int, set[int]] = defaultdict(set)
    contents: list[tuple[int, FiledCell, list[int], int]] = []
    mark_of = marks.__getitem__
    for (number, key), equation in zip(system.keys, system.equations, strict=True):
        cell = forms[number].cells.get(key) if number >= 0 else None
        if cell is None:
            continue
        mark = sum(map(mark_of, equation.members))
        contents.append((number, cell, equation.members, mark))
        sums[mark].add(number)
        if mark in line_of:
            shown_by[line_of[mark]].add(number)
    for number, cell, members, mark in contents:
        is_supported = len(sums[mark]) > 1
        if not is_supported:
            lines = [line for line in members if marks[line]]
            is_supported = bool(lines) and all(shown_by[line] - {number} for line in lines)
        cell.support = "other_form" if is_supported else "own_form"
