"""A solution → the coordinates of its lines that were chosen, because the forms fix only the sum over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from loader.ledger.evidence.projection import Coordinates
from loader.ledger.solver.program import Solution
from loader.ledger.system import System

_COORDINATES = {
    "unit_code": 1,
    "fund_code": 2,
    "nature": 3,
    "functional_code": 4,
    "department_economic_code": 5,
    "government_economic_code": 6,
    "item_code": 7,
}
# coordinate → length of the class (类) in its code, and the name in ``allocated`` if even the class was chosen
_CLASSES = {
    "fund_code": (2, "fund_class"),
    "functional_code": (3, "functional_class"),
    "department_economic_code": (3, "department_economic_class"),
    "government_economic_code": (3, "government_economic_class"),
}


def allocated(system: System, solution: Solution) -> dict[int, tuple[str, ...]]:
    """Line → its coordinates that were chosen, because the forms fix only the sum over them."""
    if not solution.core:
        return {}
    core = solution.core
    open_lines = [system.lines[m] for m in core]
    varying = tuple(name for name, at in _COORDINATES.items() if len({line[at] for line in open_lines}) > 1)
    chosen = (*varying, *_varying_classes(open_lines, varying))
    movements = solution.movements
    if movements is None:
        return dict.fromkeys(core, chosen)
    result: dict[int, tuple[str, ...]] = {}
    options: list[tuple[str, ...]] = [(name,) for name in reversed(varying)]
    options += [(a, b) for i, a in enumerate(varying) for b in varying[i + 1 :]]
    for option in options:
        if len(result) == len(core):
            break
        kept = [at for name, at in _COORDINATES.items() if name not in option]
        classes = [(_COORDINATES[name], _CLASSES[name][0]) for name in option if name in _CLASSES]
        keys = [(line.statement, *(line[at] for at in kept)) for line in open_lines]
        finer = [(*key, *(line[at][:n] for at, n in classes)) for key, line in zip(keys, open_lines, strict=True)]
        for group in (*_groups_of(finer).values(), *_groups_of(keys).values()):
            # no open line is fixed alone
            if len(group) > 1 and any(core[position] not in result for position in group) and movements.keep(group):
                marks = (*option, *_varying_classes([open_lines[position] for position in group], option))
                for position in group:
                    result.setdefault(core[position], marks)
    for member in core:
        result.setdefault(member, chosen)
    return result


def _groups_of(keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Key → its positions."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        groups[key].append(position)
    return groups


def _varying_classes(lines: Sequence[Coordinates], names: Sequence[str]) -> list[str]:
    """The names of the classes that differ between lines, for these coordinates."""
    found = []
    for name in names:
        if name in _CLASSES:
            length, mark = _CLASSES[name]
            if len({line[_COORDINATES[name]][:length] for line in lines}) > 1:
                found.append(mark)
    return found
