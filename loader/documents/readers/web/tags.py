"""The table tags of a page before it is parsed: tags that browsers add, and whether the page ends within a table."""

from __future__ import annotations

import re
from typing import NamedTuple

# comments, and elements whose content is no markup, are passed over as a whole
_TAG = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(?=[stx])(script|style|textarea|title|xmp)(?=[\s/>]).*?(?:</\1|\Z)"
    r"|(/?)(t(?:able|head|body|foot|[rdh])|caption|body|html)(?=[\s/>]))",
    re.IGNORECASE | re.DOTALL,
)


class Tagged(NamedTuple):
    """A page with the tags that browsers add, and how it breaks off (empty if it does not)."""

    page: str
    cut_off: str


def completed(page: str) -> Tagged:
    """Put every cell into a row, because libxml2 loses cells without rows, and end a table if another one begins
    between its cells."""
    parts: list[str] = []
    done = 0
    in_row, in_cell = [False], [False]  # of each open table, from the outermost
    is_open = is_closed = False
    for found in _TAG.finditer(page):
        name = (found[3] or "").lower()
        if not name:
            continue
        is_end = bool(found[2])
        add = ""
        if name in ("html", "body"):
            is_open, is_closed = is_open or not is_end, is_closed or is_end
        elif name == "table":
            if not is_end:
                if len(in_row) > 1 and not in_cell[-1]:
                    add = "</table>"
                else:
                    in_row.append(False)
                    in_cell.append(False)
                in_row[-1] = in_cell[-1] = False
            elif len(in_row) > 1:
                in_row.pop()
                in_cell.pop()
        elif name in ("td", "th", "caption"):
            in_cell[-1] = not is_end
            if not (is_end or in_row[-1] or len(in_row) == 1 or name == "caption"):
                add = "<tr>"
                in_row[-1] = True
        else:
            in_row[-1] = name == "tr" and not is_end
            in_cell[-1] = False
        if add:
            parts += (page[done : found.start()], add)
            done = found.start()
    if is_closed:
        cut_off = ""
    elif len(in_row) > 1:
        cut_off = "within a table"
    elif is_open or page.rfind("<") > page.rfind(">"):
        cut_off = "without its closing tags"
    else:
        cut_off = ""
    return Tagged("".join([*parts, page[done:]]) if parts else page, cut_off)
