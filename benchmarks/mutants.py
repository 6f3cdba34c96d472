"""Mutation tests: single wrong changes to declarations, rules and views. A test must notice each of them.

python -m benchmarks.mutants [--count 200] [--seed N] [--jobs 1] [--kind declarations|rules|views] [--file PART]

A wrong view or function is first tried in the district of tests/views/test_contents.py. What is not noticed there is
made in a copy of the tree, where the tests of the file run until the first failure, on the same server. Wrong rules are
noticed if the views that they generate differ from the committed ones. Another join changes nothing if Postgres makes
the same plan of both: so a condition elsewhere implies it. Other changes without an effect are listed with the reason
in ``benchmarks/mutants.csv``. Exit code 1 if any other change survives.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import os
import random
import re
import runpy
import shutil
import signal
import sys
import tempfile
import tokenize
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import ndiff
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from threading import Lock

import psycopg
from psycopg.errors import InvalidTableDefinition, QueryCanceled

from loader.warehouse.server import EmbeddedServer, external_url
from schema.migrate import upgrade
from synthetic import view_cases
from synthetic.view_contents import fingerprint, relations

ROOT = Path(__file__).parent.parent
UNCHANGING = ROOT / "benchmarks" / "mutants.csv"
_COPIED = ("benchmarks", "loader", "migrations", "schema", "sql", "synthetic", "tests")
_PRELOADED = "alembic.command click highspy lxml.html pandas psycopg pytest_postgresql.factories rich.table".split()
_PRELOADED.append("sqlalchemy.dialects.postgresql.psycopg")
_SAME_PLAN = "the same plan"
_FOREVER = "ran forever"
_JOIN = re.compile(r"\b(inner|left|full) join\b")
_REFUSED = re.compile(r"MigrationError|ViewError|^E +(Syntax|Import|Name|Value)Error", re.MULTILINE)
_SECONDS = 600  # a change that makes a test run forever counts as noticed

_LANGUAGE = ("__init__.py", "template.py")
RULES = ("schema/reference_data.py", "schema/generate.py", "schema/report_columns.py")

# The tests to run for a file, by the beginning of its path. The first entry that fits counts.
_CONTENTS = "tests/views/test_contents.py"
_VIEWS = tuple(f"tests/views/test_{part}.py" for part in ("cells", "goals", "reports", "grain", "marts"))
_DISTRICT = ("tests/test_district_views.py",)
_SAMPLE = ("tests/test_sample.py", *_VIEWS)
TESTS: dict[str, tuple[str, ...]] = {
    "schema/forms/": ("tests/test_declarations.py", *_VIEWS),
    "schema/reference_data.py": ("tests/test_declarations.py", "tests/test_rules.py", *_VIEWS),
    "schema/generate.py": ("tests/test_declarations.py", *_VIEWS, "tests/test_district_forms.py"),
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


@dataclass(frozen=True)
class Mutant:
    """One file with one wrong change."""

    kind: str
    path: str
    text: str

    def change(self) -> tuple[str, str]:
        """The old and the new text, as one line each."""
        old = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        lines = [line for line in ndiff(old, self.text.splitlines()) if line[:2] in ("- ", "+ ")]
        before, after = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
        return before, after


# ---------------------------------------------------------------------------- wrong changes to SQL

_SQL: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"(?<![<>!=:-])=(?![>=])", "<>"),
    (r"<>", "="),
    (r"(?<=\s)<(?=\s)", "<="),
    (r"(?<=\s)>(?=\s)", ">="),
    (r"(?<=\s)<=(?=\s)", "<"),
    (r"(?<=\s)>=(?=\s)", ">"),
    (r"(?<=\w) \+ (?=\w)", " - "),
    (r"(?<=\w|\)) - (?=\w)", " + "),
    (r"\bsum\(", "max("),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bbool_and\(", "bool_or("),
    (r"\bbool_or\(", "bool_and("),
    (r"\bgreatest\(", "least("),
    (r"\binner join\b", "left join"),
    (r"\bleft join\b", "inner join"),
    (r"\bfull join\b", "left join"),
    (r"\bcoalesce\(([\w.]+), [^()]+\)", r"\1"),
    (r"\bnullif\(([^()]+), [^()]+\)", r"\1"),
    (r"\babs\(([^()]+)\)", r"\1"),
    (r"\b(left|right)\(([\w.]+), 3\)", r"\1(\2, 2)"),
    (r"\bsubstr\(([\w.]+), (\d)", r"substr(\1, 1\2"),
    (r" desc\b", ""),
    (r"\border by ([\w.]+)$", r"order by \1 desc"),
    (r"\bselect distinct\b(?! on)", "select"),
    (r"\bcount\(distinct ", "count("),
    (r"\bnot exists\b", "exists"),
    (r"\bis not null\b", "is null"),
    (r"\bis null\b", "is not null"),
    (r"\bnot in\b", "in"),
    (r"\bor\b", "and"),
    (r"(?<=\S) and\b", " or"),
    (r"\bnot (?=[a-z_]+\.|is_|form)", ""),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"'(?!g')(\w[^'%]*)'", r"'\1x'"),  # 'g' says how a pattern is replaced, and x with it means nothing
    (r"\b([1-9])\b(?!\.\d|')", lambda m: str(int(m[1]) + 1)),
    (r"\{([0-9]),\}", r"{9,}"),
)
_CREATED = re.compile(r"^create (?:or replace )?(?:view|function) ([\w.]+)", re.MULTILINE)
_UNTOUCHED = re.compile(r"create (or replace )?(view|function)|^set |^language |raise |plan_cache_mode|hashtext")
# A disclosure's id determines its division and year; these conditions only select a partition and a server.
_REDUNDANT = re.compile(r"\s*(where|and)( (\w+\.)?(division_code|fiscal_year) = [\w.]+( and)?)+\n?")


def _wrong_sql(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        code, mark, comment = line.rstrip("\n").partition("--")
        if not code.strip() or _UNTOUCHED.search(code):
            continue
        for pattern, replacement in _SQL:
            for match in re.finditer(pattern, code):
                new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
                changed = code[: match.start()] + new + code[match.end() :]
                yield _with(lines, number, changed + mark + comment + "\n")
        if without := _without_condition(lines, number):
            yield without


def _with(lines: list[str], number: int, *new: str) -> str:
    return "".join([*lines[:number], *new, *lines[number + 1 :]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_condition(lines: list[str], number: int) -> str | None:
    """The text without the condition in this line.

    None if the line is no condition, or a part of a longer one.
    """
    line, after = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
    if line.count("(") != line.count(")") or "case" in line or " then " in line:
        return None
    if _REDUNDANT.fullmatch(line) and "disclosure_id" in _around(lines, number):
        return None
    if re.match(r"\s+(and|or) ", line):
        if _indent(after) > _indent(line):
            return None
        return _with(lines, number)
    if re.match(r"\s*where ", line):
        if re.match(r"\s+and ", after):
            return "".join([*lines[:number], re.sub(r"\band\b", "where", after, count=1), *lines[number + 2 :]])
        if _indent(after) <= _indent(line):
            return _with(lines, number)
    return None


def _around(lines: list[str], number: int) -> str:
    """The conditions directly above and below a line."""
    beside = [line for line in lines[max(0, number - 3) : number + 4] if re.match(r"\s+(on|and|where) ", line)]
    return "".join(beside)


# ---------------------------------------------------------------------------- wrong changes to Python

_WORDS = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    ">": ">=",
    "<=": "<",
    ">=": ">",
    "and": "or",
    "or": "and",
    "True": "False",
    "False": "True",
    "EXPENDITURE": "REVENUE",
    "REVENUE": "CARRY_OVER",
    "CARRY_OVER": "EXPENDITURE",
    "_government_economic": "_department_economic",
    "_department_economic": "_government_economic",
    "UNIT_ROWS": "FUNCTION_ROWS",
    "FUNCTION_ROWS": "ITEM_ROWS",
    "ITEM_ROWS": "FUNCTION_ROWS",
    "_WAGES": "_GOODS",
    "_GOODS": "_INDIVIDUALS",
    "_INDIVIDUALS": "_WAGES",
    "PUBLIC": "STAFF",
    "STAFF": "PUBLIC",
    '"basic"': '"project"',
    '"project"': '"basic"',
    '"operating"': '"remitted"',
    '"remitted"': '"subsidy"',
    '"subsidy"': '"operating"',
    '"opening"': '"closing"',
    '"closing"': '"opening"',
    '"department"': '"government"',
    '"government"': '"department"',
}
_CODE = re.compile(r'"\d{1,7}"')
_CHINESE = re.compile(r'"[^"]*[\u4e00-\u9fff][^"]*"')
_PLAIN = re.compile(r"^(from|import) |encoding=|__name__|Path\(|_WIDTH|raise ")
_COLUMN = re.compile(r'^\s+(?:\w*\()?"([a-z][a-z_0-9]+)",(?: \(| "|$)')


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    skipped = (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token for token in found if token.type not in skipped and not token.string.startswith(('"""', "r'"))]


