"""Names of offices: found in titles, and spelt for comparison."""

from __future__ import annotations

import hashlib
import re

from loader.documents.remembered import remembered
from loader.documents.wording import fold, label

# words of a title that are not part of the office's name
_TITLE_WORD = re.compile(
    "收支|收入|支出|财政拨款|一般公共预算|政府性基金|国有资本|三公|政府采购|项目|整体|预算|决算|预决算"
)
_LONGEST_WORD = 6  # characters of such a word
_OF_WHOM = re.compile("(?:省级|市级|区级|县级|本级)?(?:部门|单位)?$")
_LONGEST_OF_WHOM = 4  # characters
_DATED = re.compile(
    r"(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年?(?:度|(?:\d{1,2}|[一二三四五六七八九十]+)月(?:\d{1,2}日)?)?"
)
_BEFORE = re.compile(r"^(?:第[一二三四五六七八九十\d]+部分)?(?:附件\d*:?)?(?:关于)?")  # in front of an office
_OF_PARTY = re.compile(
    "中共([^委]{2,12}[省市区县州旗])委员会|([^委共团盟社党会政]{2,12}[省市区县州旗])委(?!员会|托|派)"
)
_LENGTHS = range(4, 41)  # characters of an office's name
# how names of offices end
_OFFICES = (
    *"局厅部署委院所站处队会社馆校园镇乡庭台团室司科库场学",
    "中心",
    "政府",
    "街道",
    "机关",
    "集团",
    "本级",
    "基地",
    "检察院",
)


@remembered(10_000)  # documents share most of their titles
def office_in(text: str) -> str | None:
    """The office in a title: the words before 部门预算, 决算 and the like, without the year."""
    words = _BEFORE.sub("", _DATED.sub("", label(text)))
    words = words[: _LENGTHS.stop + _LONGEST_OF_WHOM + _LONGEST_WORD]  # a longer text begins with no office
    names = (_OF_WHOM.sub("", words[: match.start()]) for match in _TITLE_WORD.finditer(words))
    return next((name for name in names if len(name) in _LENGTHS and ends_like_office(name)), None)


def office_over(before: str, text: str) -> str | None:
    """The office in a line, or in a line and the one before it: it may stand above 部门预算."""
    above = fold(before)[1 - _LONGEST_WORD :]
    if not any(word.end() > len(above) for word in _TITLE_WORD.finditer(above + fold(text))):
        return office_in(before)  # no word behind an office stands in the line itself
    return office_in(text) or office_in(before + text)


def office_of_sheet(name: str) -> str:
    """The office in the name of a sheet, "" if there is none."""
    parts = re.split(r"[-()\d.、]+", fold(name))
    return next(
        (p for p in parts if len(p) in _LENGTHS and p.endswith(_OFFICES) and not _TITLE_WORD.search(p)),
        "",
    )


def ends_like_office(name: str) -> bool:
    """Whether a name ends like that of an office (局, 学校, 中心 …), brackets aside."""
    return fold(name).partition("(")[0].endswith(_OFFICES)


def provisional_code(name: str, is_department: bool) -> str:
    """A stable code for a unit that prints none, made from its name.

    In most places no codes are printed. The same name in the same division is the same unit. A department and its unit
    of the same name get different codes.
    """
    department = "U" + hashlib.blake2s(name_in_one_spelling(name).encode(), digest_size=5).hexdigest()
    return department if is_department else f"{department}-1"


@remembered(10_000)  # every form names its office
def name_in_one_spelling(name: str) -> str:
    """The folded name of an office.

    Offices of the party begin with 中共某某省委…, also if printed 中国共产党某某省委员会… or 某某省委….
    """
    folded = fold(name).replace("中国共产党", "中共", 1)
    if match := _OF_PARTY.match(folded):
        return f"中共{match[1] or match[2]}委{folded[match.end() :]}"
    return folded
