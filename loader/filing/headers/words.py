"""The words of headers in one common spelling: offices word the same head differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from loader.documents.remembered import remembered
from loader.documents.wording import fold, without_enumeration
from loader.filing.headers.glosses import without_gloss
from loader.filing.headers.paths import HeaderPath

PARTS = ("类", "款", "项")
TOTAL_WORDS = ("合计", "小计", "总计")
# offices word the same head differently: 科目代码, 支出功能科目, 预算金额, 公务接待经费, 公务用车运行维护费
_SPELLINGS = (
    (re.compile("代[码号]|编号"), "编码"),
    (re.compile("^(?:支出)?(功能|经济)(?:分类)?编码$"), r"\1分类科目编码"),
    (re.compile("(?<!一般)(?=公共预算财政拨款)"), "一般"),
    (re.compile(r"^(?:科目编码)?\(?类、?款、?项\)?$"), "科目编码"),
    (re.compile("(?:支出)?功能(?:分类)?科目"), "功能分类科目"),
    (re.compile("(?:部门预算|部门)?(?:支出)?经济(?:分类)?科目"), "经济分类科目"),
    (re.compile("^按?(?:支出)?(功能|经济)分类$"), r"\1分类"),
    (re.compile("^按(支出用途|支出性质)$"), r"\1"),
    (re.compile(r"^(?:预算)?单位名称\((?:功能)?科目(?:名称)?\)$"), "科目名称"),
    (re.compile("(?<=[预决]算)(?:金额|数额|额)$"), "数"),
    (re.compile("^(?:收入|支出)([预决]算)数?$"), r"\1数"),
    (re.compile(r"^((?:20\d\d年?度?|[本上]年度?)?(?:年初|全年|调整后?)?[预决]算)$"), r"\1数"),
    (re.compile(r"(?<=20\d\d)(?:年度?)?年初(?=预算)"), "年"),
    (re.compile("(?<=[本上]年)年初(?=预算)|(?<=上年)同期"), ""),
    (re.compile("(?:预算)?批复(?:预算)?数$"), "预算数"),
    (re.compile("(?<=年)实际(?:完成|执行)?数?$"), "执行数"),
    (re.compile("(?<=出国)境"), "(境)"),
    (re.compile(r"(?<=出国|接待)(\(境\))?(?:费用|经费)$"), r"\1费"),
    (re.compile("运行维护费$"), "运行费"),
    (re.compile("(?<=公务用车购置)[和与、](?=运行)"), "及"),
    (re.compile("^公务用车(?=购置费$|运行费$)"), ""),
    (re.compile("^(?:公务用车)?(购置|运行)(?:维护)?$"), r"\1费"),
    (re.compile("^(基本|项目)(?:经费|支出小计)$|^(基本)$"), r"\1\2支出"),
    (re.compile("^事业单位(?=经营(?:收入|支出)$)"), ""),
    (re.compile("^上级(?:单位)?补助(?:收入)?$"), "上级补助收入"),
    (re.compile("^(?:附属|下级)单位(?:上缴|缴款)(?:收入)?$"), "附属单位上缴收入"),
    (re.compile("(?<=结转)(?=结余)"), "和"),
    (re.compile("^上缴上级(?:支出)?$"), "上缴上级支出"),
    (re.compile("^对(?:附属|下级)单位补助(?:支出)?$"), "对附属单位补助支出"),
    (re.compile("^(?:日常)?(人员|公用)(?:支出|经费|经费支出)?$"), r"\1经费"),
    (re.compile(r"^项目\(按(?:支出)?功能.*\)$"), "项目(按功能分类)"),
)
_OF_WHICH = re.compile("其中:?")  # above parts of the column on the left
_CODE_AND_PART = re.compile("(.*科目(?:编码)?)[-—]?([类款项])")
ITEM, SUBJECT = "项目", "科目"
CODES_AND_NAMES = ("编码", "名称")
_BASIC = "基本支出"
_FORMULA = re.compile(r"(?<=.)\(?\d{1,2}=[\d+()-]+\)?$")  # the columns that this one adds up: 合计1=2+3


@remembered(20_000)
def spelling(folded: str) -> str:
    """A folded word of a header in the common spelling."""
    folded = _FORMULA.sub("", without_enumeration(folded))
    for pattern, word in _SPELLINGS:
        folded = pattern.sub(word, folded)
    return _without_gloss(folded) if folded.endswith(")") else folded


def _without_gloss(folded: str) -> str:
    """The word without a gloss in brackets behind it, which may be the same word in another spelling."""
    front, _, bracket = folded.removesuffix(")").partition("(")
    if front and bracket and (spelt := spelling(front)) == spelling(bracket):
        return spelt
    return without_gloss(folded)


def spelt_paths(header: Iterable[tuple[int, HeaderPath]]) -> dict[int, HeaderPath]:
    """The paths of a header in the common spelling.

    项目 beside 基本 becomes 项目支出. 编码 beside 名称 gets the subject that it belongs to.
    """
    words = ((column, tuple(word for word, _ in groupby(map(spelling, path)))) for column, path in header)
    spelt = ((column, _with_head_of_parts(path)) for column, path in words)
    paths = {column: tuple(word for word in path if not _OF_WHICH.fullmatch(word)) or path for column, path in spelt}
    if any(without_part(path)[-1] in CODES_AND_NAMES for path in paths.values()):
        paths = _of_subjects(paths)
    groups: dict[HeaderPath, int] = {}  # words above 基本支出 → its first column
    for column, path in paths.items():
        if _BASIC in path:
            groups.setdefault(path[: path.index(_BASIC)], column)
    for above, basic in groups.items():
        for column, path in paths.items():
            if column > basic and path[: len(above) + 1] == (*above, "项目"):
                paths[column] = (*above, "项目支出", *path[len(above) + 1 :])
    return paths


def _with_head_of_parts(path: HeaderPath) -> HeaderPath:
    """A path with the head of codes above 类, 款 or 项, also where a header prints only 项目 or 科目, or both words in
    one cell (功能科目类)."""
    if path[-1].endswith(PARTS) and (both := _CODE_AND_PART.fullmatch(path[-1])) is not None:
        return (*path[:-1], spelling(both[1]), both[2])
    is_bare = path[-1] in PARTS and path[:-1] in ((ITEM,), (SUBJECT,))
    return (
        (*(word for word in path[:-1] if word != SUBJECT), SUBJECT + CODES_AND_NAMES[0], path[-1]) if is_bare else path
    )


def _of_subjects(paths: dict[int, HeaderPath]) -> dict[int, HeaderPath]:
    """The paths with bare 编码 and 名称 completed.

    If only one half of the pair names a subject (经济分类科目编码 | 名称), the other half gets the same one, else 科目.
    功能分类科目-编码 becomes one word.
    """
    heads = {column: without_part(path) for column, path in paths.items()}
    halves = [
        {path[-1].removesuffix(word) for path in heads.values() if path[-1].endswith(word)} for word in CODES_AND_NAMES
    ]
    half = (halves[0] ^ halves[1]) - {""}
    if len(half) > 1:
        return paths
    whose = next(iter(half), SUBJECT)

    def spelt(*above: str, last: str) -> HeaderPath:
        """A declared path, folded and in the common spelling."""
        if last in CODES_AND_NAMES and (not above or above[-1] == ITEM):
            return (*above, whose + last)
        if last in CODES_AND_NAMES and above[-1].endswith(SUBJECT):
            return (*above[:-1], above[-1] + last)
        return (*above, last)

    return {column: spelt(*head[:-1], last=head[-1]) + paths[column][len(head) :] for column, head in heads.items()}


def without_part(path: HeaderPath) -> HeaderPath:
    """The head of a code without 类, 款 or 项 below it."""
    return path[:-1] if len(path) > 1 and path[-1] in PARTS else path


def spelt(path: Sequence[str]) -> HeaderPath:
    """A declared path, folded and in one spelling."""
    return tuple(spelling(fold(word)) for word in path)


OF_EVERYTHING = re.compile("(?:本年|全年|当年)?(?:收入|支出)?(?:[预决]算|金额)?")


@remembered(20_000)
def with_other_totals(path: HeaderPath) -> tuple[HeaderPath, ...]:
    """A path with 合计 as other documents print it: with 小计 or 总计."""
    at = next((at for at in reversed(range(len(path))) if path[at].endswith(TOTAL_WORDS)), None)
    if at is None:
        return ()
    front = path[at][:-2]
    words = [front + word for word in TOTAL_WORDS if path[at] != front + word]
    if front and OF_EVERYTHING.fullmatch(front):  # 支出合计, 预算合计
        words += TOTAL_WORDS
    return tuple((*path[:at], word, *path[at + 1 :]) for word in words)


@remembered(20_000)
def last_words(path: HeaderPath) -> tuple[str, ...]:
    """The last words that a path may have: its own, those of other words for 合计, and the word above 合计."""
    above = path[-2:-1] if path[-1] in TOTAL_WORDS else ()
    return tuple(dict.fromkeys((path[-1], *above, *(other[-1] for other in with_other_totals(path)))))
