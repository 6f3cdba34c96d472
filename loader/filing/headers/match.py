"""How well a header fits a template."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from loader.filing.headers.years import PriorColumn
from schema.forms.template import Form


@dataclass(frozen=True, slots=True)
class Match:
    """How well a header fits a template.

    ``columns`` maps grid columns to ids of the template's columns, ``lists`` grid columns of labels to lists;
    ``priors`` are columns of other years, ``rates`` columns of per cents and differences, with the ids of the columns
    that they are of; ``beside`` are the columns of further groups of the same columns that stand side by side with the
    first.
    """

    form: Form
    score: float
    columns: dict[int, str]
    lists: dict[int, str] = field(default_factory=dict)
    priors: dict[int, PriorColumn] = field(default_factory=dict)
    beside: tuple[dict[int, str], ...] = ()
    rates: dict[int, str] = field(default_factory=dict)


@cache
def no_match(form: Form) -> Match:
    """That a header does not fit a template at all."""
    return Match(form, 0.0, {})
