"""Pages for people: what they show, that nothing on them comes from elsewhere, and how they behave in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from lxml import html

from loader.answers.form_layout import Kind, as_published, headings, within_groups
from loader.answers.page_table import text_of
from schema.forms import FORMS
from schema.forms.template import Role
from synthetic.budgets import YEAR, Shape, budget_of
from synthetic.rendering import render
from tests.conftest import SAMPLE, Run, load_files, shared_clone

BEFORE, AFTER = "合计\t\t896.28\t790.28\t106.00", "合计\t\t896.28\t791.28\t106.00"


@pytest.fixture(scope="module")
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the sample with a wrong total in form 3, and of the same budget a year before without a fault."""
    from loader.answers.disclosed import Selection
    from loader.answers.page import write_pages

    folder = tmp_path_factory.mktemp("pages")
    text = SAMPLE.read_text(encoding="utf-8")
    (folder / "2024.txt").write_text(text.replace(BEFORE, AFTER, 1), encoding="utf-8")
    (folder / "2023.txt").write_text(
        text.replace("2024年部门预算公开表", "2023年部门预算公开表").replace("听取和审查", "<b>听取"), encoding="utf-8"
    )
    with shared_clone(request, "pages") as connection:
        load_files(connection, folder / "2024.txt")
        load_files(connection, folder / "2023.txt")
        assert write_pages(connection, Selection("430202"), folder) == 2
    return folder


def page(folder: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((folder / name).read_text(encoding="utf-8"))


def find(element: html.HtmlElement, tag: str, name: str = "") -> list[html.HtmlElement]:
    """The elements of a tag beneath another, with a class if one is given."""
    return [one for one in element.iter(tag) if not name or name in one.get("class", "").split()]


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def test_headers_are_merged_as_the_declaration_says() -> None:
    cells = headings([("单位",), ("支出", "小计"), ("支出", "其中", "工资"), ("支出", "其中", "公用"), ("支出",)])
    assert [(c.row, c.column, c.value, c.row_span, c.column_span) for c in cells] == [
        (0, 0, "单位", 3, 1),
        (0, 1, "支出", 1, 3),
        (0, 4, "支出", 3, 1),
        (1, 1, "小计", 2, 1),
        (1, 2, "其中", 1, 2),
        (2, 2, "工资", 1, 1),
        (2, 3, "公用", 1, 1),
    ]
    assert {cell.kind for cell in cells} == {Kind.HEADING}


def test_a_sum_stands_within_its_group_and_what_a_document_leaves_out_is_left_out() -> None:
    form = FORMS["f05"]
    paths = within_groups([column.path for column in form.columns])
    assert ("基本支出", "小计") in paths
    assert ("基本支出",) not in paths
    shown = as_published(form, {("total", column) for column in ("code", "name", "total", "basic", "project")})
    assert [column.id for column in shown.columns if column.role is Role.MONEY] == ["total", "basic", "project"]
    lists = as_published(FORMS["f01"], set()).lists
    assert not [line for entry in lists for line in entry.lines if line.optional]


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0.00"), ("1234.5", "1,234.50"), ("0.1230", "0.123"), ("-1.00", "-1.00")]
)
def test_figures_keep_their_decimals(value: str, text: str) -> None:
    assert text_of(Decimal(value)) == text


def test_every_form_stands_on_the_page(pages: Path) -> None:
    forms = find(page(pages, "2024/001001.html"), "section", "form")
    assert [form.get("id") for form in forms] == [f"r{no:02d}" for no in range(1, 24)]
    absent = [form.get("id") for form in forms if "absent" in form.get("class")]
    assert absent == ["r02", "r04", "r05"]
    for form in forms:  # every row of a table has as many places as its header
        for table in find(form, "table"):
            assert len(set(_widths(table))) == 1, form.get("id")