def _wrong_python(text: str, in_sql: bool) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    tokens = _tokens(text)
    for token, after, last in zip(tokens, tokens[1:], tokens[2:], strict=False):
        row = token.start[0] - 1
        if lines[row].startswith("def stale"):
            break  # the rest is the command, which generates nothing
        if token.start[0] != token.end[0] or _PLAIN.search(lines[row]):
            continue
        for new in _replacements(token, in_sql):
            yield _with(lines, row, lines[row][: token.start[1]] + new + lines[row][token.end[1] :])
        # a code, or another member, dropped from a tuple of several
        if token.type == tokenize.STRING and after.string == "," and last.type == tokenize.STRING:
            if last.start[0] == token.start[0]:
                rest = lines[row][last.end[1] :]
                comma = "," if rest.startswith(")") else ""  # still a tuple
                yield _with(lines, row, lines[row][: token.start[1]] + last.string + comma + rest)
            elif after.end[0] == token.start[0] and not lines[row][: token.start[1]].strip():
                yield _with(lines, row, lines[row][: token.start[1]] + lines[row][after.end[1] :])
    named = [(number, match) for number, line in enumerate(lines) if (match := _COLUMN.match(line))]
    for (number, match), (other, next_match) in itertools.pairwise(named):
        swapped = list(lines)
        swapped[number] = _renamed(lines[number], match, next_match[1])
        swapped[other] = _renamed(lines[other], next_match, match[1])
        yield "".join(swapped)


