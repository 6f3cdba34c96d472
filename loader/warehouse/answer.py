"""Answers of people to failed rules and findings. Their key does not depend on the revision; the figures concerned are
stored with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

ANSWERS = ("wrong", "explained", "accepted")
_KEY = ("fiscal_year", "reporting_unit_code", "stage", "rule")
_PLACE = ("form_id", "row_key", "column_key")  # '' where there is none
_FIGURES = ("figure", "expected", "figure_text", "expected_text")


def record_answer(
    connection: Connection,
    division_code: str,
    failures: Sequence[Mapping[str, Any]],
    answer: str,
    note: str | None,
    answered_by: str,
) -> None:
    """Answer failures (rows of ``loader.answers.check``); an earlier answer to the same failure is replaced."""
    names = ("division_code", *_KEY, *_PLACE, *_FIGURES, "answer", "note", "answered_by")
    changed = ", ".join(f"{name} = excluded.{name}" for name in (*_FIGURES, "answer", "note", "answered_by"))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into meta.answer ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})"
            f" on conflict (division_code, {', '.join((*_KEY, *_PLACE))}) do update"
            f" set {changed}, answered_at = now()",
            [
                (
                    division_code,
                    *(failure[name] for name in _KEY),
                    *(failure[name] or "" for name in _PLACE),
                    *(failure[name] for name in _FIGURES),
                    answer,
                    note,
                    answered_by,
                )
                for failure in failures
            ],
        )


def delete_answers(connection: Connection, division_code: str, failures: Sequence[Mapping[str, Any]]) -> None:
    """Delete the answers to failures."""
    conditions = " and ".join(f"{name} = %s" for name in ("division_code", *_KEY, *_PLACE))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"delete from meta.answer where {conditions}",
            [
                (division_code, *(failure[name] for name in _KEY), *(failure[name] or "" for name in _PLACE))
                for failure in failures
            ],
        )
