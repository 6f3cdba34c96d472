"""Texts of a workbook as printed, whole or in runs of several looks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from loader.documents.readers.cell_text import BACK, RAISED, without_marks
from loader.documents.readers.sheet import as_line
from loader.documents.readers.workbooks.xlsx_ink import is_on, is_tiny, is_white_ink

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in runs of several looks: the visible part on white and on colour, and whether parts are struck out."""

    on_white: str
    on_colour: str
    is_struck: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether all of it is visible on any colour."""
        return not self.is_struck and self.on_white == self.on_colour

    @classmethod
    def of(cls, item: Element) -> Text:
        """A text item without its phonetic runs and the raised marks of footnotes."""
        if len(item) == 1 and not len(item[0]):
            text = printed(item[0].text or "")
            return cls(text, text)
        on_white, on_colour = [], []
        is_struck = False
        for run in item:
            if run.tag.endswith("rPh"):
                continue
            text = "".join(t.text or "" for t in run.iter("{*}t"))
            look = run.find("{*}rPr")
            if look is not None:
                raised = look.find("{*}vertAlign")
                if text and raised is not None and raised.get("val") in ("superscript", "subscript"):
                    text = f"{RAISED}{text}{BACK}"
                if is_on(look.find("{*}strike")) or is_tiny(look.find("{*}sz")):
                    is_struck = is_struck or bool(text)
                    continue
                if is_white_ink(look.find("{*}color")):
                    on_colour.append(text)
                    continue
            on_white.append(text)
            on_colour.append(text)
        white, colour = (printed(without_marks("".join(parts))) for parts in (on_white, on_colour))
        return cls(white, colour, is_struck)


def printed(text: str) -> str:
    return as_line(_ESCAPED.sub(_character, text) if "_x" in text else text)


def _character(match: re.Match[str]) -> str:
    """A character that XML cannot contain, written as _x000D_."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() else "\n"
