"""The reasons to reject a disclosure that was just written, for ``--strict``."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Connection

from loader.warehouse.severities import SETTLING, SEVERITIES, at_least

MOST_REASONS = 10  # number of reasons that are listed


def reasons_against(
    connection: Connection, division_code: str, disclosure_ids: Sequence[int], severity: str
) -> list[str]:
    """Failed rules and findings of this severity or higher, as texts; none for disclosures that are not current."""
    rows = connection.execute(
        """
        select
            told.rule,
            told.form_id,
            coalesce(told.row_label, told.row_key),
            coalesce(told.column_label, told.column_key),
            coalesce(told.figure::text, told.figure_text),
            coalesce(told.expected::text, told.expected_text),
            told.message_en,
            exists (select from meta.rule as known where known.rule = told.rule)
        from budget.disclosure as disclosure
        cross join lateral rule.check_disclosure(
            disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id
        ) as told
        where disclosure.division_code = %s
            and disclosure.disclosure_id = any(%s)
            and not told.passed
            and told.severity = any(%s)
            and coalesce(told.answer, '') <> all(%s)
        order by array_position(%s, told.severity), told.rule, told.form_id, told.row_key, told.column_key
        """,
        (
            division_code,
            list(disclosure_ids),
            list(at_least(severity)),
            list(SETTLING),
            list(SEVERITIES),
        ),
    ).fetchall()
    return [
        f"{rule}: {_worded(form, row, column, figure, expected)}" if is_rule else f"{rule}: {message}"
        for rule, form, row, column, figure, expected, message, is_rule in rows
    ]


def _worded(form: str | None, row: str | None, column: str | None, figure: str | None, expected: str | None) -> str:
    place = ", ".join(
        f"{what} {name}" for what, name in (("form", form), ("row", row), ("column", column)) if name is not None
    )
    says = f"{place}: found {'nothing' if figure is None else figure}"
    return says if expected is None else f"{says}, expected {expected}"
