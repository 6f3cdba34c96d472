"""Mutation tests: single wrong changes to declarations, rules and views. A test must notice each of them.

python -m benchmarks.mutants [--count 200] [--seed N] [--jobs 1] [--kind declarations|rules|views] [--file PART]
python -m benchmarks.mutants --all [--kind ...] [--file PART] [--verdicts FILE]

A wrong change is first tried without a test run, see ``benchmarks.trials``. What is not noticed so is made in a copy of
the tree, where the tests of the file run until the first failure, on the same server. Wrong rules are noticed if the
views that they generate differ from the committed ones. Another join changes nothing if Postgres makes the same plan of
both: so a condition elsewhere implies it. Other changes without an effect are listed with the reason in
``benchmarks/mutants.csv``. Exit code 1 if any other change survives.

``--all`` makes every wrong change. Tests do not run for those that are listed; what is listed and noticed is named.
With ``--verdicts`` each verdict is kept in a CSV file, and what is there already is not judged again.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import runpy
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import psycopg

from benchmarks.trials import FOREVER, ONLY_COMMENTS, REFUSED, SAME_PLAN, District, declared
from benchmarks.wrong_changes import KINDS, ROOT, Mutant, every, sample
from loader.warehouse.server import EmbeddedServer, external_url
from schema.migrate import upgrade

UNCHANGING = ROOT / "benchmarks" / "mutants.csv"
_COPIED = ("benchmarks", "loader", "migrations", "schema", "sql", "synthetic", "tests")
_PRELOADED = "alembic.command click highspy lxml.html pandas psycopg pytest_postgresql.factories rich.table".split()
_PRELOADED.append("sqlalchemy.dialects.postgresql.psycopg")
_REFUSED = re.compile(r"MigrationError|ViewError|^E +(Syntax|Import|Name|Value)Error", re.MULTILINE)
_SECONDS = 400  # a change that makes a test run forever counts as noticed
_SURVIVED = "survived"
_LISTED = "listed"

# The tests to run for a file, by the beginning of its path. The first entry that fits counts.
_VIEWS = tuple(f"tests/views/test_{part}.py" for part in ("cells", "goals", "reports", "grain", "marts"))
_DISTRICT = ("tests/test_district_views.py",)
_SAMPLE = ("tests/test_sample.py", *_VIEWS)
TESTS: dict[str, tuple[str, ...]] = {
    "schema/forms/": ("tests/test_declarations.py", *_VIEWS),
    "schema/reference_data.py": ("tests/test_declarations.py", "tests/test_rules.py", *_VIEWS),
    "schema/report_views/": ("tests/test_declarations.py", *_VIEWS, "tests/test_district_forms.py"),
    "schema/": ("tests/test_declarations.py", *_VIEWS),
    "sql/budget/counted_disclosure.sql": (*_DISTRICT, "tests/test_overlap.py", "tests/test_units_without_codes.py"),
    "sql/budget/current_amount.sql": (*_VIEWS, "tests/test_overlap.py", "tests/test_check.py"),
    "sql/budget/unit_lineage.sql": (*_DISTRICT, "tests/test_succession.py"),
    "sql/internal/carried_unit.sql": (*_DISTRICT, "tests/test_succession.py"),
    "sql/internal/cell_as_equal.sql": ("tests/test_stored_comparison.py", "tests/test_comparison.py", *_VIEWS),
    "sql/internal/counted_goal.sql": (*_VIEWS, "tests/test_bad_input.py"),
    "sql/internal/comparison_live.sql": ("tests/test_comparison.py", *_SAMPLE),
    "sql/internal/district_": (*_VIEWS, "tests/test_district_forms.py"),
    "sql/mart/change.sql": ("tests/test_succession.py", *_VIEWS),
    "sql/mart/execution.sql": ("tests/test_execution.py", *_VIEWS),
    "sql/mart/unit_over_years.sql": ("tests/test_succession.py", *_VIEWS),
    "sql/functions/compare_disclosures.sql": (
        "tests/test_comparison.py",
        *_SAMPLE,
        "tests/test_wrong_figures.py",
        "tests/test_revisions.py",
    ),
    "sql/functions/ensure_year.sql": (*_VIEWS, "tests/test_schema.py", "tests/test_distribution.py"),
    "sql/functions/finding_message.sql": ("tests/test_findings.py",),
    "sql/report/cell_line.sql": ("tests/test_explain.py", *_VIEWS),
    "sql/report/finding.sql": (*_DISTRICT, "tests/test_findings.py", "tests/test_bad_input.py"),
    "sql/report/prior_figure.sql": _DISTRICT,
    "sql/functions/computed_goals.sql": (*_VIEWS, "tests/test_overlap.py"),
    "sql/functions/proposed_corrections.sql": ("tests/test_check.py", *_VIEWS),
    "sql/functions/settle_facts.sql": (*_VIEWS, "tests/test_overlap.py"),
    "sql/functions/settle_subjects.sql": _VIEWS,
    "sql/functions/settle_revisions.sql": ("tests/test_revisions.py", "tests/test_load_order.py", *_DISTRICT),
    "sql/functions/settle_": (*_DISTRICT, "tests/test_overlap.py"),
    "sql/functions/store_comparison.sql": (*_SAMPLE, "tests/test_distribution.py", "tests/test_revisions.py"),
    "sql/report/comparison": ("tests/test_comparison.py", *_SAMPLE, "tests/test_revisions.py"),
    "sql/report/department_sum.sql": (*_DISTRICT, "tests/test_overlap.py", "tests/test_missing.py"),
    "sql/internal/goal_cell.sql": (*_SAMPLE, "tests/test_warehouse_round_trip.py", "tests/test_revisions.py"),
    "sql/report/missing_": (*_DISTRICT, "tests/test_missing.py", "tests/test_succession.py"),
    "sql/report/ocr_review.sql": ("tests/test_comparison.py", *_VIEWS),
    "sql/report/overlap_contradiction.sql": (*_DISTRICT, "tests/test_overlap.py"),
    "sql/report/revision_change.sql": (*_DISTRICT, "tests/test_revision_change.py"),
    "sql/report/unit_name_variant.sql": (*_DISTRICT, "tests/test_units.py"),
    "sql/report/unit_without_disclosure.sql": (*_DISTRICT, "tests/test_missing.py"),
    "sql/functions/stated_": ("tests/test_prose.py", "tests/test_rules.py", *_VIEWS),
    "sql/rule/stated": ("tests/test_prose.py", "tests/test_rules.py", *_VIEWS),
    "sql/rule/same_figure.sql": ("tests/test_rules.py", "tests/test_coarse_forms.py"),
    "sql/rule/": ("tests/test_rules.py", "tests/test_check.py", *_VIEWS),
    "sql/mart_zh/比对": ("tests/test_comparison.py", *_VIEWS),
    "sql/mart_zh/发现的问题.sql": ("tests/test_comparison.py", *_VIEWS),
    "sql/mart_zh/缺少的报表.sql": ("tests/test_comparison.py", *_VIEWS),
    "sql/meta/": ("tests/test_schema.py", *_VIEWS),
    "sql/": _VIEWS,
}


def _tests(path: str) -> tuple[str, ...]:
    return next(tests for start, tests in TESTS.items() if path.startswith(start))


def judge(mutant: Mutant, district: District) -> str:
    """``survived``, ``refused`` (Python or Postgres rejects the change), or what noticed it."""
    return tried(mutant, district) or tested(mutant)


def tried(mutant: Mutant, district: District) -> str | None:
    """What is said of a mutant without a test run. None if nothing notices it."""
    return district.verdict(mutant) if mutant.kind == "views" else declared(mutant)


def tested(mutant: Mutant) -> str:
    """What the tests of the file say in a copy of the tree."""
    folder = Path(tempfile.mkdtemp(prefix="hetang-mutant-"))
    try:
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name)
        for name in ("samples", "docs", "README.md", "README.zh-CN.md"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / mutant.path).write_text(mutant.text, encoding="utf-8")
        if mutant.kind != "views" and _run(folder, "schema.generate")[0] != 0:
            return REFUSED
        code, output = _run(folder, "pytest", "-q", "-x", "-p", "no:cacheprovider", *_tests(mutant.path))
        if code == 0:
            return _SURVIVED
        if code is None:
            return FOREVER
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        if failed is None or _REFUSED.search(output):
            return REFUSED
        return failed[1].split("[")[0]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, module: str, *arguments: str) -> tuple[int | None, str]:
    """The exit code of a module in another tree, None if it took too long, and its output.

    It runs in a fork of this process, which has already imported the libraries.
    """
    output = folder / "output.txt"
    process = get_context("fork").Process(target=_enter, args=(folder, output, module, *arguments))
    process.start()
    process.join(_SECONDS)
    if process.exitcode is None:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        return None, ""
    return process.exitcode, output.read_text(encoding="utf-8", errors="replace")


def _enter(folder: Path, output: Path, module: str, *arguments: str) -> None:
    """Run a module in the other tree like `python -m module`, then exit."""
    stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(stream, number)
    os.chdir(folder)
    for name in [name for name in sys.modules if name.split(".")[0] in _COPIED]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    sys.argv = [module, *arguments]
    code: object = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as stopped:
        code = stopped.code
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code) if isinstance(code, int) else int(code is not None))


def unchanging() -> dict[tuple[str, str, str], str]:
    """(file, old text, new text) → why the change has no effect."""
    with UNCHANGING.open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def main() -> None:
    """Judge a sample of mutants, or all, and print the result. Exit code 1 if one survives."""
    parser = argparse.ArgumentParser(description="Make single wrong changes and see whether the tests notice.")
    parser.add_argument("--all", action="store_true", help="every wrong change instead of a sample")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--file", default="", help="only files whose path holds this")
    parser.add_argument("--verdicts", type=Path, help="with --all: a CSV file to go on with")
    arguments = parser.parse_args()
    kinds = [arguments.kind] if arguments.kind else list(KINDS)
    if external_url() is not None:
        sys.exit("DATABASE_URL is set: wrong views are tried on a server of their own")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="hetang-mutants-", dir=memory) as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        server.start()
        os.environ["DATABASE_URL"] = server.administrator_url()
        try:
            district = _warm(server)
            for name in _PRELOADED:
                import_module(name)
            if arguments.all:
                judged = _all(every(kinds, arguments.file), arguments.verdicts, district)
            else:
                chosen = sample(kinds, arguments.file, arguments.count, arguments.seed)
                judged = _sample(chosen, arguments.jobs, district)
            code = _tell(judged)
        finally:
            server.stop()
    sys.exit(code)


def _warm(server: EmbeddedServer) -> District:
    """Create the schema in the template of this server's databases, so that tests only create what a mutant changes,
    and the district."""
    with psycopg.connect(server.administrator_url(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"alter system set {setting} = off".encode())
        connection.execute("select pg_reload_conf()")
        upgrade(server.administrator_url("template1"))
        connection.execute("create database district")
    return District(server.administrator_url("district"))


Judged = Iterator[tuple[Mutant, str]]


def _sample(chosen: list[Mutant], jobs: int, district: District) -> Judged:
    known = unchanging()
    with ThreadPoolExecutor(jobs) as pool:
        for mutant, verdict in zip(chosen, pool.map(lambda mutant: judge(mutant, district), chosen), strict=True):
            is_listed = verdict == _SURVIVED and (mutant.path, *mutant.change()) in known
            yield mutant, _LISTED if is_listed else verdict


def _all(mutants: list[Mutant], verdicts: Path | None, district: District) -> Judged:
    known = unchanging()
    done = _kept(verdicts)
    needed = set()
    for mutant in mutants:
        key = (mutant.path, *mutant.change())
        digest = sha256(mutant.text.encode()).hexdigest()[:16]
        verdict = done.get(digest) or tried(mutant, district) or (_LISTED if key in known else tested(mutant))
        if verdict == _LISTED:
            needed.add(key)
        if verdicts and digest not in done:
            with verdicts.open("a", encoding="utf-8", newline="") as file:
                csv.writer(file).writerow([digest, mutant.kind, *key, verdict])
        yield mutant, verdict
    paths = {mutant.path for mutant in mutants}
    for path, before, after in known.keys() - needed:
        if path in paths:
            print(f"\nlisted, but noticed or no longer made in {path}\n  - {before}\n  + {after}")


def _kept(verdicts: Path | None) -> dict[str, str]:
    """Digest of a changed file → verdict."""
    if verdicts is None or not verdicts.exists():
        return {}
    with verdicts.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[-1] for row in csv.reader(file)}


_WORDS = {word: word for word in (REFUSED, _LISTED, _SURVIVED)} | dict.fromkeys(
    (ONLY_COMMENTS, SAME_PLAN), "unchanging"
)


def _tell(judged: Judged) -> int:
    """Print verdicts as they come, then how many there were."""
    words = ("killed", REFUSED, "unchanging", _LISTED, _SURVIVED)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    noticed: Counter[str] = Counter()
    survivors = []
    for number, (mutant, verdict) in enumerate(judged, start=1):
        before, after = mutant.change()
        word = _WORDS.get(verdict, "killed")
        counts[mutant.kind, mutant.path][word] += 1
        counts[mutant.kind, ""][word] += 1
        noticed[verdict] += 1
        print(f"{number} {word:10} {mutant.path}: {before} → {after}  [{verdict}]", flush=True)
        if word == _SURVIVED:
            survivors.append((mutant.path, before, after))
    print(f"\n{'kind':13} {'file':44}", *(f"{word:>10}" for word in words))
    for (kind, path), found in sorted(counts.items()):
        print(f"{kind:13} {path:44}", *(f"{found[word]:10}" for word in words))
    print("\nnoticed by")
    for test, number in noticed.most_common():
        print(f"{number:5} {test}")
    for path, before, after in survivors:
        print(f"\nsurvived in {path}\n  - {before}\n  + {after}")
    return int(bool(survivors))


if __name__ == "__main__":
    main()
