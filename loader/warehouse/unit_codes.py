"""Link units of documents without codes to the official codes of the same units."""

from __future__ import annotations

from collections.abc import Collection

from psycopg import Connection

from loader.filing.identity import Identity, department_of

# official codes of the same name and level in the division, each with the years in which it filed or, of a unit, is
# named; units with only withdrawn disclosures are ignored
_NAMESAKES = """
    select unit_code, array_agg(fiscal_year)
    from (
        select reporting_unit_code as unit_code, fiscal_year
        from budget.disclosure
        where division_code = %(division)s and reporting_unit_name = %(name)s and withdrawn_at is null
        union
        select unit_code, fiscal_year
        from budget.unit
        where division_code = %(division)s and unit_name = %(name)s and not is_department
    ) as known
    where unit_code ~ '^[0-9]+$'
        and (length(unit_code) = 3) = %(is_department)s
    group by unit_code
"""

_LOCK = """
    select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'hetang name', %(division)s::text, name), 0))
    from unnest(%(names)s::text[]) as name
"""
# with the code they are linked to, whether they filed only final accounts, and in which years
_CODES_OF_NAMES = """
    select
        disclosure.reporting_unit_name,
        disclosure.reporting_unit_code,
        bool_and(disclosure.stage = 'final'),
        max(alias.unit_code),
        array_agg(disclosure.fiscal_year)
    from budget.disclosure as disclosure
    left join budget.unit_alias as alias
        on alias.division_code = disclosure.division_code
        and alias.provisional_code = disclosure.reporting_unit_code
    where disclosure.division_code = %(division)s
        and disclosure.reporting_unit_name = any(%(names)s)
        and disclosure.withdrawn_at is null
    group by disclosure.reporting_unit_name, disclosure.reporting_unit_code
    order by disclosure.reporting_unit_code collate "C"
"""

# units that documents name, which may not have filed
_NAMED_UNITS = """
    select unit_name, unit_code, array_agg(fiscal_year)
    from budget.unit
    where division_code = %(division)s
        and unit_name = any(%(names)s)
        and unit_code ~ '^[0-9]+$'
        and not is_department
    group by unit_name, unit_code
"""


def is_provisional(unit_code: str) -> bool:
    """Whether a code was made from the unit's name."""
    return not unit_code.isdigit()


def filed_as(unit_code: str) -> str:
    """Whether a document is that of a department (部门) or of one of its units (单位).

    Official codes do not tell: 001001 is the department itself if it has no other unit, and its documents are called
    部门预算.
    """
    return "单位" if is_provisional(unit_code) and "-" in unit_code else "部门"


def told_apart(unit_code: str, unit_name: str) -> str:
    """The name for people: a department and its unit of the same name are told apart."""
    return f"{unit_name}（单位）" if filed_as(unit_code) == "单位" else unit_name


def official_code(connection: Connection, identity: Identity) -> str | None:
    """The code under which the unit of a document without codes has filed or is named by others, None if there is none
    or several, and for a document with codes."""
    if not is_provisional(identity.reporting_unit_code):
        return None
    rows = connection.execute(
        _NAMESAKES.encode(),
        {
            "division": identity.division_code,
            "name": identity.reporting_unit_name,
            "is_department": _is_department(identity.reporting_unit_code),
        },
    ).fetchall()
    return _only(dict(rows), {identity.fiscal_year})


def link_units(connection: Connection, division_code: str, names: Collection[str]) -> dict[str, list[str]]:
    """Note in `budget.unit_alias` which provisional codes are those of units that have official ones: all of these
    names, whichever was loaded first. What is new there, in words, by name.

    Loads of one name link one after the other, so this comes last in a transaction.
    """
    key = {"division": division_code, "names": sorted(names)}
    connection.execute(_LOCK.encode(), key)
    official: dict[str, dict[str, list[int]]] = {name: {} for name in names}
    provisional: list[tuple[str, str, bool, str | None, list[int]]] = []
    for row in connection.execute(_CODES_OF_NAMES.encode(), key).fetchall():
        name, code, *_, years = row
        if is_provisional(code):
            provisional.append(row)
        else:
            official[name][code] = years
    if not provisional:
        return {}
    for name, code, years in connection.execute(_NAMED_UNITS.encode(), key).fetchall():
        official[name][code] = official[name].get(code, []) + years
    new: dict[str, list[str]] = {}
    for name, code, is_final, linked, years in provisional:
        owner = _owner(code, is_final, set(years), official[name])
        if owner is None and linked is not None and len(official[name]) > 1:
            connection.execute(
                "delete from budget.unit_alias where division_code = %s and provisional_code = %s",
                (division_code, code),
            )
            _settle_facts(connection, division_code, code)
        if owner is None or owner == linked:
            continue
        connection.execute(
            "insert into budget.unit_alias (division_code, provisional_code, unit_code) values (%s, %s, %s)"
            " on conflict (division_code, provisional_code) do update set unit_code = excluded.unit_code",
            (division_code, code, owner),
        )
        _settle_facts(connection, division_code, code)
        if _is_department(code) == _is_department(owner):
            said = f"{code} is {owner}: `hetang load --again` files its documents under that code"
        else:
            said = f"{code} is {owner}: its final accounts are compared with the budgets of that code"
        new.setdefault(name, []).append(said)
    return new


def _owner(provisional: str, is_final: bool, years: set[int], official: dict[str, list[int]]) -> str | None:
    """The official code for a provisional one, among those of the same name with their years: the only one of its
    level.

    The forms of final accounts print 部门 for units, too: if no department of that name has a code, it is that of the
    only unit.
    """
    level = _is_department(provisional)
    found = {code: filed for code, filed in official.items() if _is_department(code) == level}
    return _only(found or (official if level and is_final else {}), years)


def _only(codes: dict[str, list[int]], years: set[int]) -> str | None:
    """The only one of some codes, or the only one that filed in all of these years: a unit that moves to another
    department gets another code."""
    found = list(codes) if len(codes) == 1 else [code for code, filed in codes.items() if years <= {*filed}]
    return found[0] if len(found) == 1 else None


def _is_department(code: str) -> bool:
    return department_of(code) == code


def _settle_facts(connection: Connection, division_code: str, unit_code: str) -> None:
    """Leave the documents of a unit out of the facts if they no longer count, because there are others under its
    official code."""
    years = connection.execute(
        "select fiscal_year, array_agg(disclosure_id) from budget.disclosure"
        " where division_code = %s and reporting_unit_code = %s group by fiscal_year",
        (division_code, unit_code),
    ).fetchall()
    for fiscal_year, ids in years:
        connection.execute("select internal.settle_facts(%s, %s, %s)", (division_code, fiscal_year, ids))