def _widths(table: html.HtmlElement) -> list[int]:
    """How many places each row of a table has, those included that rows above reach into."""
    rows = find(table, "tr")
    places = [0] * len(rows)
    for number, row in enumerate(rows):
        for cell in row:
            for down in range(int(cell.get("rowspan", 1))):
                places[number + down] += int(cell.get("colspan", 1))
    return places


def test_what_was_published_stands_beside_what_is_rebuilt(pages: Path) -> None:
    found = page(pages, "2024/001001.html")
    (cell,) = find(found, "td", "d")
    assert (cell.text, find(cell, "i")[0].text) == ("791.28", "790.28")
    assert cell.get("data-b") == "790.28"
    row = int(cell.getparent().get("data-r"))
    lines = (pages / "2024.txt").read_text(encoding="utf-8").splitlines()
    assert AFTER in lines[row - 1]
    assert "差异 1 处" in words(find(found, "header")[0])
    assert "一致" in words(find(page(pages, "2023/001001.html"), "header")[0])


def test_every_published_figure_leads_to_its_place(pages: Path) -> None:
    lines = (pages / "2024.txt").read_text(encoding="utf-8").splitlines()
    checked = 0
    for cell in find(page(pages, "2024/001001.html"), "td", "n"):
        if cell.get("data-c") == "0" or cell.getparent().get("data-r") is None:
            continue  # not published
        row, column = int(cell.getparent().get("data-r")), int(cell.get("data-c") or _place(cell))
        printed = lines[row - 1].split("\t")[column - 1]
        assert Decimal(printed) == Decimal(cell.text.replace(",", "")), (row, column)
        checked += 1
    assert checked > 300


def _place(cell: html.HtmlElement) -> int:
    return int(cell.getparent().index(cell)) + 1


def test_texts_of_documents_are_no_markup(pages: Path) -> None:
    assert "<b>听取" not in (pages / "2023/001001.html").read_text(encoding="utf-8")
    assert "<b>听取" in words(page(pages, "2023/001001.html").get_element_by_id("r22"))


def _like(department: str, factor: int) -> str:
    """The disclosure of an office whose amounts are those of others, times a factor."""
    budget = budget_of(Shape(seed=5, department=department, functions=2, items=3))
    return render(replace(budget, amounts={entry: factor * amount for entry, amount in budget.amounts.items()}))


