"""Texts as they are really sent: each of them says what the sample says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from loader.documents.readers import read
from loader.documents.readers.markdown import words_of
from schema.forms import SETS
from schema.forms.template import TemplateSet
from synthetic.deviations import filed as of_text
from synthetic.set_documents import random_account, text_of
from tests.processor_time import at_most
from tests.sound_documents import FIGURES, TEXT, TEXTS, commas, figures, filed, separated, texts


def amounts(text: str) -> dict[tuple[str | None, str | None, str | None], Decimal]:
    """The amounts of a text by form, row and column."""
    return {
        (form.form_id, cell.row_key, cell.column_key): cell.amount
        for form in of_text(text).forms
        for cell in form.cells
        if cell.amount
    }


def with_line(change: Callable[[str], str]) -> bytes:
    """The sample as text, its lines changed."""
    return "\n".join(map(change, TEXT.split("\n"))).encode()


TEXTS_AS_SENT: dict[str, Callable[[], bytes]] = {
    "ended as by DOS": lambda: TEXT.encode("gb18030") + b"\x1a",
    "padded": lambda: TEXT.encode() + bytes(5000),
    "padded in GBK": lambda: TEXT.encode("gb18030") + bytes(511) + b"\x1a",
    "zeros in it": lambda: TEXT.replace("\n", "\n\0", 3).encode("gb18030"),
    "in seven bits": lambda: TEXT.encode("hz"),
    "breaks within cells": lambda: TEXT.replace("公积金", "公\x0b积\u2028金").encode(),
    "line separators": lambda: TEXT.replace("\n", "\u2028").encode(),
    "bars": lambda: separated("|", "gb18030"),
    "circumflexes": lambda: separated("^", "utf-8"),
    "Markdown": lambda: in_markdown(),
    "Markdown with marks": lambda: in_markdown(marked, ":-:"),
    "Markdown of pandas": lambda: in_markdown_of_pandas(),
    "Markdown below much prose": lambda: ("\n本单位负责全区市场监督管理工作。\n" * 2_000).encode() + in_markdown(),
    "Markdown below much prose, as Windows ends lines": lambda: (
        ("\n本单位负责全区市场监督管理工作。\n" * 2_000).encode() + in_markdown()
    ).replace(b"\n", b"\r\n"),
    "Markdown with a comma and a tab": lambda: in_markdown() + "\n联系电话：0731-1,0731-2\t\n".encode(),
    "a tab before every figure": lambda: re.sub(r'(?<=[,\n])"?([\d.]+)"?(?=[,\n])', r"\t\1", commas()).encode(),
    "a tab behind every figure": lambda: re.sub(r'(?<=[,\n])"?([\d.]+)"?(?=[,\n])', r"\1\t", commas()).encode(),
    "an apostrophe before every figure": lambda: re.sub(r'(?<=,)"?([\d.]+)"?(?=[,\n])', r"'\1", commas()).encode(),
}


def marked(text: str) -> str:
    """A text of the sample as programs write it into Markdown: bold, with breaks, escapes, and marks of footnotes."""
    if re.fullmatch(r"[\d,]+\.\d\d", text):
        return f"~~1.00~~**{text}**<sup>1</sup>".replace(".", "\\.")
    return {"": "&nbsp;", "合计": "***合计***"}.get(text) or text.replace("公积金", "公积<br/>金").replace("-", "\\-")


def in_markdown(mark: Callable[[str], str] = str, rule: str = "---") -> bytes:
    """The sample with bars around its cells, and a rule beneath the first row of every table."""
    lines = [""]
    for line in TEXT.split("\n"):
        cells = line.split("\t")
        is_below = lines[-1].startswith("|")
        lines.append(f"| {' | '.join(map(mark, cells))} |" if len(cells) > 1 else line)
        if len(cells) > 1 and not is_below:
            lines.append("|" + f" {rule} |" * len(cells))
    return "\n".join(lines).encode()


def in_markdown_of_pandas() -> bytes:
    """The sample as pandas writes sheets into Markdown: the first row is the header with a name for each blank head and
    a number behind one that comes again, and NaN is in all other blank cells."""
    lines: list[str] = []
    for block in TEXT.split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n")]
        width = max(map(len, rows))
        if width == 1:
            lines += [block, ""]
            continue
        above = [row for row in rows if len(row) == 1]
        header, *body = [row + [""] * (width - len(row)) for row in rows if len(row) > 1]
        heads = [
            f"{head}.{again}" if (again := header[:at].count(head)) and head else head or f"Unnamed: {at}"
            for at, head in enumerate(header)
        ]
        table = [heads, ["---"] * width, *([cell or "NaN" for cell in row] for row in body)]
        lines += [*(row[0] for row in above), *(f"| {' | '.join(row)} |" for row in table), ""]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("way", TEXTS_AS_SENT)
def test_texts(way: str) -> None:
    content = TEXTS_AS_SENT[way]()
    assert read(content, "a").cut_off == ()
    assert figures(filed(content)) == FIGURES
    assert texts(filed(content)) == TEXTS


def test_prose_below_a_table_in_markdown_is_none_of_its_rows() -> None:
    text = (
        "某某市**某某局** **2024** 年单位预算\n\n“三公”经费和机关运行经费预算表\n编制单位：某某市某某局　单位:万元\n\n"
    )
    text += "|“三公”经费预算数||||||机关运行经费预算数|\n|---|---|---|---|---|---|---|\n"
    text += "|合计|因公出国(境)费|公务接待费|公务用车购置及运行费||||\n||||小计|购置费|运行费||\n"
    text += "|3.50|1.00|2.50||||9.00|\n\n"
    text += "其他相关情况说明\n公务用车运行费与上年\n元持平，与2023年预算持平。\n" * 30
    disclosure = filed(text.encode())
    assert disclosure.identity.reporting_unit_name == "某某市某某局"
    assert [found.kind for found in disclosure.findings] == []
    assert sum(cell.amount is not None for form in disclosure.forms for cell in form.cells) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_damaged_character_of_a_text_is_named(encoding: str) -> None:
    content = TEXT.encode(encoding)
    at = content.index("注：".encode(encoding))
    line = content.count(b"\n", 0, at) + 1
    damaged = content[:at] + b"\xff" + content[at:]
    assert read(damaged, "a.txt").remarks == (f"1 characters could not be decoded, the first in line {line}",)
    assert figures(filed(damaged)) == FIGURES


@pytest.mark.parametrize("entry", SETS[1:], ids=lambda entry: entry.id)
def test_tabs_at_the_ends_of_lines_may_be_left_out(entry: TemplateSet) -> None:
    text = text_of(random_account(entry, 1))
    bare = re.sub(r"\t+$", "", text, flags=re.MULTILINE)
    assert bare != text
    assert amounts(bare) == amounts(re.sub(r"\t+$", "\t", text, flags=re.MULTILINE))
    assert "no_closing_line" not in {finding.kind for finding in of_text(bare).findings}


@pytest.mark.parametrize("text", ["# a" + " " * 100_000 + "b", "[](" * 50_000], ids=["a gap", "links without end"])
def test_marks_of_markdown_take_little_time(text: str) -> None:
    with at_most(2.0):
        assert words_of(text)


ABOVE = ["2024年部门预算公开", "单位：荷塘区甲局", "一、部门概况", "二、机构设置", "支出总表", "单位：万元"]
SMALL_TABLE = ["科目编码{0}科目名称{0}合计", "2010101{0}行政运行{0}1.00"]


@pytest.mark.parametrize("mark", [",", ";", "|"])
def test_a_small_table_below_more_lines_without_separators(mark: str) -> None:
    document = read("\n".join([*ABOVE, *SMALL_TABLE]).format(mark).encode(), "公开表.csv")
    assert document.file_format == "csv"
    assert [cell.text for cell in document.grids[0].rows[-1].cells] == ["2010101", "行政运行", "1.00"]


@pytest.mark.parametrize(
    "line", ["行政运行   1,234.00   1,234.00   1,000.00", "人员经费1万元,公用经费2万元,项目3万元。", "甲,乙"]
)
def test_commas_of_figures_and_sentences_make_no_csv(line: str) -> None:
    assert read("\n".join([*ABOVE, line, line]).encode(), "公开表.txt").file_format == "text"


@pytest.mark.parametrize(
    "below", [[], ["功能科目   合计   基本支出", "行政运行   3.00   3.00", "住房公积金   1.00   1.00"]]
)
def test_commas_of_lists_make_no_csv(below: list[str]) -> None:
    """Only figures make a table of them, and none in a text with columns that stand below one another."""
    listed = ["甲, 乙, 1" if below else "甲, 乙, 丙", "丁, 戊, 2" if below else "丁, 戊, 己"]
    assert read("\n".join([*ABOVE, *listed, *below]).encode(), "公开表.txt").file_format == "text"
