"""Verify the warehouse: every disclosure is complete as loaded, and everything derived from it is up to date.

For use after a crash or a restore. It changes and repairs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.sql import SQL, Identifier, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a disclosure. Without a revision: rows of a disclosure that does not exist."""

    division_code: str
    fiscal_year: int
    disclosure_id: int
    reporting_unit_code: str | None
    revision: int | None
    problem: str


# tables with rows of a disclosure
PARTS = (
    "filed.form",
    "filed.cell",
    "filed.unit",
    "filed.stated_fact",
    "budget.amount",
    "budget.covered_part",
    "internal.stored_fact",
    "internal.stored_spending",
    "budget.project",
    "budget.attached_document",
    "budget.performance_goal",
    "budget.performance_task",
    "budget.performance_indicator",
    "meta.finding",
    "internal.comparison_exception",
    "internal.comparison_count",
)

# numbered from 1 without gaps within a disclosure, so that a missing row is noticed
_NUMBERED = {
    "filed.form": "form_no",
    "budget.amount": "line_no",
    "budget.project": "project_id",
    "budget.performance_goal": "goal_no",
    "internal.comparison_exception": "exception_no",
}

# counted when loaded: column of the count, table, message if it is wrong
_LOADED = (
    ("form_count", "filed.form", "expected %s forms, found %s"),
    ("cell_count", "filed.cell", "expected %s cells, found %s"),
)

# each query returns disclosures and their problems
_CHECKS = (
    # the document
    """
    select
        d.disclosure_id,
        'its document is not in budget.document' as problem
    from budget.disclosure as d
    left join budget.document as o using (division_code, document_id)
    where o.content_hash is distinct from d.content_hash
    """,
    """
    select
        a.disclosure_id,
        'an attached document is not in budget.document'
    from budget.attached_document as a
    left join budget.document as o using (division_code, document_id)
    where o.content_hash is distinct from a.content_hash
    """,
    # cells
    """
    select
        disclosure_id,
        format('%s cells belong to no form', count(*))
    from filed.cell
    left join filed.form using (division_code, fiscal_year, disclosure_id, form_no)
    where form.place is null
    group by division_code, disclosure_id
    """,
    # the ledger
    """
    select
        l.disclosure_id,
        format('%s ledger lines refer to a missing cell', count(*))
    from budget.amount as l
    left join filed.cell as c
        on c.division_code = l.division_code
            and c.fiscal_year = l.fiscal_year
            and c.disclosure_id = l.disclosure_id
            and c.form_no = l.source_form_no
            and c.row_no = l.source_row_no
            and c.column_no = l.source_column_no
    where l.source_form_no is not null and c.cell_text is null
    group by l.division_code, l.disclosure_id
    """,
    """
    select
        l.disclosure_id,
        format('%s ledger lines belong to a missing project', count(*))
    from budget.amount as l
    left join budget.project as p using (division_code, disclosure_id, project_id)
    where l.project_id is not null and p.project_name is null
    group by l.division_code, l.disclosure_id
    """,
    # the units that it names
    """
    select
        d.disclosure_id,
        format('unit %s is not in budget.unit', n.unit_code)
    from budget.disclosure as d
    join filed.unit as n using (division_code, fiscal_year, disclosure_id)
    left join budget.unit as u using (division_code, fiscal_year, unit_code)
    where d.is_current and u.unit_name is null
    """,
    # which revisions are current
    """
    select
        disclosure_id,
        case when is_current then 'is current, but should not be' else 'is not current, but should be' end
    from internal.revision_standing
    where is_current <> is_to_be_current
    """,
)

