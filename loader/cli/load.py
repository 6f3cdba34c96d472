"""`hetang load`: load documents and whole folders."""

from __future__ import annotations

import datetime
import os
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from loader.cli.advice import how_to_decide, not_counted, undecided_among, what_next
from loader.cli.console import division_option, json_option, print_json, print_line, print_message
from loader.cli.exits import end
from loader.cli.input_types import DATE, STAGE, UNIT, YEAR
from loader.cli.language import translated
from loader.warehouse.connection import connect
from loader.warehouse.server import database_url
from loader.warehouse.severities import SEVERITIES

if TYPE_CHECKING:
    from loader.cli.load_log import Log
    from loader.loading.bulk import BulkLoad
    from loader.loading.folder import Found
    from loader.loading.options import Options
    from loader.loading.result import Result

FEW = 20  # up to this number, documents are listed one by one


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _StrictAlone(click.Command):
    """``--strict`` may be given without a value; the path that follows is not taken for one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--strict=error" if word == "--strict" else word for word in args])


@click.command(cls=_StrictAlone)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--year", type=YEAR, help="Fiscal year; overrides the year in the document.")
@click.option("--unit", type=UNIT, help="Code of the filing unit, if the document does not state it.")
@click.option("--stage", type=STAGE, help="budget, adjusted or final, if the document states none or a wrong one.")
@click.option("--published", type=DATE, help="Publication date; the latest revision is current.")
@click.option("--supersede", is_flag=True, help="Make these documents current if dates do not decide it.")
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file with details of each document. Default: manifest.csv in the folders.",
)
@click.option("--jobs", type=click.IntRange(1), default=_cores, help="Number of processes. Default: one per core.")
@click.option("--again", is_flag=True, help="Read known documents again and replace what was stored.")
@click.option(
    "--strict",
    type=click.Choice(SEVERITIES),
    help="Reject documents with a failed rule or a finding of this severity or higher. Without a value: error.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen; change nothing.")
@click.option("--fail-fast", is_flag=True, help="Start no more documents after one is rejected.")
@click.option(
    "--log-file",
    type=click.File("a", encoding="utf-8", errors="backslashreplace", lazy=False),
    help="Append a log (JSON lines) to this file.",
)
@division_option
@json_option
def load(
    paths: tuple[Path, ...],
    year: int | None,
    unit: str | None,
    stage: str | None,
    published: datetime.date | None,
    supersede: bool,
    manifest: Path | None,
    jobs: int,
    again: bool,
    strict: str | None,
    dry_run: bool,
    fail_fast: bool,
    log_file: TextIO | None,
    division: str,
    as_json: bool,
) -> None:
    """Load documents, folders and ZIP archives.

    Each document is loaded whole or not at all. A document that is already loaded changes nothing; a changed document
    becomes a new revision. Ctrl-C finishes the documents in progress and stops; a second Ctrl-C stops at once. Run the
    command again to continue.

    A manifest.csv in a folder has the columns file, published_on, source_address, unit, year and stage. Its values
    override the options.

    \b
      hetang load 001001.txt
      hetang load 2024/ --year 2024
      hetang load 2024/ --dry-run --json > what-would-happen.json
      hetang load corrected.txt --published 2024-03-01
      hetang load corrected.txt --supersede
      hetang load 2024/ --strict
      hetang load 2024/ --again
      hetang load wrong-year.pdf --again --year 2023
    """
    from loader.answers.divisions import is_known
    from loader.cli.load_log import Log
    from loader.cli.load_outcome import exit_of, rows_of, totals_of
    from loader.loading.bulk import BulkLoad
    from loader.loading.options import Options
    from loader.warehouse.revisions import next_supersede_rank

    options = Options(division, year, unit, published, stage=stage, again=again, strict=strict)
    files = _with_options(paths, manifest, options)
    log = Log(log_file)
    with closing(connect(to_write=True)) as connection:
        if not is_known(connection, division):
            raise click.UsageError(f"the warehouse has no division {division}; add a row to budget.division first")
        if supersede:
            rank = next_supersede_rank(connection)
            files = [(found, replace(options, supersede=True, supersede_rank=rank)) for found, options in files]
        bulk = BulkLoad(connection, database_url(), files, jobs, dry_run)
        log.write("begin", paths=[str(path) for path in paths], files=len(files), jobs=bulk.jobs, dry_run=dry_run)
        results, is_interrupted, trouble = _run(bulk, len(files), log, fail_fast)
        rows = rows_of(connection, division, results)
        advice = [] if trouble else list(not_counted(connection, division, rows))
        if not trouble and (several := undecided_among(connection, division, rows)):
            advice.append(how_to_decide(several))
    _print_outcome(rows, advice, as_json)
    code = exit_of(results, is_interrupted, trouble)
    log.write("end", exit_code=code, not_begun=bulk.not_begun, trouble=trouble, outcomes=totals_of(rows))
    if dry_run:
        print_message("dry run: nothing has changed")
    if bulk.not_begun:
        print_message(f"{bulk.not_begun} of {len(files)} files not started; run the command again to continue")
    if trouble is not None:
        print_message(f"database error: {trouble}")
    elif is_interrupted:
        print_message("interrupted")
    elif not dry_run and not as_json:
        _say_next(what_next(rows, division))
    if code:
        end(code)


def _run(bulk: BulkLoad, count: int, log: Log, fail_fast: bool) -> tuple[list[Result], bool, str | None]:
    """Load the documents and show how far it is. Returns the results, whether a key interrupted the load, and the
    trouble of the database that ended it."""
    from loader.cli.load_progress import CtrlC, progress
    from loader.loading.bulk import DatabaseTrouble

    results: list[Result] = []
    trouble: str | None = None
    with CtrlC(bulk) as ctrl_c, progress(count) as show:
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
    return results, ctrl_c.times > 0, trouble


def _print_outcome(rows: list[dict[str, Any]], advice: list[str], as_json: bool) -> None:
    """Print what became of the documents, what changed or looks doubtful, and ``advice``."""
    from loader.cli.load_outcome import print_documents, print_summary, warnings

    if as_json:
        print_json(rows)
    elif len(rows) <= FEW:
        print_documents(rows)
    else:
        print_summary(rows)
    for row in rows:
        for message in (*row["changes"], *warnings(row)):
            print_message(f"{row['file_name']}: {message}")
    for message in advice:
        print_message(message)


def _say_next(commands: list[tuple[str, str]]) -> None:
    if commands:
        print_line("Next:")
        longest = max(len(command) for command, _ in commands)
        for command, meaning in commands:
            print_line(f"  {command:<{longest}}  {translated(meaning)}")


def _with_options(paths: tuple[Path, ...], manifest: Path | None, options: Options) -> list[tuple[Found, Options]]:
    """The documents, each with its options. Values of a manifest override the options of the command line."""
    from loader.loading.folder import find
    from loader.loading.manifest import ManifestError, read_manifests, real

    try:
        found, manifests = find(paths)
        if manifest is not None:
            manifests = [manifest]
            found = [document for document in found if real(document.path) != real(manifest)]
        entries = read_manifests(manifests, [path for path in paths if path.is_dir()] if manifest else [])
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from error
    except ManifestError as error:
        raise click.UsageError(str(error)) from error
    if not found:
        raise click.UsageError("no documents found in the folders")
    files = []
    for document in found:
        entry = entries.get(real(document.path))
        known = {} if entry is None else {name: value for name, value in asdict(entry).items() if value is not None}
        files.append((document, replace(options, **known)))
    return files
