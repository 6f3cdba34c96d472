"""Spellings of figures and labels: one clear value each, or none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader.documents.wording import (
    Figure,
    figure,
    fold,
    fold_name,
    is_note,
    is_placeholder,
    is_total,
    join_lines,
    label,
    stored_figure,
    without_money_unit,
)

ONE_VALUE = {
    "7.25": [
        *("7.25", "+7.25", "７．２５", "7。25", "'7.25", "`7.25", '="7.25"', "7 . 2 5", " 7.25 "),
        *("¥7.25", "￥ 7.25", "RMB7.25", "CNY 7.25", "CN¥7.25", "人民币7.25", "7.25CNY"),
        *(
            "7.25①",
            "②7.25",
            "7.25¹²",
            "7.25⁽¹⁾",
            "7.25*",
            "7.25注1",
            "7.25（注2）",
            "7.25⓪",
            "7.25₁",
            "7.25㊱",
            "7.25➀",
        ),
        *("7.250000000000001", " 7.2499999999999996 "),  # noise of the number that a program stores
        *("7.25⒈", "7.25（1）", "7.25 [2]", "7.25#", "7・25", "7•25"),
        *("7.25〔1〕", "7.25［注1］", "人民币：7.25", "7.25；", "7.25。", "7.25，", "7.25."),
        *("7.25（注一）", "7.25（见注1）", "7.25㊀", "✓7.25", "7.25√", "7.25¥", "7.25（人民币）", "7.25、"),
        "0.725×10^1",
        *("\u202e52.7\u202c", "\u202e52.7"),  # turned round
        *("\u200e7.25", "7.25\u200f", "\u20607.25", "\ufeff7.25", "7\u00ad.25", "7.25E0", "7.25e+00"),
    ],
    "-7.25": [
        *("-7.25", "–7.25", "—7.25", "——7.25", "―7.25", "─7.25", "−7.25", "－7.25", "- 7.25", "7.25-", "7.25－"),
        *(
            "△7.25",
            "▲7.25",
            "负7.25",
            "(7.25)",
            "（7.25）",
            "【7.25】",
            "[7.25]",
            "(-7.25)",
            "（－7.25）",
            "¥-7.25",
            "-¥7.25",
            "￥(7.25)",
            "▼7.25",
            "▽7.25",
            "⊖7.25",
            "➖7.25",
            "（负）7.25",
            "━7.25",
            "⊿7.25",
            "〈7.25〉",
            "负数7.25",
            "红字7.25",
            "-(7.25)",
            "△（7.25）",
            "-¥(7.25)",
            "負7.25",
            "负：7.25",
            "⁃7.25",
            *("7.25（负）", "7.25（-）", "7.25负", "<7.25>", "\u00ad7.25"),
            "\u202e52.7-\u202c",
            "\u202e(52.7)\u202c",
        ),
    ],
    "7": ["7⓪", "7₁", "7⒈", "7㊱", "➀7"],  # as digits the marks would join the figure
    "1234567.5": [
        "1,234,567.5",
        "1234567.5",
        "1，234，567.5",
        "1.2345675E6",
        "1\u00a0234\u00a0567.5",
        "1'234'567.5",
        "1’234’567.5",
    ],
}
NO_FIGURE = [
    *(
        "7 25",
        "7/25",
        "7.25 3",
        "3 7.25",
        "7.25.3",
        "7、25",
        "7(1)",
        "7.2(1)",
        "300\u00a0400",
        "12,34",
        "7.25%",
        "--7.25",
        "-△7.25",
        "-(-7.25)",
    ),
    *("(7.25", "7.25】", "(7.25]", "①", "负", "△", "-", "", "注1", "7.25a", "9" * 16, "1E15", "1E999", "9" * 5000),
]


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in ONE_VALUE.items() for text in texts])
def test_one_value(value: str, text: str) -> None:
    found = figure(text)
    assert found is not None
    assert (found.value, found.yuan) == (Decimal(value), None)


@pytest.mark.parametrize("text", NO_FIGURE)
def test_no_figure(text: str) -> None:
    assert figure(text) is None


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("7.25万元", 10_000),
        ("7.25 万", 10_000),
        ("7.25（万元）", 10_000),
        ("7.25[万元]", 10_000),
        ("7.25万元。", 10_000),
        ("7.25元", 1),
        ("7.25千元", 1000),
        ("7.25亿元整", 10**8),
    ],
)
def test_a_unit_in_the_cell(text: str, yuan: int) -> None:
    assert figure(text) == Figure(Decimal("7.25"), 2, yuan)


def test_a_unit_behind_the_brackets_of_a_negative() -> None:
    assert figure("(7.25)万元") == figure("(7.25万元)") == Figure(Decimal("-7.25"), 2, 10_000)


@pytest.mark.parametrize(
    ("text", "raw", "value"),
    [
        ("7.25", "-7.25", "-7.25"),  # red
        ("7.3", "7.25", "7.3"),  # the print counts
        ("7.25E+02", "725.4", "725.4"),
        ("8.96E+02", "896.2800000000001", "896.28"),
        ("约7.25", "7.25", "7.25"),
        ("7.25（预计）", "-7.2500001", "-7.25"),
        ("1,234.57", "1234567", "1234.57"),  # in thousands
        ("1234 567.89", "1234567.891", "1234567.89"),  # separators that are none elsewhere
        ("7.25[甲1]", "-7.25", "-7.25"),
        ("7.25", None, "7.25"),
        ("(7.25)", "-7.25", "-7.25"),
    ],
)
def test_the_stored_number_beside_the_print(text: str, raw: str | None, value: str) -> None:
    found = stored_figure(text, raw)
    assert found is not None
    assert found.value == Decimal(value)


def test_a_point_that_is_a_mere_character() -> None:
    """0!.00,"万元" prints hundreds of 元 as hundredths of 万元."""
    assert stored_figure("89.63万元", "8962800") == Figure(Decimal(8962800), -3, 1)
    assert stored_figure("896.3万元", "8962800") == Figure(Decimal("896.3"), 1, 10_000)


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        *(
            ("98%", "0.98"),
            ("2024年1月", "45292"),
            ("第3季度", "7.25"),
            ("-", "0"),
            ("12:00", "0.5"),
            ("11 / 50", "11.5"),
        ),
        *(("1900-01-11", "11.5"), ("1月11日", "11.5"), ("1900/1/11", "11.5"), ("11-Jan-00", "11.5")),  # shown as dates
    ],
)
def test_a_stored_number_that_is_no_amount(text: str, raw: str) -> None:
    assert stored_figure(text, raw) is None


@pytest.mark.parametrize(
    "text",
    ["⺠政⻋辆⻓⻔", "⼈⼯⽀⼊", "\u2060民政", "民\u200e政", "民\ufe00政", "民\u00ad政", "民\u200b政 ", "民\x1b政"],
)
def test_characters_that_look_the_same(text: str) -> None:
    plain = {"⺠政⻋辆⻓⻔": "民政车辆长门", "⼈⼯⽀⼊": "人工支入"}.get(text, "民政")
    assert fold(text) == fold_name(text) == plain


@pytest.mark.parametrize("text", ["合计（元）", "合 计(万元)", "总计（单位：元）：", "三、合计数"])
def test_a_total_with_its_money_unit(text: str) -> None:
    assert is_total(text)
    assert label("基本支出（元）") == "基本支出"
    assert not is_total("合计（不含结转）")


@pytest.mark.parametrize(
    "text", ["预算数（元）", "预算数/元", "预算数\n元", "预算数[万元]", "（元）预算数", "预算数（金额单位：千元）"]
)
def test_a_head_with_its_money_unit(text: str) -> None:
    assert without_money_unit(fold(text)) == "预算数"


@pytest.mark.parametrize("text", ["单位:万元", "单位万元", "金额:元", "港元", "单元", "每人300元"])
def test_a_text_that_only_ends_like_one(text: str) -> None:
    assert without_money_unit(text) == text


@pytest.mark.parametrize("text", ["-", "/", "无", "¥-", "￥ -", "$-"])
def test_an_empty_place(text: str) -> None:
    assert is_placeholder(text)


def test_names_stay_as_printed() -> None:
    assert fold_name("会议 经费（二）－甲") == "会议经费（二）－甲"


def test_two_numbers_on_two_lines_stay_two() -> None:
    assert join_lines(["11\n50"]) == "11 50"
    assert join_lines(["11.", "50"]) == "11.50"
    assert join_lines(["住房公积", "金"]) == "住房公积金"
    assert join_lines(["11.5", "0"], wrapped=True) == "11.50"


@pytest.mark.parametrize("text", ["12.0000000000000000", "12.199999999999999"])
def test_the_noise_of_doubles_does_not_make_a_figure_coarse(text: str) -> None:
    found = figure(text)
    assert found is not None
    assert str(found.value) in ("12", "12.2")
    assert found.decimals == 13


@pytest.mark.parametrize(
    "text", ["本单位无此项支出", "（本部门2024年度无政府性基金收支）", "本单位无人员经费", "本部门没有安排项目"]
)
def test_a_line_may_say_that_a_form_is_empty(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize(
    "text", ["本单位无线电监测设施运行", "本部门无偿献血宣传", "本单位无人机采购", "本部门2024年无障碍改造"]
)
def test_a_word_with_no_says_nothing_of_a_form(text: str) -> None:
    assert not is_note(text)
