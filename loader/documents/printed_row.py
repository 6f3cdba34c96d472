"""How a row of a document is named for people.

Readers of pages (PDF, OFD, pictures) number rows by the page: 12016 is row 16 of page 12. This number is stored; people
see page and row. The SQL function ``meta.printed_row`` says the same.
"""

from __future__ import annotations

ROWS_A_PAGE = 1000
PAGED = frozenset({"pdf", "ofd", "image"})  # formats whose row numbers contain the page; so their grids are called, too

_WORDS = {"zh": ("第", "页", "第", "行"), "en": ("page ", ", ", "row ", "")}


def printed_row(number: int, medium: str | None, language: str = "en") -> str:
    """A row in words, in ``zh`` or ``en``. ``medium`` is the format of the document, or the place of a grid."""
    page, row = divmod(number, ROWS_A_PAGE) if medium in PAGED else (0, number)
    before_page, after_page, before_row, after_row = _WORDS[language]
    return (f"{before_page}{page}{after_page}" if page else "") + f"{before_row}{row}{after_row}"