def _renamed(line: str, match: re.Match[str], name: str) -> str:
    return line[: match.start(1)] + name + line[match.end(1) :]


def _replacements(token: tokenize.TokenInfo, in_sql: bool) -> Iterator[str]:
    word = token.string
    if word in _WORDS:
        yield _WORDS[word]
    elif token.type == tokenize.NUMBER and word.isdigit():
        yield str(int(word) + 1)
    elif token.type == tokenize.STRING and _CODE.fullmatch(word):
        yield f'"{word[1:-2]}{(int(word[-2]) + 1) % 10}"'
    elif token.type == tokenize.STRING and _CHINESE.fullmatch(word):
        yield f'{word[:-2]}"' if len(word) > 3 else '"某"'
    elif token.type == tokenize.STRING and in_sql:
        for pattern, replacement in _SQL:
            for match in re.finditer(pattern, word):
                new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
                yield word[: match.start()] + new + word[match.end() :]


# ---------------------------------------------------------------------------- all of them


def _files(kind: str) -> list[Path]:
    if kind == "declarations":
        return [path for path in sorted((ROOT / "schema/forms").glob("*.py")) if path.name not in _LANGUAGE]
    if kind == "rules":
        return [ROOT / path for path in RULES]
    return [path for path in sorted((ROOT / "sql").rglob("*.sql")) if path.parent.name != "generated"]


