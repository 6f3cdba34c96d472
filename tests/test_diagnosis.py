"""A document with one fault of a clerk: it is called by its name, and the ledger is that of the right document."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path

import psycopg
import pytest

from loader.diagnosis.diagnose import diagnose, diagnosed_ledger
from loader.diagnosis.disagreement.differences import Rebuilt, differences, rebuild_forms
from loader.diagnosis.disagreement.labels import money
from loader.diagnosis.disagreement.table import Table, tables_of
from loader.diagnosis.figures.single_figures import figure_fault
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import Evidence, gather
from loader.ledger.lines import Ledger
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import CENT_OF_WAN, Budget, Entry, Shape, Unit, budget_of, random_budget
from synthetic.deviations import filed
from synthetic.faults import FAULTS, Faulty, omit_project_and_sums, shift_row
from synthetic.rendering import published, render
from synthetic.set_documents import Account, random_account, text_of
from synthetic.wrong_forms import multiplied
from tests.conftest import SAMPLE, Run

SHAPE = Shape(
    seed=5,
    kinds=("agency", "institution"),
    functions=3,
    items=4,
    project_functions=2,
    projects=2,
    sources=("111",),
)
# the ledger of these documents is not that of the right one: a figure was changed in it, a form left out shows none, a
# project without a name stays without, and a form that stands there twice is read once
WITHOUT_LEDGER = (
    "a form of another year",
    "a form not brought up to date",
    "a project left out",
    "sums not brought up to date",
)


QUIET = ("missing_column", "label")
# a fault that another one explains as well: both are told
AMBIGUOUS = "two projects swapped"
# faults that are searched for only if nothing else is wrong
ALONE = ("two units swapped", "a unit left out of its sums too", "a figure a row too high")
ITEM = "三公 without an item"  # which this budget does not have
NAMED = [name for name in FAULTS if name not in (AMBIGUOUS, ITEM)]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large document is no reason to find less here."""
    monkeypatch.setattr("loader.diagnosis.ways.MOST_WORK", 60_000_000)
    monkeypatch.setattr("loader.diagnosis.searches.equal_corrections._MOST_WORK", 60_000_000)


@pytest.fixture(scope="module")
def budget() -> Budget:
    return budget_of(SHAPE)


def diagnosed(text: str) -> tuple[Ledger, list[Finding]]:
    """The ledger of a document and what was found, filing included.

    Form 21 of these budgets has no columns of some funds, whatever is wrong.
    """
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    found = [*disclosure.findings, *ledger.findings]
    return ledger, [one for one in found if (one.kind, one.report_no) != ("missing_column", 21)]


def amounts(ledger: Ledger) -> dict[object, Decimal]:
    return {line.coordinates: line.amount for line in ledger.lines}


def projects(ledger: Ledger) -> set[tuple[str, object]]:
    """The special funds with their amounts."""
    return {
        (line.coordinates.project, line.amount) for line in ledger.lines if line.coordinates.statement == "special_fund"
    }


def faulty(name: str, budget: Budget) -> Faulty:
    """A document with this fault, by the first seed that finds a place for it."""
    make, _ = FAULTS[name]
    return next(found for seed in range(20) if (found := make(budget, random.Random(seed))) is not None)


@pytest.mark.parametrize("name", NAMED)
def test_a_fault_is_called_by_its_name(name: str, budget: Budget) -> None:
    document = faulty(name, budget)
    ledger, findings = diagnosed(document.text)
    kinds = FAULTS[name][1]
    [found] = [finding for finding in findings if finding.kind in kinds]
    assert found.report_no == document.form
    assert {finding.kind for finding in findings} <= {*kinds, "missing_column", "label", "duplicate_form"}
    if name not in WITHOUT_LEDGER:
        assert amounts(ledger) == amounts(make_ledger(filed(render(budget))))


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("a project left out", 20004),  # of a fund without a column
        ("a form not brought up to date", 20022),  # the only one of its fund: figures of form 23 seemed wrong
        ("a form of another year", 20009),  # in which small amounts are the same
        ("a row left out", 30003),  # beside local practice, which made form 9 seem foreign
        ("any two columns exchanged", 2640007),  # else two lines of form 8 were, against the official crosswalk
        ("a figure in a wrong column", 2640010),  # the ledger chose other splits without the form
        (ITEM, 2710012),  # in one row it is the whole total
        ("a row printed twice", 3600037),  # whose figures, each twice what it should be, seem one slip
        ("two units swapped", 2660027),  # both carry money into the next year, one would spend more than it has
    ],
)
def test_what_looks_like_another_fault_is_called_by_its_name(name: str, seed: int) -> None:
    make, kinds = FAULTS[name]
    document = make(random_budget(seed), random.Random(f"{name} {seed}"))
    assert document is not None
    _, findings = diagnosed(document.text)
    told = [(found.kind, found.report_no) for found in findings if found.form_id and found.kind not in QUIET]
    assert told == [(kinds[0], document.form)]


