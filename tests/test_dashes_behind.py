"""A dash behind a figure (11.50-) is its sign, unless the other figures tell that the figure is positive."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.filing.filed import Finding
from synthetic.budgets import CENT_OF_WAN, Shape, budget_of
from synthetic.deviations import filed
from synthetic.rendering import published, render

SHAPE = Shape(seed=5, kinds=("agency",), functions=3, items=4, project_functions=2, projects=2, sources=("111",))
DASHES = ["-", " -", "—", "－"]


def read(text: str) -> tuple[list[object], list[Finding]]:
    """The amounts of all cells with a dash behind, and the findings on signs."""
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    cells = [cell for form in disclosure.forms for cell in form.cells if re.search(r"\d\s*[-—－]$", cell.text)]
    signs = [finding for finding in ledger.findings if finding.kind in ("sign_turned", "dash_behind")]
    return [cell.amount for cell in cells if cell.amount], signs


@pytest.mark.parametrize("dash", DASHES)
def test_it_is_no_sign_if_the_other_figures_say_so(dash: str) -> None:
    budget = budget_of(SHAPE)
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1] and figures[key] > 100 * CENT_OF_WAN)
    printed = f"{figures[key] // CENT_OF_WAN / 100:.2f}"
    amounts, [found] = read(render(budget, changes={key: -figures[key]}).replace(f"-{printed}", printed + dash))
    assert (found.kind, found.report_no, found.values["text"]) == ("dash_behind", 7, printed + dash)
    assert [str(amount) for amount in amounts] == [printed]
    assert str(found.values["amount"]) == printed


def test_it_is_the_sign_of_a_figure_that_another_one_shows_to_be_wrong_in_its_sign() -> None:
    """A minus in front is a sign, whatever the other figures say."""
    budget = budget_of(SHAPE)
    figures = published(budget)
    key = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1] and figures[key] > 100 * CENT_OF_WAN)
    _, [found] = read(render(budget, changes={key: -figures[key]}))
    assert found.kind == "sign_turned"


@pytest.mark.parametrize("dash", DASHES)
def test_it_is_a_sign_if_all_figures_agree(dash: str) -> None:
    budget = budget_of(SHAPE)
    amounts = dict(budget.amounts)
    [revenue] = [entry for entry in amounts if entry.statement == "revenue"]
    project = next(entry for entry in amounts if entry.nature == "project" and not entry.project)
    amounts[project._replace(functional="2010199")] = -77 * CENT_OF_WAN
    amounts[revenue] -= 77 * CENT_OF_WAN
    text = render(replace(budget, amounts=amounts))
    printed, signs = read(re.sub(r"(?<=\t)-(0\.77)(?=\t|\n)", rf"\1{dash}", text))
    assert signs == []
    assert len(printed) > 3
    assert {str(amount) for amount in printed} == {"-0.77"}