def test_figures_and_bars_are_measured_by_the_year_before_and_like_units(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    before = f"{YEAR}年部门预算公开表", f"{YEAR - 1}年部门预算公开表"
    texts = [_like("001", 1), _like("002", 2), _like("003", 6)]
    for name, text in zip("abcd", [*texts, _like("001", 3).replace(*before)], strict=True):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    run("load", tmp_path, "--jobs", 1)
    run("page", tmp_path / "out", "--year", YEAR, "--unit", "001001")
    found = page(tmp_path / "out", f"{YEAR}/001001.html")
    total = next(cell for cell in find(found.get_element_by_id("r03"), "td", "n"))
    amount = Decimal(total.text.replace(",", ""))
    assert [Decimal(total.get(name).replace(",", "")) for name in ("data-b", "data-m")] == [3 * amount, 2 * amount]
    drawing = next(found.iter("svg"))
    bar, mark = list(drawing.iter("rect"))
    assert float(bar.get("width")) == 100  # a third of the longest, which is the year before
    assert float(mark.get("x")) == 300 - 1
    median = next(drawing.iter("path")).get("d")
    assert float(median[1:].split(" ")[0]) == 200
    assert [words(text) for text in found.iter("text")][-2:] == ["上年", "同类单位中位数"]


def test_nothing_comes_from_elsewhere(pages: Path) -> None:
    for name in ("index.html", "2024/001001.html"):
        content = (pages / name).read_bytes()
        assert len(content) < 200_000
        assert not re.findall(rb"""(?:src=|url\(|@import|<link)""", content)


def test_figures_that_agree_are_not_all_right_if_the_money_unit_is_in_doubt(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    text = re.sub("(?:金额)?单位：万元", "", SAMPLE.read_text(encoding="utf-8"))
    (tmp_path / "2024.txt").write_text(text, encoding="utf-8")
    run("load", tmp_path / "2024.txt")
    run("page", tmp_path / "out")
    for name in ("index.html", "2024/001001.html"):
        body = find(page(tmp_path / "out", name), "body")[0]
        told = [words(badge) for badge in find(body, "*", "badge") if badge.getparent().get("class") != "soft"]
        assert any(re.fullmatch("错误 [0-9]+ 条", badge) for badge in told), name


def test_the_index_shows_units_by_years(pages: Path) -> None:
    found = page(pages, "index.html")
    head = find(find(found, "thead")[0], "th")
    assert [words(cell) for cell in head] == [
        "单位编码",
        "单位名称",
        "2023 年",
        "2024 年",
    ]
    row = next(row for row in find(find(found, "tbody")[0], "tr") if words(row[0]) == "001001")
    assert [words(badge) for badge in find(row[2], "*", "badge")] == ["一致", "未公开 3 表"]
    assert [words(badge) for badge in find(row[3], "*", "badge")] == ["差异 1 处", "未公开 3 表"]
    for link in find(row, "a"):
        assert (pages / link.get("href")).exists()
    department = next(row for row in find(find(found, "tbody")[0], "tr") if words(row[0]) == "001")
    assert words(department[2]) == "未入库"


def test_the_command_writes_the_pages_asked_for(loaded: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    assert run("page", tmp_path / "out", "--year", "2024").stdout.strip() == str(tmp_path / "out" / "index.html")
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.html")) == ["001001.html", "index.html"]
    run("page", tmp_path / "none", "--year", "1999", code=2)
    assert not (tmp_path / "none").exists()


def test_the_index_shows_a_department_without_a_name_once(loaded: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    loaded.execute("update budget.unit set unit_name = unit_code where is_department")
    run("page", tmp_path / "out")
    rows = find(find(page(tmp_path / "out", "index.html"), "tbody")[0], "tr")
    assert [words(cell) for cell in next(row for row in rows if words(row[0]) == "001")][:2] == ["001", ""]


# ---------------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; without one, or without playwright, these tests are skipped."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_in_a_browser(browser: Any, pages: Path) -> None:
    """Only differences, search, the source of a figure by keyboard, the year before: without a request or an error."""
    shown = browser.new_page(viewport={"width": 1300, "height": 900})
    requests: list[str] = []
    errors: list[str] = []
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto((pages / "2024/001001.html").as_uri())
    shown.check("#only")
    assert shown.locator("section.form:visible").count() == 1
    assert shown.locator("#r03 tbody tr:visible").count() == 1
    shown.uncheck("#only")
    shown.locator("#r03 td.d").focus()
    assert "791.28" not in shown.inner_text("#where")
    for word in ("2024.txt", "上年 790.28", "第 7 列"):
        assert word in shown.inner_text("#where")
    shown.keyboard.press("ArrowRight")
    assert "第 8 列" in shown.inner_text("#where")
    shown.keyboard.press("ArrowDown")
    assert shown.evaluate("document.activeElement.parentNode.rowIndex") == 3
    shown.evaluate("document.getElementById('where').dataset.rowsAPage = 50")  # as of a document of pages
    shown.keyboard.press("ArrowUp")
    assert re.search(r"第 \d 页 · 第 \d+ 行 · 第 8 列", shown.inner_text("#where"))
    shown.fill("#search", "公务员医疗")
    assert "找到" in shown.inner_text("#count")
    assert shown.locator("#r15:visible").count() == 0
    assert errors == []
    assert requests == [(pages / "2024/001001.html").as_uri()]
    for width in (1300, 400):  # wide tables and the chart move within their place
        shown.set_viewport_size({"width": width, "height": 900})
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    shown.close()
