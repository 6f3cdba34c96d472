"""The command line argument for an official form: its number among the 23 of Hunan, or its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from schema.forms.template import Form


class FormType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """``3`` and ``r03`` are the same form; forms of other places have an id only (``sh03``)."""

    name = "form"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Form:
        from schema.forms import FORMS, report_form  # loads all declarations, which the help does not need

        text = str(value).lower()
        try:
            return report_form(int(text)) if text.isdigit() else FORMS[text]
        except KeyError:
            self.fail(
                f"there is no form {value}: expected a number from 1 to 23 or an id such as r03 or sh03", param, ctx
            )


FORM = FormType()
