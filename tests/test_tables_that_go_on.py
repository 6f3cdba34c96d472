"""Forms that go on in the next sheet or on the next page, with and without their header: each stays one form, and every
cell keeps its place. Forms of several units stay apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from schema.forms import SETS
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.template import TemplateSet
from synthetic import workbooks
from synthetic.set_documents import Style, amounts_of, document
from synthetic.workbooks import Cell, Sheet
from tests.test_other_layouts import first
from tests.test_printed_rows import plain, top
from tests.test_set_documents import filed_figures, read_sheets

Above = Callable[[Sheet], list[Cell]]  # what stands above the rows that go on


def nothing(sheet: Sheet) -> list[Cell]:
    return []


def continued(sheet: Sheet) -> list[Cell]:
    return [Cell(0, 0, "续表")]


def header(sheet: Sheet) -> list[Cell]:
    return [replace(c, row=c.row - top(sheet)) for c in sheet.cells if top(sheet) <= c.row < first(sheet)]


def everything(sheet: Sheet) -> list[Cell]:
    return [c for c in sheet.cells if c.row < first(sheet)]


def continued_title(sheet: Sheet) -> list[Cell]:
    return [replace(c, text=f"{c.text}（续）") if c.row == 0 else c for c in everything(sheet)]


def in_two(sheet: Sheet, above: Above) -> list[Sheet]:
    """A sheet as two, the second one named after the first."""
    height = sheet.height - first(sheet)
    return [sheet] if sheet.name == "封面" else in_parts(sheet, above, max(2, height // 2, height - height // 2))


def in_parts(sheet: Sheet, above: Above, height: int) -> list[Sheet]:
    """A sheet as several, each with so many rows of the form."""
    start = first(sheet)
    parts = []
    for number, at in enumerate(range(start, max(sheet.height, start + 1), height), start=1):
        cells = above(sheet) if number > 1 else everything(sheet)
        down = max((cell.row + 1 for cell in cells), default=0)
        cells += [replace(cell, row=cell.row - at + down) for cell in sheet.cells if at <= cell.row < at + height]
        parts.append(Sheet(sheet.name if number == 1 else f"{sheet.name[:26]} ({number})", tuple(cells)))
    return parts


@pytest.mark.parametrize(
    ("entry", "above"),
    [*((entry, nothing) for entry in SETS), *((FINAL_ACCOUNTS, above) for above in (continued, header, everything))],
    ids=lambda value: value.id if isinstance(value, TemplateSet) else value.__name__,
)
def test_a_form_goes_on_in_the_next_sheet(entry: TemplateSet, above: Above) -> None:
    sheets, expected = plain(entry)
    disclosure = read_sheets([part for sheet in sheets for part in in_two(sheet, above)])
    assert filed_figures(disclosure) == expected
    assert not [finding.message for finding in disclosure.findings]


@pytest.mark.parametrize("above", [nothing, header], ids=lambda above: above.__name__)
def test_a_form_goes_on_over_many_sheets(above: Above) -> None:
    """As programs write a table of several pages into a workbook."""
    (cover, *sheets), expected = plain(FINAL_ACCOUNTS)
    parts = [part for sheet in sheets for part in in_parts(sheet, above, 4)]
    tables = [replace(part, name=f"Table {number}") for number, part in enumerate(parts, start=1)]
    disclosure = read_sheets([cover, *tables])
    assert filed_figures(disclosure) == expected
    assert not [finding.message for finding in disclosure.findings]


def test_the_numbers_of_columns_come_again_with_the_header() -> None:
    sheets = document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed=3), Style(ordinals=True), forms={"f03"})
    numbers = next(cell.row for cell in sheets[1].cells if cell.text == "1")

    def down_to_numbers(sheet: Sheet) -> list[Cell]:
        return [replace(c, row=c.row - top(sheet)) for c in sheet.cells if top(sheet) <= c.row <= numbers]

    disclosure = read_sheets([part for sheet in sheets for part in in_two(sheet, down_to_numbers)])
    assert [form.form_id for form in disclosure.forms] == ["f03"]
    assert filed_figures(disclosure) == filed_figures(read_sheets(sheets))


@pytest.mark.parametrize("suffix", ["html", "docx", "pdf"])
def test_a_form_goes_on_below_a_line_that_says_so(suffix: str) -> None:
    """In one grid, where the title stands once more, too."""
    (cover, *sheets), expected = plain(FINAL_ACCOUNTS)
    whole = []
    for number, sheet in enumerate(sheets):
        upper, *lower = in_two(sheet, (continued, continued_title)[number % 2])
        below = [replace(cell, row=cell.row + upper.height) for part in lower for cell in part.cells]
        whole.append(replace(upper, cells=(*upper.cells, *below)))
    disclosure = read_sheets([cover, *whole], suffix)
    assert filed_figures(disclosure) == expected
    assert not [finding.message for finding in disclosure.findings]


def test_cells_keep_their_place_in_both_sheets() -> None:
    sheets, _ = plain(FINAL_ACCOUNTS)
    number = next(no for no, sheet in enumerate(sheets) if sheet.name.endswith("支出决算表"))
    upper, lower = in_two(sheets[number], nothing)
    disclosure = read_sheets([sheets[0], upper, lower])
    (form,) = disclosure.forms
    assert form.place == f"{upper.name}:{top(upper) + 1}, {lower.name}:1"
    rows = {cell.row_no: cell.source_row for cell in form.cells}
    assert list(rows.values()) == [*range(top(upper) + 1, upper.height + 1), *range(1, lower.height + 1)]


def test_a_running_head_interrupts_no_table() -> None:
    """A page ends after every two rows; the header is not repeated."""
    rows = ["\t合计\t5.00\t3.00\t2.00", "301\t工资福利支出\t3.00\t3.00\t", "30101\t基本工资\t1.00\t1.00\t"]
    rows += ["30102\t津贴补贴\t2.00\t2.00\t", "302\t商品和服务支出\t2.00\t\t2.00", "30201\t办公费\t0.50\t\t0.50"]
    rows += ["30202\t印刷费\t1.50\t\t1.50"]
    pages = ["\n".join(rows[at : at + 2]) for at in range(0, len(rows), 2)]
    above = "某某局2024年部门预算\n\n一般公共预算基本支出表\n\n单位：001001_某某局\t单位：万元\n\n"
    head = "科目编码\t科目名称\t合计\t人员经费\t公用经费\n"
    text = above + head + "\n\n- 3 -\n\n某某区部门预算公开材料\n\n".join(pages)
    (disclosure,) = file_disclosures(read(text.encode(), "公开.txt"), "430202")
    assert [form.form_id for form in disclosure.forms] == ["r08"]
    assert len({cell.row_key for cell in disclosure.forms[0].cells if cell.row_key}) == len(rows)
    assert not [finding.message for finding in disclosure.findings]


def other_rows(sheet: Sheet) -> Sheet:
    """The next sheet holds other things: its second column is no name."""
    return replace(sheet, cells=tuple(replace(c, text="11.50") if c.column == 1 else c for c in sheet.cells))


def named_otherwise(sheet: Sheet) -> Sheet:
    return replace(sheet, name="政府采购预算表")


def titled(sheet: Sheet) -> Sheet:
    return replace(sheet.shifted(1), cells=(Cell(0, 0, "固定资产明细表"), *sheet.shifted(1).cells))


@pytest.mark.parametrize("change", [other_rows, named_otherwise, titled])
def test_another_table_in_the_next_sheet_stays_one_of_its_own(change: Callable[[Sheet], Sheet]) -> None:
    sheets, _ = plain(FINAL_ACCOUNTS)
    number = next(no for no, sheet in enumerate(sheets) if sheet.name.endswith("支出决算表"))
    upper, lower = in_two(sheets[number], nothing)
    (disclosure,) = file_disclosures(read(workbooks.xlsx([sheets[0], upper, change(lower)]), "公开.xlsx"), "430202")
    assert [form.form_id for form in disclosure.forms] == ["f03", None]


@pytest.mark.parametrize("gap", ["", "\n"], ids=["below its rows", "on the next page"])
@pytest.mark.parametrize("figures", ["90,000\t50,000\t40,000", "90,000\t90,000\t0"])
def test_合计_in_one_cell_for_all_codes_and_names_moves_no_figure(gap: str, figures: str) -> None:
    """As programs make a table of a page that holds nothing but 合计."""
    total, basic, project = figures.split("\t")
    text = (
        "某某市某某局2024年部门预算\n\n2024年部门支出预算总表\n编制部门：某某市某某局\t单位：元\n\n项目\t\t\t\t支出预算\t\t\n"
        "功能分类科目编码\t\t\t功能分类科目名称\t合计\t基本支出\t项目支出\n类\t款\t项\t\t\t\t\n"
        f"201\t\t\t一般公共服务支出\t{figures}\n201\t03\t\t政府办公厅（室）及相关机构事务\t{figures}\n"
        f"201\t03\t01\t行政运行\t{figures}\n{gap}合计\t{figures}\n"
    )
    (disclosure,) = file_disclosures(read(text.encode(), "a.txt"), "310107")
    (form,) = disclosure.forms
    printed = {cell.column_key: cell.text for cell in form.cells if cell.row_key == "total" and cell.amount is not None}
    assert printed == {"total": total, "basic": basic, "project": project}
    assert not disclosure.findings
