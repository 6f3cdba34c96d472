"""The command line argument for a unit that has filed: its code, its name, or a part of the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from loader.cli.input_types import InputType
from loader.filing import operator_input

if TYPE_CHECKING:
    import psycopg

_FEW = 5  # number of units that an error lists


class UnitType(InputType):
    """A code, or a name in Chinese, which ``code_of_unit`` looks up in the warehouse."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if re.search("[一-鿿]{2}", str(value)):
            return str(value)
        return super().convert(value, param, ctx)


UNIT = UnitType(operator_input.UNIT)


def code_of_unit(connection: psycopg.Connection, division_code: str, named: str) -> str:
    """The code of the named unit. UsageError if no unit with this name has filed, or several have."""
    try:
        return operator_input.UNIT.parse(named)
    except ValueError:
        pass
    from loader.answers.units import units_called

    found = units_called(connection, division_code, named)
    if not found:
        raise click.UsageError(f"no filing unit has {named!r} in its name; see `hetang units`")
    if len(found) > 1:
        from loader.warehouse.unit_codes import told_apart

        listed = ", ".join(f"{code} {told_apart(code, name)}" for code, name in found[:_FEW])
        listed += ", …" if len(found) > _FEW else ""
        raise click.UsageError(f"several units are called {named!r}; choose one by its code: {listed}")
    return found[0][0]
