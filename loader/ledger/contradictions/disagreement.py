"""Amounts → the cells that disagree with them, and the lines that this puts in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from loader.ledger.evidence.income import CARRIED
from loader.ledger.system import System


def contradicting(system: System, differing: Iterable[int]) -> list[int]:
    """The cells without parts that differ, and the trusted or balancing totals that differ."""
    found = ((n, system.equations[n]) for n in differing)
    return [n for n, e in found if (e.is_leaf or e.is_trusted or e.is_balanced) and not e.is_declaration]


def shared_differences(system: System, differing: Mapping[int, int]) -> list[int]:
    """The finest of those totals that all differ from their lines by the same amount: finer cells may lack that money.

    A total that differs alone is wrong itself.
    """
    alike: dict[int, list[int]] = defaultdict(list)
    for number, found in differing.items():
        if not system.equations[number].is_leaf:
            alike[found].append(number)
    finest: list[int] = []
    for numbers in alike.values():
        if len(numbers) > 1:
            least = min(len(system.equations[n].members) for n in numbers)
            finest += [n for n in numbers if len(system.equations[n].members) == least]
    return finest


def doubtful_lines(system: System, values: Sequence[int | None], differing: Iterable[int]) -> set[int]:
    """The lines in doubt: lines left open by the cells, and unjustified negative lines with their neighbours.

    A negative line is justified if one of its cells without parts is negative and none of its cells disagrees. So is
    spending of what was left last year, which has no form of its own, if cells that all agree decide every line.
    """
    differing = [*differing]
    open_lines = {line for line, value in enumerate(values) if value is None}
    negative = {line for line, value in enumerate(values) if value is not None and value < 0}
    if not (differing or open_lines):
        negative = {line for line in negative if not system.lines[line].fund.startswith(CARRIED)}
    if not negative:
        return open_lines
    shown = (e for e in system.equations if e.amount < 0 and e.is_leaf and not e.is_declaration)
    excused = set(chain.from_iterable(e.members for e in shown))
    negative -= excused.difference(*(system.equations[n].members for n in differing))
    beside = (e.members for e in system.equations if e.is_leaf and not negative.isdisjoint(e.members))
    return open_lines.union(negative, *beside)
