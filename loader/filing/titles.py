"""What stands above a form: its title, whose form it is, and in which money unit it prints its figures."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from loader.documents.wording import fold, without_continued
from schema.forms import FORMS

_MONEY = "亿元|百万元|万元|千元|百元|元"
# 单位：万元, 单位/元, 金额：元, 人民币元, RMB元; or （万元） behind a word, as in titles and column heads
_MONEY_UNIT = re.compile(
    rf"(?:单位|金额|币种|人民币|RMB|CNY)[:：/]?\(?(?:人民币|RMB|CNY)?[:：/]?\(?({_MONEY})\)?(?![一-鿿])"
    rf"|\((?:单位[:：]?|人民币)?({_MONEY})\)"
)
_UNIT_LINE = re.compile(
    r"^(?:填报|编报|编制|公开|预算|预算主管|主管)?(单位|部门)(?:名称)?[:：]\s*(?:[\[(]?(\d{3,9})[\])]?[-_—\s]*)?(\D.*)?$"
)
_SHEET_NUMBER = re.compile(r"^(?:附?[表件]|[\d.()-]+、?|[一二三四五六七八九十]+、)*|[\d()-]*$")
_LONGEST_PREFIX = 40  # characters that may stand before a title: place, office, year, number

# How sure a text is a title: whole, behind a prefix (year, office, number), cut short.
WHOLE, PREFIXED, CUT = 1.0, 0.9, 0.5

Titles = tuple[tuple[str, float], ...]  # form_id, how sure


class Filer(NamedTuple):
    """Whose form it is: code and name as far as they are printed, and whether a department as a whole (部门) files."""

    code: str | None
    name: str | None
    is_department: bool | None = None


UNSTATED = Filer(None, None)


@lru_cache(maxsize=1)
def _titles() -> dict[str, tuple[str, ...]]:
    """Folded title → the forms that bear it; forms of several places may."""
    titles: dict[str, tuple[str, ...]] = {}
    for form in FORMS.values():
        for title in dict.fromkeys(fold(title) for title in (form.title, *form.aliases)):
            titles[title] = (*titles.get(title, ()), form.form_id)
    return titles


@lru_cache(maxsize=10_000)
def match_title(text: str) -> Titles:
    """The forms whose title this text is, with how sure. （续） behind a title that goes on over the page does not
    count."""
    folded = without_continued(text)
    titles = _titles()
    if folded in titles:
        return tuple((form_id, WHOLE) for form_id in titles[folded])
    endings = [title for title in titles if folded.endswith(title)]
    if endings and len(folded) <= len(max(endings)) + _LONGEST_PREFIX:
        return tuple((form_id, PREFIXED) for form_id in titles[max(endings, key=len)])
    if len(folded) >= 8:
        cut = [form_id for title, form_ids in titles.items() if title.startswith(folded) for form_id in form_ids]
        return tuple((form_id, CUT) for form_id in dict.fromkeys(cut))
    return ()


def sheet_title(name: str) -> Titles:
    """The forms whose title a sheet's name is, numbered (表3 支出总表) or cut at 31 characters."""
    return match_title(_SHEET_NUMBER.sub("", fold(name)))


@lru_cache(maxsize=10_000)
def money_unit_of(text: str) -> str | None:
    """元, 万元 … if the text states the money unit of a form."""
    match = _MONEY_UNIT.search(fold(text))
    return (match[1] or match[2]) if match else None


@lru_cache(maxsize=10_000)
def filer_of(text: str) -> Filer | None:
    """Whose form it is if the text says so (单位：001001_…, 编制部门：…), None if it does not."""
    folded = fold(text)
    if money_unit_of(text) and not re.search(r"\d{3}", folded):
        folded = _MONEY_UNIT.sub("", folded)
    match = _UNIT_LINE.match(folded)
    if match is None or (match[2] is None and not match[3]):
        return None
    name = _MONEY_UNIT.sub("", match[3] or "").strip("-_ ") or None
    return Filer(match[2], name, match[1] == "部门") if match[2] or name else None
