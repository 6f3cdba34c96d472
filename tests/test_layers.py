"""Imports lead one way through the folders of the program, and heavy packages wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# folder → the folders that it may import; an entry with a dot allows one module and no more
ALLOWED = {
    "loader/cli": {
        "loader/loading",
        "loader/answers",
        "loader/warehouse",
        "loader/catalogue",
        "loader.documents.printable",
        "loader.documents.printed_row",
        "loader.documents.wording",
        "loader.filing.operator_input",
        "schema/forms",
        "schema.codes.finding_kinds",
        "schema.codes.lists",
        "schema.migrate",
        "schema.distribution",
    },
    "loader/loading": {
        "loader/documents",
        "loader/filing",
        "loader/ledger",
        "loader/diagnosis",
        "loader/warehouse",
        "schema.codes.finding_kinds",
    },
    "loader/diagnosis": {
        "loader/ledger",
        "loader.filing.filed",
        "loader.filing.placing.sums_of_lists",
        "schema/forms",
        "schema.codes.lists",
    },
    "loader/answers": {"loader/warehouse", "loader.documents.printed_row", "schema/forms", "schema.report_columns"},
    # what it writes: the data classes of a disclosure and its ledger
    "loader/warehouse": {
        "loader.documents.grid",
        "loader.documents.printed_row",
        "loader.documents.regular_file",
        "loader.filing.filed",
        "loader.filing.identity",
        "loader.ledger.lines",
        "schema/forms",
        "schema.migrate",
    },
    "loader/ledger": {"loader.filing.filed", "loader.documents.wording", "schema/forms", "schema/codes"},
    "loader/filing": {"loader/catalogue", "loader/documents", "schema/forms", "schema/codes"},
    "loader/documents": set(),
    "loader/catalogue": set(),
    "schema/forms": set(),
    "schema/codes": set(),
}

# folder within a stage → the folders beside it that it may import
WITHIN: dict[str, set[str]] = {
    "documents/readers": set(),
    "documents/readers/workbooks": {"scans"},
    "documents/readers/web": {"scans"},
    "documents/readers/aligned": set(),
    "documents/readers/pages": {"aligned"},
    "documents/readers/scans": {"pages"},
    "documents/readers/word": {"scans"},
    "documents/readers/pdf": {"pages", "scans"},
    "documents/readers/ofd": {"pages", "scans"},
    "filing/headers": set(),
    "filing/tables": {"headers"},
    "filing/rows": {"headers", "tables"},
    "filing/placing": {"headers", "tables", "rows"},
    "filing/identification": {"tables"},
    "filing/prose": {"identification", "tables"},
    "ledger/evidence": set(),
    "ledger/solver": set(),
    "ledger/candidates": {"evidence"},
    "ledger/contradictions": {"candidates", "evidence", "solver"},
    "ledger/rounded": {"contradictions", "evidence", "solver"},
    "ledger/solution": {"contradictions", "evidence", "solver"},
    "diagnosis/disagreement": set(),
    "diagnosis/figures": {"disagreement"},
    "diagnosis/rows": {"disagreement", "figures"},
    "diagnosis/projects": {"disagreement"},
    "diagnosis/searches": {"disagreement", "figures", "rows", "projects"},
    "diagnosis/forms": {"disagreement", "rows", "searches"},
}

HEAVY = ("alembic", "highspy", "lxml", "numpy", "pandas", "psycopg", "sqlalchemy")


def folder_of(path: Path) -> str:
    return "/".join(path.relative_to(ROOT).parts[:2])


def imported(path: Path) -> set[str]:
    """The modules of the program that a file imports anywhere in it, types included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if _file_of(name) else str(node.module) for name in names}
    return {name for name in found if _file_of(name)}


def _file_of(module: str) -> Path | None:
    stem = ROOT.joinpath(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.exists()), None)


@pytest.mark.parametrize("folder", ALLOWED)
def test_folders_import_only_those_below_them(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    wrong = []
    for path in files:
        for module in imported(path):
            file = _file_of(module)
            assert file is not None
            target = folder_of(file)
            if target != folder and target not in ALLOWED[folder] and module not in ALLOWED[folder]:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []


@pytest.mark.parametrize("folder", WITHIN)
def test_folders_of_a_stage_import_only_those_below_them(folder: str) -> None:
    above, _, own = folder.rpartition("/")
    files = sorted((ROOT / "loader" / folder).glob("*.py"))
    assert files
    beside = {other.rpartition("/")[2] for other in WITHIN if other.rpartition("/")[0] == above}
    package = f"loader.{above.replace('/', '.')}."
    found = {
        name.removeprefix(package).split(".")[0]
        for path in files
        for name in imported(path)
        if name.startswith(package)
    }
    assert found & beside - {own} <= WITHIN[folder]


def test_every_folder_of_a_stage_has_its_place() -> None:
    stages = {folder.partition("/")[0] for folder in WITHIN}
    folders = {path.parent for stage in stages for path in (ROOT / "loader" / stage).glob("*/**/*.py")}
    assert {path.relative_to(ROOT / "loader").as_posix() for path in folders} == WITHIN.keys()


def test_every_folder_of_the_loader_has_its_place() -> None:
    assert {folder_of(path) for path in (ROOT / "loader").glob("*/*.py")} == {f for f in ALLOWED if "loader" in f}


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph: dict[Path, set[Path]] = defaultdict(set)
    for path in (*(ROOT / "loader").rglob("*.py"), *(ROOT / "schema").rglob("*.py")):
        graph[path] = {file for module in imported(path) if (file := _file_of(module))}
    TopologicalSorter(graph).prepare()  # CycleError names the modules


def test_commands_leave_queries_to_answers_and_warehouse() -> None:
    for path in (ROOT / "loader" / "cli").glob("*.py"):
        assert ".execute(" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize(
    "command",
    ["import schema.forms", "from loader.cli.main import main; main(['--help'], prog_name='hetang')"],
    ids=["the forms", "the help"],
)
def test_heavy_packages_wait_until_they_are_needed(command: str) -> None:
    code = f"""
import atexit, sys
atexit.register(lambda: print(sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr))
{command}
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
