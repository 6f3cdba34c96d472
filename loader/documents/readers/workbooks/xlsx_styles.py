"""The list of cell styles of a workbook: number formats, and whether letters are visible."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from loader.documents.readers.workbooks.conditions import Conditional
from loader.documents.readers.workbooks.number_format import BUILT_IN, GENERAL, Render, renderer
from loader.documents.readers.workbooks.xlsx_conditions import effect_of
from loader.documents.readers.workbooks.xlsx_ink import colour_of, is_on, is_tiny, is_white_ink


@dataclass(frozen=True, slots=True)
class Styles:
    """The looks of the cell styles of a workbook, by their numbers in sheets, and whether days count from 1904.

    ``unseen`` ones are struck out, tiny, or of the colour of their background; on ``coloured`` ones white letters are
    visible.
    """

    epoch_1904: bool
    renderers: dict[str, Render] = field(default_factory=dict)
    looks: dict[str, Conditional] = field(default_factory=dict)  # of conditional formats, without their conditions
    unseen: frozenset[str] = frozenset()
    coloured: frozenset[str] = frozenset()

    @classmethod
    def of(cls, styles: Element, epoch_1904: bool) -> Styles:
        codes = BUILT_IN | {
            int(entry.get("numFmtId", 0)): entry.get("formatCode", GENERAL)
            for entry in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        fonts = list(styles.iterfind("{*}fonts/{*}font"))
        struck = {str(n) for n, font in enumerate(fonts) if is_on(font.find("{*}strike"))}
        struck |= {str(n) for n, font in enumerate(fonts) if is_tiny(font.find("{*}sz"))}
        white = {str(n) for n, font in enumerate(fonts) if is_white_ink(font.find("{*}color"))}
        inks = {str(n): colour_of(font.find("{*}color")) for n, font in enumerate(fonts)}
        grounds = {str(n): fill for n, fill in enumerate(styles.iterfind("{*}fills/{*}fill"))}
        fills = {key for key, fill in grounds.items() if _is_coloured(fill)}
        solid = {key: colour_of(_solid(fill)) for key, fill in grounds.items()}
        entries = {str(index): entry for index, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))}
        coloured = frozenset(key for key, entry in entries.items() if entry.get("fillId", "0") in fills)
        return cls(
            epoch_1904,
            {
                key: renderer(codes.get(int(entry.get("numFmtId", 0)), GENERAL), epoch_1904, key in coloured)
                for key, entry in entries.items()
            },
            {str(n): look for n, entry in enumerate(styles.iterfind("{*}dxfs/{*}dxf")) if (look := effect_of(entry))},
            frozenset(
                key
                for key, entry in entries.items()
                if (font := entry.get("fontId", "0")) in struck
                or (font in white and key not in coloured)
                or ((ink := inks.get(font)) is not None and ink == solid.get(entry.get("fillId", "0")))
            ),
            coloured,
        )


def _solid(fill: Element) -> Element | None:
    """The colour of a fill without a pattern."""
    pattern = fill.find("{*}patternFill")
    return pattern.find("{*}fgColor") if pattern is not None and pattern.get("patternType") == "solid" else None


def _is_coloured(fill: Element) -> bool:
    """Whether white letters are visible on a fill."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return len(fill) > 0
    kind = pattern.get("patternType", "none")
    return kind != "none" and not (kind == "solid" and is_white_ink(pattern.find("{*}fgColor")))
