"""Lines in doubt → remainder lines at coarser levels, which balance what the others leave."""

from __future__ import annotations

from collections.abc import Sequence

from loader.ledger.evidence.projection import Coordinates
from schema.forms.template import Statement


def balancing_lines(lines: Sequence[Coordinates]) -> list[Coordinates]:
    """Remainder lines at coarser levels for money that finer forms leave unexplained, including roundings."""
    found: dict[Coordinates, None] = {}
    for line in lines:
        statement = line.statement
        if statement == Statement.EXPENDITURE:
            department = line.department_economic
            found[line._replace(government_economic="")] = None
            if len(department) > 3:
                found[line._replace(department_economic=department[:3])] = None
                found[line._replace(department_economic=department[:3], government_economic="")] = None
            found[line._replace(department_economic="", government_economic="")] = None
            found[line._replace(fund="", department_economic="", government_economic="")] = None
        elif statement == Statement.SPECIAL_FUND:
            found[line._replace(fund="")] = None
            found[line._replace(item="")] = None
        elif statement == Statement.REVENUE and len(line.fund) > 2:
            found[line._replace(fund=line.fund[:2], item=line.item[:2])] = None
    return list(found)
