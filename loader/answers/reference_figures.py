"""Reference values of a figure: the same figure of the year before, and the median of similar units.

Similar units have the same year, stage and kind (行政, 事业) and publish the figure, each once. With fewer than three
there is no median. Rows of a form by unit are compared without the unit's code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from loader.answers.disclosed import Identity
from schema.forms import FORMS
from schema.forms.template import Coordinate

FEWEST = 3  # fewest similar units for a median
Figure = tuple[str, str, str]  # form_id, row_key without the unit, column_key

_BY_UNIT = [form.form_id for form in FORMS.values() if form.is_by(Coordinate.UNIT)]

# the exact median: numeric has no percentile_cont
_MEDIAN = (
    "(percentile_disc(0.5) within group (order by {0}) + percentile_disc(0.5) within group (order by {0} desc)) / 2"
)
# the code of a unit does not occur in the rows of another
_ROW = """
    case
        when c.form_id <> all(%(by_unit)s) then c.row_key
        when c.row_key = d.reporting_unit_code then '*'
        when c.row_key like d.reporting_unit_code || '/%%' then substr(c.row_key, length(d.reporting_unit_code) + 1)
        else c.row_key
    end
"""

# the figures of disclosures: as published, else as rebuilt
_FIGURES = """
    select
        disclosure_id,
        form_id,
        row_key,
        column_key,
        coalesce(filed, rebuilt)
    from report.comparison
    where disclosure_id = any(%(ids)s)
        and division_code = %(division)s
        and fiscal_year = %(year)s
        and coalesce(filed, rebuilt) is not null
"""
# their spending by function
_FUNCTIONS = """
    select
        disclosure_id,
        functional_code,
        sum(amount)
    from budget.amount
    where disclosure_id = any(%(ids)s)
        and division_code = %(division)s
        and fiscal_year = %(year)s
        and statement = 'expenditure'
        and functional_code is not null
    group by 1, 2
