"""Documents rounded cell by cell: nothing in them is wrong, and a wrong figure elsewhere is no rounding."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.wrong_figures_of_sets import places_of, with_figures
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.figures.single_figures import totals_of
from loader.documents.wording import fold
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather, to_fen
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from synthetic import faults, workbooks
from synthetic.budgets import (
    CENT_OF_WAN,
    FEN,
    Budget,
    Entry,
    Shape,
    Unit,
    budget_of,
    random_budget,
    random_shape,
    rounded,
)
from synthetic.deviations import deviations, differing, filed
from synthetic.rendering import ALL_FORMS, FORMS, Key, Mess, published, render
from synthetic.set_documents import Style, amounts_of, document
from tests.test_set_documents import read_sheets

SEEDS = (3, 5, 11)


def finer_than_printed(seed: int) -> Budget:
    """A budget whose amounts have more places than its forms print."""
    return budget_of(replace(random_shape(seed), step=100))


# in one a column holds only money that local practice alone puts there; in 1230229 most lines of a sum have no money;
# in one hardly a sum fails, but no wrong figure would mend it; in the last a figure must not give way twice
@pytest.mark.parametrize("seed", [SEEDS[0], 304, 1230229, 2600176, 2600741])
def test_a_document_rounded_cell_by_cell_is_told_and_all_its_cells_are_within_tolerance(seed: int) -> None:
    disclosure = filed(render(finer_than_printed(seed)))
    ledger = make_ledger(disclosure)
    assert ledger.is_rounded
    assert "contradiction" not in {finding.kind for finding in ledger.findings}
    forms = gather(disclosure).all_forms()
    cells = {(f.form.report_no, fold(row), column): cell for f in forms for (row, column), cell in f.cells.items()}
    found = deviations(forms, ledger)
    assert found
    for key, (figure, rebuilt) in found.items():
        cell = cells[key]
        assert cell.half_place is not None
        assert abs(figure - rebuilt) <= to_fen((cell.part_count + 1) * cell.half_place), key


@pytest.mark.parametrize("seed", [8, 16, 28, 46])
def test_forms_that_add_up_rounded_amounts_are_no_old_versions_of_those_that_round_sums(seed: int) -> None:
    """The same money then differs by cents between the forms, and no cell of either is wrong."""
    chance = random.Random(seed)
    mess = Mess(summed=tuple(no for no in ALL_FORMS[:21] if chance.random() < 0.5))
    ledger = diagnosed_ledger(filed(render(budget_of(replace(random_shape(seed), step=1)), mess=mess)))
    assert ledger.is_rounded
    assert not ledger.findings


# two sums, each printed otherwise by another form; the same with two forms alike; one sum with its grand total
@pytest.mark.parametrize("seed", [61147, 61039, 61009])
def test_few_cents_between_forms_that_add_up_and_that_round_sums_accuse_no_figure_for_certain(seed: int) -> None:
    chance = random.Random(seed)
    mess = Mess(summed=tuple(no for no in ALL_FORMS[:21] if chance.random() < 0.5))
    ledger = diagnosed_ledger(filed(render(budget_of(replace(random_shape(seed), step=1)), mess=mess)))
    assert not ledger.is_rounded
    assert [finding.kind for finding in ledger.findings] == ["perhaps_rounded"]


def test_a_sum_that_rounding_may_let_fail_is_left_open_beside_a_blank_figure() -> None:
    """Of the few sums of this budget only those of its projects fail, as if by a slip of a cent."""
    changes = {(7, "041", "project"): 0}
    ledger = diagnosed_ledger(filed(render(finer_than_printed(880011), changes=changes)))
    assert not ledger.is_rounded
    assert [(found.kind, found.report_no) for found in ledger.findings] == [
        ("figure_blank", 7),
        ("perhaps_rounded", None),  # of form 21
    ]


@pytest.mark.parametrize("row", ["301", "30113", "303"])
def test_a_cent_that_another_form_prints_right_is_a_slip_though_few_sums_of_the_set_could_tell(row: str) -> None:
    sheets = document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, seed=880010))
    places = places_of(read_sheets(sheets))
    cell = ("js06", row, "total")
    ledger = diagnosed_ledger(read_sheets(with_figures(sheets, places, {cell: places[cell].amount - CENT_OF_WAN})))
    assert [(found.kind, found.form_id) for found in ledger.findings] == [("cent_off", "js06")]


def test_two_slips_of_a_cent_in_one_form_are_no_sums_that_are_out_of_date() -> None:
    sheets = document(NATIONAL_BUDGET, amounts_of(NATIONAL_BUDGET, 54008))
    places = places_of(read_sheets(sheets))
    cents = {("nb02", "208", "total"): CENT_OF_WAN, ("nb02", "20708", "general"): -CENT_OF_WAN}
    wrong = {cell: places[cell].amount + cent for cell, cent in cents.items()}
    ledger = diagnosed_ledger(read_sheets(with_figures(sheets, places, wrong)))
    assert [(found.kind, found.form_id) for found in ledger.findings] == [("cent_off", "nb02")] * 2


def test_slips_of_a_cent_with_all_sums_above_them_are_no_roundings() -> None:
    """The forms agree with themselves, and differ from others in every sum."""
    budget = random_budget(700019)
    printed = published(budget)
    slips: dict[int, dict[Key, int]] = {}
    for no, columns in ((3, ("basic", "total")), (5, ("project_other", "project_total", "total"))):
        form = FORMS[no]
        assert form.rows is not None
        row = max(row for of, row, column in printed if of == no and column == columns[0] and row != form.rows.total)
        keys = [(no, held, column) for held in (row, *form.rows.above(row)) for column in columns]
        slips[no] = {key: printed[key] + CENT_OF_WAN for key in keys if key in printed}
        assert len(slips[no]) > 10
    assert not make_ledger(filed(render(budget, changes=slips[3] | slips[5]))).is_rounded
    ledger = diagnosed_ledger(filed(render(budget, changes=slips[5])))
    assert [(finding.kind, finding.form_id) for finding in ledger.findings] == [("figure_in_sums", "r05")]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", [3, 7, 21])
def test_a_cent_is_named_in_any_other_document(seed: int, form: int) -> None:
    budget = budget_of(random_shape(seed))
    figures = published(budget)
    key = next((key for key in sorted(figures) if key[0] == form and "/" in key[1]), None)
    if key is None:
        pytest.skip("the budget has no such form")
    disclosure = filed(render(budget, changes={key: figures[key] + CENT_OF_WAN}))
    ledger = make_ledger(disclosure)
    assert not ledger.is_rounded
    named = (key[0], fold(key[1]), key[2])
    assert deviations(gather(disclosure).all_forms(), ledger) == {named: (figures[key] + CENT_OF_WAN, figures[key])}


def test_a_sum_alone_that_fails_by_its_rounding_may_be_rounded_or_hold_a_slip() -> None:
    ledger = diagnosed_ledger(filed(render(finer_than_printed(2600556))))
    assert not ledger.is_rounded
    [finding] = [finding for finding in ledger.findings if finding.kind == "perhaps_rounded"]
    assert finding.values["count"] == 3
    assert finding.worded("zh").count("差一分位") == 2
    assert "与其各项之和差 0.01，或系各数分别四舍五入所致" in finding.worded("zh")


# a sum of projects in two columns; two sums that hold the same figure; four sums of two figures
@pytest.mark.parametrize("seed", [2600510, 3300223, 3300701])
def test_few_sums_that_fail_by_their_rounding_accuse_no_figure_for_certain(seed: int) -> None:
    """One or two slips explain as much, but nothing contradicts that every figure was rounded by itself."""
    ledger = diagnosed_ledger(filed(render(finer_than_printed(seed))))
    assert not ledger.is_rounded
    [finding] = ledger.findings
    assert (finding.kind, finding.values["count"]) == ("perhaps_rounded", 2)
    slips, roundings = finding.worded("zh").partition("(1) ")[2].split("、(2) ")
    assert "应为" in slips
    assert "四舍五入" not in slips
    assert "或系各数分别四舍五入所致" in roundings


@pytest.mark.parametrize("seed", range(700, 712))
@pytest.mark.parametrize("direction", ["down", "across"])
def test_a_cent_carried_up_a_column_or_across_a_row_alone_is_no_rounding(seed: int, direction: str) -> None:
    """All sums that hold it in the other direction fail, each by the cent."""
    budget = random_budget(seed)
    figures = published(budget)
    choose = random.Random(f"{direction} {seed}")
    no, row, column = choose.choice([key for key in sorted(figures) if is_finest(key, figures)])
    form = FORMS[no]
    assert form.rows is not None
    if direction == "down":
        keys = [(no, held, column) for held in (row, *form.rows.above(row))]
    else:
        keys = [(no, row, of) for of in (column, *totals_of(form, column))]
    changes = {key: figures[key] + CENT_OF_WAN for key in keys if key in figures}
    assert not make_ledger(filed(render(budget, changes=changes))).is_rounded


def is_finest(key: Key, figures: Mapping[Key, int]) -> bool:
    """Whether a cell of a form with rows has no parts, but a total in its row and sums above it."""
    no, row, column = key
    form = FORMS[no]
    if form.rows is None or form.sheet is not None or form.column(column).parts or row == form.rows.total:
        return False
    held = {above for of, other, _ in figures if of == no for above in form.rows.above(other)}
    return row not in held and any((no, row, of) in figures for of in totals_of(form, column))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (faults.shift_row, "row_shifted"),
        (faults.swap_rows, "rows_swapped"),
        (faults.exchange_columns, "columns_swapped"),
        (faults.omit_row, "row_omitted"),
        (faults.repeat_row, "row_twice"),
        (faults.leave_out_part, "child_left_out"),
        (faults.merge_rows, "rows_merged"),
        (faults.figure_in_row_above, "figure_misplaced"),
        (faults.stale_form, "stale_form"),
    ],
)
def test_a_fault_beside_roundings_is_named(make: Callable[..., faults.Faulty | None], kind: str) -> None:
    budget = budget_of(Shape(seed=32, functions=4, items=6, project_functions=3, projects=3, step=100))
    faulty = make(budget, random.Random(1))
    assert faulty is not None
    disclosure = filed(faulty.text)
    ledger = diagnosed_ledger(disclosure)
    assert ledger.is_rounded
    found = [*disclosure.findings, *ledger.findings]
    assert [(finding.kind, finding.form_id) for finding in found] == [(kind, faulty.form_id)]


def test_a_wrong_figure_beside_roundings_is_named_with_the_figure_that_other_forms_print() -> None:
    budget = finer_than_printed(SEEDS[0])
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 3 and "/" in key[1] and abs(figures[key]) > 100 * FEN)
    [finding] = diagnosed_ledger(filed(render(budget, changes={key: -figures[key]}))).findings
    assert finding.kind == "sign_turned"
    printed = (Decimal(figures[key]) / FEN).quantize(Decimal("0.01"))
    assert (finding.values["filed"], finding.values["proposed"]) == (-printed, printed)


NOTE = "注：本套报表金额单位转换时可能存在尾数误差。"


def test_a_note_that_figures_were_rounded_excuses_a_cent() -> None:
    disclosure = filed(render(finer_than_printed(2600556)))
    disclosure.forms[0].note = NOTE
    ledger = diagnosed_ledger(disclosure)
    assert ledger.is_rounded
    assert not ledger.findings


@pytest.mark.parametrize("seed", SEEDS)
def test_a_note_that_figures_were_rounded_excuses_no_figure_that_other_forms_print(seed: int) -> None:
    """Form 10 prints the item of form 8 as well: rounded once, both are the same."""
    budget = budget_of(random_shape(seed))
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 8 and len(key[1]) == 5 and key[2] == "staff")
    disclosure = filed(render(budget, changes={key: figures[key] + CENT_OF_WAN}))
    disclosure.forms[0].note = NOTE
    ledger = diagnosed_ledger(disclosure)
    assert not ledger.is_rounded
    assert [finding.kind for finding in ledger.findings] == ["cent_off"]


def test_cents_that_the_only_figure_beneath_a_sum_contradicts_are_no_roundings() -> None:
    """A sum of one figure is rounded as that figure is, so a cent between them is an error."""
    amounts = {
        Entry("expenditure", "001001", "11", "basic", "2010101", item, government): amount * CENT_OF_WAN
        for item, government, amount in (("30101", "50101", 50_000), ("30201", "50201", 7_000), ("30202", "50201", 711))
    }
    amounts[Entry("revenue", "001001", "111", item="111")] = sum(amounts.values())
    budget = Budget("001", "某局", (Unit("001001", "某局", "agency"),), amounts)
    figures = published(budget)
    wrong = [(8, "30202", "total"), (8, "30202", "public"), (7, "001001/20101", "basic_public")]
    changes = {key: figures[key] - CENT_OF_WAN for key in wrong}
    disclosure = filed(render(budget, changes=changes))
    ledger = make_ledger(disclosure)
    assert not ledger.is_rounded
    assert deviations(gather(disclosure).all_forms(), ledger) == {key: (changes[key], figures[key]) for key in wrong}


def test_what_no_fund_explains_is_not_made_smaller_by_roundings() -> None:
    """A final account that spent money carried over, of no fund: the finest figures of 一般公共预算 do not give way."""
    amounts = {
        at: amount + number * CENT_OF_WAN // 25 - CENT_OF_WAN // 4
        for number, (at, amount) in enumerate(sorted(amounts_of(FINAL_ACCOUNTS, seed=4).items()))
        if (at.statement, at.fund) == ("expenditure", "11")
    }
    paid: dict[str, int] = defaultdict(int)
    for at, amount in amounts.items():
        paid[at.functional] += amount
    carried = 1_288 * CENT_OF_WAN
    spent = sum(paid.values()) + carried
    amounts |= {Entry("revenue", "", "11", functional=code, item="11"): amount for code, amount in paid.items()}
    amounts[Entry("expenditure", "", nature="basic", functional=min(paid))] = carried
    amounts[Entry("carry_over", "", item="opening")] = carried
    ledger = make_ledger(read_sheets(document(FINAL_ACCOUNTS, amounts, forms=("f01", "f03", "f05", "f06"))))
    assert ledger.is_rounded
    total = sum(line.amount for line in ledger.lines if line.coordinates.statement == "expenditure")
    assert abs(total - Decimal(spent) / FEN) < Decimal("0.01")


def paid_from_what_was_left(seed: int) -> dict[Entry, int]:
    """A final account in fractions of what it prints. Money left of last year pays what no fund of this year does."""
    generator = random.Random(seed)
    amounts: dict[Entry, int] = defaultdict(int)
    carried = 0
    for at, amount in sorted(amounts_of(FINAL_ACCOUNTS, seed=seed).items()):
        if at.statement != "expenditure":
            if at.fund != "31" and not at.item.startswith("surplus"):
                amounts[at] += amount
            continue
        error = generator.randint(-4_999, 4_999)
        amounts[at] += amount + error
        if at.fund == "31":
            carried += amount + error
        else:
            amounts[Entry("revenue", "", at.fund, functional=at.functional, item=at.fund)] += error
    amounts[Entry("carry_over", "", item="opening")] = carried
    return dict(amounts)


@pytest.mark.parametrize("seed", [11, 15, 36])
def test_sums_of_rounded_amounts_in_some_forms_of_a_final_account_accuse_none(seed: int) -> None:
    amounts = paid_from_what_was_left(seed)
    generator = random.Random(seed)
    sheets = zip(document(FINAL_ACCOUNTS, amounts), document(FINAL_ACCOUNTS, rounded(amounts)), strict=True)
    ledger = diagnosed_ledger(read_sheets([generator.choice(pair) for pair in sheets]))
    assert {finding.kind for finding in ledger.findings} <= {"no_fund"}


@pytest.mark.parametrize("seed", [100, 101])
def test_money_left_over_in_parts_too_small_to_be_printed_accuses_none(seed: int) -> None:
    """Beneath 年初结转 and 年末结转 of 0.1 all parts are blank."""
    finer = {at: amount * 10_007 // CENT_OF_WAN for at, amount in amounts_of(FINAL_ACCOUNTS, seed).items()}
    disclosure = read_sheets(document(FINAL_ACCOUNTS, finer, Style(decimals=1)))
    ledger = diagnosed_ledger(disclosure)
    assert ledger.is_rounded
    assert not {finding.kind for finding in (*disclosure.findings, *ledger.findings)} & {
        "contradiction",
        "wrong_figure",
    }


_FUNCTIONS = ("2010601", "2010602", "2010650", "2080501", "2080505", "2080506", "2101101", "2210201", "2210203")
_ITEMS = (
    *(f"301{number:02d}" for number in (1, 2, 3, 8, 9, 10, 12, 13, 99)),
    *(f"302{number:02d}" for number in (1, 2, 4, 7, 11, 13, 16, 26, 28, 29, 39, 99)),
    *("30302", "30309", "31002"),
)


def account_of_many_items(seed: int) -> dict[Entry, int]:
    """What was spent on many items, in fractions of what a final account prints."""
    generator = random.Random(seed)
    amounts: dict[Entry, int] = {}
    for function in _FUNCTIONS:
        for item in generator.sample(_ITEMS, generator.choice((1, 1, 2, 12))):
            amount = generator.randrange(50, 30_000) * CENT_OF_WAN + generator.randrange(-49, 50) * CENT_OF_WAN // 100
            amounts[Entry("expenditure", "", "11", "basic", function, item)] = amount
    paid: dict[str, int] = defaultdict(int)
    for at, amount in amounts.items():
        paid[at.functional] += amount
    return amounts | {Entry("revenue", "", "11", functional=code, item="11"): amount for code, amount in paid.items()}


def account_with_little_money(seed: int) -> dict[Entry, int]:
    """A final account in which some money is little more than the rounding."""
    generator = random.Random(seed)
    amounts = sorted(amounts_of(FINAL_ACCOUNTS, seed=seed).items())
    return {at: amount + generator.randrange(-49, 50) * CENT_OF_WAN // 100 for at, amount in amounts}


# several sums are off by what one figure must not take alone; a figure of 0.01 is rounded away
@pytest.mark.parametrize("amounts", [account_of_many_items(13), account_with_little_money(9)], ids=["items", "little"])
def test_no_figure_of_a_rounded_final_account_is_moved_by_more_than_its_lines(amounts: dict[Entry, int]) -> None:
    forms = tuple(f"f0{number}" for number in range(1, 10))
    disclosure = read_sheets(document(FINAL_ACCOUNTS, amounts, forms=forms))
    ledger = make_ledger(disclosure)
    assert ledger.is_rounded
    forms_filed = gather(disclosure).all_forms()
    cells = {(f.form.form_id, fold(row), column): cell for f in forms_filed for (row, column), cell in f.cells.items()}
    for key, (figure, rebuilt) in differing(forms_filed, ledger).items():
        cell = cells[key]
        assert cell.half_place is not None
        assert abs(figure - rebuilt) <= to_fen((cell.part_count + 1) * cell.half_place), key


def test_a_sum_that_fails_alike_in_several_forms_was_rounded() -> None:
    """The forms of Jiangsu print the same sums of projects. A slip may be in one of them, not the same in each."""

    def rounded(cell: workbooks.Cell) -> workbooks.Cell:
        if re.fullmatch(r"-?[\d,]+\.\d\d", cell.text) is None:
            return cell
        exact = Decimal(cell.text.replace(",", "")) * Decimal("0.73519")
        return replace(cell, text=str(exact.quantize(Decimal("0.01"))), number=None)

    sheets = document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, seed=6))
    disclosure = read_sheets([replace(sheet, cells=tuple(map(rounded, sheet.cells))) for sheet in sheets])
    ledger = diagnosed_ledger(disclosure)
    assert (ledger.is_rounded, ledger.findings) == (True, [])
