"""Tables without rules or separators, in texts and on pages: known by how their columns stand, or told."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.documents.grid import Document
from loader.documents.limits import CPU_SECONDS, MB_CPU_SECONDS
from loader.documents.readers import read
from loader.documents.readers.aligned.heads import heads_apart
from loader.documents.readers.aligned.words import Word, parts_of
from loader.documents.readers.pages.aligned_tables import find_aligned_tables
from loader.documents.readers.pages.page import Line, Page
from loader.documents.wording import figure
from loader.filing.file_disclosure import file_disclosures
from schema.forms import SETS
from synthetic.pages import Drawing, drawings_of, forms_of, ofd, pdf
from synthetic.set_documents import random_account, text_of
from tests.processor_time import at_most
from tests.sound_documents import TEXT

Figures = Counter[tuple[str | None, str, str, Decimal]]
SHEETS = {"r22", "r23"}  # fields and their values, in no columns


def width_of(text: str, wide: int) -> int:
    return sum(wide if east_asian_width(character) in "WF" else 1 for character in text)


def aligned(text: str, wide: int = 2, gap: int = 2, is_right: bool = True) -> str:
    """A text whose cells stand below one another, filled up with spaces in place of tabs. A Chinese character is as
    ``wide`` as so many Latin ones."""
    lines: list[str] = []
    for block in text.split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n")]
        widths = [
            max(width_of(row[at], wide) for row in rows if at < len(row) and len(row) > 1)
            for at in range(max(map(len, rows)))
            if any(at < len(row) and len(row) > 1 for row in rows)
        ]
        for row in rows:
            if len(row) == 1:
                lines.append(row[0])
                continue
            cells = []
            for cell, width in zip(row, widths, strict=False):
                fill = " " * (width - width_of(cell, wide))
                cells.append(fill + cell if is_right and "." in cell and figure(cell) else cell + fill)
            lines.append((" " * gap).join(cells).rstrip())
        lines.append("")
    return "\n".join(lines)


def figures_in(document: Document) -> Figures:
    disclosures = file_disclosures(document, "430202", 2024, None, None, lambda identity: None)
    return Counter(
        (form.form_id, cell.row_key, cell.column_key, cell.amount)
        for disclosure in disclosures
        for form in disclosure.forms
        if form.form_id not in SHEETS
        for cell in form.cells
        if cell.amount and cell.row_key and cell.column_key
    )


EXPECTED = figures_in(read(TEXT.encode(), "公开.txt"))


@pytest.mark.parametrize("is_right", [True, False], ids=["figures at the right", "figures at the left"])
@pytest.mark.parametrize("wide", [1, 2], ids=["characters counted", "characters twice as wide"])
def test_a_text_with_spaces_says_what_the_one_with_tabs_says(wide: int, is_right: bool) -> None:
    document = read(aligned(TEXT, wide, 3, is_right).encode(), "公开.txt")
    assert figures_in(document) == EXPECTED
    assert [remark for remark in document.remarks if remark.endswith("were read by the places of their texts")]


@pytest.mark.parametrize("entry", [entry.id for entry in SETS[1:]])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), wide=st.sampled_from((1, 2)))
def test_no_figure_of_any_set_is_read_wrong(entry: str, seed: int, wide: int) -> None:
    text = text_of(random_account(next(one for one in SETS if one.id == entry), seed))
    expected = figures_in(read(text.encode(), "公开.txt"))
    found = figures_in(read(aligned(text, wide).encode(), "公开.txt"))
    assert not found - expected
    assert found.total() > expected.total() / 4


@pytest.mark.parametrize("write", [pdf, ofd], ids=["PDF", "OFD"])
@pytest.mark.parametrize("keeps_lying", [True, False], ids=["lines in one direction", "no lines"])
def test_pages_without_ruled_tables(write: object, keeps_lying: bool) -> None:
    """Forms with figures that are broken over lines are left out, the others read as they are."""
    drawings = [
        Drawing(drawing.texts, [rule for rule in drawing.rules if keeps_lying and rule[1] == rule[3]])
        for drawing in drawings_of(forms_of(TEXT))
    ]
    document = read(write(drawings), "公开文件")  # type: ignore[operator]
    found = figures_in(document)
    assert not found - EXPECTED
    assert {form for form, *_ in found} >= {"r01", "r03", "r06", "r07", "r08", "r09", "r11", "r15"}
    assert any("because figures are broken over lines: on pages " in remark for remark in document.remarks)


HEAD = "科目编码  科目名称            合计    基本支出  项目支出\n"
ROWS = [
    "201       一般公共服务支出  622.37      516.37    106.00\n",
    "20101     人大事务          622.37      516.37    106.00\n",
    "2010101   行政运行          516.37      516.37\n",
    "2010104   人大会议          106.00                106.00\n",
]
# above 小计 to 项目 in their middle, or above 基本 to 其他 at their left end
TWO_GROUPS = """                                  财政拨款
科目名称  合计          小计      基本      项目      其他
行政运行  30.00         10.00     10.00     10.00     20.00
人大会议  20.00         10.00     10.00     10.00     10.00
合计      50.00         20.00     20.00     20.00     30.00
"""
TWO_HEADS = """科目名称      合计      财政拨款      事业收入      其他收入
行政运行      30.00      10.00                        20.00
人大会议      20.00      10.00                        10.00
合计          50.00      20.00                        30.00
"""

# figures that begin below one another, as far from the head before as from the next one
BETWEEN = (
    "科目名称          合计          项目支出         经营支出\n"
    "合计              13444.24                39.17\n"
    "一般公共服务支出  622.37                  9.17\n"
    "人大事务          12822.87                30.00\n"
)
DASHES = (
    "科目名称          合计      基本支出      项目支出\n"
    "合计              13444.24  13405.07 -    39.17\n"
    "一般公共服务支出  622.37    613.20 -      9.17\n"
    "人大事务          12821.87  -112791.87    30.00\n"
)
# a text that the figure before it reaches is moved, so that those of its column do not begin below one another
LISTS = """\
收入                                  支出
项目                        预算数    项目                  预算数
一、一般公共预算拨款        1228.77 一、一般公共服务支出    39.11
经费拨款                    1228.77 二、外交支出
二、上年结转                      三、国防支出
                                  四、公共安全支出
                                  五、教育支出            1189.66
