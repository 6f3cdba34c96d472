"""Write the facts stated in prose to `filed.stated_fact`, with a finding for each fact that the forms contradict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg import Connection

from loader.documents.printed_row import printed_row
from loader.warehouse.findings import add_finding

if TYPE_CHECKING:
    from loader.filing.filed import StatedFact

_COLUMNS = (
    "division_code, fiscal_year, disclosure_id, fact_no, document_id, stated_kind, qualifier, stated_subject, measure,"
    " of_year, stated_amount, half_place, implied_amount, implied_margin, printed_unit, sentence, place, source_row"
)


_OF_DISCLOSURE = "division_code = %s and fiscal_year = %s and disclosure_id = %s"
_ATTACHED_FROM = 10_000  # attached documents number their facts from here; reading the main one again keeps them


def store_stated(
    connection: Connection, key: tuple[str, int, int], facts: Sequence[StatedFact], document_id: int | None = None
) -> None:
    """Write the facts in place of those of the same document, and what contradicts the ledger, which must be there.

    ``key`` is division, year and disclosure; ``document_id`` names an attached document that states them.
    """
    connection.execute(
        f"delete from filed.stated_fact where {_OF_DISCLOSURE} and document_id is not distinct from %s",
        (*key, document_id),
    )
    row = connection.execute(
        f"select coalesce(max(fact_no), %s) from filed.stated_fact where {_OF_DISCLOSURE} and document_id is not null",
        (_ATTACHED_FROM, *key),
    ).fetchone()
    assert row is not None
    last: int = row[0] if document_id is not None else 0
    with connection.cursor() as cursor, cursor.copy(f"copy filed.stated_fact ({_COLUMNS}) from stdin") as copy:
        for number, fact in enumerate(facts, start=last + 1):
            copy.write_row(
                (
                    *key,
                    number,
                    document_id,
                    fact.kind,
                    fact.qualifier,
                    fact.subject,
                    fact.measure,
                    fact.of_year,
                    fact.amount,
                    fact.half_place,
                    fact.implied,
                    fact.implied_margin,
                    fact.unit,
                    fact.sentence,
                    fact.place,
                    fact.source_row,
                )
            )
    find_contradictions(connection, key)


def find_contradictions(connection: Connection, key: tuple[str, int, int]) -> None:
    """Recreate the findings on what the prose states: amounts that the forms contradict, a comparison of a budget with
    itself, other names than those of the code list, and words left over from a template."""
    from loader.filing.filed import Finding

    kinds = ["stated_otherwise", "compared_with_itself", "stated_name", "left_over"]
    connection.execute(f"delete from meta.finding where {_OF_DISCLOSURE} and kind = any(%s)", (*key, kinds))
    rows = connection.execute(
        f"""
        select fact_no, 'stated_otherwise', row_label, figure, expected, null, null, sentence, source_row, place
        from rule.stated_fact
        where {_OF_DISCLOSURE} and measure = 'amount' and not passed

        union all

        select
            fact.fact_no,
            case fact.measure
                when 'name' then 'stated_name' when 'compared_year' then 'compared_with_itself' else fact.measure
            end,
            fact.stated_subject, fact.stated_amount, null, fact.qualifier, subject.subject_name, fact.sentence,
            fact.source_row, fact.place
        from filed.stated_fact as fact
        left join budget.subject_of_year as subject
            on fact.measure = 'name'
            and subject.scheme = 'functional'
            and subject.code = fact.qualifier
            and subject.fiscal_year = fact.fiscal_year
        where fact.division_code = %s and fact.fiscal_year = %s and fact.disclosure_id = %s
            and fact.measure in ('name', 'compared_year', 'left_over')
        order by 1
        """,
        (*key, *key),
    ).fetchall()
    for _, kind, subject, figure, expected, code, official, sentence, source_row, place in rows:
        values = {
            "subject": subject,
            "figure": figure,
            "expected": expected,
            "code": code,
            "official": official,
            "sentence": sentence,
            "place": printed_row(source_row, place),
            "place_zh": printed_row(source_row, place, "zh"),
        }
        finding = Finding(kind, {name: value for name, value in values.items() if value is not None})
        add_finding(connection, key[:2], key[2], finding)
