"""Finds the current disclosure of a unit and year that has a form. Budgets and final accounts have different forms."""

from __future__ import annotations

from typing import NamedTuple

import psycopg

from schema.forms import KEPT_SETS, SETS, set_of
from schema.forms.template import Form


class OtherForms(Exception):
    """The current disclosures of a unit and year use other forms than the requested one. The message names both."""


class Current(NamedTuple):
    """A current disclosure of a unit and year. ``is_one_of_several``: several are current with these forms and this
    stage."""

    disclosure_id: int
    unit_name: str
    stage: str
    revision: int
    form_set_id: str
    file_name: str
    file_format: str
    is_one_of_several: bool


def current_with(
    connection: psycopg.Connection, division_code: str, fiscal_year: int, unit_code: str, form: Form
) -> list[Current]:
    """The current disclosures of a unit and year that have a form: the budget first, then the revision that counts.

    Empty if nothing is current. OtherForms if all current ones use other forms, or forms that are only stored as
    published.
    """
    rows = connection.execute(
        """
        select
            d.disclosure_id, d.reporting_unit_name, d.stage, d.revision, d.form_set_id, o.file_name, o.file_format,
            count(*) over (partition by d.stage, d.form_set_id) > 1
        from budget.disclosure as d
        join budget.document as o using (division_code, document_id)
        left join budget.counted_disclosure as counted using (division_code, fiscal_year, disclosure_id)
        where d.division_code = %s
            and d.fiscal_year = %s
            and d.reporting_unit_code = %s
            and d.is_current
        order by
            array_position(array['budget', 'adjusted', 'final'], d.stage),
            counted.disclosure_id is null,
            d.revision desc
        """,
        (division_code, fiscal_year, unit_code),
    ).fetchall()
    current = [Current(*row) for row in rows]
    wanted = set_of(form.form_id)
    fitting = [one for one in current if one.form_set_id == wanted.id]
    if current and not fitting:
        sets = {one.form_set_id for one in current}
        if sets <= {entry.id for entry in KEPT_SETS}:
            raise OtherForms(
                f"only the titles of the forms that {unit_code} filed for {fiscal_year} are known:"
                " they are stored as published and not rebuilt; `hetang page` shows them"
            )
        titles = ", ".join(entry.title for entry in SETS + KEPT_SETS if entry.id in sets)
        raise OtherForms(
            f"form {form.form_id} belongs to {wanted.title}, but the disclosure of {unit_code} for {fiscal_year} uses"
            f" the forms of {titles}"
        )
    return fitting
