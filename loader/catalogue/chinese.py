"""Translates the messages of the program from English into Chinese with the catalogue ``chinese.csv``.

Messages are written in English where they are raised. An entry of the catalogue is the English wording, with ``{1}``,
``{2}`` … for the values that are filled in. A value is translated too if it has an entry of its own. A list (``{1、}``,
``{1；}`` or ``{1。}`` in the Chinese) is translated item by item. Text without an entry stays as it is: names, figures,
and messages of Postgres.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

CATALOGUE = Path(__file__).with_name("chinese.csv")
_PLACE = re.compile(r"\{(\d)([、；。]?)\}")
_JOINED_BY = {"、": ", ", "；": "; ", "。": ". "}  # lists, in Chinese and in English


class _Wording(NamedTuple):
    """A message in both languages. ``parts`` is the English between the places."""

    parts: list[str]
    chinese: str

    @property
    def length(self) -> int:
        """The number of characters outside the places. A long wording is a safer match than a short one."""
        return sum(map(len, self.parts))


@cache
def entries(kind: str) -> dict[str, str]:
    """English → Chinese of one kind: ``heading``, ``value`` in a cell, or ``text``."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["english"]: row["chinese"] for row in csv.DictReader(file) if row["kind"] == kind}


@cache
def _wordings() -> list[_Wording]:
    """The texts with places, those with the most words first."""
    texts = ((re.split(r"\{\d\}", english), chinese) for english, chinese in entries("text").items())
    found = [_Wording(parts, chinese) for parts, chinese in texts if len(parts) > 1]
    return sorted(found, key=lambda wording: wording.length, reverse=True)


def in_chinese(text: str) -> str:
    """The text in Chinese, as far as the catalogue has it.

    Wordings that begin with words are tried first, because they show what the rest is. Otherwise the message may follow
    a name (``FILE: what is wrong``). Of all wordings that fit, the one with the most words is taken.
    """
    if not text or text in entries("text"):
        return entries("text").get(text, text)
    for wording in _wordings():
        if wording.parts[0] and (worded := _worded(wording, text)):
            return worded
    starts = [match.end() for match in re.finditer(": ", text)]
    if starts and (behind := _worded_at(starts[0], text)):
        return behind
    for start in starts:
        if text[start:] in entries("text"):
            return f"{in_chinese(text[: start - 2])}: {entries('text')[text[start:]]}"
    for wording in _wordings():
        for start in (0, *starts):
            if worded := _worded(wording, text[start:]):
                return f"{in_chinese(text[: start - 2])}: {worded}" if start else worded
    return text


def _worded_at(start: int, text: str) -> str | None:
    """The text translated from ``start`` on, behind a name, by a wording that begins with words. None if none fits."""
    for wording in _wordings():
        if wording.parts[0] and (worded := _worded(wording, text[start:])):
            return f"{in_chinese(text[: start - 2])}: {worded}"
    return None


def _worded(wording: _Wording, text: str) -> str | None:
    """The text in Chinese if it has this wording, else None."""
    if not text.startswith(wording.parts[0]) or not all(part in text for part in wording.parts):
        return None
    match = re.fullmatch("(.*?)".join(map(re.escape, wording.parts)), text, re.DOTALL)
    if match is None:
        return None

    def fill(place: re.Match[str]) -> str:
        filled, joiner = match[int(place[1])], place[2]
        return joiner.join(map(in_chinese, filled.split(_JOINED_BY[joiner]))) if joiner else in_chinese(filled)

    return _PLACE.sub(fill, wording.chinese)