收入总计                    1228.77 支出总计              1228.77
"""
# the numbers of columns stand in columns of their own, without a head
GROUPS = """\
收入                                    支出
项目                    预算数          项目                预算数
栏次                    1               栏次                2
一、事业收入                    96.22   一、基本支出                69.43
二、其他收入                    12.00   二、项目支出                38.79
收入合计                       108.22   支出合计                   108.22
"""


NUMBERED = """\
收入                                      支出
项目                      行次   决算数        项目             行次   合计
栏次                           1          栏次                  2
一、一般公共预算财政拨款            1        13416.55 一般公共服务支出     1
二、政府性基金预算财政拨款           2          87.43 社会保障和就业支出     8           87.41
本年收入合计                  4        13540.81 公共安全支出       4
                                        城乡社区支出         11       13245.98
                                        本年支出合计         24       13540.69
"""


LOST_TOTAL = (
    "合计      基本支出      项目支出      上缴支出\n"
    "      30.00         10.00         20.00\n"
    "      20.00         12.00          8.00\n"
    "      10.00          8.00          2.00\n"
)
# the second column has room for five characters
NARROW = (
    "科目编码  科目名称            合计  基本支出\n"
    "201       一般公共服务支      3981  8298.11\n"
    "          出                  2.91\n"
    "20101     人大事务            3981  8298.11\n"
    "                              2.91\n"
    "2010104   人大会议            96.5     1.20\n"
    "                              0\n"
    "2010108   代表工作            1.20     1.20\n"
)
BROKEN_CODES = (
    "科目编码  科目名称            合计      基本支出\n"
    "20101     人大事务            20.00     20.00\n"
    "20101     人大会议            18.80     18.80\n"
    "04\n"
    "20101     代表工作             1.20      1.20\n"
    "08\n"
)


def rows_of(text: str, width: int = 5) -> list[list[str]]:
    document = read(text.encode(), "公开.txt")
    return [
        [next((cell.text for cell in row.cells if cell.column == at), "") for at in range(width)]
        for grid in document.grids
        for row in grid.rows
        if row.in_table
    ]


def test_blank_cells_stay_blank() -> None:
    assert rows_of("支出总表\n\n" + HEAD + "".join(ROWS)) == [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "622.37", "516.37", "106.00"],
        ["20101", "人大事务", "622.37", "516.37", "106.00"],
        ["2010101", "行政运行", "516.37", "516.37", ""],
        ["2010104", "人大会议", "106.00", "", "106.00"],
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD + ROWS[0].replace("622.37", "622.  ") + " " * 28 + "37\n" + "".join(ROWS[1:]), "figures are broken over"),
        (HEAD.replace("基本支出", "        ") + "".join(ROWS), "it is not clear under which head figures stand"),
        ("".join(ROWS), "it is not clear under which head figures stand"),
        (TWO_GROUPS, "it is not clear under which head figures stand"),
        (TWO_HEADS, "it is not clear under which head figures stand"),
        (HEAD + "".join(ROWS) + "205       教育支出      12.00       12.00\n", "it is not clear"),
        (BETWEEN, "it is not clear"),
        (DASHES, "it is not clear"),
        (LOST_TOTAL, "it is not clear"),
        (NARROW.replace("2.91", "2.9 "), "figures are broken over"),
        (BROKEN_CODES, "figures are broken over"),
    ],
    ids=[
        "a figure on two lines",
        "a column without a head",
        "no heads",
        "two spans",
        "two heads above one column",
        "figures anywhere",
        "figures between two heads",
        "a dash beside a figure",
        "a total whose figures stand under its first part",
        "a figure on two lines that is not whole",
        "a code on two lines",
    ],
)
def test_a_table_that_cannot_be_relied_on_is_told(text: str, why: str) -> None:
    assert rows_of(text) == []
    (remark,) = read(text.encode(), "公开.txt").remarks
    assert remark.startswith("tables without separators were not read, because " + why)
    assert remark.endswith(": from lines 1 on")


def test_figures_broken_over_lines_are_joined() -> None:
    assert rows_of("支出总表\n\n" + NARROW) == [
        ["科目编码", "科目名称", "合计", "基本支出", ""],
        ["201", "一般公共服务支出", "39812.91", "8298.11", ""],
        ["20101", "人大事务", "39812.91", "8298.11", ""],
        ["2010104", "人大会议", "96.50", "1.20", ""],
        ["2010108", "代表工作", "1.20", "1.20", ""],
    ]


def test_a_whole_number_above_a_smaller_figure_is_not_broken() -> None:
    """Longer figures of its column are not broken."""
    text = (
        "科目名称            合计    基本支出\n"
        "行政运行        12344.67    12344.67\n"
        "人大会议              20          20\n"
        "代表工作             .80         .80\n"
        "合计            12365.47    12365.47\n"
    )
    assert [row[1] for row in rows_of("支出总表\n\n" + text)] == ["合计", "12344.67", "20", ".80", "12365.47"]


@pytest.mark.parametrize(
    "below",
    [
        "2010301   行政运行         6.5\n",
        f"{'3':>38}\n",
        f"{'5':>29}{'2':>9}\n",
        f"{'3':>29}\n",
        "1.\n2.\n12.5\n",
        "1  注\n2  注\n",
    ],
    ids=["another row", "a page number", "numbers of footnotes", "a number below the total", "a list", "notes"],
)
@pytest.mark.parametrize("is_last", [True, False], ids=["below the table", "within it"])
def test_no_figure_is_joined_with_another_one(below: str, is_last: bool) -> None:
    """Amounts whose last zeros are left out may lack a digit by their look."""
    head = "科目编码  科目名称          合计  基本支出\n"
    rows = [
        f"2010108   代表工作{120.4:>11}{31.7:>9}\n",
        f"2010199   其他支出{7076.5:>11}{7313.2:>9}\n",
        f"2010201   事务管理{89983:>11}{312.8:>9}\n",
    ]
    printed = {cell for row in rows for cell in row.split()} | {*below.split(), *head.split()}
    lines = [*rows, below] if is_last else [*rows[:2], below, *rows[2:]]
    for row in rows_of("支出总表\n\n" + head + "".join(lines)):
        assert printed.issuperset(" ".join(row).split())


def test_figures_without_a_space_between_are_apart() -> None:
    text = HEAD + ROWS[0].replace("622.37      516.37", "622.37   162516.37") + "".join(ROWS[1:])
    joined = text.replace("622.37   162516.37", "1000622.37162516.37", 1)
    assert rows_of("支出总表\n\n" + joined)[1][2:4] == ["1000622.37", "162516.37"]


def test_tables_are_also_looked_for_beside_pages_with_ruled_ones() -> None:
    ruled, bare = drawings_of(forms_of(TEXT))[:2], drawings_of(forms_of(TEXT))[2:5]
    document = read(pdf([*ruled, *(Drawing(page.texts, []) for page in bare)]), "公开.pdf")
    assert any("tables without rules" in remark for remark in document.remarks)
    assert not figures_in(document) - EXPECTED


def test_lists_end_with_their_last_line() -> None:
    document = read(f"收支总表\n\n{LISTS}".encode(), "公开.txt")
    last = [row for grid in document.grids for row in grid.rows if row.in_table][-1]
    assert [cell.text for cell in last.cells] == ["收入总计", "1228.77", "支出总计", "1228.77"]
    assert len(document.remarks) == 1


def test_the_numbers_of_columns_make_no_columns() -> None:
    """栏次 and the number stand beside each other, above labels and figures that are wider."""
    document = read(f"收入支出决算总表\n\n{GROUPS}".encode(), "公开.txt")
    first, _, numbers, *_ = [row for grid in document.grids for row in grid.rows if row.in_table]
    assert [(cell.text, cell.column, cell.column_span) for cell in first.cells] == [("收入", 0, 2), ("支出", 2, 2)]
    assert [(cell.text, cell.column) for cell in numbers.cells] == [("栏次", 0), ("1", 1), ("栏次", 2), ("2", 3)]


def test_heads_stand_where_the_figures_are_and_not_the_numbers_of_columns() -> None:
    rows = rows_of("收入支出决算总表\n\n" + NUMBERED, 6)
    assert rows[1] == ["项目", "行次", "决算数", "项目", "行次", "合计"]
    assert rows[3:5] == [
        ["一、一般公共预算财政拨款", "1", "13416.55", "一般公共服务支出", "1", ""],
        ["二、政府性基金预算财政拨款", "2", "87.43", "社会保障和就业支出", "8", "87.41"],
    ]


def test_one_number_of_a_column_may_stand_beside_its_head() -> None:
    income = """\
