"""Write what the prose states to `filed.stated_fact`, with the findings on it: contradictions, names, left-overs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from psycopg import Connection

from loader.documents.printed_row import printed_row
from loader.warehouse.findings import add_finding

if TYPE_CHECKING:
    from loader.filing.filed import Finding, StatedFact

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
    find_in_prose(connection, key)


_MEASURES = {  # in English and Chinese, with their unit
    "change": ("a change", "增减额", " 万元"),
    "change_rate": ("a rate of change", "增减率", "%"),
    "completion": ("a rate of completion", "完成率", "%"),
    "share": ("a share", "占比", "%"),
}


def find_in_prose(connection: Connection, key: tuple[str, int, int]) -> None:
    """Recreate the findings on what the prose states: amounts that the forms contradict, changes and rates that do not
    follow from the amounts beside them, a comparison of a budget with itself, other names than those of the code list,
    words left over from a template, and wrong punctuation.

    An amount that means two figures of the forms (收支总计) is told once, with the nearest, and only if it is neither.
    """
    kinds = ["stated_otherwise", "miscalculated", "compared_with_itself", "stated_name", "left_over", "punctuation"]
    connection.execute(f"delete from meta.finding where {_OF_DISCLOSURE} and kind = any(%s)", (*key, kinds))
    rows = connection.execute(
        f"""
        (
            select
                fact_no, measure, row_label, figure, trim_scale(expected), null, null, sentence, source_row, place
            from (
                select distinct on (place, source_row, sentence, row_label, figure) *
                from rule.stated_fact
                where {_OF_DISCLOSURE} and measure = 'amount' and passed is not null
                order by place, source_row, sentence, row_label, figure, passed desc, abs(difference)
            ) as amount
            where not passed
        )

        union all

        select
            fact_no, column_key, row_label, figure, expected, null, null, sentence, source_row, place
        from rule.stated_rate
        where {_OF_DISCLOSURE} and not passed

        union all

        select
            fact.fact_no, fact.measure, fact.stated_subject, null, null, fact.qualifier, subject.subject_name,
            fact.sentence, fact.source_row, fact.place
        from filed.stated_fact as fact
        left join budget.subject_of_year as subject
            on fact.measure = 'name'
            and subject.scheme = 'functional'
            and subject.code = fact.qualifier
            and subject.fiscal_year = fact.fiscal_year
        where fact.division_code = %s and fact.fiscal_year = %s and fact.disclosure_id = %s
            and fact.measure in ('name', 'compared_year', 'left_over', 'punctuation')
        order by 1, 2
        """,
        (*key, *key, *key),
    ).fetchall()
    for _, measure, *said, source_row, place in rows:
        finding = _finding(measure, said, printed_row(source_row, place), printed_row(source_row, place, "zh"))
        add_finding(connection, key[:2], key[2], finding)


def _finding(measure: str, said: Sequence[Any], place: str, place_zh: str) -> Finding:
    """The finding of a fact. ``said``: its subject, its figure and the expected one, the code and the official name of
    a function, the sentence."""
    from loader.filing.filed import Finding

    subject, figure, expected, code, official, sentence = said
    match measure:
        case "name":
            return Finding(
                "stated_name",
                {
                    "code": code,
                    "subject": subject,
                    "official": official,
                    "sentence": sentence,
                    "place": place,
                    "place_zh": place_zh,
                },
            )
        case "left_over":
            return Finding(
                "left_over", {"subject": subject, "sentence": sentence, "place": place, "place_zh": place_zh}
            )
        case "punctuation":
            return Finding(
                "punctuation", {"subject": subject, "sentence": sentence, "place": place, "place_zh": place_zh}
            )
        case "compared_year":
            return Finding(
                "compared_with_itself", {"subject": subject, "sentence": sentence, "place": place, "place_zh": place_zh}
            )
        case "amount":
            return Finding(
                "stated_otherwise",
                {
                    "subject": subject,
                    "figure": figure,
                    "expected": expected,
                    "sentence": sentence,
                    "place": place,
                    "place_zh": place_zh,
                },
            )
    name, name_zh, unit = _MEASURES[measure]
    return Finding(
        "miscalculated",
        {
            "subject": subject,
            "measure": name,
            "measure_zh": name_zh,
            "figure": f"{figure}{unit}",
            "expected": f"{expected}{unit}",
            "sentence": sentence,
            "place": place,
            "place_zh": place_zh,
        },
    )
