"""Official codes of units that are known by their names: documents without codes and with codes name the same unit."""

from __future__ import annotations

from psycopg import Connection

from loader.filing.identity import Identity, department_of

# of the same name and level in the division; a unit that was withdrawn everywhere tells nothing
_NAMESAKES = """
    select distinct reporting_unit_code
    from budget.disclosure
    where division_code = %(division)s and reporting_unit_name = %(name)s and withdrawn_at is null
        and (reporting_unit_code ~ '^[0-9]+$') = %(is_official)s
        and (length(reporting_unit_code) = 3 or reporting_unit_code ~ '^U[0-9a-f]+$') = %(is_department)s
"""


def is_provisional(unit_code: str) -> bool:
    """Whether a code is made from a unit's name."""
    return not unit_code.isdigit()


def official_code(connection: Connection, identity: Identity) -> str | None:
    """The code under which the unit of a document without codes has filed, None if there is none or several, and for
    a document with codes."""
    if not is_provisional(identity.reporting_unit_code):
        return None
    found = _namesakes(connection, identity, is_official=True)
    return found[0] if len(found) == 1 else None


def link_units(connection: Connection, identity: Identity) -> list[str]:
    """Note in `budget.unit_alias` which provisional codes are those of a unit that files under its official one."""
    if is_provisional(identity.reporting_unit_code):
        return []
    provisional = _namesakes(connection, identity, is_official=False)
    if not provisional or len(_namesakes(connection, identity, is_official=True)) != 1:
        return []
    for code in provisional:
        connection.execute(
            "insert into budget.unit_alias (division_code, provisional_code, unit_code) values (%s, %s, %s)"
            " on conflict (division_code, provisional_code) do update set unit_code = excluded.unit_code",
            (identity.division_code, code, identity.reporting_unit_code),
        )
    return provisional


def _namesakes(connection: Connection, identity: Identity, is_official: bool) -> list[str]:
    code = identity.reporting_unit_code
    rows = connection.execute(
        _NAMESAKES.encode(),
        {
            "division": identity.division_code,
            "name": identity.reporting_unit_name,
            "is_official": is_official,
            "is_department": department_of(code) == code,
        },
    ).fetchall()
    return sorted(code for (code,) in rows)
