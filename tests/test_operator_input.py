"""What people say of documents: units, years, stages and divisions, checked before anything is asked of a database."""

from __future__ import annotations

import datetime
import re

import pytest

from loader.filing.operator_input import DATE, DIVISION, STAGE, UNIT, Ambiguous
from tests.conftest import Run


@pytest.mark.parametrize("text", ["430202", "株洲市荷塘区", "荷塘区"])
def test_a_division_goes_by_its_code_or_its_name(text: str) -> None:
    assert DIVISION.parse(text) == "430202"


def test_a_name_that_several_divisions_bear_is_not_guessed(run: Run) -> None:
    with pytest.raises(Ambiguous, match="310107 上海市普陀区, 330903 浙江省舟山市普陀区: say which by its code"):
        DIVISION.parse("普陀区")
    assert DIVISION.parse("上海市普陀区") == "310107"
    assert "may be 310107" in run("units", "--division", "普陀区", code=2).stderr


@pytest.mark.parametrize("text", ["区", "某某区", "4302", "../430202"])
def test_what_is_no_division(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        DIVISION.parse(text)


@pytest.mark.parametrize("text", ["001", "001001", "U51d5e76ac7", "U51d5e76ac7-1"])
def test_units_go_by_codes_that_are_printed_or_provisional(text: str) -> None:
    assert UNIT.parse(text) == text


@pytest.mark.parametrize("text", [" ", "1001", "../../x", "1" * 120, "U51d5e76ac7-12", "u51d5e76ac7"])
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        UNIT.parse(text)


@pytest.mark.parametrize(("text", "stage"), [("final", "final"), ("决算", "final"), ("预算", "budget")])
def test_stages_have_chinese_names(text: str, stage: str) -> None:
    assert STAGE.parse(text) == stage


@pytest.mark.parametrize("text", ["2024-03-01", "2024/3/1", "2024年3月1日"])
def test_dates_are_written_in_several_ways(text: str) -> None:
    assert DATE.parse(text) == datetime.date(2024, 3, 1)


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "昨天", "2024-03", ""])
def test_what_is_no_date(text: str, run: Run) -> None:
    said = run("--lang", "zh", "load", __file__, "--published", text, code=2).stderr
    assert f"{text!r}，应为日期，如 2024-03-01" in said
