"""Two figures contradict each other: the one that a third contradicts is named, and both if no third speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.projects.project_spending import can_be_shared_out
from loader.filing.filed import Finding
from schema.codes.finding_kinds import finding_kinds
from synthetic.deviations import filed
from tests.conftest import SAMPLE
from tests.test_missing_columns import without_columns

_KINDS = list(finding_kinds())
DIAGNOSES = _KINDS[_KINDS.index("figure_blank") :]
SHEET = "区人民代表大会会议经费"  # the only project with a sheet of goals
PROJECT = "001001/常委会工作经费"
OF_PROJECTS = ("total", "general_total", "general_funds", "in_department_budget")
OF_FUNCTIONS = ("total", "project")


@cache
def places() -> dict[tuple[int | None, str, str], tuple[int, int]]:
    """Form, row and column → line and cell of the sample, for blank cells of printed rows, too."""
    found: dict[tuple[int | None, str, str], tuple[int, int]] = {}
    for form in filed(SAMPLE.read_text(encoding="utf-8")).forms:
        rows = {cell.row_key: cell.source_row for cell in form.cells if cell.row_key}
        columns = {cell.column_key: cell.column_no for cell in form.cells if cell.column_key}
        for (row, at), (column, cell_no) in product(rows.items(), columns.items()):
            found[form.report_no, row, column] = at, cell_no
        for cell in form.cells:
            if cell.row_key and cell.column_key and cell.amount is not None:
                found[form.report_no, cell.row_key, cell.column_key] = cell.source_row, cell.column_no
    return found


def with_figures(*changes: tuple[int, str, Mapping[str, str]]) -> str:
    """The sample with other figures: form, row, column → text."""
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    for form, row, figures in changes:
        for column, text in figures.items():
            at, cell = places()[form, row, column]
            cells = lines[at - 1].split("\t")
            cells += [""] * (cell - len(cells))
            cells[cell - 1] = text
            lines[at - 1] = "\t".join(cells)
    return "\n".join(lines)


def named(text: str) -> list[Finding]:
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    return [finding for finding in (*disclosure.findings, *ledger.findings) if finding.kind in DIAGNOSES]


def of_projects(figure: str) -> dict[str, str]:
    return dict.fromkeys(OF_PROJECTS, figure)


def of_functions(figure: str) -> dict[str, str]:
    return dict.fromkeys(OF_FUNCTIONS, figure)


@pytest.mark.parametrize(
    ("changes", "kind", "form", "filed_and_right"),
    [
        # 预算编制方式 of the row says else
        ([(21, PROJECT, dict.fromkeys(OF_PROJECTS[:3], "15.10"))], "digits_swapped", 21, ("15.10", "11.50")),
        # the sums of the form are the project spending of others, which can be shared out among the right projects
        ([(21, PROJECT, of_projects("15.10"))], "digits_swapped", 21, ("15.10", "11.50")),
        # the sheet of goals and the project spending say else
        (
            [
                (21, f"001001/{SHEET}", of_projects("18.00")),
                (21, "001", of_projects("104.00")),
                (21, "total", of_projects("104.00")),
            ],
            "figure_in_sums",
            21,
            ("18.00", "20.00"),
        ),
        # the projects and the project spending say else
        ([(22, SHEET, {"amount": "200.00"})], "point_moved", 22, ("200.00", "20.00")),
        # the figure was added up before it was seen
        (
            [
                (3, f"001001/{code}", dict.fromkeys(("total", "basic"), figure))
                for code, figure in (("2101103", "48.63"), ("21011", "99.44"), ("210", "99.44"))
            ],
            "figure_in_sums",
            3,
            ("48.63", "38.63"),
        ),
        # the same if 合计 follows, which is a row with two wrong figures, too
        (
            [
                (3, "001001/2101103", dict.fromkeys(("total", "basic"), "48.63")),
                (3, "total", {"total": "906.28", "basic": "800.28"}),
            ],
            "figure_in_sums",
            3,
            ("48.63", "38.63"),
        ),
    ],
)  # fmt: skip
def test_the_figure_that_a_third_contradicts_is_named(
    changes: list[tuple[int, str, dict[str, str]]], kind: str, form: int, filed_and_right: tuple[str, str]
) -> None:
    [found] = named(with_figures(*changes))
    assert (found.kind, found.report_no) == (kind, form)
    assert set(filed_and_right) <= set(map(str, found.values.values()))


def test_a_form_of_projects_without_their_totals_accuses_no_sheet() -> None:
    wrong_sheet = with_figures((22, SHEET, {"amount": "30.00"}))
    assert not named(without_columns(wrong_sheet, "r21", {"total"}))


def test_projects_decide_which_of_two_forms_has_the_wrong_functions() -> None:
    """20.00 and 10.00 are projects, 21.00 and 9.00 are not."""
    changed = [
        (3, f"001001/{code}", of_functions(figure)) for code, figure in (("2010104", "21.00"), ("2010107", "9.00"))
    ]
    assert [(found.kind, found.report_no) for found in named(with_figures(*changed))] == [("stale_form", 3)]


def test_two_forms_are_told_if_no_third_prints_the_figures() -> None:
    text = with_figures((3, "001001/2010104", of_functions("10.00")), (3, "001001/2010107", of_functions("20.00")))
    [found] = named(text)
    assert (found.kind, found.values["count"]) == ("several_explanations", 2)
    assert "no other form prints these figures" in found.message


def test_exchanged_columns_that_only_the_crosswalk_contradicts_are_named() -> None:
    rows = ("total", "001", "001001", "001001/2010101")
    changed = [(13, row, {"commissioned_services": "0.60", "reception": "2.00"}) for row in rows]
    assert [(found.kind, found.report_no) for found in named(with_figures(*changed))] == [("columns_swapped", 13)]


def test_a_figure_in_a_wrong_column_is_named_beside_one_that_is_lost() -> None:
    """Money of another row could be moved instead, but then three figures would be wrong."""
    row = {"medical_insurance": "14.95", "civil_servant_medical": "", "other_social": ""}
    found = named(with_figures((10, "001001/2101103", row)))
    assert [one.kind for one in found] == ["figure_misplaced", "figure_blank"]
    assert {one.values["row"] for one in found} == {"公务员医疗补助"}


def test_projects_are_shared_out_without_a_rest() -> None:
    assert can_be_shared_out([5, 3, 2, 1], [6, 5])
    assert not can_be_shared_out([5, 3, 2, 1], [7, 4, 0, 1])
    assert not can_be_shared_out([6, 6], [4, 8])
    assert not can_be_shared_out(range(10_000, 10_990, 83), [*range(11_000, 11_080, 10), 37_198])  # too many ways
