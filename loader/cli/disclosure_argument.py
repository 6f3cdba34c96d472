"""The command line argument for one disclosure: UNIT/YEAR, with /STAGE if there are several, or its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from loader.answers.revisions import Revision, current_revisions
from loader.cli.advice import refuse_if_none
from loader.cli.unit_argument import UNIT, code_of_unit
from loader.filing import operator_input

if TYPE_CHECKING:
    import psycopg


class Named(NamedTuple):
    """A disclosure as the user gave it: by number, or by unit (code or name), year and possibly stage."""

    disclosure_id: int | None
    unit: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None


class DisclosureType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """``001001/2024``, ``001001/2024/final``, the name of the unit for its code, or a ``disclosure_id``."""

    name = "disclosure"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Named:
        parts = str(value).split("/")
        try:
            if len(parts) == 1:
                return Named(int(parts[0]))
            unit, year, *stage = parts
            return Named(
                None,
                UNIT.convert(unit, param, ctx),
                operator_input.YEAR.parse(year),
                operator_input.STAGE.parse(stage[0]) if stage else None,
            )
        except (ValueError, click.BadParameter):
            self.fail(f"{value!r}, expected UNIT/YEAR such as 001001/2024, or the number of a disclosure", param, ctx)


DISCLOSURE = DisclosureType()


def find_disclosures(connection: psycopg.Connection, division_code: str, named: Named) -> list[Revision]:
    """The current disclosures that match; several if several revisions or stages are current. UsageError if none is."""
    unit = named.unit and code_of_unit(connection, division_code, named.unit)
    found = current_revisions(connection, division_code, named.disclosure_id, named.fiscal_year, unit, named.stage)
    if not found:
        if unit:
            refuse_if_none(connection, division_code, named.fiscal_year, unit)
        raise click.UsageError("no such current disclosure; see `hetang units`")
    return found
