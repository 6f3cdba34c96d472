"""Documents that break off say so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from loader.documents.readers import read
from synthetic import workbooks
from synthetic.budgets import random_budget
from synthetic.rendering import render
from tests.conftest import Run
from tests.sound_documents import SHEETS, TEXT, archived, commas, filed, sound


def until(content: bytes, mark: str, more: int) -> bytes:
    """What a document holds as far as some bytes behind a mark."""
    return content[: content.index(mark.encode()) + more]


FORM_3 = TEXT[TEXT.index("\n支出总表\n") : TEXT.index("\n财政拨款收支总表\n")]


def as_last(mark: str, more: int) -> bytes:
    """A text that ends within form 3, some bytes behind a mark."""
    return until(FORM_3.encode(), mark, more)


def figures_of() -> str:
    """A table whose last cells are figures, all with two decimals, and whose last line has no end."""
    rows = [f"{201 + number}\t{number}.50\t{2 * number}.25" for number in range(1, 9)]
    return "\n".join(["支出表", "科目\t合计\t基本支出", "合计\t36.00\t72.00", *rows])


CUT_OFF: dict[str, tuple[Callable[[], bytes], str]] = {
    "a page within a table": (lambda: until(sound("html"), "支出总表", 5000), "within a table, in row"),
    "a page between tables": (lambda: until(sound("html"), "</table>", 8) + b"</td></tr></table>", "closing tags"),
    "a text within a row": (lambda: until(TEXT.encode(), "\t一般行政管理事务\t", 30), "within a row of a table, line"),
    "a text within the blank cells of a row": (
        lambda: until(TEXT.encode(), "\t住房改革支出\t", 32),
        "within a row of a table, line",
    ),
    "a text within a character": (lambda: until(TEXT.encode(), "一般行政管理事务", 2), "within a character, in line"),
    "csv within a row": (
        lambda: commas()[: commas().index("一般行政管理事务")].encode(),
        "within a row of a table, line",
    ),
    "a text within a code": (lambda: as_last("\n221\t", 4), "within a row of a table, line"),
    "a text within a figure": (lambda: figures_of().encode()[:-1], "within a figure, in line 11"),
    "a text behind a decimal point": (lambda: figures_of().encode()[:-2], "within a figure, in line 11"),
    "csv within a figure": (lambda: figures_of().replace("\t", ",").encode()[:-3], "within a figure, in line 11"),
    "csv within the end of a line": (
        lambda: workbooks.csv(SHEETS, ",", "utf-8")[:-1],
        "within a line break, ",
    ),
    "csv within quotation marks": (lambda: commas().encode() + b'"one\ntwo', "is not closed"),
    "a web archive": (lambda: archived()[:-30000], "closing tags|within a table|boundary"),
}


@pytest.mark.parametrize("way", CUT_OFF)
def test_a_document_that_breaks_off_says_so(way: str) -> None:
    make, place = CUT_OFF[way]
    [said] = read(make(), "a").cut_off
    assert re.search(place, said)


def test_a_text_that_ends_with_a_row_without_its_parts_says_so() -> None:
    """As a download leaves it that ends between two lines: the figures of 住房公积金 are gone, and 合计 with them."""
    for end, row in (("\t22102\t", "住房改革支出"), ("\t221\t", "住房保障支出")):
        whole = "".join(line for line in FORM_3.splitlines(keepends=True) if "\t合计\t\t" not in line).encode()
        broken_off = whole[: whole.index(b"\n", whole.index(end.encode())) + 1]
        [found] = [f.message for f in filed(broken_off).findings if f.kind == "incomplete"]
        assert f"the text ends with {row}, line " in found


def test_a_text_that_ends_with_the_units_of_a_form_says_so() -> None:
    """Their sums are whole, but no subject stands beneath them."""
    broken_off = FORM_3[: FORM_3.index("\n201\t") + 1]
    [found] = [f.message for f in filed(broken_off.encode()).findings if f.kind == "incomplete"]
    assert "the text ends with 株洲市荷塘区人民代表大会常务委员会, line " in found
    income_by_unit = render(random_budget(8830000), forms=[2]).rstrip("\n") + "\n"
    assert "incomplete" not in {finding.kind for finding in filed(income_by_unit.encode()).findings}


@pytest.mark.parametrize(
    "text",
    [
        TEXT.removesuffix("\n"),
        FORM_3.rstrip("\n"),
        FORM_3.rstrip(),  # nor the blank cells at the end of the last row
        TEXT.rstrip(),
        FORM_3.rstrip("\n") + "\n注：本表不含上年结转",
        FORM_3.rstrip("\n") + "\n单位负责人：某某\t制表人：某某\t填表日期：2024年2月5日",
        FORM_3.rstrip("\n") + "\n8",  # a page
        FORM_3.rstrip("\n") + "\n23",
        "".join(f"00100{number}\t某局\t1.50\n" for number in range(1, 8)) + "100",  # a page, too
        FORM_3.rstrip("\n").replace("\n208\t", "\n22\n208\t") + "\n23",  # pages
        figures_of(),
        figures_of() + "\n210\t0.00\t0",
        figures_of().replace("4.50", "4.5")[:-1] + "0",
        figures_of().replace("4.50", "4.5")[:-1],  # 16.2 in a table that prints 4.5, too
    ],
)
def test_a_text_without_an_end_of_its_last_line_is_whole(text: str) -> None:
    """Many programs write none: that alone says nothing."""
    for content in (text.encode(), text.replace("\n", "\r\n").encode()):
        assert read(content, "a").cut_off == ()


def test_a_text_that_ends_with_a_whole_form_is_whole() -> None:
    for text in (FORM_3, FORM_3.rstrip("\n")):
        assert not [f for f in filed(text.encode()).findings if f.kind == "incomplete"]


def test_a_last_row_without_parts_is_whole_if_the_rows_add_up() -> None:
    classes = (("201", "一般公共服务支出"), ("208", "社会保障和就业支出"), ("210", "卫生健康支出"))
    rows = [f"{code}{part}\t{name}\t1.00\t1.00\t" for code, name in classes for part in ("", "01", "0101")]
    heads = "一般公共预算支出表\n单位：万元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"

    def kinds(total: str) -> set[str]:
        lines = [f"\t合计\t{total}\t{total}\t", *rows, "221\t住房保障支出\t1.00\t1.00\t"]
        text = f"某某市某某局2024年部门预算\n\n{heads}" + "".join(f"{line}\n" for line in lines)
        return {finding.kind for finding in filed(text.encode()).findings}

    assert "incomplete" not in kinds("4.00")
    assert "incomplete" in kinds("9.00")


def test_a_row_that_has_no_parts_where_others_of_its_level_have_none_either_is_whole() -> None:
    """Some offices print a 类 that has no 项."""
    lines = [line for line in FORM_3.splitlines() if not line.startswith(("221\t02", "208\t0", "208\t9"))]
    assert not [f for f in filed("\n".join(lines).encode()).findings if f.kind == "incomplete"]


def test_titles_behind_the_last_table_are_no_sign_of_a_break() -> None:
    """Their tables may be pictures."""
    titles = ("一般公共预算支出表", "政府性基金预算支出表", "国有资本经营预算支出表", "专项资金预算汇总表")
    lines = "".join(f"{title}\n" for title in titles)
    text = f"某某市某某局2024年部门预算\n目录\n支出总表\n{lines}\n{FORM_3}\n"

    def kinds(text: str) -> set[str]:
        return {finding.kind for finding in filed(text.encode()).findings}

    assert "forms_cut_off" in kinds(text)
    assert "forms_cut_off" not in kinds(text + lines.replace("\n", "\n\n（见图）\n\n"))


def test_a_load_says_that_a_document_breaks_off(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "001001.html"
    path.write_bytes(until(sound("html"), "一般公共预算支出表", 9000))
    said = run("load", path).stderr
    assert "001001.html: incomplete: the page ends within a table, in row" in said
    assert "001001.html: incomplete: the contents name" in said
    kinds = database.execute("select count(*) from meta.finding where kind in ('incomplete', 'forms_cut_off')")
    assert kinds.fetchone() == (2,)
