"""Agreement proves something only if a wrong figure is noticed: every money cell of the sample is changed once."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.evidence import gather
from loader.file_disclosure import file_disclosures
from loader.filed import FiledDisclosure, FiledForm
from loader.ledger import make_ledger
from loader.load import DIVISION, Options, load_content
from loader.projection import cells_of
from loader.readers import read

Difference = tuple[int, str, str, Decimal, Decimal]  # report, row, column, filed, rebuilt


@pytest.fixture(scope="module")
def filed(sample: Path) -> FiledDisclosure:
    (disclosure,) = file_disclosures(read(sample.read_bytes(), sample.name), DIVISION)
    return disclosure


def differences(disclosure: FiledDisclosure) -> list[Difference]:
    """The money cells that the ledger made of a disclosure does not bear out."""
    lines = make_ledger(disclosure).lines
    found = []
    for form in gather(disclosure).all_forms():
        rebuilt: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for line in lines:
            for key in cells_of(form.form, line.atom):
                rebuilt[key] += line.amount
        for (row, column), cell in form.cells.items():
            assert cell.amount is not None
            if cell.amount != rebuilt[row, column]:
                found.append((form.form.no, row, column, cell.amount, rebuilt[row, column]))
    return found


def with_figure(disclosure: FiledDisclosure, form_at: int, cell_at: int, amount: Decimal) -> FiledDisclosure:
    """The disclosure with one figure changed."""
    form = disclosure.forms[form_at]
    cells = [replace(c, amount=amount) if i == cell_at else replace(c) for i, c in enumerate(form.cells)]
    forms: list[FiledForm] = list(disclosure.forms)
    forms[form_at] = replace(form, cells=cells)
    return replace(disclosure, forms=forms)


def money_cells(disclosure: FiledDisclosure) -> list[tuple[int, int]]:
    """Positions of the figures of forms 1 to 21."""
    return [
        (form_at, cell_at)
        for form_at, form in enumerate(disclosure.forms)
        if form.report_no is not None and form.report_no <= 21
        for cell_at, cell in enumerate(form.cells)
        if cell.amount is not None
    ]


def test_the_sample_has_461_money_cells_and_all_agree(filed: FiledDisclosure) -> None:
    assert len(money_cells(filed)) == 461
    assert differences(filed) == []


def test_any_one_wrong_figure_is_named_alone_with_the_true_one(filed: FiledDisclosure) -> None:
    for form_at, cell_at in money_cells(filed):
        cell = filed.forms[form_at].cells[cell_at]
        assert cell.amount is not None
        wrong = cell.amount + Decimal("7.77")
        expected = [(filed.forms[form_at].report_no, cell.row_key, cell.column_key, wrong, cell.amount)]
        assert differences(with_figure(filed, form_at, cell_at, wrong)) == expected


def test_a_wrong_figure_leaves_the_ledger_as_it_is(filed: FiledDisclosure) -> None:
    def told(disclosure: FiledDisclosure) -> list[object]:
        return [(line.atom, line.amount, line.allocated) for line in make_ledger(disclosure).lines]

    true = told(filed)
    for form_at, cell_at in money_cells(filed)[::7]:
        amount = filed.forms[form_at].cells[cell_at].amount
        assert amount is not None
        assert told(with_figure(filed, form_at, cell_at, amount + Decimal("7.77"))) == true


@pytest.mark.parametrize(
    ("printed", "changed", "report_no", "row_key", "column_key"),
    [
        # a total of form 3, a leaf figure of form 10, a line of form 1, and 机关工资福利支出 of form 9
        ("\t合计\t\t896.28\t790.28\t106.00", "\t合计\t\t896.28\t791.28\t106.00", 3, "total", "basic"),
        ("\t15.88\t8.97\t\t33.88\t\t14.75\n\n", "\t15.88\t9.97\t\t33.88\t\t14.75\n\n", 14, "001001/2010101", "welfare"),
        ("（二十）住房保障支出\t48.93\t\t", "（二十）住房保障支出\t49.93\t\t", 1, "221", "function"),
        (
            "行政运行\t423.09\t423.09\t423.09",
            "行政运行\t423.09\t423.09\t424.09",
            9,
            "001001/2010101",
            "agency_salaries",
        ),
    ],
)
def test_a_wrong_figure_in_a_document_is_named_in_the_comparison(
    database: psycopg.Connection,
    sample: Path,
    printed: str,
    changed: str,
    report_no: int,
    row_key: str,
    column_key: str,
) -> None:
    text = sample.read_text(encoding="utf-8")
    position = text.rindex(printed) if report_no == 14 else text.find(printed)
    assert position >= 0, "the sample has changed"
    text = text[:position] + changed + text[position + len(printed) :]
    result = load_content(database, text.encode(), "wrong.txt", Options())
    assert result.outcome == "loaded"
    rows = database.execute(
        "select report_no, row_key, column_key, difference from report.comparison"
        " where status in ('differs', 'rounding')"
    ).fetchall()
    assert rows == [(report_no, row_key, column_key, Decimal("1.00"))]
