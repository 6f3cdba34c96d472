"""Agreement proves something only if a wrong figure is noticed: every money cell of the sample is changed once."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.documents.readers import read
from loader.documents.wording import fold
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure, FiledForm
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather, to_fen
from loader.ledger.evidence.projection import Coordinates, cells_of
from loader.loading.load import load_content
from loader.loading.options import DIVISION, Options
from synthetic.budgets import CENT_OF_WAN, Shape, budget_of, random_budget, random_shape
from synthetic.deviations import deviations
from synthetic.deviations import filed as filed_text
from synthetic.rendering import FORMS, published, render

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
            for key in cells_of(form.form, line.coordinates):
                rebuilt[key] += line.amount
        for (row, column), cell in form.cells.items():
            assert cell.amount is not None
            assert form.form.report_no is not None
            if cell.amount != rebuilt[row, column]:
                found.append((form.form.report_no, row, column, cell.amount, rebuilt[row, column]))
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


def test_a_blanked_figure_is_named_alone_with_the_true_one(filed: FiledDisclosure, sample: Path) -> None:
    """`python -m benchmarks.wrong_figures --sample` blanks all of them."""
    lines = sample.read_text(encoding="utf-8").split("\n")
    for form_at, cell_at in money_cells(filed)[3::9]:
        cell = filed.forms[form_at].cells[cell_at]
        if not cell.amount:
            continue
        printed = lines[cell.source_row - 1].split("\t")
        printed[cell.column_no - 1] = ""
        text = "\n".join([*lines[: cell.source_row - 1], "\t".join(printed), *lines[cell.source_row :]])
        (disclosure,) = file_disclosures(read(text.encode(), sample.name), DIVISION)
        forms = gather(disclosure).all_forms()
        key = (filed.forms[form_at].report_no, fold(cell.row_key or ""), cell.column_key)
        assert deviations(forms, make_ledger(disclosure)) == {key: (0, to_fen(cell.amount))}


def test_a_wrong_figure_leaves_the_ledger_as_it_is(filed: FiledDisclosure) -> None:
    true = {line.coordinates: line for line in make_ledger(filed).lines}
    for form_at, cell_at in money_cells(filed)[::7]:
        cell = filed.forms[form_at].cells[cell_at]
        assert cell.amount is not None
        lines = make_ledger(with_figure(filed, form_at, cell_at, cell.amount + Decimal("7.77"))).lines
        assert {line.coordinates for line in lines} == set(true)
        for line in lines:
            assert (line.amount, line.allocated) == (true[line.coordinates].amount, true[line.coordinates].allocated)
            if true[line.coordinates].source != (filed.forms[form_at].form_no, cell.row_no, cell.column_no):
                assert (line.basis, line.source) == (true[line.coordinates].basis, true[line.coordinates].source)


def with_line(disclosure: FiledDisclosure, spent: Coordinates, amount: Decimal) -> FiledDisclosure:
    """The disclosure with another amount of one ledger line in all cells that add it up."""
    change = amount - next(line.amount for line in make_ledger(disclosure).lines if line.coordinates == spent)
    for form_at, form in enumerate(disclosure.forms):
        if form.report_no is None:
            continue
        keys = set(cells_of(FORMS[form.report_no], spent))
        for cell_at, cell in enumerate(form.cells):
            if cell.amount is not None and (cell.row_key, cell.column_key) in keys:
                disclosure = with_figure(disclosure, form_at, cell_at, cell.amount + change)
    return disclosure


@pytest.fixture(scope="module")
def with_negative(filed: FiledDisclosure) -> tuple[FiledDisclosure, Coordinates]:
    """The disclosure with 30302 退休费 of 2080501 as -3.00, as money that comes back is printed."""
    spent = next(
        line.coordinates for line in make_ledger(filed).lines if line.coordinates.department_economic == "30302"
    )
    return with_line(filed, spent, Decimal("-3.00")), spent


LEFT = ("181", "2300303", "30204")  # fund, function and subject


def test_negative_amounts_are_read_as_such(with_negative: tuple[FiledDisclosure, Coordinates]) -> None:
    disclosure, spent = with_negative
    assert differences(disclosure) == []
    assert [line.amount for line in make_ledger(disclosure).lines if line.coordinates == spent] == [Decimal("-3.00")]


def test_a_wrong_figure_beside_a_negative_one_is_named_alone(
    with_negative: tuple[FiledDisclosure, Coordinates],
) -> None:
    disclosure, spent = with_negative
    for form_at, cell_at in money_cells(disclosure):
        form = disclosure.forms[form_at]
        cell = form.cells[cell_at]
        assert form.report_no is not None
        assert cell.amount is not None
        if (cell.row_key, cell.column_key) in cells_of(FORMS[form.report_no], spent):
            wrong = cell.amount + Decimal("7.77")
            expected = [(form.report_no, cell.row_key, cell.column_key, wrong, cell.amount)]
            assert differences(with_figure(disclosure, form_at, cell_at, wrong)) == expected


def test_a_negative_figure_excuses_no_other(with_negative: tuple[FiledDisclosure, Coordinates]) -> None:
    # 30201 办公费 is 7.77 more in all of form 14 than 公用经费 of form 7 has for it
    disclosure, negative = with_negative
    lines = make_ledger(disclosure).lines
    office = next(line for line in lines if line.coordinates.department_economic == "30201")
    changed = with_line(disclosure, office.coordinates, office.amount + Decimal("7.77"))
    forms = [
        *(form for form in disclosure.forms if form.report_no == 7),
        *(form for form in changed.forms if form.report_no == 14),
    ]
    ledger = make_ledger(replace(disclosure, forms=forms))
    assert "contradiction" in {finding.kind for finding in ledger.findings}
    below = [line for line in ledger.lines if line.amount < 0 and line.coordinates.functional != negative.functional]
    assert {line.basis for line in below} <= {"remainder"}


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


def test_a_search_that_is_cut_short_is_told(filed: FiledDisclosure, monkeypatch: pytest.MonkeyPatch) -> None:
    # of a single wrong figure the search is soon over
    wrong = filed
    for report_no in (10, 14):
        form_at, cell_at = next(
            (form_at, cell_at)
            for form_at, cell_at in money_cells(filed)
            if filed.forms[form_at].report_no == report_no and filed.forms[form_at].cells[cell_at].is_leaf
        )
        wrong = with_figure(wrong, form_at, cell_at, Decimal("777.77"))
    assert "not_settled" not in {finding.kind for finding in make_ledger(wrong).findings}
    for limits in (("_MOST_LINES", "_FEW_LINES"), ("_MOST_WORK",)):
        with monkeypatch.context() as patch:
            for limit in limits:
                patch.setattr(f"loader.ledger.contradictions.widening.{limit}", 0)
            assert "not_settled" in {finding.kind for finding in make_ledger(wrong).findings}


def test_a_total_whose_parts_are_all_blank_is_found(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    part = "按项目管理的商品和服务支出\t106.00"
    assert text.count(part) == 1, "the sample has changed"
    (disclosure,) = file_disclosures(read(text.replace(part, part[:-6]).encode(), "blank.txt"), DIVISION)
    (finding,) = make_ledger(disclosure).findings
    assert (finding.kind, finding.report_no, finding.values["amount"]) == ("blank_parts", 1, "106.00")


def test_a_figure_put_into_a_blank_line_of_revenue_is_named_alone(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    line = "六、上级财政补助收入\t\t"
    assert text.count(line) == 1, "the sample has changed"
    (disclosure,) = file_disclosures(read(text.replace(line, f"{line[:-1]}56.82\t").encode(), "filled.txt"), DIVISION)
    assert differences(disclosure) == [(1, "17", "revenue", Decimal("56.82"), Decimal(0))]


def test_a_turned_sign_of_money_carried_over_is_named_alone() -> None:
    budget = budget_of(Shape(openings=("181", "182")))
    cell = (6, "opening_181", "revenue")
    true = published(budget)[cell]
    disclosure = filed_text(render(budget, changes={cell: -true}))
    found = deviations(gather(disclosure).all_forms(), make_ledger(disclosure))
    assert found == {(6, fold("opening_181"), "revenue"): (-true, true)}


def test_a_blank_opening_of_a_unit_is_named_alone() -> None:
    """The other units' openings contradict the sum in form 1: it may lack the line of the blank cell."""
    budget = budget_of(Shape(seed=1, kinds=("agency", "institution", "agency"), openings=("182",)))
    cell = (2, "001002", "opening")
    true = published(budget)[cell]
    disclosure = filed_text(render(budget, changes={cell: 0}))
    assert deviations(gather(disclosure).all_forms(), make_ledger(disclosure)) == {cell: (0, true)}


