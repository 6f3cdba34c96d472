"""The clip windows of the texts of a PDF page, and which texts they cut off."""

from __future__ import annotations

from loader.documents.readers.pages.page import Box, Glyph
from loader.documents.readers.pdf.objects import Matrix, moved, window_of
from loader.documents.readers.pdf.text import Turn
from loader.documents.wording import figure


class Windows:
    """The clip window of each text object: spreadsheets clip texts at the edges of their cells."""

    def __init__(self, turn: Turn, outer: dict[int, Matrix]) -> None:
        self._turn = turn
        self._outer = outer
        self._known: dict[int, Box | None] = {}

    def __getitem__(self, address: int) -> Box | None:
        if address not in self._known:
            box = window_of(address)
            if box and address in self._outer:
                box = moved(box, self._outer[address])
            self._known[address] = box and self._turn(*box)
        return self._known[address]

    def cut_off(self, glyphs: list[Glyph], owners: list[int]) -> set[int]:
        """The text objects with all glyphs outside their windows."""
        windows = {owner: box for owner in set(owners) if (box := self[owner]) is not None}
        outside = set(windows)
        for (_, x0, y0, x1, y1), owner in zip(glyphs, owners, strict=True) if windows else ():
            if owner in outside:
                left, top, right, bottom = windows[owner]
                if left < x1 and x0 < right and top < y1 and y0 < bottom:
                    outside.remove(owner)
        return outside

    def cut_figures(self, glyphs: list[Glyph], owners: list[int], cut_off: set[int]) -> list[str]:
        """The figures with some glyphs outside their windows, in full. The blanks that Excel puts after figures do not
        count."""
        windows = {owner: box for owner in set(owners) - cut_off if (box := self[owner]) is not None}
        cut = {
            owner
            for (text, x0, y0, x1, y1), owner in (zip(glyphs, owners, strict=True) if windows else ())
            if (box := windows.get(owner)) is not None
            and not text.isspace()
            and not (box[0] <= (x0 + x1) / 2 <= box[2] and box[1] <= (y0 + y1) / 2 <= box[3])
        }
        texts: dict[int, str] = {}
        for glyph, owner in zip(glyphs, owners, strict=True) if cut else ():
            if owner in cut:
                texts[owner] = texts.get(owner, "") + glyph[0]
        return [text.strip() for text in texts.values() if figure(text.strip())]


class Origins:
    """The text object of a character and its clip window. Asked only if texts overflow, because it takes time."""

    def __init__(self, glyphs: list[Glyph], owners: list[int], windows: Windows) -> None:
        self._windows = windows
        self._numbered = glyphs, owners
        self._owners: dict[int, int] = {}

    def __call__(self, glyph: Glyph) -> tuple[int, Box | None]:
        if not self._owners:
            glyphs, owners = self._numbered
            self._owners = dict(zip(map(id, glyphs), owners, strict=True))
        address = self._owners.get(id(glyph), 0)
        if not address:
            return -id(glyph), None  # a form field, which is no text object
        return address, self._windows[address]
