"""Random accounts → the forms of every set but the first → the loader: what comes back is what went in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations_with_replacement
from pathlib import Path

import psycopg
import pytest

from benchmarks.wrong_figures_of_sets import places_of, with_figures
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.disagreement.differences import differences
from loader.documents.grid import DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather
from schema.forms import SETS
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic import pages, workbooks
from synthetic.budgets import FEN, Entry
from synthetic.deviations import differing
from synthetic.set_documents import (
    OFFICE,
    PLAIN,
    Account,
    Figures,
    Style,
    amounts_of,
    document,
    figures_of,
    pages_of,
    text_of,
)
from synthetic.workbooks import Sheet
from tests.conftest import Run

PLACES = {
    SHANGHAI_BUDGET.id: "310107",
    JIANGSU_BUDGET.id: "320000",
    FINAL_ACCOUNTS.id: "430202",
    NATIONAL_BUDGET.id: "510104",
}
WRITERS: dict[str, Callable[[list[Sheet]], bytes]] = {
    "xlsx": workbooks.xlsx,
    "html": workbooks.html,
    "docx": lambda sheets: pages.docx("".join(map(pages.table_of, pages_of(sheets)))),
    "pdf": lambda sheets: pages.pdf(pages.drawings_of(pages_of(sheets))),
}
STYLES = {
    "plain": ("xlsx", PLAIN),
    "numbered": ("xlsx", Style(ordinals=True, code_columns=3, grouped_by_cost=True)),
    "wrapped": ("html", Style(in_yuan=True, wrapped_titles=True, field_in_two_cells=True, is_department=False)),
    "titles name the office": ("pdf", Style(office_in_titles=True)),
    "one cell above": ("xlsx", Style(in_one_cell=True, stages_first=True)),
    "word": ("docx", Style(ordinals=True, in_yuan=True, grouped_by_cost=True)),
}


def read_sheets(sheets: list[Sheet], suffix: str = "xlsx") -> FiledDisclosure:
    (disclosure,) = file_disclosures(read(WRITERS[suffix](sheets), f"公开.{suffix}"), "430202")
    return disclosure


def filed_figures(disclosure: FiledDisclosure) -> Figures:
    figures: Figures = defaultdict(int)
    for form in disclosure.forms:
        assert form.form_id is not None, f"unknown form at {form.place}"
        for cell in form.cells:
            if cell.amount and cell.row_key and cell.column_key and cell.statements:
                figures[form.form_id, cell.row_key, cell.column_key] += round(cell.amount * FEN)
    return dict(figures)


def rebuilt(disclosure: FiledDisclosure, entry: TemplateSet) -> Figures:
    lines: dict[Entry, int] = defaultdict(int)
    for line in make_ledger(disclosure).lines:
        lines[Entry(*line.coordinates)._replace(unit="")] += round(line.amount * FEN)
    return figures_of(lines, entry.forms)


@pytest.mark.parametrize("entry", SETS[1:], ids=[entry.id for entry in SETS[1:]])
def test_no_form_contradicts_others_if_some_are_left_out(entry: TemplateSet) -> None:
    """Whichever one or two they are: what a form alone told, others leave open."""
    whole = read_sheets(document(entry, amounts_of(entry, seed=3)))
    for one, other in combinations_with_replacement(whole.forms, 2):
        rest = replace(whole, forms=[form for form in whole.forms if form not in (one, other)], findings=[])
        ledger = diagnosed_ledger(rest)
        left_out = (one.form_id, other.form_id)
        assert differing(gather(rest).all_forms(), ledger) == {}, left_out
        assert not {finding.kind for finding in ledger.findings} - {"no_fund", "negative_spending"}, left_out


@pytest.mark.parametrize(
    ("entry", "left_out"),
    [
        (JIANGSU_BUDGET, {"js01", "js02", "js04", "js10"}),
        (NATIONAL_BUDGET, {"nb01", "nb02", "nb04", "nb09"}),
    ],
    ids=["jiangsu", "national"],
)
def test_what_forms_of_several_funds_show_is_of_one_of_them(entry: TemplateSet, left_out: set[str]) -> None:
    """No form of revenue is left, nor that of 政府性基金, whose functions the form of all appropriations prints."""
    whole = read_sheets(document(entry, amounts_of(entry, seed=500)))
    rest = replace(whole, forms=[form for form in whole.forms if form.form_id not in left_out], findings=[])
    ledger = diagnosed_ledger(rest)
    assert differing(gather(rest).all_forms(), ledger) == {}
    assert {finding.kind for finding in ledger.findings} <= {"no_fund"}


@pytest.mark.parametrize("left_out", ["", "opening", "closing"])
def test_money_of_last_year_may_be_all_that_spends_beside_appropriations(left_out: str) -> None:
    """No other income of this year shows its fund, and no form is out of date: what is left of it came from before."""
    amounts = {
        Entry("expenditure", "", "11", "project", "2040604"): 33 * FEN,
        Entry("revenue", "", "11", functional="2040604", item="11"): 33 * FEN,
        Entry("expenditure", "", "39", "project", "2040604"): 12 * FEN,
        Entry("carry_over", "", "1893", functional="2040604", item="opening"): 15 * FEN,
        Entry("carry_over", "", "1893", functional="2040604", item="closing"): 3 * FEN,
    }
    amounts = {at: amount for at, amount in amounts.items() if at.item != left_out or not left_out}
    disclosure = read_sheets(document(FINAL_ACCOUNTS, amounts, forms=[f"f{n:02}" for n in (1, 2, 3, 4, 5, 7)]))
    ledger = diagnosed_ledger(disclosure)
    assert not [*disclosure.findings, *ledger.findings]  # a blank row of 三公 is no table cut off
    spent = {(x.coordinates.fund, x.amount) for x in ledger.lines if x.coordinates.statement == "expenditure"}
    assert spent == {("11", Decimal(33)), ("189", Decimal(12))}


def test_财政专户_without_a_form_of_its_own_is_a_fund() -> None:
    amounts = amounts_of(JIANGSU_BUDGET, seed=3)
    ledger = make_ledger(read_sheets(document(JIANGSU_BUDGET, amounts)))
    assert sum(x.amount for x in ledger.lines if x.coordinates.fund == "2" and x.coordinates.nature) * FEN == sum(
        amount for at, amount in amounts.items() if at.fund == "2"
    )


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
@pytest.mark.parametrize("entry", SETS[1:], ids=[entry.id for entry in SETS[1:]])
def test_every_figure_is_read_in_its_place_and_rebuilt(entry: TemplateSet, style: tuple[str, Style]) -> None:
    amounts = amounts_of(entry, seed=len(style[0]))
    expected = figures_of(amounts, entry.forms)
    disclosure = read_sheets(document(entry, amounts, style[1]), style[0])
    assert filed_figures(disclosure) == expected
    assert rebuilt(disclosure, entry) == expected
    assert (disclosure.identity.reporting_unit_name, disclosure.identity.stage) == (OFFICE, entry.stage)
    assert disclosure.identity.reporting_unit_code.endswith("-1") is not style[1].is_department
    assert not [finding.message for finding in disclosure.findings]


_SHORT = {
    "code and name": {
        **dict.fromkeys(("科目编码", "功能分类科目编码", "功能科目编码", "经济分类科目编码"), "编码"),
        **dict.fromkeys(("科目名称", "功能分类科目名称", "经济分类科目名称"), "名称"),
    },
    "subject": {"项目": "科目"},
}
_HEADER = 7  # rows with the lines above a table and its header, at most


@pytest.mark.parametrize("short", _SHORT.values(), ids=list(_SHORT))
@pytest.mark.parametrize("entry", SETS[1:], ids=[entry.id for entry in SETS[1:]])
def test_heads_may_say_no_more_than_code_name_or_subject(entry: TemplateSet, short: dict[str, str]) -> None:
    amounts = amounts_of(entry, seed=5)
    sheets = [
        replace(
            sheet,
            cells=tuple(replace(c, text=short.get(c.text, c.text)) if c.row < _HEADER else c for c in sheet.cells),
        )
        for sheet in document(entry, amounts)
    ]
    assert filed_figures(read_sheets(sheets)) == figures_of(amounts, entry.forms)


def test_the_only_amount_may_be_headed_by_what_the_form_is_about() -> None:
    amounts = amounts_of(JIANGSU_BUDGET, seed=5)
    forms = [form for form in JIANGSU_BUDGET.forms if form.form_id in ("js06", "js08")]
    sheets = [
        replace(sheet, cells=tuple(replace(c, text="基本支出" if c.text == "金额" else c.text) for c in sheet.cells))
        for sheet in document(JIANGSU_BUDGET, amounts, forms=[form.form_id for form in forms])
    ]
    assert filed_figures(read_sheets(sheets)) == figures_of(amounts, forms)


def test_a_total_in_the_last_row_of_a_header_says_nothing_and_hides_no_head() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=5)
    (page,) = pages_of(document(FINAL_ACCOUNTS, amounts, forms=("f08",)))
    paid_for = range(4, 7)  # the columns of 本年支出, whose heads stand in the place of the total's figures
    cells = [
        replace(cell, row=2) if (cell.row, cell.column) in [(1, column) for column in paid_for] else cell
        for cell in page.cells
        if (cell.row, cell.column) not in [(2, column) for column in paid_for]
    ]
    cells = [replace(cell, row_span=2) if (cell.row, cell.column) == (0, 4) else cell for cell in cells]
    content = pages.pdf(pages.drawings_of([replace(page, cells=cells, depth=3)]))
    (disclosure,) = file_disclosures(read(content, "公开.pdf"), "430202")
    expected = figures_of(amounts, [form for form in FINAL_ACCOUNTS.forms if form.form_id == "f08"])
    assert filed_figures(disclosure) == {key: amount for key, amount in expected.items() if key[1] != "total"}
    assert [finding.kind for finding in disclosure.findings] == ["no_total"]


def once(sheet: Sheet) -> Sheet:
    """A sheet whose 类 and 款 stand once for the rows beneath that have the same ones."""
    columns = {cell.column for cell in sheet.cells if cell.text in ("类", "款")}
    texts = {(cell.row, cell.column): cell.text for cell in sheet.cells}
    kept = (c for c in sheet.cells if c.column not in columns or texts.get((c.row - 1, c.column)) != c.text)
    return replace(sheet, cells=tuple(kept))


@pytest.mark.parametrize("entry", [JIANGSU_BUDGET, FINAL_ACCOUNTS], ids=["jiangsu_budget", "final_accounts"])
def test_a_class_may_stand_once_for_its_rows(entry: TemplateSet) -> None:
    amounts = amounts_of(entry, seed=5)
    sheets = [once(sheet) for sheet in document(entry, amounts, Style(code_columns=3))]
    assert filed_figures(read_sheets(sheets)) == figures_of(amounts, entry.forms)


def test_a_total_may_be_labelled_once_for_the_lists_beside_one_another() -> None:
    """The label of 支出用途 stands under 功能分类, as if it reached over both."""
    amounts = amounts_of(JIANGSU_BUDGET, seed=5)
    moved = ("当年支出小计", "支出合计")
    sheets = [
        replace(sheet, cells=tuple(replace(c, column=2) if c.text in moved else c for c in sheet.cells))
        for sheet in document(JIANGSU_BUDGET, amounts, forms=("js01", "js03"))
    ]
    disclosure = read_sheets(sheets)
    assert filed_figures(disclosure) == figures_of(
        amounts, [form for form in JIANGSU_BUDGET.forms if form.form_id in ("js01", "js03")]
    )
    assert not [finding.message for finding in disclosure.findings]


def test_a_head_alone_in_a_line_of_a_text_is_one_of_the_header() -> None:
    text = (
        f"{OFFICE}2024年度部门决算\n\n支出决算表\n单位：万元\n"
        "项目\t\t\t\t本年支出合计\t基本支出\t项目支出\t上缴上级支出\t经营支出\t对附属单位补助支出\n"
        "支出功能分类\t\t\t科目名称\n科目编码\n类\t款\t项\t合计\t11.50\t11.50\n"
        "201\t\t\t一般公共服务支出\t11.50\t11.50\n201\t06\t\t财政事务\t11.50\t11.50\n201\t06\t01\t行政运行\t11.50\t11.50\n"
    )
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    rows = ("total", "201", "20106", "2010601")
    assert set(filed_figures(disclosure)) == {("f03", row, column) for row in rows for column in ("total", "basic")}


def test_the_lower_rows_of_a_header_may_stand_twice() -> None:
    amounts = amounts_of(SHANGHAI_BUDGET, seed=5)
    (page,) = pages_of(document(SHANGHAI_BUDGET, amounts, forms=("sh03",)))
    more = page.depth - 1
    cells = [replace(c, row=c.row + more) if c.row >= page.depth else c for c in page.cells]
    cells += [replace(c, row=c.row + more) for c in page.cells if 0 < c.row < page.depth]
    content = pages.docx(pages.table_of(replace(page, cells=cells)))
    (disclosure,) = file_disclosures(read(content, "公开.docx"), "310107")
    assert filed_figures(disclosure) == figures_of(amounts, [f for f in SHANGHAI_BUDGET.forms if f.form_id == "sh03"])
    assert not [finding.message for finding in disclosure.findings]


def test_a_whole_code_under_类款项_takes_one_column_on_the_next_page() -> None:
    """There no header divides it, so the other columns stand further left."""
    amounts = amounts_of(FINAL_ACCOUNTS, seed=5)
    (page,) = pages_of(document(FINAL_ACCOUNTS, amounts, Style(code_columns=3), forms=("f03",)))
    parts: dict[int, str] = defaultdict(str)
    for cell in page.cells:
        parts[cell.row] += cell.text if cell.column < 3 <= page.depth <= cell.row else ""
    body = [replace(c, text=parts[c.row] if c.column == 0 else c.text) for c in page.cells if c.row >= page.depth]
    body = [cell for cell in body if cell.column not in (1, 2)]
    half = page.depth + len(parts) // 3
    rest = [replace(c, row=c.row - half, column=max(c.column - 2, 0)) for c in body if c.row >= half]
    first = [cell for cell in page.cells if cell.row < page.depth] + [cell for cell in body if cell.row < half]
    two = [replace(page, cells=first), pages.Form([], rest, 1, [])]
    (disclosure,) = file_disclosures(read(pages.pdf(pages.drawings_of(two)), "公开.pdf"), "430202")
    assert filed_figures(disclosure) == figures_of(amounts, [f for f in FINAL_ACCOUNTS.forms if f.form_id == "f03"])


def test_a_form_known_by_its_title_only_goes_on_under_the_word_continued() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=5)
    (page,) = pages_of(document(FINAL_ACCOUNTS, amounts, forms=("f06x",)))
    half = (page.depth + len(page.rows())) // 2
    rest = [replace(c, row=c.row - half + page.depth) for c in page.cells if c.row >= half]
    head = [cell for cell in page.cells if cell.row < page.depth]
    parts = (
        replace(page, cells=[cell for cell in page.cells if cell.row < half]),
        replace(page, above=["（续表）"], cells=head + rest),
    )
    (disclosure,) = file_disclosures(read(pages.docx("".join(map(pages.table_of, parts))), "公开.docx"), "430202")
    assert filed_figures(disclosure) == figures_of(amounts, [f for f in FINAL_ACCOUNTS.forms if f.form_id == "f06x"])


@pytest.mark.parametrize("entry", SETS[1:], ids=[entry.id for entry in SETS[1:]])
def test_the_comparison_has_no_difference(
    database: psycopg.Connection, run: Run, tmp_path: Path, entry: TemplateSet
) -> None:
    amounts = amounts_of(entry, seed=7)
    path = tmp_path / "公开.xlsx"
    path.write_bytes(workbooks.xlsx(document(entry, amounts)))
    run("load", path, "--division", PLACES[entry.id])
    run("compare", "--division", PLACES[entry.id])
    compared = database.execute(
        "select form_id, row_key, column_key, filed from report.comparison where status = 'equal' and filed <> 0"
    ).fetchall()
    assert {(form, row, column): round(filed * FEN) for form, row, column, filed in compared} == figures_of(
        amounts, entry.forms
    )


def test_the_budget_beside_a_final_account_is_a_prior_figure(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=3)
    path = tmp_path / "决算.xlsx"
    path.write_bytes(workbooks.xlsx(document(FINAL_ACCOUNTS, amounts)))
    run("load", path, "--division", "430202")
    spent = sum(amount for at, amount in amounts.items() if at.statement == "three_public")
    prior = database.execute(
        "select of_year, of_stage, amount from report.prior_figure where column_key = 'total_budget'"
    ).fetchall()
    assert prior == [(2024, "budget", Decimal(spent) / FEN + 1)]


def test_a_plan_beside_the_lines_of_a_final_account_is_of_another_stage() -> None:
    amounts = amounts_of(FINAL_ACCOUNTS, seed=2)
    disclosure = read_sheets(document(FINAL_ACCOUNTS, amounts, Style(planned=True, ordinals=True)))
    assert filed_figures(disclosure) == figures_of(amounts, FINAL_ACCOUNTS.forms)
    (form,) = [form for form in disclosure.forms if form.form_id == "f01"]
    spent = {cell.row_key: cell.amount or 0 for cell in form.cells if cell.column_key == "revenue"}
    planned = {cell.row_key: cell.amount for cell in form.cells if cell.column_key == "revenue@2024:budget"}
    assert {row: amount - 1 for row, amount in planned.items() if amount is not None and row in spent} == spent


def test_goods_of_procurement_are_keyed_by_kind_project_and_name() -> None:
    disclosure = read_sheets(document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, seed=1), forms={"js03", "js12"}))
    form = next(form for form in disclosure.forms if form.form_id == "js12")
    keys = {cell.row_key for cell in form.cells if cell.column_key == "detail"}
    assert keys == {
        "A/日常采购/办公费",
        "A/日常采购/办公费/台式计算机/分散采购",
        "A/日常采购/办公费/打印机/分散采购",
        "C/日常采购/办公费",
        "C/日常采购/办公费/物业管理服务/分散采购",
    }


def test_a_blank_item_is_named_and_not_the_totals_above_it() -> None:
    # the other form by item is about further funds: it bears the money out only if amounts far away move, too
    sheets = document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, 6))
    blank = [
        replace(sheet, cells=tuple(c for c in sheet.cells if c.row != row or c.column < 2))
        for sheet in sheets
        for row in [next((c.row for c in sheet.cells if sheet.name.startswith("8") and c.text == "30111"), None)]
    ]
    before, after = (gather(read_sheets(found)) for found in (sheets, blank))
    forms = after.all_forms()
    assert after.forms["js08"].amounts == {k: v for k, v in before.forms["js08"].amounts.items() if k[0] != "30111"}
    assert differing(forms, make_ledger(after.disclosure)) == {
        ("js08", "30111", "total"): (0, before.forms["js08"].amounts["30111", "total"])
    }


@pytest.mark.parametrize(
    ("entry", "form_id"), [(FINAL_ACCOUNTS, "f03"), (SHANGHAI_BUDGET, "sh03"), (JIANGSU_BUDGET, "js05")]
)
def test_a_function_left_out_is_named_though_its_group_has_no_other(entry: TemplateSet, form_id: str) -> None:
    """Nothing contradicts it: the row above stands for it."""
    sheets = document(entry, amounts_of(entry, seed=3))
    form = next(form for form in read_sheets(sheets).forms if form.form_id == form_id)
    row = next(cell for cell in form.cells if cell.row_key and len(cell.row_key) == 7)
    name = form.place.partition(":")[0]
    shorter = [
        replace(sheet, cells=tuple(cell for cell in sheet.cells if cell.row != row.source_row - 1))
        if sheet.name == name
        else sheet
        for sheet in sheets
    ]
    ledger = diagnosed_ledger(read_sheets(shorter))
    told = [(finding.kind, finding.form_id) for finding in ledger.findings if finding.kind != "no_fund"]
    assert told == [("row_omitted", form_id)]


def test_rows_swapped_are_no_sums_that_were_not_brought_up_to_date() -> None:
    """No form prints revenue by function again, and the sums above both rows are off by the same."""
    sheets = document(SHANGHAI_BUDGET, amounts_of(SHANGHAI_BUDGET, seed=306))
    places = places_of(read_sheets(sheets))
    one, other = "2070603", "2130153"
    rows = [
        {column: at.amount for (f, r, column), at in places.items() if (f, r) == ("sh02", row)} for row in (one, other)
    ]
    assert rows[0].keys() == rows[1].keys()
    swapped = {("sh02", one, c): amount for c, amount in rows[1].items()}
    swapped |= {("sh02", other, c): amount for c, amount in rows[0].items()}
    ledger = diagnosed_ledger(read_sheets(with_figures(sheets, places, swapped)))
    assert [(finding.kind, finding.form_id) for finding in ledger.findings] == [("rows_swapped", "sh02")]


@pytest.mark.parametrize(
    ("seed", "blank"),
    [
        (8815, (("207", "function"), ("208", "function"))),  # classes of a list that prints no total of them
        (8838, (("year_total", "revenue"), ("grand_total", "revenue"))),
    ],
)
def test_blank_figures_of_a_list_are_no_form_of_an_earlier_version(
    seed: int, blank: tuple[tuple[str, str], ...]
) -> None:
    sheets = document(JIANGSU_BUDGET, amounts_of(JIANGSU_BUDGET, seed))
    places = places_of(read_sheets(sheets))
    wrong = {cell: 0 for cell in places if cell[0] == "js01" and (cell[1].replace("-", "_"), cell[2]) in blank}
    assert len(wrong) == 2
    ledger = diagnosed_ledger(read_sheets(with_figures(sheets, places, wrong)))
    assert [(finding.kind, finding.form_id) for finding in ledger.findings] == [("figure_blank", "js01")] * 2


@pytest.mark.parametrize(
    ("entry", "form_id"), [(SHANGHAI_BUDGET, "sh06"), (JIANGSU_BUDGET, "js10"), (NATIONAL_BUDGET, "nb08")]
)
def test_a_form_ten_times_too_high_is_called_so_though_the_ledger_is_right(entry: TemplateSet, form_id: str) -> None:
    """So few of its figures stand in other forms that it is found only beside the finished ledger."""
    sheets = document(entry, amounts_of(entry, 100))
    places = places_of(read_sheets(sheets))
    changes = {cell: place.amount * 10 for cell, place in places.items() if cell[0] == form_id}
    ledger = diagnosed_ledger(read_sheets(with_figures(sheets, places, changes)))
    told = [(finding.kind, finding.form_id, finding.values.get("ratio")) for finding in ledger.findings]
    assert told == [("scaled_form", form_id, "10")]


@pytest.mark.parametrize(
    ("entry", "form_id"),
    [
        (FINAL_ACCOUNTS, "f05"),
        (SHANGHAI_BUDGET, "sh04"),
        (JIANGSU_BUDGET, "js02"),
        (JIANGSU_BUDGET, "js05"),
        (NATIONAL_BUDGET, "nb02"),
        (NATIONAL_BUDGET, "nb05"),
    ],
)
def test_a_form_in_whole_wan_yuan_accuses_nobody(entry: TemplateSet, form_id: str) -> None:
    """A group of js02 with its 小计 and a whole number is no header; of what is carried over nb02 leaves nothing."""
    amounts = amounts_of(entry, 100)
    sheets, whole = (document(entry, amounts, Style(decimals=decimals)) for decimals in (2, 0))
    place = next(form.place for form in read_sheets(sheets).forms if form.form_id == form_id)
    disclosure = read_sheets(
        [coarse if place.startswith(coarse.name) else fine for fine, coarse in zip(sheets, whole, strict=True)]
    )
    ledger = diagnosed_ledger(disclosure)
    assert [form.form_id for form in disclosure.forms if form.form_no in ledger.coarse_forms] == [form_id]
    assert not differences(gather(disclosure), ledger)
    assert not {finding.kind for finding in (*disclosure.findings, *ledger.findings)} - {"missing_column"}


def test_a_line_of_a_wrapped_title_is_no_header() -> None:
    """财政拨款基本支出 | 决算表: the first line is a head of other forms."""
    text = text_of(Account(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, 308)), Style(wrapped_titles=True))
    [disclosure] = file_disclosures(read(text.encode(), "account.txt"), PLACES[FINAL_ACCOUNTS.id])
    forms = [form.form_id for form in disclosure.forms]
    assert None not in forms
    assert len(forms) == len({*forms})


def test_财政拨款支出表_without_a_title_is_not_the_form_before_it_once_more() -> None:
    sheets = document(NATIONAL_BUDGET, amounts_of(NATIONAL_BUDGET, 500), forms=("nb05", "nb05x"))
    titled, untitled = pages_of(sheets)
    text = "".join(map(pages.paragraph, titled.above)) + pages.table_of(titled)
    content = pages.docx(text + pages.paragraph("附") + pages.table_of(replace(untitled, above=[])))
    (disclosure,) = file_disclosures(read(content, "公开.docx"), "430202")
    assert [form.form_id for form in disclosure.forms] == ["nb05", "nb05x"]


def test_lists_and_trees_that_go_on_in_the_next_sheet() -> None:
    """The rest of a list begins with a group without a figure, that of 政府采购 with goods that stand above, too."""
    amounts = amounts_of(JIANGSU_BUDGET, seed=1)
    sheets: list[Sheet] = []
    for sheet in document(JIANGSU_BUDGET, amounts, forms={"js02", "js12"}):
        cells = [replace(cell, text="台式计算机") if cell.text == "打印机" else cell for cell in sheet.cells]
        cut = max((cell.row for cell in cells if cell.text in ("上年结转和结余资金", "台式计算机")), default=99)
        parts = [[cell for cell in cells if cell.row < cut], [cell for cell in cells if cell.row >= cut]]
        names = (sheet.name, f"Sheet{len(sheets)}")
        sheets += [Sheet(name, tuple(part)) for name, part in zip(names, parts, strict=True) if part]
    disclosure = read_sheets(sheets)
    assert [form.form_id for form in disclosure.forms] == ["js02", "js12"]
    forms = [form for form in JIANGSU_BUDGET.forms if form.form_id in ("js02", "js12")]
    assert filed_figures(disclosure) == figures_of(amounts, forms)


def test_a_budget_behind_a_final_account_is_a_disclosure_of_its_own() -> None:
    """Each begins with a cover with its year and stage."""
    of_account, of_budget = (amounts_of(entry, seed=3) for entry in (FINAL_ACCOUNTS, NATIONAL_BUDGET))
    account = document(FINAL_ACCOUNTS, of_account, forms=("f01", "f03", "f05"))
    budget = document(NATIONAL_BUDGET, of_budget, forms=("nb01", "nb03", "nb05"))
    cover, *forms = [replace(sheet, name=f"预算{sheet.name}") for sheet in budget]
    office, title = cover.cells
    cover = replace(cover, cells=(office, replace(title, text="2025年部门预算编制说明")))
    file = read(workbooks.xlsx([*account, cover, *forms]), "公开.xlsx")
    with pytest.raises(DocumentError, match=r"2 disclosures, each behind a cover .* expected no --year"):
        file_disclosures(file, "510104", 2025)
    both = file_disclosures(file, "510104")
    assert [(one.identity.fiscal_year, one.identity.stage) for one in both] == [(2024, "final"), (2025, "budget")]
    for disclosure, sheets in zip(both, (account, [cover, *forms]), strict=True):
        assert filed_figures(disclosure) == filed_figures(read_sheets(sheets))
