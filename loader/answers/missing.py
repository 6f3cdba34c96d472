"""Missing forms and units, and contradictions between disclosures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row


@dataclass(frozen=True, slots=True)
class Question:
    """A list of `hetang missing`: its name, the meaning of its rows, and its query.

    ``{wanted}`` in the query stands for the division and year.
    """

    name: str
    meaning: str
    query: str


QUESTIONS = (
    Question(
        "missing_units",
        "units that filed the year before, but not this year",
        "select fiscal_year, unit_code, former_unit_code, former_unit_name, had_filed, is_named"
        " from report.missing_unit where {wanted} order by fiscal_year, unit_code, former_unit_code",
    ),
    Question(
        "units_without_disclosure",
        "units named in another disclosure, without one of their own",
        "select fiscal_year, unit_code, unit_name, reporting_unit_code from report.unit_without_disclosure"
        " where {wanted} order by fiscal_year, unit_code, reporting_unit_code",
    ),
    Question(
        "missing_forms",
        "disclosures without some of the official forms",
        """
        select
            form.fiscal_year,
            form.reporting_unit_code,
            form.reporting_unit_name,
            disclosure.revision,
            array_agg(
                coalesce(to_jsonb(form.report_no), to_jsonb(form.form_id)) order by form.report_no, form.form_id
            ) as report_nos
        from report.missing_form as form
        inner join budget.disclosure as disclosure using (division_code, fiscal_year, disclosure_id)
        where {wanted}
        group by 1, 2, 3, 4
        order by 1, 2, 4
        """,
    ),
    Question(
        "department_sums",
        "departments that differ from the sum of their units",
        """
        select
            fiscal_year, department_code, report_no, column_key, column_label, unit_count,
            department_amount, units_amount, difference
        from report.department_sum
        where {wanted} and status = 'differs'
        order by fiscal_year, department_code, report_no, column_key
        """,
    ),
    Question(
        "overlap_contradictions",
        "figures of a unit that differ in its department's document",
        """
        select
            fiscal_year, unit_code, report_no, row_key, row_label, column_key, column_label,
            department_amount, unit_amount, difference
        from report.overlap_contradiction
        where {wanted}
        order by fiscal_year, unit_code, report_no, row_key, column_key
        """,
    ),
    Question(
        "unit_names",
        "units that one disclosure names differently from the others",
        """
        select
            variant.fiscal_year, variant.reporting_unit_code, disclosure.revision, variant.unit_code,
            variant.unit_name, variant.settled_name
        from report.unit_name_variant as variant
        inner join budget.disclosure as disclosure using (division_code, fiscal_year, disclosure_id)
        where {wanted}
        order by 1, 2, 3, 4
        """,
    ),
)


def answers(
    connection: psycopg.Connection, division_code: str, fiscal_year: int | None = None
) -> Iterator[tuple[Question, list[dict[str, Any]]]]:
    """Every question with its rows, for current disclosures."""
    wanted = "division_code = %(division_code)s" + (" and fiscal_year = %(fiscal_year)s" if fiscal_year else "")
    parameters = {"division_code": division_code, "fiscal_year": fiscal_year}
    with connection.cursor(row_factory=dict_row) as cursor:
        for question in QUESTIONS:
            yield question, cursor.execute(question.query.format(wanted=wanted).encode(), parameters).fetchall()
