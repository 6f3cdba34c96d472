"""Units, years, stages and divisions on the command line: checked as those of manifests are."""

from __future__ import annotations

from typing import Any

import click

from loader.filing import said


class SaidType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """An argument of a kind that ``loader.filing.said`` checks."""

    def __init__(self, kind: said.Kind[Any]) -> None:
        self.kind = kind
        self.name = kind.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.kind.parse(str(value))
        except said.Ambiguous as error:
            self.fail(f"{value!r} {error}", param, ctx)
        except ValueError:
            self.fail(f"{value!r}, expected {self.kind.expected}", param, ctx)


UNIT, YEAR = SaidType(said.UNIT), SaidType(said.YEAR)
STAGE, DIVISION = SaidType(said.STAGE), SaidType(said.DIVISION)
