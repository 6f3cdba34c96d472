"""Sheets of goals (绩效目标表) of right documents: of parts of projects, under other names, of projects on two rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import to_fen
from schema.codes.finding_kinds import finding_kinds
from synthetic.budgets import CENT_OF_WAN, random_budget
from synthetic.deviations import filed
from synthetic.rendering import project_figure, render
from tests.conftest import Run

BUDGET = random_budget(5600000)
PROJECT = BUDGET.sheets[0]
AMOUNT = project_figure(BUDGET, PROJECT)
PART = AMOUNT // 3 // CENT_OF_WAN * CENT_OF_WAN
RIGHT = render(BUDGET)
NUMBERED = "水泵#2"  # as the loader numbers a second row of 水泵
OTHER_NAMES = ("会务保障", "印刷装订")


def _sheet(name: str, amount: int) -> str:
    """The sheet of the project under this name and with this amount (分)."""
    start = RIGHT.rindex("填报单位", 0, RIGHT.index(f"项目名称\t{PROJECT}\t"))
    lines = RIGHT[start : RIGHT.find("\n\n填报单位", start)].split("\n")
    at = next(number for number, line in enumerate(lines) if "年度本级预算金额" in line)
    lines[at] = lines[at].replace(f"{AMOUNT / 1_000_000:.2f}", f"{amount / 1_000_000:.2f}")
    return "\n".join(lines).replace(f"项目名称\t{PROJECT}\t", f"项目名称\t{name}\t")


def _with_sheets(*sheets: tuple[str, int]) -> str:
    """The document with these sheets, name and amount, in place of that of the project."""
    own = _sheet(PROJECT, AMOUNT)
    assert RIGHT.count(own) == 1
    return RIGHT.replace(own, "\n\n".join(_sheet(*one) for one in sheets))


def _on_two_rows() -> str:
    """The document with the project on two rows of form 21."""
    [form] = [form for form in filed(RIGHT).forms if form.form_id == "r21"]
    cells = [cell for cell in form.cells if cell.row_key and cell.row_key.endswith(f"/{PROJECT}")]
    lines = RIGHT.split("\n")
    row = lines[cells[0].source_row - 1].split("\t")
    other = [*row]
    for cell in cells:
        if cell.statements and cell.amount:
            row[cell.column_no - 1] = f"{PART / 1_000_000:.2f}"
            other[cell.column_no - 1] = f"{(AMOUNT - PART) / 1_000_000:.2f}"
    lines[cells[0].source_row - 1] = "\n".join(["\t".join(row), "\t".join(other)])
    return "\n".join(lines)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "under another name": lambda: _with_sheets((OTHER_NAMES[0], AMOUNT)),
    "of a part": lambda: _with_sheets((f"{PROJECT}（一期）", PART)),
    "of all parts": lambda: _with_sheets((OTHER_NAMES[0], PART), (OTHER_NAMES[1], AMOUNT - PART)),
    "of a part beside the whole": lambda: _with_sheets((PROJECT, AMOUNT), (OTHER_NAMES[0], PART)),
    "several of one name": lambda: _with_sheets((PROJECT, PART), (PROJECT, AMOUNT - PART)),
    "of a project on two rows": _on_two_rows,
    "of a name that ends with a number": lambda: RIGHT.replace(PROJECT, NUMBERED),
}


def _findings(text: str) -> list[Finding]:
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    return [*disclosure.findings, *ledger.findings]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_sheet_of_a_right_document_accuses_nothing(name: str) -> None:
    found = _findings(DOCUMENTS[name]())
    assert not [finding.message for finding in found if finding_kinds()[finding.kind].severity == "error"]
    told = [finding.values["project"] for finding in found if finding.kind == "unlisted_sheet"]
    unlisted = {"of all parts": 2, "of a project on two rows": 0, "several of one name": 0}
    unlisted["of a name that ends with a number"] = 0
    assert len(told) == unlisted.get(name, 1)


def test_the_ledger_takes_nothing_from_a_sheet_of_another_name() -> None:
    right = diagnosed_ledger(filed(RIGHT))
    other = diagnosed_ledger(filed(DOCUMENTS["of a part"]()))
    assert {(line.coordinates, line.amount) for line in right.lines} == {
        (line.coordinates, line.amount) for line in other.lines
    }


def test_a_project_left_out_beneath_its_sums_has_the_name_of_its_sheet() -> None:
    [form] = [form for form in filed(RIGHT).forms if form.form_id == "r21"]
    row = next(cell.source_row for cell in form.cells if cell.row_key and cell.row_key.endswith(f"/{PROJECT}"))
    lines = RIGHT.split("\n")
    found = _findings("\n".join(lines[: row - 1] + lines[row:]))
    assert [finding.kind for finding in found if "omitted" in finding.kind] == ["project_omitted"]
    assert "unlisted_sheet" not in {finding.kind for finding in found}


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("of a part", ["not_filed"]),
        ("several of one name", ["not_filed", "not_filed"]),
        ("of a project on two rows", ["equal"]),
        ("of a name that ends with a number", ["equal"]),
    ],
)
def test_the_figure_of_a_sheet_is_compared_with_all_rows_of_its_project(
    name: str, statuses: list[str], database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "budget.txt"
    path.write_text(DOCUMENTS[name](), encoding="utf-8")
    run("load", path)
    told = database.execute(
        "select row_key, status from report.comparison where form_id = 'r22' and column_key = 'amount'"
    ).fetchall()
    assert sorted(status for row, status in told if PROJECT in row or row.startswith("水泵")) == statuses
    assert database.execute("select count(*) from report.comparison where status = 'differs'").fetchone() == (0,)
    if name == "of a project on two rows":
        told = database.execute("select amount from mart.goal where project_name = %s", (PROJECT,)).fetchall()
        assert [to_fen(amount) for (amount,) in told] == [AMOUNT]
