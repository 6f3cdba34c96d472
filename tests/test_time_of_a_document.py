"""What is found in a document depends on the document alone: on no clock, and on no other that was solved before."""

import random
import time

import pytest

from benchmarks.wrong_figures import changes
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.ledger import clock
from loader.ledger.clock import cached_with_its_work, clock_of_document, is_over, spend, standing_still
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.faults import FAULTS
from synthetic.rendering import published, render


def with_fault(name: str, seed: int) -> str:
    make, _ = FAULTS[name]
    faulty = make(random_budget(seed), random.Random(f"{name} {seed}"))
    assert faulty is not None
    return faulty.text


def with_wrong_figures(seed: int) -> str:
    budget = random_budget(seed)
    wrong = changes(published(budget), 5, random.Random(f"wrong {seed} 5"))
    return render(budget, changes={key: amount for key, (_, amount) in wrong.items()})


def findings(text: str) -> list[str]:
    disclosure = filed(text)
    ledger = diagnosed_ledger(disclosure)
    return [finding.worded("en") for finding in (*disclosure.findings, *ledger.findings)]


@pytest.mark.parametrize("seed", [3300001, 3300018])
@pytest.mark.parametrize("work", [clock.WORK, 40_000])
def test_a_document_has_the_same_findings_by_a_clock_that_runs_ten_times_as_fast(
    seed: int, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither does it matter what was solved before: the second time all programs are known."""
    text, own = with_fault("a row left out of its sums too", seed), time.process_time
    monkeypatch.setattr(clock, "WORK", work)
    before = findings(text)
    assert before
    monkeypatch.setattr("time.process_time", lambda: 10 * own())
    assert findings(text) == before


def test_a_search_ends_when_the_work_of_its_document_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = with_wrong_figures(3300014)
    everything = findings(text)
    monkeypatch.setattr(clock, "WORK", 0)
    assert findings(text) != everything


def test_a_cached_result_counts_as_much_work_as_it_took() -> None:
    @cached_with_its_work(1)
    def square(number: int) -> int:
        spend(clock.WORK)
        return number * number

    def is_over_after(number: int) -> bool:
        with clock_of_document():
            square(number)
            before = is_over()
            spend(1)
            return (before, is_over()) == (False, True)

    assert [is_over_after(2), is_over_after(2)] == [True, True]


def test_work_that_grows_with_the_document_does_not_count() -> None:
    with clock_of_document():
        with standing_still():
            spend(2 * clock.WORK)
        assert not is_over()


def test_time_is_the_last_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.process_time", lambda: now[0])
    with clock_of_document():
        now[0] = 2.0
        assert not is_over()
        now[0] = clock.LAST_SECONDS + 1
        assert is_over()
