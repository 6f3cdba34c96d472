"""Codes as offices print them.

Codes are printed alone, with points between their parts, filled up with zeros, or in one cell with the name (2010301
行政运行).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from loader.documents.remembered import remembered
from loader.documents.wording import clean, digits, fold

CLASS_DIGITS = 3  # digits of a 类
PART_DIGITS = 2  # digits of a 款 within its 类, and of a 项 within its 款
DEPARTMENT_DIGITS = 3  # digits of a department, and of each further part of a unit's code
UNIT_DIGITS = 6  # digits of a unit within a department

_BETWEEN = r"[.\-/、,·。]"  # in a folded text, between 类, 款 and 项
_PARTED = re.compile(rf"(\d{{3}}){_BETWEEN}(\d\d)(?:{_BETWEEN}(\d\d))?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3}){1,2}")  # 2,010,301 in a column that shows amounts
_CODE = r"\d{3,9}|\d{3}(?:\s*[.．\-—–/、·]?\s*\d\d){1,2}"
_NAME = r"[“\"‘《「]?[^\W\d]"  # how it begins: “三供一业”移交补助支出
_CODE_FIRST = re.compile(rf"\s*[\[(（【〔]?\s*({_CODE})\s*[\])）】〕]?[\s\-－﹣‐‑―−—–_.、:：]*({_NAME}.*)", re.DOTALL)
_CODE_LAST = re.compile(rf"\s*({_NAME}.*?)\s*[\[(（【〔]\s*({_CODE})\s*[\])）】〕]\s*", re.DOTALL)
_NO_NAME = re.compile(r"年(?![初终])|[月号元%]|日(?!常)|[万亿]元")  # no code stands before 2024年…, 100万元…
_YEAR = re.compile(r"20\d\d")  # no code stands before 2024年初结转


class CodedName(NamedTuple):
    """A code and the name in the same cell."""

    code: str
    name: str


@remembered(50_000)
def code_of(text: str) -> str | None:
    """The code in a cell, None if there is none.

    Without points, dashes or blanks between its parts (201.03.01), or the commas of a column of amounts (2,010,301).
    """
    if (code := digits(text)) is not None:
        return code
    if _GROUPED.fullmatch(folded := fold(text)):
        return folded.replace(",", "")
    parted = _PARTED.fullmatch(folded)
    return "".join(filter(None, parted.groups())) if parted else None


@remembered(50_000)
def coded_name(text: str) -> CodedName | None:
    """Code and name of a cell with both: 201 一般公共服务支出, [30101]基本工资, 行政运行（2010301）."""
    text = clean(text)
    if match := _CODE_FIRST.fullmatch(text):
        printed, name = match.groups()
    elif match := _CODE_LAST.fullmatch(text):
        name, printed = match.groups()
    else:
        return None
    code = code_of(printed)
    if code is None or _NO_NAME.match(name) or (name.startswith("年") and _YEAR.fullmatch(code)):
        return None
    return CodedName(code, name.strip())


def without_padding(code: str) -> str:
    """A code of a 类 or 款 without the zeros at its end (2010000 → 201)."""
    while len(code) in (5, 7) and code.endswith("00"):
        code = code[:-2]
    return code