def test_a_blank_sum_of_a_fund_is_named_alone_where_only_revenue_tells_of_the_fund() -> None:
    """Without form 7 the unit has money of the fund only by form 2, whose columns beneath the sum show it."""
    budget = budget_of(Shape(kinds=("agency", "institution"), sources=("111",)))
    figures = published(budget)
    cell = next(key for key in sorted(figures) if key[0] == 2 and key[2] == "general_total" and len(key[1]) > 3)
    disclosure = filed_text(render(budget, forms=(2, 3, 8, 10, 12, 14), changes={cell: 0}))
    found = deviations(gather(disclosure).all_forms(), make_ledger(disclosure))
    assert found == {cell: (0, figures[cell])}


@pytest.mark.parametrize(
    ("seed", "wrong"),
    [
        # what form 1 alone carries over of other funds follows from it
        (2600538, {(6, "closing", "function"): 20_000}),
        # three other figures of its columns would explain both at the same cost
        (
            2600886,
            {
                (5, "179001/2081102", "project_capital_construction"): 17_230_000,
                (5, "179001/2081102", "project_capital"): 4_500_000,
            },
        ),
    ],
)
def test_the_fewest_wrong_figures_are_named(seed: int, wrong: dict[tuple[int, str, str], int]) -> None:
    budget = random_budget(seed)
    disclosure = filed_text(render(budget, changes=wrong))
    found = deviations(gather(disclosure).all_forms(), make_ledger(disclosure))
    assert found == {key: (amount, published(budget)[key]) for key, amount in wrong.items()}


