"""What the documentation says is true: its commands run, its queries answer, the names in it exist."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest

from loader.cli.exits import Exit
from loader.cli.main import main
from loader.warehouse.server import EmbeddedServer
from schema.codes.finding_kinds import finding_kinds
from schema.codes.lists import read_codes
from schema.tables import metadata
from synthetic.rendering import FORMS
from tests.conftest import Run, folder_in_memory, shared_clone

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (
    *READMES,
    *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text(page), re.DOTALL | re.MULTILINE)


def names(pages: tuple[Path, ...]) -> list[str]:
    return [page.name for page in pages]


# ---------------------------------------------------------------------------- commands


@pytest.fixture
def workplace(sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder with the files that the commands speak of, and a warehouse of its own."""
    content = sample.read_text(encoding="utf-8")
    with folder_in_memory() as name:
        folder = Path(name)
        (folder / "samples").mkdir()
        (folder / "2024").mkdir()
        (folder / "samples" / "001001.txt").write_text(content, encoding="utf-8")
        (folder / "2024" / "001001.txt").write_text(content, encoding="utf-8")
        (folder / "corrected.txt").write_text(content.replace("听取和审查", "听取、审查"), encoding="utf-8")
        (folder / "accounts.txt").write_text(content, encoding="utf-8")
        monkeypatch.setenv("HETANG_DATA", name)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        with monkeypatch.context() as there:
            there.chdir(folder)
            yield
        EmbeddedServer(folder).stop()


@pytest.mark.usefixtures("workplace")
def test_the_commands_of_the_readme_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = [line for block in blocks(READMES[0], "sh") for line in block.splitlines() if line.startswith("hetang ")]
    assert len(commands) > 12
    for command in commands:
        words = shlex.split(command, comments=True)[1:]
        if "psql" in words:  # it replaces the process
            monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
            subprocess.run([sys.executable, "-m", "loader", *words], check=True, stdout=subprocess.DEVNULL)
        else:
            run(*words)


@pytest.mark.parametrize("page", READMES, ids=names(READMES))
def test_the_first_screen_shows_what_the_program_prints(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path, page: Path
) -> None:
    (shown,) = blocks(page, "console")
    commands = [shlex.split(line.removeprefix("$ hetang ")) for line in shown.splitlines() if line.startswith("$ ")]
    content = sample.read_text(encoding="utf-8")
    path = tmp_path / commands[0][1]
    path.write_text(content.replace("896.28\t790.28\t106.00", "896.28\t791.28\t106.00", 1), encoding="utf-8")
    run("load", path)
    language = ("--lang", "zh" if "zh" in page.name else "en")
    printed = run(*language, *commands[1], code=4).stdout
    assert "".join(f"{line}\n" for line in shown.splitlines() if not line.startswith("$ ")) in printed


def test_both_readmes_hold_the_same_commands_and_queries() -> None:
    commands, queries = ([blocks(page, language) for page in READMES] for language in ("sh", "sql"))
    assert queries[0] == queries[1]
    without_comments = [[shlex.split(block, comments=True) for block in of_page] for of_page in commands]
    assert without_comments[0] == without_comments[1]


def spoken_commands(page: Path) -> list[str]:
    """Every `hetang …` in a block or in the text."""
    fenced = [line for block in blocks(page, "sh") for line in block.splitlines() if line.startswith("hetang ")]
    return fenced + re.findall(r"`(hetang [^`\n]+)`", text(page))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_commands_and_options_exist(page: Path) -> None:
    for spoken in spoken_commands(page):
        words = shlex.split(spoken, comments=True)[1:]
        command: click.Command = main
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert not isinstance(command, click.Group) or words in (["--help"], ["--version"]), (
            f"{spoken}: no such command"
        )
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        unknown = {word for word in words if word.startswith("--")} - known
        assert command.name == "psql" or not unknown, f"{spoken}: {unknown}"


@pytest.mark.parametrize("page", READMES, ids=names(READMES))
def test_options_named_alone_exist(page: Path) -> None:
    every = {o for c in (main, *main.commands.values()) for p in c.params for o in p.opts}
    for option in re.findall(r"`(--[a-z-]+)[^`]*`", text(page)):
        assert option in every


def test_all_exit_codes_are_told(run: Run) -> None:
    for page in READMES:
        told = re.findall(r"^\| (\d+) \| ([^|]+) \|$", text(page), re.MULTILINE)
        assert [int(code) for code, _ in told] == list(Exit)
        if page == READMES[0]:
            assert [meaning for _, meaning in told] == [code.meaning for code in Exit]
    helped = [line.split(maxsplit=1) for line in run("--help").stdout.partition("Exit codes:\n")[2].splitlines()]
    assert [(int(code), meaning) for code, meaning in helped] == [(c, c.meaning.replace("`", "")) for c in Exit]


def _sources() -> str:
    """The program as one text."""
    texts = [text(path) for path in sorted((ROOT / "loader").rglob("*.py"))]
    return "\n".join(texts).replace("from __future__ import annotations", "")


