"""Check disclosures by rules: counts of what passed, and the failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loader.answers.stages import STAGES
from loader.warehouse.severities import SETTLING, SEVERITIES

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True, slots=True)
class Wanted:
    """The current disclosures to check; None for all."""

    division_code: str
    fiscal_year: int | None = None
    unit_code: str | None = None
    stage: str | None = None
    disclosure_ids: list[int] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The results of a check. Money in 万元.

    For each rule the numbers of comparisons passed and failed, and of disclosures with nothing to compare; and the
    failures, the most severe first.
    """

    summary: list[dict[str, Any]]
    failures: list[dict[str, Any]]

    @property
    def open_errors(self) -> list[dict[str, Any]]:
        """The errors that nobody has explained or accepted."""
        return [row for row in self.failures if row["severity"] == "error" and row["answer"] not in SETTLING]


# Several processes of the server share the disclosures of a year. The planner would not do this by itself: it assumes
# that a function is called once, and does not share a small table.
_SHARE = """
    set local min_parallel_table_scan_size = 0;
    set local parallel_setup_cost = 0;
    set local parallel_tuple_cost = 0
"""

# Rules are checked one disclosure after the other, so that one query plan serves all. Passed comparisons are counted,
# failures have a row each.
_QUERY = """
    with result as materialized (
        select
            disclosure.fiscal_year, disclosure.disclosure_id, disclosure.reporting_unit_code,
            disclosure.stage, disclosure.revision, result.rule, result.form_id, result.row_key,
            result.row_label, result.column_key, result.column_label, result.figure, result.expected,
            result.figure_text, result.expected_text, result.compared_with, result.difference, result.tolerance,
            result.severity, result.passed, result.message_zh, result.message_en, result.answer, result.note,
            result.answered_by
        from budget.disclosure as disclosure
        cross join lateral rule.check_disclosure(
            disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id
        ) as result
        where disclosure.division_code = %(division)s
            and disclosure.is_current
            and (%(year)s::int is null or disclosure.fiscal_year = %(year)s)
            and (%(unit)s::text is null or disclosure.reporting_unit_code = %(unit)s)
            and (%(stage)s::text is null or disclosure.stage = %(stage)s)
            and (%(disclosures)s::bigint[] is null or disclosure.disclosure_id = any(%(disclosures)s))
    ),

    counted as (
        select
            rule,
            disclosure_id,
            count(*) as compared,
            count(*) filter (where passed) as passed
        from result
        group by rule, disclosure_id
    )

    select
        counted.rule, counted.disclosure_id, counted.compared, counted.passed, result.fiscal_year,
        result.reporting_unit_code, result.stage, result.revision, result.severity, result.form_id,
        template.report_no, result.row_key, result.row_label, result.column_key, result.column_label,
        result.figure, result.expected, result.figure_text, result.expected_text, result.compared_with,
        result.difference, result.tolerance, result.message_zh, result.message_en, result.answer,
        result.note, result.answered_by
    from counted
    left join result
        on result.rule = counted.rule and result.disclosure_id = counted.disclosure_id and not result.passed
    left join meta.form_template as template on template.form_id = result.form_id
    left join meta.rule as known on known.rule = result.rule
    order by
        array_position(%(severities)s::text[], result.severity),
        result.fiscal_year,
        result.reporting_unit_code,
        result.revision,
        known.rule_order nulls last,
        result.rule,
        template.form_order,
        result.row_key,
        result.column_key
"""


def check(connection: psycopg.Connection, wanted: Wanted) -> Checked:
    """Check current disclosures by all rules. A rule that had nothing to compare is counted as not applicable."""
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    parameters = {
        "division": wanted.division_code,
        "year": wanted.fiscal_year,
        "unit": wanted.unit_code,
        "stage": wanted.stage,
        "disclosures": wanted.disclosure_ids,
        "severities": list(SEVERITIES),
    }
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        if wanted.unit_code is None and wanted.disclosure_ids is None:
            cursor.execute(_SHARE)
        rows = cursor.execute(_QUERY.encode(), parameters).fetchall()
        rules = cursor.execute("select rule, severity, name_zh, name_en from meta.rule order by rule_order").fetchall()
    counts = {(row["rule"], row["disclosure_id"]): (row.pop("compared"), row.pop("passed")) for row in rows}
    checked = {disclosure_id for _, disclosure_id in counts}
    summary = []
    for rule in rules:
        found = [count for (name, _), count in counts.items() if name == rule["rule"]]
        compared, passed = sum(count[0] for count in found), sum(count[1] for count in found)
        summary.append(
            {
                **rule,
                "compared": compared,
                "passed": passed,
                "failed": compared - passed,
                "not_applicable": len(checked) - len(found),
            }
        )
    return Checked(summary, [row for row in rows if row["severity"] is not None])


def in_chinese(compared_with: str | None) -> str | None:
    """The other side of a comparison in Chinese: a form and its row, a year and stage, an economic subject, or
    units."""
    if compared_with is None:
        return None
    from schema.forms import FORMS  # declares all forms, which the help does not need

    first, *others = compared_with.removesuffix(" / units").split(" ")
    if first in FORMS:
        first = FORMS[first].named
    return " ".join(STAGES.get(word, word) for word in (first, *others))
