"""The subjects of a classification in the rows of a form: what their codes mean in the year of the document."""

from __future__ import annotations

from loader.documents.grid import Row
from loader.documents.wording import label
from loader.filing.known_names import known_names
from loader.filing.printed_codes import CLASS_DIGITS, PART_DIGITS
from loader.filing.rows.context import Context
from schema.codes.lists import subject_names

_GROUP_DIGITS = CLASS_DIGITS + PART_DIGITS  # of a 款


class Subjects:
    """The subjects of a scheme, read from top to bottom. ``names``: code → official name of the year."""

    def __init__(self, scheme: str, context: Context) -> None:
        self.names = subject_names(scheme, context.identity.fiscal_year)
        self._scheme = scheme
        self._context = context
        self._above = ""  # the code of the last row

    def beneath(self, part: str, name: str) -> str | None:
        """The whole code of a row that prints only its last two digits below its 款 or 类, chosen by its name.

        None if no code there has the name.
        """
        named, above = known_names(self._scheme), self._above
        codes = [
            above[:digits] + part.zfill(PART_DIGITS) for digits in (_GROUP_DIGITS, CLASS_DIGITS) if len(above) >= digits
        ]
        return next((code for code in codes if label(name) in named.get(code, ())), None)

    def take(self, code: str, name: str, row: Row) -> None:
        """Take a row as the one above the next. Unknown codes and names that are not theirs become findings."""
        self._above = code
        official = self.names.get(code)
        if official is None:
            year = self._context.identity.fiscal_year
            self._context.findings.add("unknown_code", {"code": code, "name": name, "year": year}, row.number)
        elif name and label(name) not in known_names(self._scheme).get(code, frozenset()):
            self._context.findings.add("label", {"code": code, "name": name, "official": official}, row.number)
