"""The columns of a form that tell which row is which, as its template declares them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from loader.documents.wording import label
from schema.forms import FORMS
from schema.forms.template import Coordinate, Role


class CodeColumns(NamedTuple):
    """The columns that identify a row.

    ``levels``: 类, 款 and 项 in columns of their own, "" for one that the header lacks. ``whole``: the whole code.
    ``name``: the name, in the same column as the code if the header has no other. ``unit_name``: the name of the unit
    beside that of a project. ``details``: further texts.
    ``sums``: label → line of the rows that add up others. ``lacks_level``: the header has columns for some of 类, 款
    and 项, but not for all.
    """

    levels: tuple[str, ...]
    whole: str
    are_of_units: bool
    name: str
    unit_name: str
    details: tuple[str, ...]
    sums: dict[str, str]
    lacks_level: bool

    @property
    def are_of_functions(self) -> bool:
        """Whether there is a column of codes that are not only those of units."""
        return bool(self.levels or (self.whole not in ("", self.name) and not self.are_of_units))

    @property
    def name_rows(self) -> bool:
        """Whether the rows have a whole code or a name."""
        return bool(self.whole or self.name)


@cache
def code_columns(form_id: str, column_ids: tuple[str, ...]) -> CodeColumns:
    """The columns that identify the rows of a form, among those of a header."""
    form = FORMS[form_id]
    columns = [form.column(column_id) for column_id in column_ids]
    codes = [(column, column.code) for column in columns if column.role is Role.CODE and column.code is not None]
    parts = {code.part: column.id for column, code in codes if code.part is not None}
    declared = {column.code.part for column in form.columns if column.code and column.code.part is not None}
    whole = next(((column.id, code) for column, code in codes if code.part is None), None)
    names = [column for column in columns if column.role is Role.NAME]
    of_units = [column for column in names if column.code is not None and column.code.of == (Coordinate.UNIT,)]
    of_rows = [column for column in names if column not in of_units] or of_units
    # one column under the head of 类, 款 and 项 holds whole codes and names if no other column does
    lone = next(iter(parts.values())) if len(parts) == 1 and whole is None and not names else ""
    levels = tuple(parts.get(part, "") for part in sorted(declared)) if parts and not lone else ()
    return CodeColumns(
        levels=levels,
        whole=whole[0] if whole else lone,
        are_of_units=whole is not None and whole[1].of == (Coordinate.UNIT,),
        name=of_rows[0].id if of_rows else lone,
        unit_name=of_units[0].id if of_units and of_units != of_rows else "",
        details=tuple(column.id for column in columns if column.role is Role.TEXT),
        sums={label(name): line.id for line in form.sums for name in (line.label, *line.aliases)},
        lacks_level="" in levels,
    )