@pytest.mark.parametrize(
    ("entry", "name", "seed"),
    [
        (FINAL_ACCOUNTS, "a row shifted by a column", 2650001),  # its last column is no part of a total of the row
        (FINAL_ACCOUNTS, "a row left out of its sums too", 2696007),  # without its form, other money is misplaced
        (FINAL_ACCOUNTS, "a row left out", 2680002),  # of f02, whose functions are coarser than those of f05 then
        (SHANGHAI_BUDGET, "a form not brought up to date", 2680000),  # no other form prints revenue by function
        (SHANGHAI_BUDGET, "a form not brought up to date", 2680004),  # the only one of its fund drew the ledger
        (FINAL_ACCOUNTS, "a row left out of its sums too", 5200005),  # the only one of its fund: f01 seems old
        (FINAL_ACCOUNTS, "a row left out of its sums too", 5200017),  # of f03, with spending of which no fund is known
        (SHANGHAI_BUDGET, "a row left out of its sums too", 5200005),  # of basic and project spending in other forms
        (NATIONAL_BUDGET, "a row left out of its sums too", 5200004),  # nothing else splits 上年结转 of its row
        (NATIONAL_BUDGET, "a row left out of its sums too", 5200009),  # the only one of its fund
        (NATIONAL_BUDGET, "a figure in a wrong column", 5200002),  # no other form splits 上年结转 beside it
        (NATIONAL_BUDGET, "any two columns exchanged", 5200009),  # the same
        (FINAL_ACCOUNTS, "two columns exchanged", 5500000),  # their totals are, and one figure would explain as much
        (FINAL_ACCOUNTS, "any two columns exchanged", 5200014),  # the ledger that follows it exceeds a total
        (NATIONAL_BUDGET, "a figure a row too high", 5500041),  # beside another figure of the same amount
        (SHANGHAI_BUDGET, "a figure a row too high", 5200024),  # another figure may be divided between the two rows
        (JIANGSU_BUDGET, "a row left out of its sums too", 5200002),  # another form prints it, as of any fund
    ],
)
def test_a_fault_in_another_set_of_forms_is_called_by_its_name(entry: TemplateSet, name: str, seed: int) -> None:
    make, kinds = FAULTS[name]
    document = make(random_account(entry, seed), random.Random(f"{name} {seed}"))
    assert document is not None
    _, findings = diagnosed(document.text)
    told = [(found.kind, found.form_id) for found in findings if found.form_id and found.kind not in QUIET]
    assert told == [(kinds[0], document.form_id)]


def test_a_sign_lost_at_the_end_of_the_year_is_named_not_the_right_total() -> None:
    """No other form prints what is left of other money; both sides of the form print the total."""
    account = random_account(FINAL_ACCOUNTS, 5400000)
    amounts = dict(account.amounts)
    own = max((at for at in amounts if at.statement == "revenue" and at.item == "31"), key=lambda at: amounts[at])
    less = 7 * amounts[own] // 10 // CENT_OF_WAN * CENT_OF_WAN
    amounts[own] -= less
    amounts[Entry("carry_over", "", "189", item="closing")] = -less
    lines = text_of(replace(account, amounts=amounts)).split("\n")
    assert diagnosed("\n".join(lines))[1] == []
    at = next(at for at, line in enumerate(lines) if "\t年末结转和结余\t-" in line)
    lines[at] = lines[at].replace("\t年末结转和结余\t-", "\t年末结转和结余\t")
    assert [(f.kind, f.form_id) for f in diagnosed("\n".join(lines))[1]] == [("sign_turned", "f01")]


@pytest.mark.parametrize(("more", "told"), [(("2070111",), 2), (("2070111", "2070199"), 2)])
def test_all_other_money_left_out_of_a_form_makes_no_old_version_of_another(more: Sequence[str], told: int) -> None:
    """支出决算表 without any row of other money, and with sums that follow. The classes of 收入支出决算总表 tell it."""
    account = random_account(FINAL_ACCOUNTS, 5400001)
    amounts = dict(account.amounts)
    for code in more:
        amounts[Entry("expenditure", "", "31", "project", code)] = 12_34 * CENT_OF_WAN
        amounts[Entry("revenue", "", "31", functional=code, item="31")] = 12_34 * CENT_OF_WAN
    whole = text_of(replace(account, amounts=amounts)).split("\n\n")
    spent = {at: amount for at, amount in amounts.items() if at.statement != "expenditure" or at.fund != "31"}
    cut = text_of(replace(account, amounts=spent)).split("\n\n")
    text = "\n\n".join(less if less.startswith("支出决算表") else form for form, less in zip(whole, cut, strict=True))
    assert diagnosed("\n\n".join(whole))[1] == []
    assert [(f.kind, f.form_id) for f in diagnosed(text)[1]] == [("row_omitted", "f03")] * told


def test_income_by_function_tells_which_of_two_forms_has_a_row_under_a_wrong_code() -> None:
    """The ledger follows the form of 一般公共预算, which has the wrong code, and no third form prints spending so."""
    right, wrong = "2010501\t行政运行", "2010599\t其他统计信息事务支出"
    pages = text_of(random_account(FINAL_ACCOUNTS, 1)).split("\n\n")
    [page] = [page for page in pages if page.startswith("一般公共预算财政拨款支出决算表")]
    rows = [row.split("\t") for row in page.replace(right, wrong).split("\n")]
    plain = [row[:3] for row in rows[:3]] + [[*row[:2], *row[4:6], row[8]] for row in rows[3:]]  # without income
    pages[pages.index(page)] = "\n".join(map("\t".join, plain))
    kept = [page for page in pages if not page.startswith("财政拨款支出决算表")]
    _, findings = diagnosed("\n\n".join(kept))
    assert [(found.kind, found.form_id) for found in findings] == [("row_misplaced", "f05")]
    assert "应属 2010501" in findings[0].worded("zh", None)


def test_projects_of_two_units_that_are_swapped_are_told_by_what_these_spend(budget: Budget) -> None:
    _, findings = diagnosed(faulty(AMBIGUOUS, budget).text)
    assert [(found.kind, found.report_no) for found in findings if found.kind != "label"] == [("rows_swapped", 21)]


