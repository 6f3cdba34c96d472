"""Fields of a cover, or of the lines outside the tables: 单位编码, 单位名称, 公开日期. Texts are folded."""

from __future__ import annotations

import datetime
import re

_CODE = re.compile(r"(?:单位|部门)(?:编码|代码)[:：]?(\d{3,9})")
_NAME = re.compile(r"(?<!下属)(?<!所属)(?<!二级)(?<!二级预算)(?:单位|部门)名称[:：](.+)")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:日期|时间)[:：]?(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})")


def code_field(text: str) -> str | None:
    """The code of a unit after 单位编码, the first one in a text."""
    match = _CODE.search(text)
    return match[1] if match else None


def name_field(text: str) -> str | None:
    """The name of a unit after 单位名称, the first one in a text. Not that of a unit below it (下属单位名称)."""
    match = _NAME.search(text)
    return match[1] if match else None


def published_on(text: str) -> datetime.date | None:
    """The date of publication after 公开日期, the first one in a text that is a date."""
    return next(filter(None, map(_date, _PUBLISHED.finditer(text))), None)


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
