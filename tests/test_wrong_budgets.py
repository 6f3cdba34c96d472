"""Random budgets with a wrong figure, or printed with roundings: what is named, and what is let pass."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loader.ledger.evidence.evidence import gather
from loader.ledger.evidence.projection import cells_of
from schema.forms.template import Coordinate
from synthetic.budgets import FEN, Shape, budget_of, plain_shapes, shapes
from synthetic.rendering import FORMS, Key, prints_items_only, published, render
from tests.test_round_trip import examples, fen, load

WRONG_BY = 777 * FEN // 100


def deviations(text: str) -> dict[Key, tuple[int, int, int]]:
    """The cells that the ledger does not bear out: figure, rebuilt figure and tolerance in 分."""
    disclosure, ledger = load(text)
    found: dict[Key, tuple[int, int, int]] = {}
    for form in gather(disclosure).all_forms():
        rebuilt: dict[tuple[str, str], int] = {}
        for line in ledger.lines:
            for key in cells_of(form.form, line.coordinates):
                rebuilt[key] = rebuilt.get(key, 0) + fen(line.amount)
        for key, cell in form.cells.items():
            assert cell.amount is not None
            assert cell.half_place is not None
            tolerance = (cell.part_count + 1) * cell.half_place if cell.part_count else Decimal(0)
            if fen(cell.amount) != rebuilt.get(key, 0):
                assert form.form.report_no is not None
                found[form.form.report_no, *key] = (fen(cell.amount), rebuilt.get(key, 0), fen(tolerance))
    return found


def is_total(key: Key) -> bool:
    """A figure of the rows 合计, department or 类, all of which stand above others of their form."""
    form = FORMS[key[0]]
    return (
        form.is_by(Coordinate.FUNCTIONAL) and not prints_items_only(form) and ("/" not in key[1] or len(key[1]) == 10)
    )


@given(plain_shapes(), st.randoms(use_true_random=False))
@examples(15)
def test_a_wrong_total_is_named_alone(shape: Shape, choose: random.Random) -> None:
    budget = budget_of(shape)
    figures = published(budget)
    totals = sorted(key for key in figures if figures[key] and is_total(key))
    wrong = choose.choice(totals)
    found = deviations(render(budget, changes={wrong: figures[wrong] + WRONG_BY}))
    assert {key: (filed, true) for key, (filed, true, _) in found.items()} == {
        wrong: (figures[wrong] + WRONG_BY, figures[wrong])
    }


@given(shapes(), st.randoms(use_true_random=False))
@examples(15)
def test_a_wrong_figure_never_passes(shape: Shape, choose: random.Random) -> None:
    budget = budget_of(shape)
    figures = {key: amount for key, amount in published(budget).items() if amount and key[0] in range(3, 15)}
    if not figures:
        return
    wrong = choose.choice(sorted(figures))
    assert deviations(render(budget, changes={wrong: figures[wrong] + WRONG_BY}))


@given(plain_shapes(), st.randoms(use_true_random=False))
@examples(15)
def test_roundings_are_within_tolerance(shape: Shape, choose: random.Random) -> None:
    exact = budget_of(shape)
    budget = replace(
        exact, amounts={entry: amount + choose.randint(-45, 45) * 100 for entry, amount in exact.amounts.items()}
    )
    found = deviations(render(budget))
    beyond = {key: values for key, values in found.items() if abs(values[0] - values[1]) > max(values[2], FEN // 50)}
    assert not beyond
