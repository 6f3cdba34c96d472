"""`hetang load`: documents and whole folders into the warehouse, and what became of them."""

from __future__ import annotations

import datetime
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import click
import psycopg

from loader.cli.console import (
    division_option,
    end,
    json_of,
    json_option,
    print_json,
    print_table,
    say,
    unit_type,
    warn,
    year_type,
)
from loader.documents.printable import printable
from loader.loading.bulk import TICK, BulkLoad, DatabaseTrouble
from loader.loading.folder import Found, find
from loader.loading.load import Options, Result, describe
from loader.loading.manifest import ManifestError, read_manifests
from loader.warehouse.connection import connect
from loader.warehouse.server import database_url
from loader.warehouse.store import next_supersede_rank

EXIT_NONE_ACCEPTED = 1
EXIT_SOME_REJECTED = 3
EXIT_DATABASE = 5
EXIT_INTERRUPTED = 130

FEW = 20  # documents that are listed one by one
EVERY = 10.0  # seconds between lines of progress where there is no terminal

COUNTS = ("forms", "cells", "differs", "findings")
OUTCOMES = ("loaded", "revised", "unchanged", "rejected")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--year", type=year_type, help="Fiscal year, where a document does not say it.")
@click.option("--unit", type=unit_type, help="Code of the filing unit, where a document does not say it.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="Date of publication; the later one is current.")
@click.option("--supersede", is_flag=True, help="Make these documents current where dates do not decide.")
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file with what is known of each document; else manifest.csv in the folders.",
)
@click.option("--jobs", type=click.IntRange(1), default=_cores, help="Processes that read documents; else one a core.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--fail-fast", is_flag=True, help="Begin no further document after one is rejected.")
@click.option(
    "--log-file",
    type=click.File("a", encoding="utf-8", errors="backslashreplace", lazy=False),
    help="Append JSON lines to this file.",
)
@division_option
@json_option
def load(
    paths: tuple[Path, ...],
    year: int | None,
    unit: str | None,
    published: datetime.datetime | None,
    supersede: bool,
    manifest: Path | None,
    jobs: int,
    dry_run: bool,
    fail_fast: bool,
    log_file: TextIO | None,
    division: str,
    as_json: bool,
) -> None:
    """Load documents, and all documents of folders and ZIP archives.

    Each document is loaded whole or not at all. The same document again changes nothing; a changed one is a new
    revision. Ctrl-C finishes the documents under way, twice ends at once; load again to go on.

    A manifest.csv in a folder has the columns file, published_on, source_address, unit and year; what it says of a
    file goes before --year, --unit and --published.

    \b
      hetang load 001001.txt
      hetang load 2024/ --year 2024
      hetang load 2024/ --dry-run --json > what-would-happen.json
      hetang load corrected.txt --published 2024-03-01
      hetang load corrected.txt --supersede
    """
    options = Options(division, year, unit, published.date() if published else None)
    files = _with_options(paths, manifest, options)
    log = _Log(log_file)
    results: list[Result] = []
    trouble: str | None = None
    with closing(connect()) as connection:
        _require_division(connection, division)
        if supersede:
            rank = next_supersede_rank(connection)
            files = [(found, replace(options, supersede=True, supersede_rank=rank)) for found, options in files]
        bulk = BulkLoad(connection, database_url(), files, jobs, dry_run)
        log.write("begin", paths=[str(path) for path in paths], files=len(files), jobs=bulk.jobs, dry_run=dry_run)
        with _CtrlC(bulk) as ctrl_c, _progress(len(files)) as show:
            try:
                for result in bulk:
                    if result is not None:
                        results.append(result)
                        log.result(result)
                        if fail_fast and result.error:
                            bulk.stop()
                    show(len(results), result)
            except KeyboardInterrupt:
                ctrl_c.times += 1
            except DatabaseTrouble as error:
                trouble = str(error)
        rows = _rows(connection, division, results)
    if as_json:
        print_json(rows)
    elif len(rows) <= FEW:
        _print_documents(rows)
    else:
        _print_summary(rows)
    code = _exit_code(results, ctrl_c.times > 0, trouble)
    log.write("end", exit_code=code, not_begun=bulk.not_begun, trouble=trouble, outcomes=_totals(rows))
    if dry_run:
        say("a dry run, nothing has changed")
    if bulk.not_begun:
        say(f"{bulk.not_begun} of {len(files)} files not begun; load again to go on")
    if trouble is not None:
        say(f"the database failed: {trouble}")
    elif ctrl_c.times:
        say("interrupted")
    if code:
        end(code)


def _with_options(paths: tuple[Path, ...], manifest: Path | None, options: Options) -> list[tuple[Found, Options]]:
    """The documents, each with what the operator says of it. What a manifest says goes before what options say."""
    try:
        found, manifests = find(paths)
        if manifest is not None:
            manifests = [manifest]
            found = [document for document in found if not document.path.samefile(manifest)]
        entries = read_manifests(manifests, [path for path in paths if path.is_dir()] if manifest else [])
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from error
    except ManifestError as error:
        raise click.UsageError(str(error)) from error
    if not found:
        raise click.UsageError("no documents in the folders named")
    files = []
    for document in found:
        entry = entries.get(document.path.resolve())
        known = {} if entry is None else {name: value for name, value in asdict(entry).items() if value is not None}
        files.append((document, replace(options, **known)))
    return files


