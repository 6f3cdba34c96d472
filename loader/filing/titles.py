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
    rf"(?:(?:金额|货币|计量|计价)?单位|金额|币种|人民币|RMB|CNY)[:：/]?\(?(?:人民币|RMB|CNY)?[:：/]?\(?({_MONEY})\)?(?![一-鿿])"
    rf"|\((?:单位[:：]?|人民币)?({_MONEY})\)"
)
_UNIT_LINE = re.compile(
    r"^(?:填报|编报|编制|公开|预算|预算主管|主管)?(单位|部门)(?:名称)?[:：]\s*(?:[\[(]?(\d{3,9})[\])]?[-_—\s]*)?(\D.*)?$"
)
_SHEET_NUMBER = re.compile(r"^(?:附?[表件]|[\d.()-]+、?|[一二三四五六七八九十]+、)*|[\d()-]*$")
_LONGEST_PREFIX = 40  # characters that may stand before a title: place, office, year, number
# right before a title, these words make another one of it: 政府性基金预算财政拨款支出预算表 is no 财政拨款支出预算表
_NARROWING = re.compile(
    r"(?:一般公共预算|政府性基金(?:预算)?|国有资本经营(?:预算)?|社会保险基金(?:预算)?|财政专户(?:管理资金)?|财政拨款|基本|项目"
    r"|三公经费|机关运行经费|政府采购|政府购买服务)$"
)
# what a form is about: a title with such a word is of no form whose titles lack it
_SUBJECTS = (
    "政府性基金",
    "国有资本",
    "社会保险",
    "财政专户",
    "三公",
    "采购",
    "购买服务",
    "运行经费",
    "绩效",
    "专项",
    "债务",
    "资产",
    "人员经费",
    "公用经费",
    "工资福利",
    "商品和服务",
    "个人和家庭",
    "政府预算经济分类",
    "部门预算经济分类",
)

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
    ending = max((title for title in titles if folded.endswith(title)), key=len, default="")
    if ending and len(folded) <= len(ending) + _LONGEST_PREFIX:
        narrowed = _NARROWING.search(folded.removesuffix(ending))
        return () if narrowed else tuple((form_id, PREFIXED) for form_id in titles[ending])
    if len(folded) >= 8:
        cut = [form_id for title, form_ids in titles.items() if title.startswith(folded) for form_id in form_ids]
        return tuple((form_id, CUT) for form_id in dict.fromkeys(cut))
    return ()


@lru_cache(maxsize=10_000)
def contradicts(text: str, form_id: str) -> bool:
    """Whether a title says what the form is not about: 政府采购预算表 above the columns of another form."""
    folded = fold(text)
    own = "".join(title for title, form_ids in _titles().items() if form_id in form_ids)
    return folded.endswith(("表", ")", "情况")) and any(word in folded and word not in own for word in _SUBJECTS)


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
