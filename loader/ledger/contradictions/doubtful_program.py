"""Lines in doubt → the program that weighs them, with the preferences among them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from loader.ledger.evidence.evidence import to_fen
from loader.ledger.evidence.projection import Coordinates
from loader.ledger.solver.program import Program, Traits
from loader.ledger.system import System
from schema.codes.lists import crosswalk
from schema.forms.template import Statement

# a remainder of up to this many half places is a rounding
ROUNDING_PLACES = 6


def program_of(system: System, values: Sequence[int | None], doubtful: set[int]) -> Program:
    """The program of the lines in doubt (by number), while the others keep their ``values``."""
    numbers = sorted(doubtful)
    lines = [system.lines[number] for number in numbers]
    unofficial = [is_unofficial(line) for line in lines]
    # stands for other funds, which cannot spend less than zero
    positive = [line.statement == Statement.EXPENDITURE and not line.fund for line in lines]
    balancing = [system.balancing[number] for number in numbers]
    traits = Traits(balancing, positive, unofficial, _preferences(lines, unofficial))
    rounding = to_fen(ROUNDING_PLACES * system.evidence.half_place) if system.evidence.is_rounded else 0
    return Program(system.equations, values, numbers, traits, rounding)


def _preferences(lines: Sequence[Coordinates], unofficial: Sequence[bool]) -> list[float]:
    """The cost of each line where the forms leave a choice: a known fund before none, the official crosswalk before
    local practice, goods before capital, then lower codes first."""
    order = {index: rank for rank, index in enumerate(sorted(range(len(lines)), key=lambda i: lines[i]))}
    preferences = []
    for index, line in enumerate(lines):
        cost = order[index] / max(1, len(lines))
        if not line.fund:
            cost += 40
        if not line.nature:
            cost += 15
        if not line.functional and line.statement == Statement.EXPENDITURE:
            cost += 30
        if line.nature == "operating" and line.fund != "34":
            cost += 20
        if unofficial[index]:
            cost += 10
        if line.nature == "basic" and line.department_economic.startswith("310"):
            cost += 5
        preferences.append(cost)
    return preferences


def is_unofficial(line: Coordinates) -> bool:
    """Whether the crosswalk has the pair of economic subjects for neither kind of unit."""
    return _is_beyond_crosswalk(line.department_economic, line.government_economic)


@lru_cache(maxsize=10_000)  # bounded, because documents may print any code
def _is_beyond_crosswalk(department: str, government: str) -> bool:
    if not department or not government:
        return False
    return not any(
        code.startswith(government) or government.startswith(code)
        for kind in ("agency", "institution")
        for code in crosswalk().get((kind, department), ())
    )
