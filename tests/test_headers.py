"""Headers are matched with templates: what rules a template out early rules out no template that fits."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loader.documents.grid import Cell, Row, plain_cells
from loader.documents.wording import fold
from loader.filing.filed import FiledDisclosure
from loader.filing.headers import match_header as headers
from loader.filing.headers.paths import HeaderPath, header_paths
from loader.filing.headers.rows import is_numbering
from loader.filing.headers.words import spelling
from schema.forms import FORMS
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.rendering import render
from tests.test_round_trip import examples

PATHS = sorted({tuple(map(fold, column.path)) for form in FORMS.values() for column in form.columns})
OWN = [[tuple(map(fold, column.path)) for column in form.columns] for form in FORMS.values() if len(form.columns) > 2]


@st.composite
def printed(draw: st.DrawFn) -> tuple[tuple[int, HeaderPath], ...]:
    """A header as an office may print it: columns of a form, some left out, some of other forms or of no form."""
    paths = [path for path in draw(st.sampled_from(OWN)) if draw(st.integers(0, 4))]
    paths += draw(st.lists(st.sampled_from([*PATHS, ("金额",), ("科目编码及名称",), ("备注",)]), max_size=3))
    paths = [path[draw(st.integers(0, len(path) - 1)) :] for path in paths]  # groupings left out
    paths = [(*path[:-1], path[-1].replace("合计", draw(st.sampled_from(("合计", "小计"))))) for path in paths]
    paths = [path if draw(st.integers(0, 4)) else (*path, "小计") for path in paths]
    if draw(st.booleans()):
        paths = [path for path in paths for _ in range(draw(st.integers(1, 2)))]  # a head over two columns
    return tuple(enumerate(paths or [("合计",)]))


@given(printed())
@examples(30)
def test_no_template_that_fits_is_ruled_out(header: tuple[tuple[int, HeaderPath], ...]) -> None:
    paths = dict(header)
    found = {match.form.form_id: match for match in headers.match_header(header)}
    for form in FORMS.values():
        if form.has_table and not form.lists:
            match = headers.match_columns(form, paths)
            assert found.get(form.form_id) == (match if match.score >= headers._POOREST_MATCH else None)


def test_the_rows_of_a_header_are_found_as_if_all_were_tried() -> None:
    below = (Cell("合计", 0), Cell("基本支出", 1), Cell("项目支出", 2))
    for form_id in ("r02", "r03", "r07", "r15", "nb03"):
        paths = dict(enumerate(column.path for column in FORMS[form_id].columns))
        levels = range(max(map(len, paths.values())))
        rows = tuple(tuple(Cell(path[n], at) for at, path in paths.items() if len(path) > n) for n in levels)
        for tried in (rows, (*rows, below), (below, *rows)):
            found = [headers.match_header(tuple(header_paths(tried[:n]).items())) for n in range(1, len(tried) + 1)]
            _, depth = max((matches[0].score, n) for n, matches in enumerate(found, start=1) if matches)
            assert headers.best_depth(tried) == (depth, found[depth - 1], header_paths(tried[:depth]))


def test_a_sum_of_parts_that_a_form_does_not_have_is_their_column() -> None:
    heads = (
        ("科目编码",),
        ("科目名称",),
        ("合计",),
        ("基本支出", "小计"),
        ("基本支出", "人员经费"),
        ("项目支出", "小计"),
    )
    match = headers.match_columns(FORMS["r03"], dict(enumerate(heads)))
    assert match.columns == {0: "subject_code", 1: "subject_name", 2: "total", 3: "basic", 5: "project"}


def test_a_head_may_lack_its_last_character() -> None:
    """It fell out of a cell that is too low; a shorter head is another one."""
    form = FORMS["js12"]
    paths = {number: column.path for number, column in enumerate(form.columns)}
    (at,) = (number for number, column in enumerate(form.columns) if column.id == "organisation")
    whole = form.columns[at].path[-1]
    for head, found in ((whole[:-1], "organisation"), (whole[:-2], None)):
        assert headers.match_columns(form, {**paths, at: (head,)}).columns.get(at) == found


def test_heads_of_one_column_have_one_spelling() -> None:
    pairs = {
        "上级补助": "上级补助收入",
        "附属单位缴款": "附属单位上缴收入",
        "事业单位经营支出": "经营支出",
        "上缴上级": "上缴上级支出",
        "对下级单位补助支出": "对附属单位补助支出",
        "项目支出小计": "项目支出",
        "因公出国境费": "因公出国(境)费",
        "科目编号": "科目编码",
        "功能分类编码": "功能分类科目编码",
    }
    assert {word: spelling(word) for word in pairs} == {word: spelling(other) for word, other in pairs.items()}


def test_numbers_of_columns_may_lack_that_of_a_deleted_one() -> None:
    def numbers(text: str) -> bool:
        return is_numbering(Row(1, plain_cells(text.split())))

    assert all(map(numbers, ("1 2 3 4 5 6 8", "栏次 2 3 4", "** ** 1 2 3", "类 款 项 栏次 1 2 4", "1 2 3")))
    assert not any(map(numbers, ("1 2 4", "1 2 9 10", "1 3 2 4", "1 2.00 3", "1 2 3 900")))


def test_a_total_may_be_called_by_its_year_alone() -> None:
    """2024年预算数 beside 2023年预算数, in place of 合计 above 基本支出 and 项目支出."""
    text = render(random_budget(8830000), forms=[3, 5])
    lines = [line.split("\t") for line in text.split("\n")]
    for line in lines:
        if line[0] == "功能科目":
            line[5:6] = ["2024年预算数", "2023年预算数", "比上年增减"]
        elif len(line) > 6:
            line[5:6] = [line[5], "12.50" if line[5] else "", ""]
    disclosure = filed("\n".join(map("\t".join, lines)))
    assert figures_of(disclosure, "@") == figures_of(filed(text), "@")
    assert not {"unknown_column", "missing_column"} & {finding.kind for finding in disclosure.findings}


def figures_of(disclosure: FiledDisclosure, without: str) -> dict[tuple[str | None, str | None, str], Decimal]:
    """The figures by form, row and column, but those of columns with ``without`` in their key."""
    return {
        (form.form_id, cell.row_key, cell.column_key): cell.amount
        for form in disclosure.forms
        for cell in form.cells
        if cell.column_key and without not in cell.column_key and cell.amount
    }