def test_projects_swapped_or_their_sheets_are_both_told() -> None:
    """Neither form contradicts itself, and no other prints the figures of projects of one unit."""
    document = FAULTS[AMBIGUOUS][0](random_budget(2740009), random.Random(f"{AMBIGUOUS} 2740009"))
    assert document is not None
    _, findings = diagnosed(document.text)
    [several] = [finding for finding in findings if finding.kind == "several_explanations"]
    assert (several.values["count"], several.values["forms"]) == (2, ["r21", "r22"])
    assert "form 21, row" in several.message
    assert "form 22, row" in several.message


def test_a_project_printed_twice_and_exchanged_parts_are_named(budget: Budget) -> None:
    figures = published(budget)
    lines = render(budget).split("\n")
    project = next(row.partition("/")[2] for form, row, _ in figures if form == 21 and "/" in row)
    at = next(number for number, line in enumerate(lines) if project in line)
    _, findings = diagnosed("\n".join([*lines[:at], lines[at], *lines[at:]]))
    assert [(found.kind, found.report_no) for found in findings if found.kind != "label"] == [("row_twice", 21)]
    one, other = "basic_wages", "project_goods_services"
    rows = {row for form, row, _ in figures if form == 5}
    changes = {(5, row, a): figures.get((5, row, b), 0) for row in rows for a, b in ((one, other), (other, one))}
    ledger, _ = diagnosed(render(budget, changes=changes))
    assert ("columns_swapped", 5) in [(finding.kind, finding.report_no) for finding in ledger.findings]


def test_a_blank_figure_beneath_two_sums_is_wrong_not_they() -> None:
    blank = {(21, "070001/月塘培训费1", "general_total"): 0}
    ledger, _ = diagnosed(render(random_budget(910012), changes=blank))
    assert [(found.kind, found.report_no) for found in ledger.findings] == [("figure_blank", 21)]


def test_a_form_in_yuan_whose_figures_no_other_prints_is_named() -> None:
    office = budget_of(replace(SHAPE, three_public=True))
    ledger, _ = diagnosed(render(office, changes=multiplied(office, 15, 10_000)))
    assert [(found.kind, found.report_no, found.values) for found in ledger.findings] == [
        ("scaled_form", 15, {"ratio": "10000"})
    ]
    assert amounts(ledger) == amounts(make_ledger(filed(render(office))))


def with_special_funds(change: Callable[[list[str]], list[str]]) -> FiledDisclosure:
    """The sample with other figures in the rows of form 21: totals, 经费拨款, 编入部门预算金额 and 财政代编金额."""
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    head = next(number for number, line in enumerate(lines) if "编入部门预算金额" in line)
    for number in range(head + 1, lines.index("", head)):
        cells = lines[number].split("\t")
        if not cells[2].endswith("0"):
            continue  # a row of the header
        quota, inside, held = change([cells[2], *cells[-2:]])
        lines[number] = "\t".join([*cells[:2], quota, quota, quota, *cells[5:-2], inside, held])
    return filed("\n".join(lines))


def test_special_funds_in_yuan_are_named_though_goals_print_some_of_them() -> None:
    def in_yuan(cells: list[str]) -> list[str]:
        return [f"{Decimal(cell) * 10_000:.2f}" if cell else "" for cell in cells]

    disclosure = with_special_funds(in_yuan)
    ledger = diagnosed_ledger(disclosure)
    assert [(found.kind, found.report_no) for found in ledger.findings] == [("scaled_form", 21)]
    assert projects(ledger) == projects(make_ledger(filed(SAMPLE.read_text(encoding="utf-8"))))


def test_special_funds_that_finance_holds_may_exceed_all_spending() -> None:
    """Each project of the office has as much more."""

    def held(cells: list[str]) -> list[str]:
        inside = Decimal(cells[1])
        return [f"{inside * 1_001:.2f}", cells[1], f"{inside * 1_000:.2f}"]

    assert "scaled_form" not in {found.kind for found in diagnosed_ledger(with_special_funds(held)).findings}


def test_of_several_units_without_a_row_the_one_that_spends_what_the_sums_lack_is_left_out() -> None:
    """Two units have no row in form 2. One of them has no income."""
    name = "a unit left out of its sums too"
    make, _ = FAULTS[name]
    fault = make(random_budget(2740083), random.Random(f"{name} 2740083"))
    assert fault is not None
    findings = diagnosed_ledger(filed(fault.text)).findings
    assert [(found.kind, str(found.values["row"])[:6]) for found in findings] == [("unit_omitted", fault.row)]


