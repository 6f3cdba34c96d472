"""Documents rounded cell by cell: nothing in them is wrong, and a wrong figure elsewhere is no rounding."""

from dataclasses import replace

import pytest

from loader.documents.wording import fold
from loader.ledger.evidence import gather, to_fen
from loader.ledger.lines import make_ledger
from synthetic.budgets import CENT_OF_WAN, Budget, budget_of, random_shape
from synthetic.deviations import deviations, filed
from synthetic.rendering import published, render

SEEDS = (3, 5, 11)


def finer_than_printed(seed: int) -> Budget:
    """A budget whose amounts have more places than its forms print."""
    return budget_of(replace(random_shape(seed), step=100))


# of the last one a column holds only money that local practice alone puts there
@pytest.mark.parametrize("seed", [*SEEDS, 304])
def test_a_document_rounded_cell_by_cell_is_told_and_all_its_cells_are_within_tolerance(seed: int) -> None:
    disclosure = filed(render(finer_than_printed(seed)))
    ledger = make_ledger(disclosure)
    assert ledger.is_rounded
    assert "contradiction" not in {finding.kind for finding in ledger.findings}
    forms = gather(disclosure).all_forms()
    cells = {(f.form.report_no, fold(row), column): cell for f in forms for (row, column), cell in f.cells.items()}
    found = deviations(forms, ledger)
    assert found
    for key, (figure, rebuilt) in found.items():
        cell = cells[key]
        assert cell.half_place is not None
        assert abs(figure - rebuilt) <= to_fen((cell.part_count + 1) * cell.half_place), key


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", [3, 7, 21])
def test_a_cent_is_named_in_any_other_document(seed: int, form: int) -> None:
    budget = budget_of(random_shape(seed))
    figures = published(budget)
    key = next((key for key in sorted(figures) if key[0] == form and "/" in key[1]), None)
    if key is None:
        pytest.skip("the budget has no such form")
    disclosure = filed(render(budget, changes={key: figures[key] + CENT_OF_WAN}))
    ledger = make_ledger(disclosure)
    assert not ledger.is_rounded
    named = (key[0], fold(key[1]), key[2])
    assert deviations(gather(disclosure).all_forms(), ledger) == {named: (figures[key] + CENT_OF_WAN, figures[key])}
