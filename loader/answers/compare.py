"""The comparison of published and rebuilt figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

SORTS = {
    "form": "c.fiscal_year, c.reporting_unit_code, d.revision, c.report_no, c.form_id, c.row_key, c.column_key",
    "difference": "abs(c.difference) desc nulls last, c.fiscal_year, c.reporting_unit_code, d.revision, c.report_no,"
    " c.form_id, c.row_key, c.column_key",
}
STATUSES = ("equal", "rounding", "differs", "not_filed")


@dataclass(frozen=True, slots=True)
class Filter:
    """The disclosures and cells to compare; None for all."""

    division_code: str
    fiscal_year: int | None = None
    unit_code: str | None = None
    form_id: str | None = None
    status: tuple[str, ...] = ("differs",)
    sort: str = "form"  # a key of SORTS


def cells(connection: psycopg.Connection, wanted: Filter) -> list[dict[str, Any]]:
    """Rows of ``report.comparison`` of current disclosures, with the name of the unit."""
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        query = f"""
            select
                c.fiscal_year, c.reporting_unit_code, d.reporting_unit_name, d.stage, d.revision, c.form_id,
                c.report_no, c.row_key, c.row_label, c.column_key, c.column_label, c.filed, c.rebuilt,
                c.difference, c.tolerance, c.status, c.support, c.filed_text, c.rebuilt_text
            from report.comparison as c
            join budget.disclosure as d using (division_code, disclosure_id)
            where c.division_code = %(division_code)s
                and c.status = any(%(status)s)
                and (%(fiscal_year)s::int is null or c.fiscal_year = %(fiscal_year)s)
                and (%(unit_code)s::text is null or c.reporting_unit_code = %(unit_code)s)
                and (%(form_id)s::text is null or c.form_id = %(form_id)s)
            order by {SORTS[wanted.sort]}
        """
        return cursor.execute(query.encode(), _parameters(wanted)).fetchall()


def summary(connection: psycopg.Connection, wanted: Filter) -> list[dict[str, Any]]:
    """The numbers of cells of each form that are equal, within rounding, differing, or not filed.

    Counted by stage, and for one unit and year also by revision. Otherwise ``revision`` is None.
    """
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            select
                d.stage,
                case
                    when %(unit_code)s::text is not null and %(fiscal_year)s::int is not null then d.revision
                end as revision,
                c.form_id,
                c.report_no,
                t.short_title as title,
                sum(c.cell_count_equal)::bigint as equal,
                sum(c.cell_count_rounding)::bigint as rounding,
                sum(c.cell_count_differs)::bigint as differs,
                sum(c.cell_count_not_filed)::bigint as not_filed
            from report.comparison_summary as c
            join budget.disclosure as d using (division_code, fiscal_year, disclosure_id)
            join meta.form_template as t using (form_id)
            where c.division_code = %(division_code)s
                and (%(fiscal_year)s::int is null or c.fiscal_year = %(fiscal_year)s)
                and (%(unit_code)s::text is null or c.reporting_unit_code = %(unit_code)s)
                and (%(form_id)s::text is null or c.form_id = %(form_id)s)
            group by 1, 2, c.form_id, c.report_no, t.short_title, t.form_order
            order by array_position(array['budget', 'adjusted', 'final'], d.stage), 2, t.form_order
            """,
            _parameters(wanted),
        ).fetchall()


_LINE_ID = re.compile(r"[a-z_]\w*", re.ASCII)  # the id of a fixed line or part, which has no meaning for users


def codes_of(row_key: str) -> str:
    """The codes and names of a row's key, without the ids of fixed lines."""
    return "/".join(part for part in row_key.split("/") if not _LINE_ID.fullmatch(part.partition("#")[0]))


def row_words(row_key: str, row_label: str | None) -> str:
    """A row for users: its codes and its label."""
    codes = codes_of(row_key)
    name = row_label or ""
    return codes if name and codes.endswith(name) else f"{codes} {name}".strip() or row_key


def _parameters(wanted: Filter) -> dict[str, Any]:
    return {
        "division_code": wanted.division_code,
        "fiscal_year": wanted.fiscal_year,
        "unit_code": wanted.unit_code,
        "form_id": wanted.form_id,
        "status": list(wanted.status),
    }
