"""Codes over several columns: 类, 款 and 项, of which each may be printed once for all rows below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from loader.documents.wording import label
from loader.filing.known_names import known_names
from loader.filing.printed_codes import CLASS_DIGITS, PART_DIGITS, code_of
from loader.filing.rows.code_columns import CodeColumns
from schema.forms.template import Rows

_LEVELS = ("类", "款", "项")
_LEVEL_OF = {3: "class", 5: "group", 7: "item"}  # digits of a code → its level
_FINEST_CODE = "2010101"  # the code of a 项


class Levels:
    """Completes the codes of rows by the rows above, from top to bottom."""

    def __init__(self, columns: CodeColumns, functions: Collection[str], is_by_function: bool) -> None:
        self._columns = columns
        self._functions = functions  # the codes of the year
        self._is_by_function = is_by_function
        self._above: list[str | None] = []
        self._parts: dict[tuple[int, ...], list[str]] = {}  # columns of a spread code → its parts in the last row

    def of_row(self, values: dict[str, str]) -> list[str | None]:
        """类, 款 and 项 of a row. A code printed once holds for the rows below it."""
        if not self._columns.levels:
            return []
        levels = [code_of(values.get(level, "")) for level in self._columns.levels]
        first = 0 if levels[0] else next((number for number, level in enumerate(levels) if level), 0)
        if first and all(self._above[:first]):
            levels[:first] = self._above[:first]
        elif lacks_group(levels) and not self._columns.lacks_level:
            levels[1] = self._group_of(levels, self._above, values.get(self._columns.name, ""))
        self._above = levels
        return levels

    def whole_parts(self, printed: dict[int, str], name: str) -> list[str]:
        """The texts of a row in the columns of a spread code, completed from the rows above.

        ``printed``: column → text. Empty if the 款 between 类 and 项 is not certain.
        """
        columns, parts = tuple(printed), list(printed.values())
        first = next((number for number, part in enumerate(parts) if part), 0)
        above = self._parts.get(columns, [])
        if above[:first] and all(map(code_of, above[:first])) and len(code_of(parts[first]) or "") in (1, 2):
            parts[:first] = above[:first]
        elif self._is_by_function and lacks_group(parts) and all(code_of(parts[at]) for at in (0, 2)):
            group = self._group_of(parts, above, name)
            if group is None:
                return []
            parts[1] = group
        self._parts[columns] = parts
        return [part for part in parts if part]

    def _group_of(self, parts: Sequence[str | None], above: Sequence[str | None], name: str) -> str | None:
        """The 款 of a row that prints only 类 and 项, None if it is not certain.

        Within a 类 it is the 款 of the row above. Where a merged cell spans two 类, it is the only 款 with a 项 of this
        name.
        """
        head, tail = code_of(parts[0] or "") or "", code_of(parts[2] or "") or ""
        if len(tail) == len(_FINEST_CODE) and tail.startswith(head):
            return tail[3:5]
        if len(above) == len(parts) and above[1] and code_of(above[0] or "") == head:
            return above[1]
        known = known_names("functional")
        codes = [code for code in self._functions if code[:3] == head and code[5:] == tail.zfill(2)]
        named = [code[3:5] for code in codes if label(name) in known.get(code, frozenset())]
        return named[0] if len(named) == 1 else None


def lacks_group(parts: Sequence[str | None]) -> bool:
    """Whether 类 and 项 are printed without the 款 between them."""
    return len(parts) == len(_LEVELS) and bool(parts[0] and parts[2]) and not parts[1]


def joined_code(levels: Sequence[str | None]) -> str:
    """The code from columns of 类, 款 and 项, with zeros that a spreadsheet dropped (201, 1, 1 → 2010101)."""
    code = (levels[0] or "").zfill(CLASS_DIGITS)
    for level in levels[1:]:
        if not level:
            break
        if len(level) > PART_DIGITS and level.startswith(code):
            code = level
        else:
            code += level[-PART_DIGITS:].zfill(PART_DIGITS)
    return code


def one_text(shown: list[str]) -> str:
    """The text of several columns under one head: 类, 款 and 项 are joined into one code."""
    codes = [code for text in shown if (code := code_of(text)) is not None]
    if len(codes) < len(shown):
        return "".join(shown)
    longest = max(codes, key=len)
    is_whole = len(longest) > CLASS_DIGITS and all(code in longest for code in codes)
    return longest if is_whole else joined_code(codes)


def is_printed_level(rows: Rows, code: str) -> bool:
    """Whether a form prints rows of the level of a function. Some print 项 without their 类 and 款."""
    return _LEVEL_OF.get(len(code)) not in rows.unprinted
