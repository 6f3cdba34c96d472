"""Evidence → the filed forms of expenditure by what they show, from which every step to the possible lines starts."""

from __future__ import annotations

from functools import cached_property

from loader.ledger.cached_method import cached_method
from loader.ledger.evidence.capabilities import own_forms
from loader.ledger.evidence.evidence import Evidence, FormEvidence
from schema.forms.template import Coordinate, Form, Statement, Where

EXPENDITURE = (Statement.EXPENDITURE,)
Slice = tuple[str, str]  # unit, functional code


class ExpenditureForms:
    """The filed forms of one disclosure that show expenditure."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    @cached_property
    def expenditure(self) -> list[FormEvidence]:
        """All of them, in the order of their set."""
        return [form for form in self.evidence.forms.values() if form.abilities.is_expenditure]

    @cached_property
    def by_function(self) -> list[FormEvidence]:
        """The filed forms with functions as rows."""
        return [form for form in self.expenditure if form.abilities.is_by_function]

    @cached_property
    def of_several_funds(self) -> list[FormEvidence]:
        """The filed forms that show spending of several funds together (财政拨款)."""
        return [form for form in self.expenditure if len(form.abilities.fund) > 1]

    @cached_property
    def complete(self) -> list[FormEvidence]:
        """The filed forms that show all expenditure by function."""
        return [form for form in self.by_function if form.abilities.is_complete]

    @cached_property
    def own(self) -> dict[str, Form]:
        """Fund → the form that shows its expenditure by nature, filed or not."""
        return {fund: form for entry in self.evidence.sets for fund, form in own_forms(entry).items()}

    def own_filed(self, fund: str) -> FormEvidence | None:
        """The form of ``own`` for this fund, if it is filed."""
        form = self.own.get(fund)
        return self.evidence.forms.get(form.form_id) if form else None

    @cached_method
    def about(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function with this fund alone."""
        return [form for form in self.by_function if form.abilities.shows_fund_alone(fund)]

    @cached_method
    def showing(self, fund: str) -> list[FormEvidence]:
        """The filed forms by function with all spending from this fund: first those with this fund alone."""
        found = [f for f in self.by_function if not (f.abilities.nature or f.abilities.economic_class)]
        alone = [f for f in found if f.abilities.shows_fund_alone(fund)]
        return alone + [f for f in found if f.abilities.shows_fund(fund) and f not in alone]

    @cached_property
    def economic(self) -> list[FormEvidence]:
        """The filed forms with department-economic subjects as rows."""
        return [form for form in self.expenditure if form.form.is_by(Coordinate.DEPARTMENT_ECONOMIC)]

    @cached_method
    def detail(self, economic_class: str, by_item: bool) -> FormEvidence | None:
        """The filed form of basic spending on one class, by item or by government-economic subject."""
        for form in self.by_function:
            able = form.abilities
            splits = able.items if by_item else able.governments
            if splits and able.nature == "basic" and able.economic_class == economic_class:
                return form
        return None

    @cached_property
    def overall(self) -> FormEvidence | None:
        """The filed form that shows all expenditure in one row, by fund or nature."""
        return next((f for f in self.expenditure if f.form.rows and not f.form.rows.by), None)

    @cached_property
    def whole_lists(self) -> list[FormEvidence]:
        """The filed forms with lists that show all expenditure by nature or economic class."""
        whole = Where(EXPENDITURE)
        return [
            form
            for form in self.evidence.forms.values()
            if any(form.form.selection(a, li) == whole for e in form.form.lists for li in e.lines for a in e.amounts)
        ]

    def overall_total(self) -> int:
        """The total of the form with one row; 0 if there is none."""
        form = self.overall
        return form.at(form.total_row, form.abilities.total) if form and form.abilities.total else 0


def of_government(code: str) -> Where:
    """The selection of all spending under one government-economic class."""
    return Where(EXPENDITURE, government_economic=(code,))