@pytest.mark.parametrize(
    ("reception", "projects", "told"),
    [
        ("1.25", "0.5", ("scaled_form", {"ratio": "10"})),  # projects do not pay the rest
        ("1", "40", ("perhaps_scaled", {"filed": Decimal(10), "part": Decimal(1), "ratio": "10"})),
    ],
)
def test_three_public_that_is_ten_times_its_subject_is_told(
    reception: str, projects: str, told: tuple[str, dict[str, object]]
) -> None:
    """No other form prints 三公: only its subject, of basic spending, tells how much it should be."""
    amounts = {
        Entry("expenditure", "001001", "11", "basic", "2010101", item, government): int(Decimal(amount) * 1_000_000)
        for item, government, amount in (("30101", "50101", "320.47"), ("30217", "50206", reception))
    }
    project = Entry("expenditure", "001001", "11", "project", "2010102", "30299", "50299", project="接待和用车")
    amounts[project] = int(Decimal(projects) * 1_000_000)
    amounts[Entry("revenue", "001001", "111", item="111")] = sum(amounts.values())
    amounts[Entry("three_public", "001001", item="reception")] = int(Decimal(reception) * 1_000_000)
    amounts[Entry("three_public", "001001", item="vehicle_purchase")] = int(Decimal(18) * 1_000_000)
    office = Budget("001", "某局", (Unit("001001", "某局", "agency"),), amounts)
    ledger, _ = diagnosed(render(office, changes=multiplied(office, 15, 10)))
    assert [(found.kind, found.values) for found in ledger.findings if found.report_no == 15] == [told]


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("9000.00", ("scaled_form", {"ratio": "10000"})),
        ("9000.25", ("above_spending", {"amount": Decimal("9000.25"), "spending": Decimal("320.47")})),
    ],
)
def test_three_public_far_above_all_spending_is_told(operation: str, told: tuple[str, dict[str, object]]) -> None:
    wages = Entry("expenditure", "001001", "11", "basic", "2010101", "30101", "50101")
    amounts = {wages: 320_470_000, Entry("revenue", "001001", "111", item="111"): 320_470_000}
    amounts[Entry("three_public", "001001", item="vehicle_operation")] = int(Decimal(operation) * 1_000_000)
    ledger, _ = diagnosed(render(Budget("001", "某局", (Unit("001001", "某局", "agency"),), amounts)))
    assert [(found.kind, found.values) for found in ledger.findings if found.report_no == 15] == [told]


@pytest.mark.parametrize(("goods", "kinds"), [(12_000, ["above_spending"]), (3_000, [])])
def test_goods_bought_for_more_than_all_spending_are_told(goods: int, kinds: list[str]) -> None:
    amounts = {
        Entry("expenditure", "", "11", "basic", "2010101", "30101"): 3_204_700 * CENT_OF_WAN // 100,
        Entry("revenue", "", "11", functional="2010101", item="11"): 3_204_700 * CENT_OF_WAN // 100,
        Entry("procurement", "", item="A"): goods * 10 * CENT_OF_WAN,
    }
    ledger, _ = diagnosed(text_of(Account(FINAL_ACCOUNTS, amounts)))
    assert [found.kind for found in ledger.findings] == kinds


def test_a_form_in_wan_yuan_is_not_named_if_all_others_wrongly_say_yuan() -> None:
    office = budget_of(Shape(three_public=True))
    text = render(office).replace("金额单位：万元", "金额单位：元")
    before, title, behind = text.rpartition("一般公共预算“三公”经费支出表")
    ledger, _ = diagnosed(before + title + behind.replace("金额单位：元", "金额单位：万元", 1))
    assert {found.kind for found in ledger.findings} & {"scaled_form", "implausibly_small"} == {"implausibly_small"}


def test_rows_are_called_by_code_and_name_and_columns_exchanged_in_some_rows_are_none() -> None:
    make, _ = FAULTS["two rows swapped"]
    faulty = make(random_budget(640004), random.Random("two rows swapped 640004"))
    assert faulty is not None
    ledger, _ = diagnosed(faulty.text)
    assert "'102001/2070699 其他新闻出版电影支出' and '102001/2130217 防沙治沙'" in ledger.findings[-1].message
    office = budget_of(Shape(functions=4, items=3))
    figures = published(office)
    rows = {row for form, row, _ in figures if form == 3 and "/" in row and "2013303".startswith(row.split("/")[1])}
    changes = {
        (3, row, one): figures.get((3, row, other), 0)
        for row in rows
        for one, other in (("basic", "project"), ("project", "basic"))
    }
    ledger, _ = diagnosed(render(office, changes=changes))
    assert len(rows) == 3
    assert "columns_swapped" not in {finding.kind for finding in ledger.findings}


def test_columns_exchanged_or_lines_of_another_form_are_both_told() -> None:
    """Form 8 alone prints again what form 10 does, in lines: either may be wrong."""
    office = budget_of(Shape(seed=10, functions=2, items=8))
    figures = published(office)
    one, other = "basic_salary", "bonuses"
    rows = {row for form, row, column in figures if (form, column) == (10, one)}
    changes = {(10, row, a): figures[10, row, b] for row in rows for a, b in ((one, other), (other, one))}
    ledger, _ = diagnosed(render(office, changes=changes))
    [several] = [finding for finding in ledger.findings if finding.kind == "several_explanations"]
    assert several.values["count"] == 2
    assert "form 8, row" in several.message
    assert "form 10: the figures of the columns" in several.message


def without_unit(budget: Budget, form: int, unit: str) -> str:
    """A document in which a form lacks all rows of a unit."""
    make, _ = FAULTS["a unit left out"]
    tries = (make(budget, random.Random(seed)) for seed in range(100))
    return next(found.text for found in tries if found is not None and (found.form, found.row) == (form, unit))


@pytest.mark.parametrize("form", [4, 5])
def test_a_unit_left_out_is_named_though_its_totals_hold_more_than_their_columns(form: int) -> None:
    """经营支出 has no class: forms 4 and 5 print it in the total alone."""
    budget = budget_of(replace(SHAPE, seed=7, natures=("operating",)))
    _, findings = diagnosed(without_unit(budget, form, "001001"))
    told = [(found.kind, found.report_no) for found in findings if found.kind not in ("missing_column", "label")]
    assert told == [("unit_omitted", form)]


