"""The results of a load: tables on stdout, and the exit code."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg

from loader.cli.console import print_table
from loader.cli.exits import Exit
from loader.loading.result import Result, describe
from schema.codes.finding_kinds import PRINTED_BY_LOAD

COUNTS = ("forms", "cells", "differs", "findings")
OUTCOMES = ("loaded", "revised", "reread", "restored", "attached", "partly", "unchanged", "rejected")


def rows_of(connection: psycopg.Connection, division: str, results: list[Result]) -> list[dict[str, Any]]:
    """All documents by name, with their disclosures as they are in the warehouse now, if the database still answers."""
    ids = [stored.disclosure_id for result in results for _, _, stored in result.stored]
    try:
        found = describe(connection, division, ids)
    except psycopg.Error:
        found = {}
    rows = []
    for result in sorted(results, key=lambda result: result.file_name):
        disclosures = []
        for unit, year, stored in result.stored:
            known = found.get(stored.disclosure_id) or result.rolled_back.get(stored.disclosure_id)
            disclosures.append(
                {"unit_code": unit, "fiscal_year": year, "disclosure_id": stored.disclosure_id}
                | {"revision": stored.revision, "is_current": stored.is_current}
                | (known or dict.fromkeys(("stage", *COUNTS, *PRINTED_BY_LOAD)))
            )
        rows.append(
            {
                "file_name": result.file_name,
                "outcome": result.outcome,
                "error": result.error,
                "changes": result.changes,
                "disclosures": disclosures,
            }
        )
    return rows


def warnings(row: dict[str, Any]) -> list[str]:
    """Warnings about a document, each once for all its disclosures: it is incomplete, in doubt, only stored, or states
    no money unit."""
    messages = [f"incomplete: {message}" for d in row["disclosures"] for message in d["incomplete"] or ()]
    messages += [f"in doubt: {message}" for d in row["disclosures"] for message in d["in_doubt"] or ()]
    messages += [f"kept only: {d['kept_only']}" for d in row["disclosures"] if d["kept_only"]]
    if count := sum(d["without_money_unit"] or 0 for d in row["disclosures"]):
        messages.append(f"forms that state no money unit: {count}, 万元 assumed; is it right?")
    return list(dict.fromkeys(messages))


def print_documents(rows: list[dict[str, Any]]) -> None:
    print_table(
        ("file", "outcome", "unit", "year", "stage", "revision", "current", *COUNTS),
        [
            (
                row["file_name"],
                row["outcome"],
                d.get("unit_code"),
                d.get("fiscal_year"),
                d.get("stage"),
                d.get("revision"),
                d.get("is_current"),
                *(d.get(count) for count in COUNTS),
            )
            for row in rows
            for d in row["disclosures"] or [{}]
        ],
    )


def totals_of(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Numbers of documents, disclosures and, unless the database did not answer, their contents, by outcome."""
    totals: dict[str, Counter[str]] = {}
    for row in rows:
        total = totals.setdefault(row["outcome"], Counter())
        total["documents"] += 1
        total["disclosures"] += len(row["disclosures"])
        for disclosure in row["disclosures"]:
            for count in COUNTS if disclosure["forms"] is not None else ():
                total[count] += disclosure[count] or 0
    return {outcome: dict(totals[outcome]) for outcome in OUTCOMES if outcome in totals}


def print_summary(rows: list[dict[str, Any]]) -> None:
    counts = ("documents", "disclosures", *COUNTS)
    print_table(
        ("outcome", *counts),
        [
            (outcome, *(total.get(count, None if total["disclosures"] else 0) for count in counts))
            for outcome, total in totals_of(rows).items()
        ],
    )
    rejected = [(row["file_name"], row["error"].removeprefix(f"{row['file_name']}: ")) for row in rows if row["error"]]
    if rejected:
        print_table(("rejected", "reason"), rejected)


def exit_of(results: list[Result], interrupted: bool, trouble: str | None) -> Exit:
    if trouble is not None:
        return Exit.DATABASE
    if interrupted:
        return Exit.INTERRUPTED
    rejected = sum(result.error is not None for result in results)
    if not rejected:
        return Exit.SOME_REJECTED if any(result.is_partly for result in results) else Exit.DONE
    return Exit.NONE_ACCEPTED if rejected == len(results) else Exit.SOME_REJECTED