def test_a_unit_that_no_form_by_function_prints_may_be_of_another_kind_than_the_others() -> None:
    """Only form 1 shows that the department has an agency beside the institution of form 9."""
    disclosure = filed_text(render(random_budget(970058), forms=(1, 2, 6, 9, 10)))
    assert not deviations(gather(disclosure).all_forms(), make_ledger(disclosure))


def test_amounts_in_fractions_are_made_whole_without_another_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few forms leave so many lines possible that the best amounts are halves of cents; rounded, they accused sums."""
    monkeypatch.setattr("loader.ledger.solver.whole_numbers.LARGEST_WHOLE", 0)
    forms, wrong = (
        (1, 2, 4, 11, 15, 20),
        ((1, "504", "government_economic"), (4, "total", "agency_capital_construction")),
    )
    budget = random_budget(8020)
    figures = published(budget, forms)
    changes = {wrong[0]: figures[wrong[0]] * 10, wrong[1]: figures[wrong[1]] // 10 // CENT_OF_WAN * CENT_OF_WAN}
    disclosure = filed_text(render(budget, forms=forms, changes=changes))
    ledger = make_ledger(disclosure)
    assert deviations(gather(disclosure).all_forms(), ledger) == {key: (changes[key], figures[key]) for key in wrong}
    assert "not_settled" not in {finding.kind for finding in ledger.findings}


def test_spending_of_what_was_left_may_be_negative_beside_other_money_of_the_year() -> None:
    """No form prints the fund alone: its 商品和服务支出 is what form 5 prints less than form 7, and all cells agree."""
    budget = budget_of(replace(random_shape(5039), openings=("181",)))
    spent = next(at for at in sorted(budget.amounts) if (at.fund, at.functional, at.department_economic) == LEFT)
    carried = next(at for at in budget.amounts if (at.unit, at.fund, at.item) == (spent.unit, spent.fund, "opening"))
    back = budget.amounts[spent] + 3 * 100 * CENT_OF_WAN
    amounts = budget.amounts | {spent: -3 * 100 * CENT_OF_WAN, carried: budget.amounts[carried] - back}
    disclosure = filed_text(render(replace(budget, amounts=amounts)))
    ledger = make_ledger(disclosure)
    assert not deviations(gather(disclosure).all_forms(), ledger)
    assert not {"contradiction", "remainder"} & {finding.kind for finding in ledger.findings}
