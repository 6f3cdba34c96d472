"""The findings: problems noticed while loading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loader.warehouse.severities import SEVERITIES

if TYPE_CHECKING:
    import psycopg

SORTS = ("document", "severity", "kind", "times")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The findings wanted, of current disclosures; None and () for all."""

    division_code: str
    fiscal_year: int | None = None
    unit_code: str | None = None
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = SEVERITIES


_ASKED = """
    from report.finding as f
    inner join budget.disclosure as d using (division_code, disclosure_id)
    where d.division_code = %(division)s
        and d.is_current
        and (%(year)s::int is null or d.fiscal_year = %(year)s)
        and (%(unit)s::text is null or d.reporting_unit_code = %(unit)s)
        and (cardinality(%(kinds)s::text[]) = 0 or f.kind = any(%(kinds)s))
        and coalesce(f.severity, 'note') = any(%(wanted_severities)s)
"""
_WHOSE = "d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.revision"
_GRAVEST_FIRST = "array_position(%(severities)s::text[], f.severity)"
_BY = {
    "document": "d.fiscal_year, d.reporting_unit_code, d.stage, d.revision, min(f.finding_no)",
    "severity": f"{_GRAVEST_FIRST}, d.fiscal_year, d.reporting_unit_code, d.stage, d.revision, min(f.finding_no)",
    "kind": "f.kind, d.fiscal_year, d.reporting_unit_code, d.stage, d.revision, min(f.finding_no)",
    "times": "count(*) desc, d.fiscal_year, d.reporting_unit_code, d.stage, d.revision, min(f.finding_no)",
}


def read_findings(
    connection: psycopg.Connection, wanted: Wanted, sort: str = "document", language: str = "en"
) -> list[dict[str, Any]]:
    """The findings with their message in ``en`` or ``zh``, equal ones counted. ``sort`` is one of ``SORTS``."""
    message = "f.message_zh" if language == "zh" else "f.message_en"
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        query = f"""
            select {_WHOSE}, f.severity, f.kind, count(*) as times, {message} as message
            {_ASKED}
            group by d.disclosure_id, {_WHOSE}, f.kind, f.severity, {message}
            order by {_BY[sort]}
        """
        return cursor.execute(query.encode(), _parameters(wanted)).fetchall()


def summary(connection: psycopg.Connection, wanted: Wanted, language: str = "en") -> list[dict[str, Any]]:
    """The numbers of findings and disclosures by kind, the most severe first, with the meaning of the kind."""
    meaning = "k.meaning_zh" if language == "zh" else "k.meaning_en"
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        query = f"""
            with found as (
                select f.severity, f.kind, count(*) as times, count(distinct d.disclosure_id) as disclosures
                {_ASKED}
                group by f.severity, f.kind
            )

            select f.severity, f.kind, f.times, f.disclosures, {meaning} as meaning
            from found as f
            left join meta.finding_kind as k on k.kind = f.kind
            order by {_GRAVEST_FIRST}, f.times desc, f.kind
        """
        return cursor.execute(query.encode(), _parameters(wanted)).fetchall()


def _parameters(wanted: Wanted) -> dict[str, Any]:
    return {
        "division": wanted.division_code,
        "year": wanted.fiscal_year,
        "unit": wanted.unit_code,
        "kinds": list(wanted.kinds),
        "severities": list(SEVERITIES),
        "wanted_severities": list(wanted.severities),
    }
