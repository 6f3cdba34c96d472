"""Warehouse → the HTML index of a division, units by years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg.rows import tuple_row

from loader.answers import execution
from loader.answers.disclosed import Identity, Selection, identities
from loader.answers.html_templates import template
from loader.answers.page_names import page_names
from loader.answers.page_table import text_of
from loader.answers.stages import STAGES
from loader.warehouse.unit_codes import is_provisional, told_apart


@dataclass(frozen=True, slots=True)
class Place:
    """A disclosure in the matrix: its page, differences, findings of errors, missing forms, and spending in 万元.

    ``name`` is its stage, with the revision if several are current. ``is_kept_only``: nothing of it is in the ledger,
    so its figures are not compared.
    """

    page: str
    has_page: bool
    name: str
    differs: int
    errors: int
    missing: int
    amount: str
    is_kept_only: bool


def index_page(connection: psycopg.Connection, division_code: str, folder: Path) -> str:
    """The index of a division, units × years. Disclosures without a page in the folder have no link."""
    found = identities(connection, Selection(division_code))
    official = _official_codes(connection, division_code)
    years = sorted({one.fiscal_year for one in found})
    places = _places(connection, found, official, division_code, folder)
    units = _units_named(connection, division_code, official)
    units |= {official.get(one.unit_code, one.unit_code): one.unit_name for one in found}  # of the newest year
    rates = execution.rates(connection, division_code)
    rows = [
        {
            "code": code,
            "name": "" if units[code] == code else told_apart(code, units[code]),  # a code is not a name
            "cells": [(year, places.get((code, year), [])) for year in years],
            "rates": rates.get(code, {}),
        }
        for code in sorted(units)
    ]
    return str(
        template("index.html").render(
            division=_division_name(connection, division_code),
            years=years,
            rows=rows,
            totals=[_totals(year, found, places) for year in years],
            text_of=text_of,
        )
    )


def _places(
    connection: psycopg.Connection,
    found: Sequence[Identity],
    official: Mapping[str, str],
    division_code: str,
    folder: Path,
) -> dict[tuple[str, int], list[Place]]:
    """Unit and year → its disclosures."""
    names = page_names(found)
    facts = dict(_facts(connection, division_code))
    revisions = Counter((one.unit_code, one.fiscal_year, one.stage) for one in found)
    places: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for one in found:
        differs, errors, missing, amount = facts[one.disclosure_id]
        page = names[one.disclosure_id]
        places[official.get(one.unit_code, one.unit_code), one.fiscal_year].append(
            Place(
                page,
                (folder / page).exists(),
                STAGES.get(one.stage, "")
                + (f"第 {one.revision} 版" if revisions[one.unit_code, one.fiscal_year, one.stage] > 1 else ""),
                differs,
                errors,
                missing,
                "" if one.is_kept_only else text_of(amount),
                one.is_kept_only,
            )
        )
    return places


def _totals(year: int, found: Sequence[Identity], places: Mapping[tuple[str, int], list[Place]]) -> dict[str, int]:
    """How many disclosures of a year there are, and how many of them have something to look at."""
    of_year = [place for (_, at), in_place in places.items() if at == year for place in in_place]
    return {
        "year": year,
        "disclosures": sum(one.fiscal_year == year for one in found),
        "differing": sum(place.differs > 0 for place in of_year),
        "kept_only": sum(one.fiscal_year == year and one.is_kept_only for one in found),
        "incomplete": sum(place.missing > 0 for place in of_year),
    }


def _division_name(connection: psycopg.Connection, division_code: str) -> str:
    """The name of the division, else its code."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        division = cursor.execute(
            "select division_name from budget.division where division_code = %s", (division_code,)
        ).fetchone()
    return division[0] if division else division_code


def _units_named(connection: psycopg.Connection, division_code: str, official: Mapping[str, str]) -> dict[str, str]:
    """Code → name of each unit of the division, also of those named only in the documents of others. A department that
    has neither name nor code of its own is nobody."""
    units: dict[str, str] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for named, name in cursor.execute(
            "select distinct on (unit_code) unit_code, unit_name from budget.unit where division_code = %s"
            " order by unit_code, fiscal_year desc",
            (division_code,),
        ):
            if not is_provisional(named) or name != named:
                units.setdefault(official.get(named) or named, name)
    return units


def _official_codes(connection: psycopg.Connection, division_code: str) -> dict[str, str]:
    """Code made by the warehouse for an office without one → the official code under which it files too."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return dict(
            cursor.execute(
                "select provisional_code, unit_code from budget.unit_alias where division_code = %s", (division_code,)
            ).fetchall()
        )


def _facts(connection: psycopg.Connection, division_code: str) -> Iterator[tuple[int, tuple[int, int, int, Decimal]]]:
    """Current disclosure → its differing cells, findings of errors, missing forms, its expenditure in 万元."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        for disclosure_id, *facts in cursor.execute(
            """
            with differing as (
                select
                    disclosure_id,
                    sum(cell_count_differs)::integer as cells
                from report.comparison_summary
                where division_code = %(division)s
                group by disclosure_id
            ),

            wrong as (
                select
                    finding.disclosure_id,
                    count(*) as findings
                from meta.finding as finding
                inner join meta.finding_kind as kind on kind.kind = finding.kind and kind.severity = 'error'
                where finding.division_code = %(division)s
                group by finding.disclosure_id
            ),

            missing as (
                select
                    disclosure_id,
                    count(*) as forms
                from report.missing_form
                where division_code = %(division)s
                group by disclosure_id
            ),

            spent as (
                select
                    disclosure_id,
                    sum(amount) as amount
                from budget.amount
                where division_code = %(division)s and statement = 'expenditure'
                group by disclosure_id
            )

            select
                d.disclosure_id,
                coalesce(differing.cells, 0),
                coalesce(wrong.findings, 0),
                coalesce(missing.forms, 0),
                coalesce(spent.amount, 0)
            from budget.disclosure as d
            left join differing using (disclosure_id)
            left join wrong using (disclosure_id)
            left join missing using (disclosure_id)
            left join spent using (disclosure_id)
            where d.division_code = %(division)s and d.is_current
            """,
            {"division": division_code},
        ):
            yield disclosure_id, (facts[0], facts[1], facts[2], facts[3])