def _require_division(connection: psycopg.Connection, division: str) -> None:
    known = connection.execute("select division_code, division_name from budget.division order by 1").fetchall()
    if division not in {code for code, _ in known}:
        listed = ", ".join(f"{code} {name}" for code, name in known)
        raise click.UsageError(
            f"the warehouse has no division {division}, only {listed}; add a row to budget.division first"
        )


def _exit_code(results: list[Result], interrupted: bool, trouble: str | None) -> int:
    if trouble is not None:
        return EXIT_DATABASE
    if interrupted:
        return EXIT_INTERRUPTED
    rejected = sum(result.error is not None for result in results)
    if not rejected:
        return 0
    return EXIT_NONE_ACCEPTED if rejected == len(results) else EXIT_SOME_REJECTED


class _CtrlC:
    """While it holds, the first Ctrl-C stops the load and the second is a KeyboardInterrupt."""

    def __init__(self, bulk: BulkLoad) -> None:
        self.bulk = bulk
        self.times = 0

    def __enter__(self) -> _CtrlC:
        self.before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        self.bulk.stop()
        if self.times > 1:
            raise KeyboardInterrupt
        # not by print, which may be what was interrupted
        os.write(2, b"\nhetang: finishing the documents under way; Ctrl-C again ends at once\n")


class _Log:
    """The log file: a JSON object a line, one for every document as it ends."""

    def __init__(self, file: TextIO | None) -> None:
        self.file = file

    def write(self, event: str, **values: object) -> None:
        if self.file is not None:
            now = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
            self.file.write(json_of({"time": now, "event": event, **values}) + "\n")
            self.file.flush()

    def result(self, result: Result) -> None:
        self.write(
            "document",
            file_name=result.file_name,
            outcome=result.outcome,
            seconds=round(result.seconds, 3),
            error=result.error,
            trace=result.trace,
            disclosures=[
                {"unit_code": unit, "fiscal_year": year, **asdict(stored)} for unit, year, stored in result.stored
            ],
        )


# ---------------------------------------------------------------------------- progress, on stderr

Show = Callable[[int, Result | None], None]  # documents done, what became of the last, if one has just ended


def _progress(total: int) -> AbstractContextManager[Show]:
    return _bar(total) if sys.stderr.isatty() else _lines(total)


@contextmanager
def _bar(total: int) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rejected]} rejected"),
        TimeElapsedColumn(),
        TextColumn("/"),
        TimeRemainingColumn(),
    )
    # refreshed by hand, since a thread of its own would not bear the fork of the processes
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("", total=total, rejected=0)
        rejected = 0
        shown = 0.0

        def show(done: int, result: Result | None) -> None:
            nonlocal rejected, shown
            if result is not None and result.error:
                rejected += 1
                progress.console.print(printable(f"rejected: {result.error}"), markup=False, highlight=False)
            if time.monotonic() - shown >= TICK:
                shown = time.monotonic()
                progress.update(task, completed=done, total=max(total, done), rejected=rejected)
                progress.refresh()

        yield show


@contextmanager
def _lines(total: int) -> Iterator[Show]:
    begun = last = time.monotonic()
    rejected = 0

    def show(done: int, result: Result | None) -> None:
        nonlocal last, rejected
        if result is not None and result.error:
            rejected += 1
            warn(f"rejected: {result.error}")
        now = time.monotonic()
        if now - last >= EVERY:
            last = now
            click.echo(
                f"hetang: {done} of {max(total, done)} documents, {rejected} rejected, {now - begun:.0f} s", err=True
            )

    yield show


# ---------------------------------------------------------------------------- what became of them, on stdout


def _rows(connection: psycopg.Connection, division: str, results: list[Result]) -> list[dict[str, Any]]:
    """Every document by name, with its disclosures as the warehouse has them now, as far as it still answers."""
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
                | (known or dict.fromkeys(COUNTS))
            )
        rows.append(
            {
                "file_name": result.file_name,
                "outcome": result.outcome,
                "error": result.error,
                "disclosures": disclosures,
            }
        )
    return rows


def _print_documents(rows: list[dict[str, Any]]) -> None:
    print_table(
        ("file", "outcome", "unit", "year", "revision", "current", *COUNTS),
        [
            (
                row["file_name"],
                row["outcome"],
                d.get("unit_code"),
                d.get("fiscal_year"),
                d.get("revision"),
                ("yes" if d["is_current"] else "no") if d else None,
                *(d.get(count) for count in COUNTS),
            )
            for row in rows
            for d in row["disclosures"] or [{}]
        ],
    )


def _totals(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Documents, disclosures and what they hold, by outcome."""
    totals: dict[str, Counter[str]] = {}
    for row in rows:
        total = totals.setdefault(row["outcome"], Counter())
        total["documents"] += 1
        total["disclosures"] += len(row["disclosures"])
        for disclosure in row["disclosures"]:
            for count in COUNTS:
                total[count] += disclosure[count] or 0
    return {outcome: dict(totals[outcome]) for outcome in OUTCOMES if outcome in totals}


def _print_summary(rows: list[dict[str, Any]]) -> None:
    counts = ("documents", "disclosures", *COUNTS)
    print_table(
        ("outcome", *counts),
        [(outcome, *(total.get(count, 0) for count in counts)) for outcome, total in _totals(rows).items()],
    )
    rejected = [(row["file_name"], row["error"].removeprefix(f"{row['file_name']}: ")) for row in rows if row["error"]]
    if rejected:
        print_table(("rejected", "reason"), rejected)