# The stored facts of mart must equal the newly computed ones, line by line and column by column.
_YEARS = """
    select division_code, fiscal_year, array_agg(disclosure_id)
    from (
        select division_code, fiscal_year, disclosure_id
        from budget.disclosure
        union
        select division_code, fiscal_year, disclosure_id
        from internal.stored_fact
    ) as there
    group by division_code, fiscal_year
"""
_FACTS = """
    with computed as materialized (
        select *
        from internal.computed_facts(%(division)s, %(year)s, %(disclosures)s)
    ),
    stored as materialized (
        select *
        from internal.stored_fact
        where division_code = %(division)s and fiscal_year = %(year)s
    )
    select
        coalesce(computed.disclosure_id, stored.disclosure_id),
        format('%%s lines of its ledger are not as they stand in the facts of mart', count(*))
    from computed
    full join stored
        on stored.disclosure_id = computed.disclosure_id
        and stored.line_no = computed.line_no
    where computed is distinct from stored
    group by 1
"""

# The sums of spending must equal those of the stored facts, and the goals that count those newly found.
_SUMS = """
    with summed as (
        select
            disclosure_id, is_unit_allocated or is_function_allocated as is_allocated, sum(amount) as amount,
            unit_code, functional_class, functional_code, department_economic_class
        from internal.stored_fact
        where division_code = %(division)s and fiscal_year = %(year)s and statement = 'expenditure'
        group by
            disclosure_id, is_unit_allocated or is_function_allocated,
            unit_code, functional_class, functional_code, department_economic_class
    ),
    stored as (
        select
            disclosure_id, is_allocated, amount,
            unit_code, functional_class, functional_code, department_economic_class
        from internal.stored_spending
        where division_code = %(division)s and fiscal_year = %(year)s
    )
    select
        disclosure_id,
        format('%%s sums of its spending are not as they stand in the facts of mart', count(*))
    from (
        (select * from summed except all select * from stored)
        union all
        (select * from stored except all select * from summed)
    ) as different
    group by disclosure_id
"""
_GOALS = """
    with counted as materialized (
        select disclosure_id, goal_no
        from internal.computed_goals(%(division)s, %(year)s, %(disclosures)s)
    )
    select
        goal.disclosure_id,
        format('%%s of its goals count in mart but should not, or the other way round', count(*))
    from budget.performance_goal as goal
    left join counted
        on counted.disclosure_id = goal.disclosure_id
        and counted.goal_no = goal.goal_no
    where goal.division_code = %(division)s
        and goal.fiscal_year = %(year)s
        and goal.is_counted = (counted.disclosure_id is null)
    group by goal.disclosure_id
"""

# A stored comparison must equal the one newly computed from cells and ledger, figure by figure and in its counts by
# form. Nothing is stored for a disclosure that is not current.
_COMPARED = (
    "form_id, row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status, support,"
    " filed_text, rebuilt_text"
)
_STATUSES = ("equal", "rounding", "differs", "not_filed")
_COUNTED = "form_id, " + ", ".join(f"cell_count_{status}" for status in _STATUSES)
_COMPARISON = f"""
    with stored as (
        select {_COMPARED}
        from report.comparison
        where division_code = %(division)s and fiscal_year = %(year)s and disclosure_id = %(disclosure)s
    ),
    live as (
        select {_COMPARED}
        from report.compare_disclosures(%(division)s, %(year)s::smallint, array[%(disclosure)s::bigint])
        where %(is_current)s
    ),
    stored_count as (
        select {_COUNTED}
        from internal.comparison_count
        where division_code = %(division)s and fiscal_year = %(year)s and disclosure_id = %(disclosure)s
    ),
    live_count as (
        select form_id, {", ".join(f"count(*) filter (where status = '{status}')" for status in _STATUSES)}
        from live
        group by form_id
    )
    select
        exists (select from stored_count),
        (select count(*) from (select * from stored except all select * from live) as one_way),
        (select count(*) from (select * from live except all select * from stored) as other_way),
        (select count(*) from (select * from stored_count except all select * from live_count) as one_way)
        + (select count(*) from (select * from live_count except all select * from stored_count) as other_way)
"""


