"""Words with a gloss: offices add in brackets what a word means, as in 年初结转和结余（上年结转）.

Brackets that say anything else, such as a part (其中…) or what is left out (不含…), stay part of the word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from loader.documents.remembered import remembered
from loader.documents.wording import label
from schema.forms import FORMS
from schema.forms.template import Coordinate, Where

_GLOSSED = re.compile(r"([^()]+)\(([^()]+)\)")
_JOINED = re.compile("[及和与]")
_EXPLAINS = re.compile("即|又称|也称|亦称|简称|同于")


@remembered(2_000)
def without_gloss(word: str) -> str:
    """The declared word (of a line or column, folded) that a word with a bracket behind it means, else the word itself.

    The bracket is a gloss if it

    * announces one: 公务接待费(即接待费);
    * repeats a part of the word: 公务接待费(接待费), but not one of two things: 公务用车购置及运行维护费(购置);
    * completes the word to another declared one: 上年结转(结余), 科目名称(功能分类), 财政拨款(一般公共预算);
    * names the same money as the word does, in the forms of any set: 年初结转和结余(上年结转). A fund names a part,
      although both are the same in a form of that fund: 年初结转和结余(一般公共预算财政拨款).
    """
    glossed = _GLOSSED.fullmatch(word)
    meanings = _meanings()
    if glossed is None or word in meanings:
        return word
    front, bracket = glossed.groups()
    completed = next((both for both in (front + bracket, bracket + front) if both in meanings), None)
    if front not in meanings:
        return completed or word
    is_part = bool(_JOINED.search(front)) and not _JOINED.search(bracket)
    if _EXPLAINS.match(bracket) or (bracket in front and not is_part):
        return front
    meant = _restricting(meanings.get(bracket, ()))
    is_fund = any(where.restricted == {Coordinate.FUND} and not where.statement for where in meant)
    return completed or (word if is_fund or _restricting(meanings[front]).isdisjoint(meant) else front)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, list[Where]]:
    """Word → what the lines and columns with it select."""
    found: dict[str, list[Where]] = defaultdict(list)
    for word, where in _words():
        found[label(word)].append(where)
    return dict(found)


def _restricting(meant: Iterable[Where]) -> set[Where]:
    """What a word means of its own: words that restrict nothing mean nothing."""
    return {where for where in meant if where.restricted}


def _words() -> Iterator[tuple[str, Where]]:
    """The words of all lines and columns, with what they select."""
    for form in FORMS.values():
        for column in (*form.columns, *(amount for entry in form.lists for amount in entry.amounts)):
            yield from ((path[-1], column.where) for path in (column.path, *column.aliases))
        for line in (line for entry in form.lists for line in entry.lines):
            yield from ((name, line.where) for name in (line.label, *line.aliases))
