"""The result of comparing a header with a template."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property

from loader.filing.headers.years import PriorColumn
from schema.forms import set_of
from schema.forms.template import Form, Role

FIGURES = (Role.MONEY, Role.MEMO, Role.PRIOR, Role.ORDINAL)  # of columns that hold figures


@dataclass(frozen=True)
class Match:
    """How well a header fits a template, and which column is which.

    ``columns``: column of the grid → id of the template's column. ``lists``: column of labels → id of a list.
    ``priors``: columns of other years or stages. ``rates``: columns of per cents and differences → id of the column
    that they refer to. ``beside``: the columns of further groups if the same columns stand side by side several times.
    """

    form: Form
    score: float
    columns: dict[int, str]
    lists: dict[int, str] = field(default_factory=dict)
    priors: dict[int, PriorColumn] = field(default_factory=dict)
    beside: tuple[dict[int, str], ...] = ()
    rates: dict[int, str] = field(default_factory=dict)

    @cached_property
    def set_id(self) -> str:
        """The set of the form."""
        return set_of(self.form.form_id).id

    @cached_property
    def known(self) -> frozenset[int]:
        """The columns of the header that the form knows."""
        return frozenset({*self.columns, *self.lists, *self.priors, *self.rates}.union(*self.beside))

    # a match is shared by all tables with the same header

    @cached_property
    def code_columns(self) -> frozenset[int]:
        """The columns of codes."""
        return frozenset([at for at, to in self.columns.items() if self.form.column(to).role is Role.CODE])

    @cached_property
    def figure_columns(self) -> frozenset[int]:
        """The columns of figures of the form, without those of other years and of per cents."""
        return frozenset([at for at, to in self.columns.items() if self.form.column(to).role in FIGURES])


@cache
def no_match(form: Form) -> Match:
    """The match of a header that does not fit a template at all."""
    return Match(form, 0.0, {})
