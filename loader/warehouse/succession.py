"""Units that were renamed, merged, split or transferred: a curated CSV file → `budget.unit_succession`."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection

from loader.documents.regular_file import read_regular

MAX_FILE = 2**24  # bytes
COLUMNS = ("from_year", "old_unit_code", "new_unit_code", "succession")
OPTIONAL = ("note", "source")
SUCCESSIONS = ("renamed", "merged", "split", "transferred")


class SuccessionError(Exception):
    """The file has a fault; the message names line and column."""


@dataclass(frozen=True, slots=True)
class Succession:
    """From ``from_year`` on, the money of the old unit is the new one's. ``line`` is where the file says so."""

    line: int
    from_year: int
    old_unit_code: str
    new_unit_code: str
    succession: str
    note: str | None
    source: str | None


def read_succession(path: Path) -> list[Succession]:
    """The rows of the file (UTF-8, with a heading). SuccessionError with the first thing that is wrong in it."""
    try:
        text = read_regular(path, MAX_FILE).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        headings = tuple(heading.strip() for heading in reader.fieldnames or ())
        reader.fieldnames = list(headings)
        for column in COLUMNS:
            if column not in headings:
                raise SuccessionError(f"{path.name}, line 1: no column {column}; expected {', '.join(COLUMNS)}")
        for heading in headings:
            if heading not in (*COLUMNS, *OPTIONAL):
                raise SuccessionError(f"{path.name}, line 1: unknown column {heading!r}")
        rows = [_row(path.name, reader.line_num, values) for values in reader if any(values.values())]
    except OSError as error:
        raise SuccessionError(f"{path.name}: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise SuccessionError(f"{path.name}: not a CSV file in UTF-8: {error}") from None
    _check(path.name, rows)
    return rows


def _row(name: str, line: int, values: dict[str, str | None]) -> Succession:
    def wrong(column: str, expected: str) -> SuccessionError:
        return SuccessionError(f"{name}, line {line}, {column}: {text(column)!r}, expected {expected}")

    def text(column: str) -> str:
        return (values.get(column) or "").strip()

    if None in values:
        raise SuccessionError(f"{name}, line {line}: more cells than headings")
    year = text("from_year")
    if not (year.isascii() and year.isdigit() and 1994 <= int(year) <= 2100):
        raise wrong("from_year", "a year")
    for column in ("old_unit_code", "new_unit_code"):
        code = text(column)
        if not (code.isascii() and code.isdigit() and len(code) % 3 == 0):
            raise wrong(column, "a unit code of three, six or nine digits such as 001001")
    if text("succession") not in SUCCESSIONS:
        raise wrong("succession", " or ".join(SUCCESSIONS))
    if text("old_unit_code") == text("new_unit_code") and text("succession") != "split":
        raise wrong("new_unit_code", "a code other than the old one; a change of name alone needs no row")
    return Succession(
        line,
        int(year),
        text("old_unit_code"),
        text("new_unit_code"),
        text("succession"),
        text("note") or None,
        text("source") or None,
    )


def _check(name: str, rows: list[Succession]) -> None:
    """A split has several successors, everything else one; several old units of one new one are merged."""
    successors: dict[tuple[int, str], list[Succession]] = defaultdict(list)
    predecessors: dict[tuple[int, str], list[Succession]] = defaultdict(list)
    for row in rows:
        same_old = successors[row.from_year, row.old_unit_code]
        if any(other.new_unit_code == row.new_unit_code for other in same_old):
            raise SuccessionError(
                f"{name}, line {row.line}, new_unit_code: {row.old_unit_code} to {row.new_unit_code} in"
                f" {row.from_year} is already in line {same_old[0].line}"
            )
        same_old.append(row)
        predecessors[row.from_year, row.new_unit_code].append(row)
    for group in successors.values():
        splits = [row for row in group if row.succession == "split"]
        if len(group) > 1 and len(splits) < len(group):
            row = next(row for row in group if row.succession != "split")
            raise SuccessionError(
                f"{name}, line {row.line}, succession: {row.old_unit_code} has several successors in {row.from_year},"
                f" expected split, found {row.succession}"
            )
        if len(group) == 1 and splits:
            raise SuccessionError(
                f"{name}, line {group[0].line}, succession: split, but {group[0].old_unit_code} has only one successor"
                f" in {group[0].from_year}"
            )
    for group in predecessors.values():
        for row in group if len(group) > 1 else ():
            if row.succession in ("renamed", "transferred"):
                raise SuccessionError(
                    f"{name}, line {row.line}, succession: {row.new_unit_code} succeeds several units in"
                    f" {row.from_year}, expected merged or split, found {row.succession}"
                )


def replace_succession(connection: Connection, division_code: str, rows: list[Succession]) -> None:
    """Replace what the warehouse knows of the division's successions, in one transaction."""
    with connection.transaction():
        connection.execute("lock table budget.unit_succession in share row exclusive mode")
        connection.execute("delete from budget.unit_succession where division_code = %s", (division_code,))
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy budget.unit_succession (division_code, from_year, old_unit_code, new_unit_code, succession, note,"
                " source) from stdin"
            ) as copy,
        ):
            for row in rows:
                copy.write_row(
                    (
                        division_code,
                        row.from_year,
                        row.old_unit_code,
                        row.new_unit_code,
                        row.succession,
                        row.note,
                        row.source,
                    )
                )
