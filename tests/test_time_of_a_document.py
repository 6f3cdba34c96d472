"""The time that a document may take is its own: none is left of it to the next, and no answer that it cut short."""

import pytest

from loader.ledger import clock
from loader.ledger.equation import Equation
from loader.ledger.program import Program, Traits


def program() -> Program:
    """Three lines, each two of them 0.01 together: half of it each, or in whole numbers one cell differs."""
    equations = [Equation([one, other], 10_000, True) for one, other in ((0, 1), (1, 2), (0, 2))]
    none = [False] * 3
    return Program(equations, [None] * 3, range(3), Traits(none, none, none, [0.0] * 3), 0)


def test_an_answer_that_was_cut_short_is_not_the_next_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    def settled(seconds: float) -> bool:
        monkeypatch.setattr(clock, "SECONDS", seconds)
        asked = program()
        with clock.clock_of_document():
            asked.weigh()
        return asked.is_settled

    assert [settled(0.0), settled(1000.0), settled(0.0)] == [False, True, True]