def check(connection: psycopg.Connection) -> list[Problem]:
    """All problems, by disclosure, in one read-only snapshot of the warehouse."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction():
            rows = connection.execute(
                "select division_code, fiscal_year, disclosure_id, reporting_unit_code, revision, is_current"
                " from budget.disclosure order by 1, 2, 4, 5"
            ).fetchall()
            problems: dict[int, list[str]] = {}
            for disclosure_id, problem in _found(connection, rows):
                problems.setdefault(disclosure_id, []).append(problem)
            told = [
                Problem(row[0], row[1], row[2], row[3], row[4], problem)
                for row in rows
                for problem in problems.get(row[2], ())
            ]
            return told + list(_without_disclosure(connection))
    finally:
        connection.isolation_level = connection.read_only = None


def read_by_older_releases(connection: psycopg.Connection) -> list[Problem]:
    """The disclosures whose documents were read by an older release; this one may read them better."""
    now = _release(version("hetang"))
    rows = connection.execute(
        """
        select
            d.division_code, d.fiscal_year, d.disclosure_id, d.reporting_unit_code, d.revision, d.read_by,
            o.file_name
        from budget.disclosure as d
        join budget.document as o using (division_code, document_id)
        where d.read_by is distinct from %s
        order by 1, 2, 4, 5
        """,
        (version("hetang"),),
    ).fetchall()
    return [
        Problem(
            *(division, year, disclosure_id, unit, revision),
            f"{file_name} was read by {f'release {read_by}' if read_by else 'a release before 0.2.0'}",
        )
        for division, year, disclosure_id, unit, revision, read_by, file_name in rows
        if read_by is None or _release(read_by) < now
    ]


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _found(connection: psycopg.Connection, rows: list[Any]) -> Iterator[tuple[int, str]]:
    for query in _CHECKS:
        yield from connection.execute(query.encode()).fetchall()
    for division, year, disclosures in connection.execute(_YEARS.encode()).fetchall():
        key = {"division": division, "year": year, "disclosures": disclosures}
        for query in (_FACTS, _SUMS, _GOALS):
            yield from connection.execute(query.encode(), key).fetchall()
    for count, table, problem in _LOADED:
        yield from connection.execute(
            SQL(
                """
                select disclosure_id, format({}, {}, coalesce(found, 0))
                from budget.disclosure
                left join (
                    select division_code, disclosure_id, count(*) as found
                    from {}
                    group by 1, 2
                ) as part using (division_code, disclosure_id)
                where {} <> coalesce(found, 0)
                """
            ).format(Literal(problem), Identifier(count), Identifier(*table.split(".")), Identifier(count))
        ).fetchall()
    for table, number in _NUMBERED.items():
        yield from connection.execute(
            SQL(
                "select disclosure_id, format('%s of %s rows are missing from {}', max({}) - count(*), max({}))"
                " from {} group by division_code, disclosure_id having max({}) <> count(*)"
            ).format(
                SQL(table),
                *(Identifier(number),) * 2,
                Identifier(*table.split(".")),
                Identifier(number),
            )
        ).fetchall()
    for division, year, disclosure_id, _, _, is_current in rows:
        row = connection.execute(
            _COMPARISON.encode(),
            {"division": division, "year": year, "disclosure": disclosure_id, "is_current": is_current},
        ).fetchone()
        assert row is not None
        is_stored, changed, missing, counts = row
        if is_current and not is_stored and counts:
            yield disclosure_id, "its comparison is not stored"
        elif changed or missing or counts:
            yield (
                disclosure_id,
                f"its stored comparison does not match its cells and ledger: {changed} figures differ or are extra,"
                f" {missing} differ or are missing, {counts} counts of forms are wrong",
            )


def _without_disclosure(connection: psycopg.Connection) -> Iterator[Problem]:
    for table in PARTS:
        for division, year, disclosure_id, count in connection.execute(
            SQL(
                """
                select
                    part.division_code,
                    part.fiscal_year,
                    part.disclosure_id,
                    count(*)
                from {} as part
                left join budget.disclosure as d using (division_code, disclosure_id)
                where d.revision is null
                group by 1, 2, 3
                order by 1, 2, 3
                """
            ).format(Identifier(*table.split(".")))
        ):
            yield Problem(division, year, disclosure_id, None, None, f"{count} rows of {table} have no disclosure")
