"""Lines laid out over forms: each cell has the lines that add to it."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.diagnosis.forms.suspect_forms import most_differing
from loader.ledger.draft import draft_of, make_ledger
from loader.ledger.evidence.evidence import gather
from loader.ledger.evidence.layout import Layout, numbers_of
from loader.ledger.evidence.projection import CellKey, cells_of
from synthetic.budgets import CENT_OF_WAN, Shape, budget_of, random_budget
from synthetic.deviations import filed
from synthetic.rendering import Key, published, render
from synthetic.wrong_forms import of_last_year

_SPLIT = Shape(kinds=("agency", "institution"), functions=3, items=3, project_functions=2)


@given(st.sets(st.integers(0, 300)))
def test_a_set_of_lines_has_their_numbers_in_order(numbers: set[int]) -> None:
    assert numbers_of(sum(1 << number for number in numbers)) == tuple(sorted(numbers))


@pytest.mark.parametrize("seed", range(6600, 6606))
def test_a_cell_has_the_lines_of_its_row_and_column(seed: int) -> None:
    """They are the lines of which each alone adds to the cell."""
    disclosure = filed(render(random_budget(seed)))
    evidence = gather(disclosure)
    lines = [line.coordinates for line in make_ledger(disclosure).lines]
    layout = Layout(lines, evidence.projection)
    for form in evidence.declared_forms():
        adding: dict[CellKey, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            for key in cells_of(form, line):
                adding[key].append(number)
        found = {key: list(numbers_of(own)) for key, own in layout.cells(form).items()}
        assert found == adding


def test_cells_that_add_up_the_same_lines_share_them() -> None:
    equations = draft_of(gather(filed(render(budget_of(_SPLIT))))).tried.system.equations
    shared = {id(equation.members) for equation in equations}
    assert len(shared) == len({equation.members for equation in equations}) < len(equations)


def most_of_form_9(changes: dict[Key, int]) -> int:
    evidence = gather(filed(render(budget_of(_SPLIT), changes=changes)))
    return most_differing(draft_of(evidence).tried, evidence.forms["r09"])


def test_no_more_figures_of_a_form_can_differ_than_the_others_contradict() -> None:
    """The others print all that the form prints."""
    budget = budget_of(_SPLIT)
    key, amount = next((key, amount) for key, amount in published(budget).items() if key[0] == 9)
    assert most_of_form_9({}) == 0
    assert most_of_form_9({key: amount + CENT_OF_WAN}) == 1
    other = of_last_year(budget, 9)
    assert most_of_form_9(other) >= 12
