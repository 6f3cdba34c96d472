"""Units, years, dates, stages and divisions on the command line, checked like those of manifests."""

from __future__ import annotations

from typing import Any

import click

from loader.filing import operator_input


class InputType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """An argument of a kind that ``loader.filing.operator_input`` checks."""

    def __init__(self, kind: operator_input.Kind[Any]) -> None:
        self.kind = kind
        self.name = kind.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.kind.parse(str(value))
        except operator_input.Ambiguous as error:
            self.fail(f"{value!r} {error}", param, ctx)
        except ValueError:
            self.fail(f"{value!r}, expected {self.kind.expected}", param, ctx)


UNIT, YEAR, DATE = InputType(operator_input.UNIT), InputType(operator_input.YEAR), InputType(operator_input.DATE)
STAGE, DIVISION = InputType(operator_input.STAGE), InputType(operator_input.DIVISION)


def known_rules(_context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Rules and kinds of findings that exist: a wrong name would look as if nothing had failed."""
    from schema.codes.finding_kinds import finding_kinds
    from schema.codes.lists import read_codes

    known = {row["rule"] for row in read_codes("rule")} | finding_kinds().keys()
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"there is no rule or kind of finding {name!r}; see docs/rules.md and docs/formats.md"
            )
    return names


def known_kinds(_context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of findings that exist."""
    from schema.codes.finding_kinds import finding_kinds

    for name in names:
        if name not in finding_kinds():
            raise click.BadParameter(f"there is no kind of finding {name!r}; see docs/formats.md")
    return names