def mutants(kind: str) -> dict[str, list[Mutant]]:
    """File → every wrong change of it that still compiles."""
    found: dict[str, list[Mutant]] = {}
    for path in _files(kind):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        wrong = _wrong_sql(text) if kind == "views" else _wrong_python(text, in_sql=kind == "rules")
        texts = [changed for changed in dict.fromkeys(wrong) if changed != text]
        if kind != "views":
            texts = [changed for changed in texts if _compiles(changed)]
        found[name] = [Mutant(kind, name, changed) for changed in texts]
    return found


def _compiles(text: str) -> bool:
    try:
        compile(text, "", "exec")
    except SyntaxError:
        return False
    return True


def sample(kinds: list[str], part: str, count: int, seed: int) -> list[Mutant]:
    """A random sample, with the same number of each kind.

    The share of a file grows with the square root of its number of changes.
    """
    chance = random.Random(seed)
    chosen: list[Mutant] = []
    for number, kind in enumerate(kinds):
        wanted = count // len(kinds) + (number < count % len(kinds))
        files = {name: found for name, found in mutants(kind).items() if part in name and found}
        keyed = [(chance.random() ** (len(found) ** 0.5), mutant) for found in files.values() for mutant in found]
        keyed.sort(key=lambda entry: entry[0], reverse=True)
        chosen += [mutant for _, mutant in keyed[:wanted]]
    chance.shuffle(chosen)
    return chosen


# ---------------------------------------------------------------------------- judging a mutant


def _tests(path: str) -> tuple[str, ...]:
    return next(tests for start, tests in TESTS.items() if path.startswith(start))


