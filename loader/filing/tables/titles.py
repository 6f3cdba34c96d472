"""The title of a form, the unit that files it, and its money unit, read from the lines above it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from loader.documents.remembered import remembered
from loader.documents.wording import fold, without_continued
from schema.forms import FORMS, KEPT_FORMS
from schema.forms.template import Form

_MONEY = "(?:[亿億]|[千仟百佰十拾]?[万萬]|[千仟百佰])?[元圆圓]"
_PLAIN = str.maketrans("億萬仟佰拾圆圓", "亿万千百十元元")
_CURRENCY = "(?:人民[币幣]|RMB|CNY|¥)"
# 单位：万元, 单位/元, 金额：元, 人民币元, RMB元, 均为元; （万元） behind a word, as in titles and column heads;
# 以元为单位; or a line of nothing else
_MONEY_UNIT = re.compile(
    rf"(?:(?:金[额額]|货币|貨幣|计量|计价)?[单單]位|金[额額]|币种|货币|{_CURRENCY})(?:[:;=/∶,·-]|\.\.|均?[为以]){{0,2}}[(【]?"
    rf"{_CURRENCY}?[:/]?\(?({_MONEY})\)?(?:人民币)?(?!(?!第\d)[一-鿿])"
    rf"|[(【](?:[单單]位:?|人民[币幣])?({_MONEY})[)】]|以{_CURRENCY}?({_MONEY})为单位|^({_MONEY})$"
)
_UNIT_LINE = re.compile(
    r"^((?:填报|编报|编制|公开|预算|预算主管|主管)?(?:单位|部门))(?:名称)?[:：]\s*"
    r"(?:[\[(【〔<]?(\d{3,9})[\])】〕>]?[-_—\s:|/、.·*#]*)?(\D.*)?$"
)
# what may stand behind an office: its seal, a date, its code
_SEAL_OR_DATE = re.compile(r"\((?:公章|盖章|签章)\)$|20\d\d(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})$")
_CODE_BEHIND = re.compile(r"(\D.*?)(?:[(\[【〔<]((?:\d{3}){1,3})[)\]】〕>]|[-_]((?:\d{3}){1,3})|((?:\d{3}){2,3}))$")
_SEVERAL = re.compile("[、。；;，,]")  # between the units of a list, and at the end of a sentence
_IN_BRACKETS = re.compile(r"\(.*?\)")
_OF_EITHER = ("填报单位", "编报单位", "公开单位")
_SHEET_NUMBER = re.compile(r"^(?:附?[表件]|[\d.()-]+、?|[一二三四五六七八九十]+、)*|[\d()-]*$")
# behind the office after a wide gap: 编制单位：某某局      万元
_MONEY_APART = re.compile(rf"(?<![\d\s])(?:\u3000|\s)\s+({_MONEY})\s*$")  # behind digits it is an amount
# behind a title: unit, number or year
_BEHIND = re.compile(
    r"(?:[(【](?:部门|单位|本级|本部|汇总|单位汇总|部门汇总|公开|(?:附|公开)?(?:表\d{1,2}(?:-\d{1,2})?|\d{2}表)|20\d\d年度?"
    r"|(?:预算)?调整后?|(?:人民币)?(?:[百千]万|[百千万亿])?元|样表)[)】])+$"
)
# of an adjusted budget: 支出预算调整表 is its 支出预算总表
_ADJUSTED = re.compile("(收支|收入|支出)(?:预算|总表)?调整(?:预算)?(?:总?表)?$")
# the subjects of the rows, which add nothing: spending is by function anyway, basic spending by economic item
_BY_SUBJECT = re.compile(
    r"(基本支出(?:情况|[预决]算)?表)\(按?[^()]*经济(?:分类|(?:分类)?科目)\)$|\(按?(?:支出)?功能(?:分类|(?:分类)?科目)\)$"
)
# 一般公共预算 as it was called until 2014
_GENERAL_UNTIL_2014 = re.compile("(?<!一般)(?=公共预算财政拨款)")
_SHORTEST_CUT = 8  # characters of a title that was cut short
_ENDS_SENTENCE = ("。", "；", "，", ",", ";")  # and no title
_LONGEST_PREFIX = 40  # characters that may stand before a title: place, office, year, number
# a title with one of these words right before it is another title: 政府性基金预算财政拨款支出预算表 is not
# 财政拨款支出预算表, 收入支出总表 is not 支出总表
_NARROWING = re.compile(
    r"(?:一般公共预算|政府性基金(?:预算)?|国有资本经营(?:预算)?|社会保险基金(?:预算)?|财政专户(?:管理资金)?|财政(?:预算)?拨款|基本|项目"
    r"|三公经费|会议费|培训费|机关运行经费|政府采购|政府购买服务|收入)$"
)
# subjects of forms: a title with such a word names only forms that have it in their own titles
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
    "经济分类",
    "工资福利",
    "商品和服务",
    "个人和家庭",
    "政府预算经济分类",
    "部门预算经济分类",
)
# likewise, but only right before 支出预算表 and the like: elsewhere they may be part of an office's name
_MONEY_SUBJECT = re.compile(
    "(其他资金|单位资金|自有资金|非税|一般性|转移支付|会议费|培训费|补助)(?:资金|支出|收入|收支|预算|决算|基本|项目|情况|明细|汇总|总|经费)*表"
)
# likewise, but a title with both names columns: 部门支出情况表（基本支出、项目支出）
_PARTS_OF_SPENDING = ("基本支出", "项目支出")

# the name of one budget in titles, and those of the other budgets
_GENERAL_BUDGET = "一般公共预算"
_OTHER_BUDGETS = ("政府性基金", "国有资本", "社会保险", "财政专户")
# titles that mean the same: 一般公共预算财政拨款支出预算表 and 一般公共预算支出情况表, 收入支出预算总表 and
# 收支总体情况表
_REWORDED = (
    (
        re.compile("(一般公共预算|政府性基金|国有资本经营)(?:预算)?(?:财政)?(?:拨款)?(?=(?:基本)?支出|收入支出|三公)"),
        r"\1",
    ),
    (re.compile("财政预算(?=拨款)"), "财政"),
    (re.compile("三公经费[及和、]会议费[及和、]培训费"), "三公经费"),
    (re.compile("收入支出(?=(?:[预决]算)?总)"), "收支"),
    (re.compile("(?<=基本支出)(?:部门预算)?(?:支出)?经济分类"), ""),
    (re.compile("(?:预算)?(?:(总)(?:体情况)?|情况)?表$"), r"\1表"),
)

# How sure it is that a text is a title: whole, after a prefix (year, office, number), in other words, cut short.
WHOLE, PREFIXED, REWORDED, CUT = 1.0, 0.9, 0.8, 0.5

Titles = tuple[tuple[str, float], ...]  # form_id, how sure


class FilingUnit(NamedTuple):
    """The unit that files a form: code and name as printed, and whether it is a department as a whole (部门)."""

    code: str | None
    name: str | None
    is_department: bool | None = None


NO_FILING_UNIT = FilingUnit(None, None)


def _by_title(forms: Iterable[Form]) -> dict[str, tuple[str, ...]]:
    """Folded title → the forms with this title. Forms of several places may share one."""
    titles: dict[str, tuple[str, ...]] = {}
    for form in forms:
        for title in dict.fromkeys(fold(title) for title in (form.title, *form.aliases)):
            titles[title] = (*titles.get(title, ()), form.form_id)
    return titles


_LAST = frozenset(
    fold(title)[-1]
    for form in (*FORMS.values(), *KEPT_FORMS.values())
    for title in (form.title, *form.aliases)
    if title
)


@lru_cache(maxsize=1)
def _titles() -> dict[str, tuple[str, ...]]:
    return _by_title(FORMS.values())


@lru_cache(maxsize=1)
def _reworded_titles() -> dict[str, tuple[str, ...]]:
    """Title in the common wording → the forms with this title."""
    titles: dict[str, tuple[str, ...]] = {}
    for title, form_ids in _titles().items():
        plain = _reworded(title)
        titles[plain] = tuple(dict.fromkeys((*titles.get(plain, ()), *form_ids)))
    return titles


@lru_cache(maxsize=1)
def _kept_titles() -> dict[str, tuple[str, ...]]:
    return _by_title(KEPT_FORMS.values())


@lru_cache(maxsize=1)
def _cut_titles() -> dict[str, tuple[str, ...]]:
    """Beginning of a title, long enough to identify it → the forms with this title."""
    cut: dict[str, dict[str, None]] = {}
    for title, form_ids in _titles().items():
        for length in range(_SHORTEST_CUT, len(title) + 1):
            cut.setdefault(title[:length], {}).update(dict.fromkeys(form_ids))
    return {beginning: tuple(form_ids) for beginning, form_ids in cut.items()}


@lru_cache(maxsize=10_000)
def match_title(text: str) -> Titles:
    """The forms with this title, and how sure each is. （续） behind the title is ignored."""
    if text.endswith(_ENDS_SENTENCE):
        return ()
    folded = _bare_title(text)
    titles = _titles()
    if ending := _ending(folded, titles):
        sure = WHOLE if ending == folded else PREFIXED
        found = dict.fromkeys(titles.get(ending, ()), sure)
        # 部门 in front only names who files: forms with the title without it fit as well
        bare = titles.get(ending.removeprefix("部门").removeprefix("单位"), ())
        return tuple((dict.fromkeys(bare, PREFIXED) | found).items())
    if cut := _cut_titles().get(folded):
        return tuple((form_id, CUT) for form_id in cut)
    if not folded.endswith(("表", ")")):  # as all titles do
        return ()
    plain = _reworded(folded)
    titles = _reworded_titles()
    return tuple((form_id, REWORDED) for form_id in titles.get(_ending(plain, titles) or "", ()))


def _reworded(folded: str) -> str:
    """A title in the common wording."""
    for pattern, words in _REWORDED:
        folded = pattern.sub(words, folded)
    return folded


@remembered(10_000)
def match_kept_title(text: str) -> tuple[str, ...]:
    """The forms known by title only that have this title."""
    if text.endswith(_ENDS_SENTENCE):
        return ()
    folded = _bare_title(text)
    titles = _kept_titles()
    return titles.get(_ending(folded, titles) or "", ())


def _bare_title(text: str) -> str:
    """A folded text without what may stand around a title: 《支出总表》, 支出总表（部门）, 支出总表（续）.

    支出调整表 is the 支出预算总表 of an adjusted budget.
    """
    bare = without_continued(text).strip("《》:")
    if "公共预算财政拨款" in bare:
        bare = _GENERAL_UNTIL_2014.sub("一般", bare)
    if bare.endswith(")"):
        bare = _BEHIND.sub("", _BY_SUBJECT.sub(lambda found: found[1] or "", bare))
    return _ADJUSTED.sub(r"\1预算总表", bare) if "调整" in bare else bare


def _ending(folded: str, titles: dict[str, tuple[str, ...]]) -> str | None:
    """The title at the end of a text, None if there is none.

    "" if the word before it makes it another title.
    """
    if folded in titles:
        return folded
    if folded[-1:] not in _LAST:
        return None
    ending = max(filter(folded.endswith, titles), key=len, default="")
    if not ending or len(folded) > len(ending) + _LONGEST_PREFIX:
        return None
    return "" if _NARROWING.search(folded.removesuffix(ending)) else ending


@lru_cache(maxsize=10_000)
def contradicts(text: str, form_id: str) -> bool:
    """Whether a title names a subject that the form does not have.

    Examples: 政府采购预算表 above the columns of another form, 一般公共预算 above a form of another budget.
    """
    folded = fold(text)
    if not folded.endswith(("表", ")", "情况")):
        return False
    own = "".join(title for title, form_ids in _titles().items() if form_id in form_ids)
    is_of_another_budget = _GENERAL_BUDGET not in own and any(budget in own for budget in _OTHER_BUDGETS)
    if is_of_another_budget and _GENERAL_BUDGET in folded:
        return True
    named = [word for word in _SUBJECTS if word in folded] + _MONEY_SUBJECT.findall(folded)
    if not all(part in folded for part in _PARTS_OF_SPENDING):
        named += [part for part in _PARTS_OF_SPENDING if part in folded]
    return any(word not in own for word in named)


def without_number(name: str) -> str:
    """The name of a sheet without the number of the form in front."""
    return _SHEET_NUMBER.sub("", fold(name))


def sheet_title(name: str) -> Titles:
    """The forms named by the name of a sheet, with a number (表3 支出总表) or cut at 31 characters."""
    return match_title(without_number(name))


@remembered(10_000)
def money_unit_of(text: str) -> str | None:
    """The money unit that a text states (元, 万元 …), None if it states none."""
    match = _MONEY_UNIT.search(fold(text)) or _MONEY_APART.search(text)
    return next(filter(None, match.groups())).translate(_PLAIN) if match else None


@remembered(10_000)
def filing_unit_of(text: str) -> FilingUnit | None:
    """The unit that files, if the text states it (单位：001001_…, 编制部门：…), else None."""
    folded = fold(_MONEY_APART.sub("", text))
    if money_unit_of(text) and not re.search(r"\d{3}", folded):
        folded = _MONEY_UNIT.sub("", folded)
    match = _UNIT_LINE.match(folded)
    if match is None or (match[2] is None and not match[3]):
        return None
    code = match[2]
    name = _SEAL_OR_DATE.sub("", _MONEY_UNIT.sub("", match[3] or "").strip("-_ ")) or None
    if code is None and name is not None and (behind := _CODE_BEHIND.fullmatch(name)) is not None:
        name, code = filter(None, behind.groups())
    if code is None and name is not None and _SEVERAL.search(_IN_BRACKETS.sub("", name)):
        return None
    return FilingUnit(code, name, _is_of_department(match[1])) if code or name else None


def _is_of_department(word: str) -> bool | None:
    """Whether the word before an office is that of a department; None if departments and units alike fill it in."""
    return None if word in _OF_EITHER else word.endswith("部门")
