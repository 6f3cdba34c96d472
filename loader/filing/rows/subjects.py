"""The subjects of a classification in the rows of a form: what their codes mean in the year of the document."""

from __future__ import annotations

from collections.abc import Sequence

from loader.documents.grid import Row
from loader.documents.wording import label
from loader.filing.known_names import codes_named, known_names
from loader.filing.printed_codes import CLASS_DIGITS, PART_DIGITS
from loader.filing.rows.context import Context
from loader.filing.rows.levels import is_printed_level, joined_code
from schema.codes.lists import subject_names
from schema.forms.template import Rows

_GROUP_DIGITS = CLASS_DIGITS + PART_DIGITS  # of a 款


class Subjects:
    """The subjects of a scheme, read from top to bottom. ``names``: code → official name of the year. ``rows``: how the
    form identifies its rows, if it may leave out those of 类 and 款."""

    def __init__(self, scheme: str, context: Context, rows: Rows | None = None) -> None:
        self._rows = rows
        self.names = subject_names(scheme, context.identity.fiscal_year)
        self._scheme = scheme
        self._context = context
        self._unit = ""  # whose rows are read
        self._above = ""  # the code of the last row
        self._taken: set[str] = set()

    def of_unit(self, unit: str) -> None:
        """Begin the rows of a unit: those above belong to another one, and say nothing of its subjects."""
        if unit != self._unit:
            self._unit, self._above, self._taken = unit, "", set()

    def beneath(self, part: str, name: str) -> str | None:
        """The whole code of a row that prints only its last two digits below its 款 or 类, chosen by its name.

        None if no code there has the name.
        """
        named, above = known_names(self._scheme), self._above
        codes = [
            above[:digits] + part.zfill(PART_DIGITS) for digits in (_GROUP_DIGITS, CLASS_DIGITS) if len(above) >= digits
        ]
        return next((code for code in codes if label(name) in named.get(code, ())), None)

    def named(self, name: str, parts: Sequence[str | None] = ()) -> str | None:
        """The code of a row that is known by its name, and by those of 类, 款 and 项 that it prints.

        Of several codes of one name it is the one beneath the row above, else beside that row, or beside one above it.
        None if no code is certain, or if an earlier row has it.
        """
        year = self._context.identity.fiscal_year
        codes = [code for code in codes_named(self._scheme, year).get(label(name), ()) if _has_parts(code, parts)]
        codes = [code for code in codes if self._rows is None or is_printed_level(self._rows, code)] or codes
        above = self._above
        while len(codes) > 1:  # a row says nothing of those beside it if the one above them is not printed
            beneath = [code for code in codes if _parent_of(code) == above and above in ("", *self._taken)]
            codes = beneath or (codes if above else [])
            if len(beneath) > 1:
                return None
            above = _parent_of(above)
        return codes[0] if codes and codes[0] not in self._taken else None

    def has_several(self, name: str) -> bool:
        """Whether several codes of the year have a name."""
        return len(codes_named(self._scheme, self._context.identity.fiscal_year).get(label(name), ())) > 1

    def of_levels(self, levels: Sequence[str | None], name: str, row: Row) -> str | None:
        """The code of a row whose header lacks a column for 类, 款 or 项: what the others say, if its name agrees or no
        other code beneath them has the name."""
        printed = [at for at, level in enumerate(levels) if level]
        code = joined_code(levels) if printed == [*range(len(printed))] and printed else None
        if code is not None and code not in self._taken and label(self.names.get(code, "")) == label(name):
            return code
        named = self.named(name, levels)
        if named is not None:
            self._context.findings.add("code_by_name", {"name": name, "code": named}, row.number)
        return named or code

    def take_named(self, code: str, name: str, row: Row) -> None:
        """Take a row whose code is known by its name."""
        self._context.findings.add("code_by_name", {"name": name, "code": code}, row.number)
        self.take(code, name, row)

    def take(self, code: str, name: str, row: Row) -> None:
        """Take a row as the one above the next. Unknown codes and names that are not theirs become findings."""
        self._above = code
        self._taken.add(code)
        official = self.names.get(code)
        if official is None:
            year = self._context.identity.fiscal_year
            self._context.findings.add("unknown_code", {"code": code, "name": name, "year": year}, row.number)
        elif name and label(name) not in known_names(self._scheme).get(code, frozenset()):
            self._context.findings.add("label", {"code": code, "name": name, "official": official}, row.number)


def _parent_of(code: str) -> str:
    """The code above a code, "" above a 类."""
    return code[:-PART_DIGITS] if len(code) > CLASS_DIGITS else ""


def _has_parts(code: str, parts: Sequence[str | None]) -> bool:
    """Whether a code has those of 类, 款 and 项 that a row prints."""
    own = (code[:CLASS_DIGITS], code[CLASS_DIGITS:_GROUP_DIGITS], code[_GROUP_DIGITS:])
    return all(not part or part.zfill(len(of)) == of for part, of in zip(parts, own, strict=False))