项目                      行次   决算数
栏次                           1
一、一般公共预算财政拨款            1        13416.55
二、政府性基金预算财政拨款           2          87.43
本年收入合计                  4        13540.81
"""
    assert rows_of("收入决算表\n\n" + income, 3)[:3] == [
        ["项目", "行次", "决算数"],
        ["栏次", "", "1"],
        ["一、一般公共预算财政拨款", "1", "13416.55"],
    ]


def test_a_remark_names_ten_places_at_most() -> None:
    text = "\n\n".join(["".join(ROWS)] * 12)
    (remark,) = read(text.encode(), "公开.txt").remarks
    assert remark.endswith("from lines 1, 7, 13, 19, 25, 31, 37, 43, 49, 55, … on")


def test_heads_close_together_are_apart_if_figures_stand_below_one() -> None:
    """On a page their gap is between one space and two; a broken head has one between its words."""
    columns = [(40.0, 48.0), (56.0, 64.0)]
    line = [Word("非财政拨", 20, 28), Word("上年结转", 29.5, 37.5), Word("结余", 38.5, 42.5)]
    (part,) = parts_of(line)
    assert [head.text for head in heads_apart([part], line, columns)] == ["非财政拨", "上年结转 结余"]
    spaced = [Word("非财政拨", 20, 28), Word("上年结转", 29, 37), Word("结余", 38, 42)]
    assert heads_apart(parts_of(spaced), spaced, columns) == parts_of(spaced)


def test_prose_is_no_table() -> None:
    prose = [
        "目  录",
        "一、收支总表                                3",
        "二、支出总表                                4",
        "三、收入总表                                5",
        "　　2024年收入 896.28万元，其中  拨款 896.28 万元。",
        "联系人：张三    电话：0731-00000000",
    ]
    assert rows_of("\n".join(prose)) == []
    assert read("\n".join(prose).encode(), "说明.txt").remarks == ()


def test_a_head_in_the_middle_of_its_columns_spans_them() -> None:
    """It may begin behind the first of them, and before the second."""
    text = (
        "                  本年支出               上年支出\n"
        "科目名称      基本      项目          基本      项目\n"
        "行政运行      30.00     10.00         20.00     10.00\n"
        "人大会议      20.00     10.00         10.00     10.00\n"
        "合计          50.00     20.00         30.00     20.00\n"
    )
    (first, *_) = read(text.encode(), "公开.txt").grids[0].rows
    assert [(cell.text, cell.column, cell.column_span) for cell in first.cells] == [
        ("本年支出", 1, 2),
        ("上年支出", 3, 2),
    ]


def test_a_page_whose_text_was_seen_on_a_picture_stays_as_it_is() -> None:
    cover = Page(1, 842.0, [[Line("2024年部门预算公开", 90.0, 90.0, 300.0, 110.0)]])
    assert find_aligned_tables([cover]) == []
    assert [line.text for block in cover.blocks if isinstance(block, list) for line in block] == ["2024年部门预算公开"]


MANY = 50_000


@pytest.mark.parametrize(
    "text",
    [
        "收入支出情况说明\n" * MANY,
        "1.50 " * MANY + "\n" + "1.50 " * MANY,
        "收入  支出\n" * MANY + "1.50  2.50  3.50\n",
        "abc " * 20 * MANY + "1.50\n",
    ],
    ids=["lines of one text", "two lines of figures", "lines of heads", "a line of words"],
)
def test_long_texts_stay_within_the_limit_of_the_loader(text: str) -> None:
    with at_most(CPU_SECONDS + len(text.encode()) / 2**20 * MB_CPU_SECONDS):
        assert rows_of(text) == []


def test_a_text_beyond_all_sizes_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loader.documents.readers.text._SEARCHED", 100)
    text = HEAD + "".join(ROWS)
    assert rows_of(text) == []
    assert read(text.encode(), "公开.txt").remarks == (
        "no tables without separators were looked for in a text of more than 100 characters",
    )


def test_a_table_with_more_columns_than_any_form_is_told() -> None:
    row = "".join(f"{number}.50".rjust(8) for number in range(60))
    shifted = "".join(f"    {number}.50".ljust(8) for number in range(60))
    rows = [f"{'':480}{row}", f"{row}", f"{row}", f"{'':480}{shifted}"]
    assert rows_of("\n".join(rows)) == []
    (remark,) = read("\n".join(rows).encode(), "公开.txt").remarks
    assert "it is not clear under which head figures stand" in remark