# ---------------------------------------------------------------------------- queries and names


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A warehouse with the sample, which all queries ask."""
    with shared_clone(request, "docs", "loaded_template") as connection:
        yield connection


# those of the cookbook ask for a district, see tests/test_cookbook.py
QUERIES = [(page.name, query) for page in PAGES if page.stem != "cookbook" for query in blocks(page, "sql")]


# what one sound disclosure does not have
QUIET = (
    "status = 'differs'",
    "report.unit_name_variant",
    "report.overlap_contradiction",
    "report.unit_without_disclosure",
    "report.missing_unit",
    "report.revision_change",
)


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[f"{page}-{n}" for n, (page, _) in enumerate(QUERIES)])
def test_queries_answer(asked: psycopg.Connection, page: str, query: str) -> None:
    rows = asked.execute(query.encode()).fetchall()
    assert rows or any(word in query for word in QUIET)


def test_programs_run(loaded: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = blocks(ROOT / "docs" / "reports.md", "python")
    exec(program, {})
    assert "790.28" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_tables_views_and_columns_exist(asked: psycopg.Connection, page: Path) -> None:
    for name in set(re.findall(r"`((?:budget|filed|report|report_zh|mart|meta)\.[a-z_0-9.]+)`", text(page))):
        relation = ".".join(name.split(".")[:2])
        found = asked.execute(
            "select array_agg(attname::text) from pg_attribute where attrelid = to_regclass(%s)"
            " union all select '{}' from pg_proc where oid = to_regproc(%s)",
            (relation, relation),
        ).fetchall()
        columns = [column for (row,) in found for column in row or ()]
        assert found != [(None,)], f"{page.name}: {name}"
        assert name == relation or name.split(".")[2] in columns, f"{page.name}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(page)):
        assert (page.parent / target).exists(), target
    for path in re.findall(r"`((?:loader|schema|migrations|sql|tests|samples|docs)/[\w/.*-]*)`", text(page)):
        assert list(ROOT.glob(path)) or any(word.isupper() for word in re.split(r"[/.]", path)), path  # sql/SCHEMA/…


def test_the_names_in_the_guide_for_contributors_exist() -> None:
    """What stands in code marks and looks like a name of the program: functions, classes, constants, tests."""
    spoken = re.findall(r"`(_?[A-Za-z]+(?:_[A-Za-z]+)+|[A-Z][a-z]+[A-Z]\w+(?:\.\w+)?|_?[A-Z]{4,})`", _without_blocks())
    assert len(spoken) > 12
    everything = "\n".join(text(path) for folder in ("loader", "tests") for path in (ROOT / folder).rglob("*.py"))
    for name in spoken:
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", everything), name


def test_the_folders_in_the_guide_for_contributors_are_those_of_the_loader() -> None:
    listed = re.findall(r"^    (loader/\w+)/", text(ROOT / "CONTRIBUTING.md"), re.MULTILINE)
    assert sorted(listed) == sorted(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("loader/*/__init__.py"))


def test_the_image_holds_all_that_the_wheel_is_made_of() -> None:
    """The build of a wheel passes over a package that is not there."""
    packages = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = re.findall(r"^COPY (\w+) \1$", text(ROOT / "Dockerfile"), re.MULTILINE)
    let_in = re.findall(r"^!(\w+)$", text(ROOT / ".dockerignore"), re.MULTILINE)
    assert sorted(copied) == sorted(packages)
    assert set(packages) <= set(let_in)


def _without_blocks() -> str:
    return re.sub(r"^```.*?^```$", "", text(ROOT / "CONTRIBUTING.md"), flags=re.DOTALL | re.MULTILINE)


def diagrams() -> list[tuple[str, list[tuple[str, str]]]]:
    """Entities of the diagrams: table and its lines of (column, keys)."""
    found = []
    for block in blocks(ROOT / "docs" / "data-model.md", "mermaid"):
        for table, body in re.findall(r'^    "([\w.]+)" \{\n(.*?)^    \}$', block, re.DOTALL | re.MULTILINE):
            found.append((table, re.findall(r"^ +\S+ (\w+)(.*)$", body, re.MULTILINE)))
    return found


def test_the_diagrams_show_tables_as_they_are() -> None:
    assert len(diagrams()) > 12
    for name, lines in diagrams():
        table = metadata.tables[name]
        assert {column for column, _ in lines} <= set(table.columns.keys()), name
        assert {column for column, keys in lines if "PK" in keys} == set(table.primary_key.columns.keys()), name


def test_relations_of_the_diagrams_join_tables_that_exist() -> None:
    for block in blocks(ROOT / "docs" / "data-model.md", "mermaid"):
        relations = re.findall(
            r'^    "([\w.]+)" [|}o]{2}--[|{o]{2} "([\w.]+)" : (?:\w+|"[\w ]+")$', block, re.MULTILINE
        )
        assert len(relations) == block.count("--")
        assert {table for pair in relations for table in pair} <= set(metadata.tables)


def test_every_report_is_explained() -> None:
    told = re.findall(r"^\| (\d+) \|", text(ROOT / "docs" / "reports.md"), re.MULTILINE)
    assert [int(number) for number in told] == list(FORMS)


def test_every_rule_is_explained() -> None:
    told = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", text(ROOT / "docs" / "rules.md"), re.MULTILINE)
    assert told == [(rule["rule"], rule["severity"], rule["meaning_en"]) for rule in read_codes("rule")]
    views = {path.stem for path in (ROOT / "sql" / "rule").glob("*.sql")}
    assert {rule for rule, _, _ in told} <= views


def test_every_kind_of_finding_is_explained() -> None:
    told = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", text(ROOT / "docs" / "formats.md"), re.MULTILINE)
    assert told == [(kind.kind, kind.severity, kind.meaning_en) for kind in finding_kinds().values()]


def test_changes_that_nothing_notices_are_of_lines_that_are_there() -> None:
    with (ROOT / "benchmarks" / "mutants.csv").open(encoding="utf-8", newline="") as file:
        changes = list(csv.DictReader(file))
    lines = {change["file"]: text(ROOT / change["file"]).splitlines() for change in changes}
    joined = {file: " ".join(line.strip() for line in found) for file, found in lines.items()}
    assert [change for change in changes if change["before"] not in joined[change["file"]]] == []