@pytest.mark.parametrize("is_finished", [False, True])
def test_faults_are_tried_however_long_it_takes_to_lay_out_the_tables(
    is_finished: bool, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 110 units that takes more time than the trials have: before the ledger is finished, and with it."""
    faulty = shift_row(budget, random.Random(5))
    assert faulty is not None
    clock = [0.0]

    def slow_forms(evidence: Evidence, ledger: Ledger) -> Rebuilt:
        clock[0] += 1_000
        return rebuild_forms(evidence, ledger)

    def slow_tables(evidence: Evidence) -> dict[str, Table]:
        clock[0] += 1_000
        return tables_of(evidence)

    monkeypatch.setattr("time.process_time", lambda: clock[0])
    monkeypatch.setattr("loader.diagnosis.case.rebuild_forms", slow_forms)
    monkeypatch.setattr("loader.diagnosis.case.tables_of", slow_tables)
    disclosure = filed(faulty.text)
    ledger = diagnose(disclosure, make_ledger(disclosure)) if is_finished else diagnosed_ledger(disclosure)
    assert clock[0]
    assert [finding.kind for finding in ledger.findings if finding.kind not in ("missing_column", "label")] == [
        "row_shifted"
    ]


def test_a_unit_left_out_is_named_though_some_forms_print_no_classes_of_functions() -> None:
    """All its functions are of one class, so form 3 lacks the row of that, and form 4 prints none."""
    budget = budget_of(Shape(seed=7, kinds=("agency", "agency"), functions=2, items=3))
    classes = {line.functional[:3] for line in budget.amounts if line.unit == "001001" and line.functional}
    assert len(classes) == 1
    _, findings = diagnosed(without_unit(budget, 3, "001001"))
    told = [(found.kind, found.report_no) for found in findings if found.kind not in ("missing_column", "missing_form")]
    assert told == [("unit_omitted", 3)]


def test_two_faults_on_rows_of_two_forms_are_both_named(budget: Budget) -> None:
    swapped = faulty("two rows swapped", budget)
    tries = (FAULTS["a row left out"][0](budget, random.Random(seed)) for seed in range(20))
    omitted = next(found for found in tries if found is not None and found.form != swapped.form)
    ledger, findings = diagnosed(both(render(budget), swapped.text, omitted.text))
    told = sorted((found.kind, found.report_no) for found in findings if found.kind not in ("missing_column", "label"))
    assert told == sorted([("rows_swapped", swapped.form), ("row_omitted", omitted.form)])
    assert amounts(ledger) == amounts(make_ledger(filed(render(budget))))


def both(plain: str, one: str, other: str) -> str:
    """A document with the changes of two others."""
    lines = plain.split("\n")
    for text in (one, other):
        changed = SequenceMatcher(None, plain.split("\n"), text.split("\n"), autojunk=False).get_opcodes()
        for kind, start, end, first, last in changed:
            if kind == "delete":
                lines[start:end] = ["\x00"] * (end - start)
            elif kind == "replace":
                lines[start:end] = text.split("\n")[first:last]
    return "\n".join(line for line in lines if line != "\x00")


@pytest.mark.parametrize("name", [name for name in NAMED if name not in ALONE])
def test_a_wrong_figure_beside_the_fault_of_another_form_is_named_with_it(name: str, budget: Budget) -> None:
    make, kinds = FAULTS[name]
    faulty = make(budget, random.Random(name))
    assert faulty is not None
    other = 3 if faulty.form != 3 else 5
    disclosure = filed(faulty.text)
    cell = next(
        cell
        for form in disclosure.forms
        for cell in form.cells
        if form.report_no == other and cell.amount and cell.statements and str(cell.row_key).count("/") == 1
        if cell.column_key != "total"
    )
    lines = faulty.text.split("\n")
    printed = lines[cell.source_row - 1].split("\t")
    assert cell.amount is not None
    printed[cell.column_no - 1] = f"{cell.amount + 777 * Decimal('0.01'):.2f}"
    lines[cell.source_row - 1] = "\t".join(printed)
    _, findings = diagnosed("\n".join(lines))
    told = {(found.kind in kinds, found.report_no) for found in findings if found.kind in (*kinds, "wrong_figure")}
    assert told == {(True, faulty.form), (False, other)}


@pytest.mark.parametrize(
    ("name", "seed", "wrong", "figure"),
    [
        # nothing contradicts the row, which stands alone beneath another; its ledger is right beside the wrong figure
        ("a row left out", 5006, (7, "026001", "basic_public"), 0),
        # the ledger gives the money of the project to another one, which draws no figure of another form away
        ("a project left out", 5004, (3, "102001/208", "basic"), 1),
    ],
)
def test_a_row_left_out_is_named_beside_a_wrong_figure(
    name: str, seed: int, wrong: tuple[int, str, str], figure: int
) -> None:
    make, kinds = FAULTS[name]
    right = random_budget(seed)
    faulty = make(right, random.Random(f"{name} {seed}"))
    assert faulty is not None
    changes = {wrong: published(right)[wrong] + CENT_OF_WAN if figure else 0}
    _, findings = diagnosed(both(render(right), faulty.text, render(right, changes=changes)))
    told = [(found.kind in kinds, found.report_no) for found in findings if found.report_no]
    assert sorted(told) == sorted([(True, faulty.form), (False, wrong[0])])


def test_totals_that_hold_more_than_their_columns_are_no_fault() -> None:
    """经营支出 and its like have no class: forms 4 and 5 print them in the total alone."""
    budget = budget_of(replace(SHAPE, natures=("operating", "remitted")))
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 5 and "/" in key[1] and key[2] == "total" and figures[key])
    _, findings = diagnosed(render(budget, changes={key: figures[key] * 100}))
    assert "point_moved" in {finding.kind for finding in findings if finding.report_no == 5}


def test_named_figures_are_all_that_is_found(budget: Budget) -> None:
    """Neither the contradiction nor the sum that fails by them is told beside them."""
    figures = published(budget)
    total = (7, "total", "total")
    other = next(key for key in sorted(figures) if key[0] == 10 and "/" in key[1] and figures[key] > 100 * CENT_OF_WAN)
    _, findings = diagnosed(render(budget, changes={total: figures[total] + 777 * CENT_OF_WAN, other: -figures[other]}))
    told = sorted((found.kind, found.report_no) for found in findings if found.kind not in ("missing_column", "label"))
    assert told == [("sign_turned", 10), ("wrong_figure", 7)]


def test_a_project_left_out_is_that_of_the_sheet_without_a_row(budget: Budget) -> None:
    ledger, _ = diagnosed(faulty("a project left out", budget).text)
    right = make_ledger(filed(render(budget)))
    assert projects(ledger) == projects(right)


def test_the_only_project_of_a_unit_is_left_out_beneath_its_sum() -> None:
    seed = 6300024
    document = FAULTS["a project left out"][0](random_budget(seed), random.Random(f"a project left out {seed}"))
    assert document is not None
    _, findings = diagnosed(document.text)
    assert {found.kind for found in findings if "omitted" in found.kind} == {"project_omitted"}


def test_a_project_left_out_of_its_sums_too_is_told_by_its_sheet() -> None:
    document = omit_project_and_sums(random_budget(5600000), random.Random(5600000))
    assert document is not None
    _, findings = diagnosed(document.text)
    told = [(found.kind, found.form_id, found.values["row"]) for found in findings if found.kind not in QUIET]
    assert told == [("row_omitted", "r21", document.row.partition("/")[2])]


def test_a_project_left_out_is_named_though_its_source_has_no_column() -> None:
    """Bonds have no column in form 21: the sums of the funds hold more than the columns beside them."""
    faulty = FAULTS["a project left out"][0](budget_of(replace(SHAPE, sources=("113",))), random.Random(1))
    assert faulty is not None
    _, findings = diagnosed(faulty.text)
    assert [(found.kind, found.report_no) for found in findings] == [("project_omitted", 21)]


def test_each_line_leads_to_a_cell_that_was_filed(budget: Budget) -> None:
    document = faulty("a row left out", budget)
    disclosure = filed(document.text)
    ledger = diagnosed_ledger(disclosure)
    assert "row_omitted" in {finding.kind for finding in ledger.findings}
    cells = {(form.form_no, cell.row_no, cell.column_no) for form in disclosure.forms for cell in form.cells}
    assert {line.source for line in ledger.lines if line.source} <= cells


def test_a_document_that_adds_up_has_no_diagnosis(budget: Budget) -> None:
    text = render(budget)
    disclosure = filed(text)
    ledger = make_ledger(disclosure)
    assert diagnose(disclosure, ledger) is ledger


@pytest.mark.parametrize(
    ("filed_figure", "proposed", "kind"),
    [
        (0, 1234, "figure_blank"),
        (1234, 0, "figure_filled"),
        (-1234, 1234, "sign_turned"),
        (1235, 1234, "cent_off"),
        (1324, 1234, "digits_swapped"),
        (234, 2034, "digits_swapped"),
        (3214, 1234, "wrong_figure"),
        (1034, 10340, "point_moved"),
        (103, 1034, "point_moved"),
        (12340000, 1234, "point_moved"),
        (777, 1234, "figure_copied"),
        (778, 1234, "wrong_figure"),
    ],
)
def test_a_wrong_figure_says_what_was_done_to_it(filed_figure: int, proposed: int, kind: str) -> None:
    assert figure_fault(filed_figure * CENT_OF_WAN, proposed * CENT_OF_WAN, [777 * CENT_OF_WAN]) == kind


def test_a_wrong_figure_is_told_with_the_right_one_and_what_bears_it_out(budget: Budget) -> None:
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1] and figures[key] > 100 * CENT_OF_WAN)
    _, findings = diagnosed(render(budget, changes={key: -figures[key]}))
    [found] = [finding for finding in findings if finding.kind == "sign_turned"]
    assert found.report_no == 7
    assert found.values["filed"] == -found.values["proposed"]  # type: ignore[operator]
    assert "3" in found.values["evidence"] or "7" in found.values["evidence"]  # type: ignore[operator]


def test_figures_of_the_same_money_are_not_copies_of_each_other(budget: Budget) -> None:
    """A unit with one function and this function print one wrong figure."""
    whole, part = "001002", "001002/2140305"
    figures = published(budget)
    column = next(key[2] for key in sorted(figures) if key[:2] == (10, part) and key[2] != "total")
    wrong = figures[10, part, column] + 777 * CENT_OF_WAN
    _, findings = diagnosed(render(budget, changes=dict.fromkeys([(10, whole, column), (10, part, column)], wrong)))
    assert [(found.kind, found.report_no) for found in findings] == [("figure_in_sums", 10)]


def test_a_blank_figure_beside_its_total_is_no_row_that_was_shifted(budget: Budget) -> None:
    """The total alone is left in the row, as if the figure had moved into its column."""
    row = next(key[1] for key in sorted(published(budget)) if key[0] == 8 and len(key[1]) == 5 and key[2] == "staff")
    _, findings = diagnosed(render(budget, changes={(8, row, "staff"): 0}))
    assert [(found.kind, found.report_no) for found in findings] == [("figure_blank", 8)]


def test_a_figure_that_only_one_cell_speaks_of_accuses_nobody(budget: Budget) -> None:
    """Two totals of a form that print one figure each contradict each other: either may be wrong."""
    figures = {key: amount for key, amount in published(budget).items() if key[0] in (3, 8)}
    total = next(key for key in sorted(figures) if key[0] == 8 and key[1] == "total" and key[2] == "total")
    text = render(budget, forms=(3, 8), changes={total: figures[total] + 777 * CENT_OF_WAN})
    _, findings = diagnosed(text)
    proposed = {finding.values.get("proposed") for finding in findings if "proposed" in finding.values}
    assert all(value is not None and value * 1_000_000 == figures[total] for value in proposed)  # type: ignore[operator]


def test_a_blank_line_of_a_list_may_be_any_of_those_without_a_figure() -> None:
    """Only the sum above tells what is lacking: each line without a figure may lack it, and the other one be wrong."""
    budget = budget_of(replace(SHAPE, sources=("111", "1121", "1122")))
    figures = {key[1]: Decimal(amount) / 1_000_000 for key, amount in published(budget).items() if key[0] == 1}
    _, findings = diagnosed(render(budget, changes={(1, "1122", "revenue"): 0}))
    [several] = [finding for finding in findings if finding.kind == "several_explanations"]
    told = several.values["explanations_en"]
    assert isinstance(told, list)
    assert any(f"says {figures['1121']:.2f} and should be {figures['112']:.2f}" in text for text in told)
    assert sum(f"is blank (0.00) and should be {figures['1122']:.2f}" in text for text in told) > 1
    assert not any("proposed" in finding.values for finding in findings)


def test_a_figure_is_named_that_must_be_wrong_though_no_other_cell_prints_it() -> None:
    """The line with its point moved: any other correction would take two cells."""
    budget = budget_of(replace(SHAPE, sources=("111", "1121", "1122")))
    line = (1, "1122", "revenue")
    _, findings = diagnosed(render(budget, changes={line: 10 * published(budget)[line]}))
    assert [(found.kind, found.report_no) for found in findings] == [("point_moved", 1)]


def test_a_correction_that_leaves_spending_below_nothing_is_no_equal_one() -> None:
    """Only form 1 is filed: another class could be raised by as much, but not by money that is taken back."""
    budget = budget_of(Shape(kinds=("agency",), functions=2))
    figures = published(budget)
    wrong = 1, "501", "government_economic"
    ledger = diagnosed_ledger(filed(render(budget, forms=(1,), changes={wrong: -figures[wrong]})))
    assert [finding.kind for finding in ledger.findings] == ["sign_turned"]


@pytest.mark.parametrize(("column", "kind"), [("general_funds", "figure_filled"), ("general_total", "cent_off")])
def test_a_project_paid_by_a_source_without_a_column_is_told_by_its_total(column: str, kind: str) -> None:
    """Bonds have no column in form 21: the total of the funds holds more than they do, row by row."""
    budget = budget_of(replace(SHAPE, sources=("113",)))
    figures = published(budget)
    row = next(key[1] for key in sorted(figures) if key[0] == 21 and "/" in key[1])
    wrong = 21, row, column
    disclosure = filed(render(budget, changes={wrong: figures.get(wrong, 0) + CENT_OF_WAN}))
    ledger = diagnosed_ledger(disclosure)
    assert [difference.key for difference in differences(gather(disclosure), ledger)] == [(row, column)]
    assert [(found.kind, found.report_no) for found in ledger.findings] == [(kind, 21)]


@pytest.mark.parametrize(
    ("seed", "sign", "kind"), [(2, 0, "figure_blank"), (3, 0, "figure_blank"), (5, -1, "sign_turned")]
)
def test_a_grand_total_that_both_sides_print_is_right(seed: int, sign: int, kind: str) -> None:
    """What is left for the next year stands in no other form: but without it less is spent than comes in."""
    budget = budget_of(replace(SHAPE, seed=seed, closing=True, other_funds=("12", "32")))
    left = (6, "closing", "function")
    _, findings = diagnosed(render(budget, changes={left: sign * published(budget)[left]}))
    assert [(found.kind, found.report_no) for found in findings] == [(kind, 6)]


def without_line(text: str, label: str, below: str) -> str:
    """A text without label and figure of the first line of a list with this label after a title."""
    lines = text.split("\n")
    at = next(n for n in range(lines.index(below), len(lines)) if label in lines[n].split("\t"))
    cells = lines[at].split("\t")
    place = cells.index(label)
    cells[place : place + 2] = ["", ""]
    return "\n".join([*lines[:at], "\t".join(cells), *lines[at + 1 :]])


@pytest.mark.parametrize(
    ("form", "title", "label"), [(6, "财政拨款收支总表", "经费拨款"), (1, "收支总表", "（五）教育支出")]
)
def test_a_line_left_out_of_a_list_is_named_though_nothing_contradicts_it(form: int, title: str, label: str) -> None:
    amounts = {
        Entry("expenditure", "001001", "11", "basic", function, item, government): amount * CENT_OF_WAN
        for function, item, government, amount in (
            ("2010101", "30101", "50101", 50_000),
            ("2050201", "30201", "50201", 7_000),
        )
    }
    amounts[Entry("revenue", "001001", "111", item="111")] = 57_000 * CENT_OF_WAN
    text = render(Budget("001", "某局", (Unit("001001", "某局", "agency"),), amounts))
    assert "row_omitted" not in {finding.kind for finding in diagnosed(text)[1]}
    _, findings = diagnosed(without_line(text, label, title))
    [found] = [finding for finding in findings if finding.kind == "row_omitted"]
    assert (found.report_no, found.values["row"]) == (form, label)


def test_a_blank_line_is_called_what_its_own_list_calls_it(budget: Budget) -> None:
    """本年收入 and 本年支出 stand side by side in form 6."""
    _, findings = diagnosed(render(budget, changes={(6, "year", "function"): 0}))
    [found] = [finding for finding in findings if finding.kind == "figure_blank"]
    assert found.values["row"] == "一、本年支出"


@pytest.mark.parametrize(("forms", "is_named"), [((3, 7), True), ((3,), False)])
def test_a_figure_typed_wrong_before_its_row_was_added_up_is_named_if_another_form_prints_it(
    budget: Budget, forms: tuple[int, ...], is_named: bool
) -> None:
    """The total of its row in form 3 follows. In form 3 alone any other row may be wrong instead."""
    figures = {key: amount for key, amount in published(budget).items() if key[0] in forms}
    row = next(key[1] for key in sorted(figures) if key[0] == 3 and key[2] == "basic" and len(key[1]) == 14)
    added = {(3, row, column): figures[3, row, column] + 1000 * CENT_OF_WAN for column in ("total", "basic")}
    ledger, findings = diagnosed(render(budget, forms=forms, changes=added))
    told = [found for found in findings if found.kind in ("wrong_figure", "figure_in_sums")]
    right = money(figures[3, row, "basic"])
    slip = ("wrong_figure", right + 10, right)
    assert [(found.kind, found.values["filed"], found.values["proposed"]) for found in told] == [slip] * is_named
    assert not is_named or amounts(ledger) == amounts(make_ledger(filed(render(budget, forms=forms))))


def test_a_form_that_is_not_up_to_date_is_named_though_the_ledger_follows_it() -> None:
    make, _ = FAULTS["a form not brought up to date"]
    document = make(budget_of(replace(SHAPE, seed=11)), random.Random(11))
    assert document is not None
    disclosure = filed(document.text)
    forms = {difference.form.form.report_no for difference in differences(gather(disclosure), make_ledger(disclosure))}
    assert document.form not in forms
    _, findings = diagnosed(document.text)
    assert [found.report_no for found in findings if found.kind == "stale_form"] == [document.form]


@pytest.mark.parametrize("fault", ["two rows swapped", "a figure with its sign turned"])
def test_what_no_fault_explains_is_still_told(fault: str, budget: Budget) -> None:
    """Beside a fault that is named, a project has more money on its own sheet than anywhere else."""
    figures = published(budget)
    sheet = next(key for key in sorted(figures) if key[0] == 22)
    other = next(key for key in sorted(figures) if key[0] == 10 and "/" in key[1] and figures[key] > 100 * CENT_OF_WAN)
    changes = {sheet: figures[sheet] + 777 * CENT_OF_WAN}
    if fault in FAULTS:
        _, findings = diagnosed(both(render(budget), faulty(fault, budget).text, render(budget, changes=changes)))
    else:
        _, findings = diagnosed(render(budget, changes={**changes, other: -figures[other]}))
    assert [f.values["statement"] for f in findings if f.kind == "contradiction"] == ["special_fund"]
    assert {"rows_swapped", "sign_turned"} & {finding.kind for finding in findings}


def test_load_stores_the_fault_and_the_ledger_without_it(
    database: psycopg.Connection, run: Run, tmp_path: Path, budget: Budget
) -> None:
    document = faulty("two rows swapped", budget)
    path = tmp_path / "swapped.txt"
    path.write_text(document.text, encoding="utf-8")
    run("load", path)
    told = {row["kind"]: row for row in json.loads(run("findings", "--json").stdout)}
    assert told["rows_swapped"]["severity"] == "error"
    assert told["rows_swapped"]["message"].startswith(f"form {document.form}, row ")
    differing = database.execute("select distinct report_no from report.comparison where status = 'differs'").fetchall()
    assert differing == [(document.form,)]  # what was filed, beside what it should be
    right = amounts(make_ledger(filed(render(budget))))
    row = database.execute("select count(*), sum(amount) from budget.amount").fetchone()
    assert row == (len(right), sum(right.values()))


def test_a_row_left_out_is_compared_with_what_it_should_be(
    database: psycopg.Connection, run: Run, tmp_path: Path, budget: Budget
) -> None:
    document = faulty("a row left out", budget)
    path = tmp_path / "omitted.txt"
    path.write_text(document.text, encoding="utf-8")
    run("load", path)
    rows = database.execute(
        "select distinct report_no, row_key from report.comparison where status = 'differs'"
    ).fetchall()
    assert rows == [(document.form, document.row)]
    assert "row_omitted" in run("findings").stdout


def test_the_heads_of_basic_and_project_spending_exchanged_are_named_though_the_ledger_follows_them() -> None:
    """Items beneath 基本支出 make totals then that hold money beyond their columns: most rows do not bear it out."""
    budget = random_budget(3020)
    figures = published(budget)
    beside = {"basic_total": "project", "project": "basic_total"}
    rows = {row for no, row, _ in figures if no == 7}
    changes = {(7, row, own): figures.get((7, row, other), 0) for row in rows for own, other in beside.items()}
    _, findings = diagnosed(render(budget, changes=changes))
    assert [(found.kind, found.report_no) for found in findings] == [("columns_swapped", 7)]


@pytest.mark.parametrize("words", ["涉密", "详见表3", "{}（含结转）"])
def test_words_in_place_of_a_figure_are_not_misspelt(words: str) -> None:
    text = render(random_budget(3))
    line = next(line for line in text.split("\n") if line.startswith("204\t09\t\t"))
    figure = line.split("\t")[5]
    disclosure = filed(text.replace(line, line.replace(figure, words.format(figure), 1)))
    ledger = diagnosed_ledger(disclosure)
    assert [found.kind for found in disclosure.findings if found.report_no == 3] == ["not_a_number"]
    assert ledger.findings == []
