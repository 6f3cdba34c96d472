"""Units by year: `budget.unit` results from the current disclosures, whatever the order of loading.

Every disclosure keeps the units that it names in `filed.unit`; what is settled from them depends on nothing else. So it
is with `budget.covered_part`: where documents of a department and its units overlap, what counts.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg import Connection

from loader.documents.grid import DocumentError

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure

# Loads that name units of one department settle them one after the other, each seeing what the one before
# committed. In order of code, so that two loads never wait for each other. Whether documents under a provisional code
# count depends on those under the official one, so their departments belong to it.
_LOCK = """
    select
        department.department_code,
        pg_advisory_xact_lock(
            hashtextextended(
                concat_ws(' ', 'hetang units', %(division_code)s, %(fiscal_year)s, department.department_code), 0
            )
        )
    from (
        select named.department_code collate "C" as department_code
        from budget.disclosure as disclosure
        inner join filed.unit as named
            on named.disclosure_id = disclosure.disclosure_id
            and named.division_code = disclosure.division_code
            and named.fiscal_year = disclosure.fiscal_year
        where disclosure.division_code = %(division_code)s
            and disclosure.fiscal_year = %(fiscal_year)s
            and (
                disclosure.reporting_unit_code = any(%(reporting_unit_codes)s)
                or disclosure.reporting_unit_code in (
                    select provisional_code
                    from budget.unit_alias
                    where division_code = %(division_code)s and unit_code = any(%(reporting_unit_codes)s)
                )
            )
        union
        select unnest(%(departments)s::text[])
        order by department_code
    ) as department
"""

# A unit is named as it names itself, else as its department names it, else as most disclosures do.
_SETTLE = """
    with named as materialized (
        select
            named.unit_code,
            named.unit_name,
            named.department_code,
            named.unit_kind,
            named.unit_name = named.unit_code as is_bare,
            case disclosure.reporting_unit_code
                when named.unit_code then 1
                when named.department_code then 2
                else 3
            end as distance,
            count(*) over (partition by named.unit_code, named.unit_name) as name_count,
            count(*) over (partition by named.unit_code, named.unit_kind) as kind_count
        from filed.unit as named
        inner join budget.disclosure as disclosure
            on disclosure.division_code = named.division_code
            and disclosure.disclosure_id = named.disclosure_id
            and disclosure.is_current
        where named.division_code = %(division_code)s
            and named.fiscal_year = %(fiscal_year)s
            and named.department_code = any(%(departments)s)
    ),

    settled as (
        select distinct on (unit_code) unit_code, unit_name, department_code
        from named
        order by unit_code, is_bare, distance, name_count desc, unit_name collate "C", department_code collate "C"
    ),

    kind as (
        select distinct on (unit_code) unit_code, unit_kind
        from named
        where unit_kind is not null
        order by unit_code, distance, kind_count desc, unit_kind collate "C"
    ),

    unnamed as (
        delete from budget.unit
        where division_code = %(division_code)s
            and fiscal_year = %(fiscal_year)s
            and department_code = any(%(departments)s)
            and unit_code not in (select settled.unit_code from settled)
    )

    insert into budget.unit as unit (
        division_code, unit_code, fiscal_year, unit_name, department_code, is_department, unit_kind
    )
    select
        %(division_code)s, settled.unit_code, %(fiscal_year)s, settled.unit_name, settled.department_code,
        settled.unit_code = settled.department_code, kind.unit_kind
    from settled
    left join kind using (unit_code)
    order by settled.unit_code collate "C"
    on conflict (division_code, unit_code, fiscal_year) do update set
        unit_name = excluded.unit_name,
        department_code = excluded.department_code,
        unit_kind = excluded.unit_kind
    where (unit.unit_name, unit.department_code, unit.unit_kind)
        is distinct from (excluded.unit_name, excluded.department_code, excluded.unit_kind)
"""


def settle_units(
    connection: Connection,
    division_code: str,
    fiscal_year: int,
    reporting_unit_codes: Sequence[str],
    departments: Sequence[str] = (),
) -> None:
    """Settle the units of all departments that any disclosure of these filing units names, and of ``departments``,
    which one named that is now another's: their names and kinds, and which documents count where several hold the same
    money. The filing units are also those that filed before their code was known.

    The last step of a transaction, since it keeps other loads of the same departments waiting until it ends.
    """
    key = {"division_code": division_code, "fiscal_year": fiscal_year}
    asked = {"reporting_unit_codes": sorted(set(reporting_unit_codes)), "departments": list(departments)}
    locked = [code for code, _ in connection.execute(_LOCK, {**key, **asked})]
    connection.execute(_SETTLE, {**key, "departments": locked})
    connection.execute("select budget.settle_overlap(%s, %s, %s)", (division_code, fiscal_year, locked))


def refuse_another_unit(connection: Connection, filed: FiledDisclosure) -> None:
    """DocumentError if a current disclosure of another unit has the code that this one files under."""
    identity = filed.identity
    code = identity.reporting_unit_code
    name = filed.unit_names[code]
    if name == code:
        return
    rows = connection.execute(
        """
        select named.unit_name
        from budget.disclosure as disclosure
        join filed.unit as named using (division_code, fiscal_year, disclosure_id)
        where disclosure.division_code = %s
            and disclosure.fiscal_year = %s
            and disclosure.reporting_unit_code = %s
            and disclosure.is_current
            and named.unit_code = disclosure.reporting_unit_code
            and named.unit_name <> named.unit_code
        order by named.unit_name collate "C"
        """,
        (identity.division_code, identity.fiscal_year, code),
    ).fetchall()
    if rows and not any(_same_unit(known, name) for (known,) in rows):
        raise DocumentError(
            f"unit code {code} belongs to {rows[0][0]!r} in {identity.fiscal_year}, but this document names"
            f" {name!r}; if it is the same unit, load it with --supersede"
        )


def _same_unit(one: str, other: str) -> bool:
    """Whether two names can be variants of one unit's name."""
    return one in other or other in one or difflib.SequenceMatcher(None, one, other).ratio() >= 0.6