"""


def without_unit(form_id: str, row_key: str, unit_code: str) -> str:
    """The key of a row without the unit, the same for all units."""
    if form_id in _BY_UNIT:
        if row_key == unit_code:
            return "*"
        if row_key.startswith(f"{unit_code}/"):
            return row_key.removeprefix(unit_code)
    return row_key


@dataclass(slots=True)
class ReferenceFigures:
    """Figures of forms, and spending by functional code, in 万元."""

    figures: dict[Figure, Decimal] = field(default_factory=dict)
    functions: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spending:
    """The spending of a disclosure on one functional subject, in 万元.

    ``is_allocated``: the forms do not determine the subject of all of it.
    """

    code: str
    name: str
    amount: Decimal
    is_allocated: bool


def spending_by_function(connection: psycopg.Connection, found: Sequence[Identity]) -> dict[int, list[Spending]]:
    """Disclosure → its spending by functional subject, largest first. The disclosures are of one division and year."""
    spending: dict[int, list[Spending]] = defaultdict(list)
    if found:
        for disclosure_id, *values in _rows(
            connection,
            """
            select
                line.disclosure_id,
                line.functional_code,
                coalesce(s.subject_name, line.functional_code),
                sum(line.amount),
                bool_or('functional_code' = any(line.allocated))
            from budget.amount as line
            left join budget.subject as s
                on s.scheme = 'functional'
                    and s.code = line.functional_code
                    and line.fiscal_year between s.first_year and s.last_year
            where line.disclosure_id = any(%(ids)s)
                and line.division_code = %(division)s
                and line.fiscal_year = %(year)s
                and line.statement = 'expenditure'
                and line.functional_code is not null
            group by 1, 2, 3
            order by 1, 4 desc, 2
            """,
            ids=[one.disclosure_id for one in found],
            division=found[0].division_code,
            year=found[0].fiscal_year,
        ):
            spending[disclosure_id].append(Spending(*values))
    return spending


def years_before(connection: psycopg.Connection, batch: Sequence[Identity]) -> dict[int, ReferenceFigures]:
    """Disclosure → the figures of the same unit and stage a year before, as published if it published them."""
    division, year = batch[0].division_code, batch[0].fiscal_year - 1
    before = _current(connection, division, year, [one.unit_code for one in batch])
    of_disclosure = {before[one.unit_code, one.stage]: one for one in batch if (one.unit_code, one.stage) in before}
    wanted = {"ids": list(of_disclosure), "division": division, "year": year}
    found: dict[int, ReferenceFigures] = defaultdict(ReferenceFigures)
    for disclosure_id, form_id, row_key, column_key, amount in _rows(connection, _FIGURES, **wanted):
        one = of_disclosure[disclosure_id]
        key = form_id, without_unit(form_id, row_key, one.unit_code), column_key
        found[one.disclosure_id].figures[key] = amount
    for disclosure_id, code, amount in _rows(connection, _FUNCTIONS, **wanted):
        found[of_disclosure[disclosure_id].disclosure_id].functions[code] = amount
    return found


def _current(
    connection: psycopg.Connection, division_code: str, fiscal_year: int, units: Sequence[str]
) -> dict[tuple[str, str], int]:
    """Unit and stage → its current disclosure of a year, the newest revision if there are several."""
    rows = _rows(
        connection,
        """
        select
            d.disclosure_id,
            d.reporting_unit_code,
            d.stage
        from budget.disclosure as d
        where d.division_code = %(division)s
            and d.fiscal_year = %(year)s
            and d.is_current
            and d.reporting_unit_code = any(%(units)s)
        order by d.revision
        """,
        division=division_code,
        year=fiscal_year,
        units=units,
    )
    return {(unit, stage): disclosure_id for disclosure_id, unit, stage in rows}


def medians(
    connection: psycopg.Connection, division_code: str, fiscal_year: int
) -> dict[tuple[str, str], ReferenceFigures]:
    """Kind of unit and stage → the medians of a year."""
    found: dict[tuple[str, str], ReferenceFigures] = defaultdict(ReferenceFigures)
    wanted = {"division": division_code, "year": fiscal_year, "fewest": FEWEST, "by_unit": _BY_UNIT}
    median = _MEDIAN.format("coalesce(c.filed, c.rebuilt)")
    like = """
        join budget.counted_disclosure as d
            on d.division_code = c.division_code
                and d.fiscal_year = c.fiscal_year
                and d.disclosure_id = c.disclosure_id
        join budget.unit as u
            on u.division_code = d.division_code
                and u.unit_code = d.reporting_unit_code
                and u.fiscal_year = d.fiscal_year
        where c.division_code = %(division)s
            and c.fiscal_year = %(year)s
            and u.unit_kind is not null
    """
    for kind, stage, form_id, row_key, column_key, middle in _rows(
        connection,
        f"""
        select u.unit_kind, d.stage, c.form_id, {_ROW}, c.column_key, {median}
        from report.comparison as c
        {like}
            and coalesce(c.filed, c.rebuilt) is not null
        group by 1, 2, 3, 4, 5
        having count(distinct c.disclosure_id) >= %(fewest)s
        """,
        **wanted,
    ):
        found[kind, stage].figures[form_id, row_key, column_key] = middle
    for kind, stage, code, middle in _rows(
        connection,
        f"""
        with spent as (
            select u.unit_kind as kind, d.stage, c.functional_code as code, c.disclosure_id, sum(c.amount) as amount
            from budget.amount as c
            {like}
                and c.statement = 'expenditure'
                and c.functional_code is not null
            group by 1, 2, 3, 4
        )

        select kind, stage, code, {_MEDIAN.format("amount")}
        from spent
        group by 1, 2, 3
        having count(*) >= %(fewest)s
        """,
        **wanted,
    ):
        found[kind, stage].functions[code] = middle
    return found


def _rows(connection: psycopg.Connection, query: str, **wanted: object) -> list[tuple[Any, ...]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(query.encode(), wanted).fetchall()
