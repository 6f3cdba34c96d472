"""What the words of a title say: the year, the stage, and whether a department as a whole or one unit discloses."""

from __future__ import annotations

import re

from loader.documents.remembered import remembered
from loader.documents.wording import fold
from schema.forms.template import Stage

_TITLE_YEAR = re.compile(r"(20\d\d)年?(?:度|年初)?[^0-9]{0,40}?(?:预算|决算|收支|支出|绩效|公开)")
_YEAR_IN_WORDS = re.compile("二[〇○零O0][〇○零O0一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_OF_WHOM = re.compile(r"(部门|单位)(?:预|决|收支)")

# Words on covers and in titles for stages other than the budget. None: the warehouse has no place for it.
STAGE_WORDS: tuple[tuple[re.Pattern[str], Stage | None], ...] = (
    (re.compile("中期财政(?:支出)?规划"), None),
    (re.compile("(?<!预)决算"), Stage.FINAL),  # 预决算公开 says neither
    (
        re.compile(
            r"预算调整|调整后?预算|追加预算|(?:收支|收入|支出)(?:总表)?调整|调整后?(?:收支|收入|支出)总|\(调整后?\)"
        ),
        Stage.ADJUSTED,
    ),
)
# 2024年部门预算 and what may follow it in the title of a disclosure; 部门预算执行情况 is another thing
_DISCLOSURE = re.compile(
    r"(?:部门|单位)(?:预算|决算)(?:信息)?(?:公开)?(?:情况|内容|报告|文本|草案)?(?:公开)?(?:的?(?:编制)?(?:情况)?(?:说明|表格?))?(?:\(.*\))?\d*$"
)
_BUDGET = re.compile(r"(?:部门|单位|20\d\d年度?)(?:收支)?预算(?!(?:支出)?经济)")


def year_in(title: str) -> int | None:
    """The fiscal year that a title names."""
    words = _YEAR_IN_WORDS.sub(lambda match: match[0].translate(_DIGITS), fold(title))
    match = _TITLE_YEAR.search(words)
    return int(match[1]) if match else None


def is_of_disclosure(text: str) -> bool:
    """Whether a line is the title of a disclosure as a whole (部门预算, 部门决算公开)."""
    return _DISCLOSURE.search(fold(text)) is not None


@remembered(10_000)  # documents share most of their titles
def stage_in(text: str) -> str | None:
    """The stage that a title names, None if it names none or a plan of several years (中期财政规划).

    A fund such as 一般公共预算 is no stage.
    """
    if "中期财政" in text:
        return None
    stage_named = next((stage for pattern, stage in STAGE_WORDS if pattern.search(text)), None)
    if stage_named is None and _BUDGET.search(text):
        stage_named = Stage.BUDGET
    return stage_named and stage_named.value


def is_of_department(title: str) -> bool | None:
    """Whether a title names the budget of a department as a whole (部门预算), not of one unit (单位预算).

    None if it says neither.
    """
    match = _OF_WHOM.search(fold(title))
    return match[1] == "部门" if match else None