class District:
    """The warehouse of ``synthetic.view_cases``, in which wrong views are tried, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        """Write the district into an empty warehouse."""
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        with self._connection.transaction():
            view_cases.write(self._connection)
        self._right: dict[str, object] = {}
        self._lock = Lock()

    def verdict(self, mutant: Mutant) -> str | None:
        """What the test of all contents says, or that the plan is the same.

        None if it notices nothing, or has no question to this file.
        """
        created = _CREATED.search(mutant.text) if mutant.kind == "views" else None
        if created is None or created[1] not in relations():
            return None
        relation = created[1]
        with self._lock:
            if relation not in self._right:
                self._right[relation] = fingerprint(self._connection, relation)
            try:
                with self._connection.transaction(force_rollback=True):
                    self._connection.execute("set local statement_timeout = '60s'")
                    plan = self._plan(mutant, relation)
                    self._create(relation, mutant.text)
                    same = fingerprint(self._connection, relation) == self._right[relation]
                    if same and plan is not None and self._plan(mutant, relation) == plan:
                        return _SAME_PLAN
            except QueryCanceled:
                return _FOREVER
            except psycopg.Error:
                return "refused"
        return None if same else f"{_CONTENTS}::test_contents_are_as_reviewed"

    def _plan(self, mutant: Mutant, relation: str) -> str | None:
        """The plan of a view, if only a join is another. None otherwise: plans do not show all of other changes."""
        before, after = mutant.change()
        if "/functions/" in mutant.path or _JOIN.sub("join", before) != _JOIN.sub("join", after):
            return None
        rows = self._connection.execute(f"explain (verbose, costs off) select * from {relation}".encode())
        return "\n".join(row[0] for row in rows)

    def _create(self, relation: str, text: str) -> None:
        try:
            with self._connection.transaction():
                self._connection.execute(text.replace("create view", "create or replace view", 1).encode())
        except InvalidTableDefinition:  # other types
            self._connection.execute(f"drop view {relation} cascade".encode())
            self._connection.execute(text.encode())


def judge(mutant: Mutant, district: District) -> str:
    """``survived``, ``refused`` (Python or Postgres rejects the change), or the test that noticed it."""
    if noticed := district.verdict(mutant):
        return noticed
    folder = Path(tempfile.mkdtemp(prefix="hetang-mutant-"))
    try:
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name)
        for name in ("samples", "docs", "README.md", "README.zh-CN.md"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / mutant.path).write_text(mutant.text, encoding="utf-8")
        if mutant.kind != "views" and _run(folder, "schema.generate")[0] != 0:
            return "refused"
        if mutant.kind == "rules" and _generated(folder) != _generated(ROOT):
            return "tests/views/test_reports.py::test_the_generated_files_are_as_the_declarations_make_them"
        if mutant.path == "schema/generate.py":
            return "only comments and blanks"
        code, output = _run(folder, "pytest", "-q", "-x", "-p", "no:cacheprovider", *_tests(mutant.path))
        if code == 0:
            return "survived"
        if code is None:
            return _FOREVER
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        if failed is None or _REFUSED.search(output):
            return "refused"
        return failed[1].split("[")[0]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _generated(root: Path) -> dict[str, list[str]]:
    """The generated views, without comments and blanks."""
    views = sorted(root.glob("sql/*/generated/*.sql"))
    return {
        str(view.relative_to(root)): re.sub(r"--[^\n]*", "", view.read_text(encoding="utf-8")).split() for view in views
    }


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
    """Judge a sample of mutants and print the result. Exit code 1 if one survives."""
    parser = argparse.ArgumentParser(description="Make single wrong changes and see whether the tests notice.")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kind", choices=("declarations", "rules", "views"))
    parser.add_argument("--file", default="", help="only files whose path holds this")
    arguments = parser.parse_args()
    kinds = [arguments.kind] if arguments.kind else ["declarations", "rules", "views"]
    chosen = sample(kinds, arguments.file, arguments.count, arguments.seed)
    if external_url() is not None:
        sys.exit("DATABASE_URL is set: wrong views are tried on a server of their own")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="hetang-mutants-", dir=memory) as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        server.start()
        os.environ["DATABASE_URL"] = server.administrator_url()
        try:
            code = _judge_all(chosen, arguments.jobs, _warm(server))
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


def _judge_all(chosen: list[Mutant], jobs: int, district: District) -> int:
    for name in _PRELOADED:
        import_module(name)
    known = unchanging()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    noticed: Counter[str] = Counter()
    survivors = []
    with ThreadPoolExecutor(jobs) as pool:
        for number, (mutant, verdict) in enumerate(
            zip(chosen, pool.map(partial(judge, district=district), chosen), strict=True), start=1
        ):
            before, after = mutant.change()
            word = verdict if verdict in ("survived", "refused") else "killed"
            if verdict in ("only comments and blanks", _SAME_PLAN):
                word = "unchanging"
            if verdict == "survived" and (mutant.path, before, after) in known:
                word = "unchanging"
            counts[mutant.kind, mutant.path][word] += 1
            noticed[verdict] += 1
            print(f"{number} {word:10} {mutant.path}: {before} → {after}  [{verdict}]", flush=True)
            if word == "survived":
                survivors.append((mutant.path, before, after))
    print(f"\n{'kind':13} {'file':44} {'killed':>7} {'refused':>8} {'unchanging':>11} {'survived':>9}")
    for (kind, path), found in sorted(counts.items()):
        numbers = (found["killed"], found["refused"], found["unchanging"], found["survived"])
        print(f"{kind:13} {path:44} {numbers[0]:7} {numbers[1]:8} {numbers[2]:11} {numbers[3]:9}")
    print("\nnoticed by")
    for test, number in noticed.most_common():
        print(f"{number:5} {test}")
    for path, before, after in survivors:
        print(f"\nsurvived in {path}\n  - {before}\n  + {after}")
    return int(bool(survivors))


if __name__ == "__main__":
    main()
