"""Wrong figures in random budgets: which of them the ledger names, and which correct figures it names wrongly.

python -m benchmarks.wrong_figures [--documents 100] [--wrong 1 2 5] [--first 0] [--kinds cent] [--leave-out] [--show]
python -m benchmarks.wrong_figures --whole [--documents 100] [--first 0]
python -m benchmarks.wrong_figures --rounded [--documents 100] [--first 0]
python -m benchmarks.wrong_figures --coarse [--documents 100] [--first 0]
python -m benchmarks.wrong_figures --narrow [--documents 100] [--wrong 0 1] [--first 0]
python -m benchmarks.wrong_figures --sample

Works in memory: budget → text → forms → ledger, without a warehouse. A printed figure may be replaced by a random one,
have two digits swapped, its point moved or its sign changed, be replaced by a neighbour's figure, be a cent too high or
too low, or be blanked (twice as often as the others). A blank cell may be filled. A document is exact if only the
changed cells differ from the ledger, and each of them is rebuilt with its true figure. The same seeds always make the
same documents.

--whole: one form is wrong as a whole. It prints at least ten figures, and other forms confirm them. --rounded: every
cell was rounded separately, also beside forms that add up rounded amounts, and nothing is wrong. --coarse: each form in
turn prints whole 万元, and nothing is wrong.
--narrow: up to four forms in 元 print some of their figures rounded to whole 元, beside right or wrong figures in the
other forms. --sample: each figure of the sample in turn is blanked, or its sign changed.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from loader.diagnosis.disagreement.differences import differences
from loader.documents.wording import fold
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import gather, to_fen
from loader.ledger.lines import Ledger
from loader.loading.bulk import spare_the_collector
from synthetic.budgets import CENT_OF_WAN, Budget, budget_of, random_budget, random_shape
from synthetic.deviations import deviations, filed
from synthetic.rendering import ALL_FORMS, FORMS, Key, Mess, published, render
from synthetic.wrong_forms import multiplied, of_last_year, rounded_to_nothing

KINDS = ("random", "swapped", "point", "sign", "copied", "cent", "filled", "blank", "blank")
_FIGURES = 10  # least number of figures of a form that is made wrong as a whole
_ALONE = (15, 21)  # no other form prints their figures, so such an error cannot be found
_IN_YUAN = ALL_FORMS[:22]  # form 23 always prints 万元
SAMPLE = Path(__file__).parents[1] / "samples" / "2024_001001.txt"


def changed_figure(
    kind: str, cell: tuple[Any, str, str], figures: Mapping[Any, int], choose: random.Random
) -> int | None:
    """The new figure (分) of a cell (form, row, column) after an error of this kind, None if it stays the same."""
    amount = figures.get(cell, 0)
    cents = abs(amount) // CENT_OF_WAN
    match kind:
        case "blank" | "filled":
            return 0 if kind == "blank" else choose.randint(1, 99_999) * CENT_OF_WAN
        case "random":
            moved = choose.randint(1, max(cents, 2)) * choose.choice((-1, 1))
            return amount + moved * CENT_OF_WAN
        case "cent":
            return amount + choose.choice((-1, 1)) * CENT_OF_WAN
        case "sign":
            return -amount
        case "point":
            return amount * 10 if choose.random() < 0.5 else cents // 10 * CENT_OF_WAN
        case "swapped":
            digits = list(str(cents))
            places = [k for k in range(len(digits) - 1) if digits[k] != digits[k + 1]]
            if not places:
                return None
            k = choose.choice(places)
            digits[k], digits[k + 1] = digits[k + 1], digits[k]
            return int("".join(digits)) * CENT_OF_WAN
        case _:  # copied
            others = [value for (no, row, _), value in figures.items() if no == cell[0] and row == cell[1]]
            return choose.choice(others)


def changes(
    figures: Mapping[Key, int],
    count: int,
    choose: random.Random,
    forms: Sequence[int] = ALL_FORMS,
    kinds: Sequence[str] = KINDS,
) -> dict[Key, tuple[str, int]]:
    """Random cells to change, with the kind of error and the new figure (分)."""
    printed = sorted(key for key in figures if key[0] in forms and FORMS[key[0]].sheet is None)
    rows = {(no, row) for no, row, _ in printed if not FORMS[no].lists}
    blank = sorted(
        (no, row, column.id)
        for no, row in rows
        for column in FORMS[no].money_columns
        if (no, row, column.id) not in figures and not column.optional
    )
    found: dict[Key, tuple[str, int]] = {}
    while len(found) < count and printed:
        kind = choose.choice(kinds)
        cell = choose.choice(blank if kind == "filled" and blank else printed)
        figure = changed_figure(kind, cell, figures, choose)
        if figure is not None and figure != figures.get(cell, 0) and cell not in found:
            found[cell] = (kind, figure)
    return found


def change_sample(sample: Path) -> None:
    """Blank each figure of the sample in turn, or change its sign. Print how many are named alone, and the others."""
    lines = sample.read_text(encoding="utf-8").split("\n")
    original = filed("\n".join(lines))
    for kind in ("blank", "sign"):
        exact = count = 0
        for form in gather(original).all_forms():
            for (row, column), cell in form.cells.items():
                if not cell.amount:
                    continue
                printed = lines[cell.source_row - 1].split("\t")
                printed[cell.column_no - 1] = "" if kind == "blank" else f"-{cell.text}"
                changed = [*lines[: cell.source_row - 1], "\t".join(printed), *lines[cell.source_row :]]
                disclosure = filed("\n".join(changed))
                found = deviations(gather(disclosure).all_forms(), make_ledger(disclosure))
                amount = to_fen(cell.amount)
                report_no = form.form.report_no or 0
                expected = {(report_no, fold(row), column): (0 if kind == "blank" else -amount, amount)}
                count += 1
                exact += found == expected
                if found != expected:
                    print(f"  {kind} {report_no} {row} {column}: {len(found)} cells differ")
        print(f"{kind}: {exact} of {count} figures of the sample are named alone with the true one")


def wrong_as_a_whole(documents: int, first: int) -> None:
    """Print how often a form that is wrong as a whole is named correctly and alone."""
    kinds: dict[str, tuple[str, Callable[[Budget, int], dict[Key, int]]]] = {
        "in 元": ("scaled_form", lambda budget, form: multiplied(budget, form, 10_000)),
        "ten times": ("scaled_form", lambda budget, form: multiplied(budget, form, 10)),
        "last year's": ("foreign_form", of_last_year),
    }
    print("form          named   alone   ms median    max")
    for kind, (finding, change) in kinds.items():
        named = alone = 0
        times = []
        for seed in range(first, first + documents):
            budget = random_budget(seed)
            counts = Counter(no for no, _, _ in published(budget) if FORMS[no].sheet is None and no not in _ALONE)
            form = random.Random(f"{kind} {seed}").choice([no for no in sorted(counts) if counts[no] >= _FIGURES])
            disclosure = filed(render(budget, changes=change(budget, form)))
            ledger, ms = _timed(disclosure)
            times.append(ms)
            named += (finding, form) in {(found.kind, found.report_no) for found in ledger.findings}
            alone += {no for no, _, _ in deviations(gather(disclosure).all_forms(), ledger)} == {form}
        rates = f"{named / documents:6.1%}  {alone / documents:6.1%}"
        print(f"{kind:12} {rates}   {sorted(times)[documents // 2]:9.1f} {max(times):6.1f}")


def rounded_cell_by_cell(documents: int, first: int) -> None:
    """Print how many rounded documents are recognised, and in how many a cell differs all the same: every cell rounded
    from exact sums, and the same beside forms that add up rounded amounts."""
    for name in ("every cell rounded", "some forms summed"):
        known = accused = 0
        for seed in range(first, first + documents):
            chance = random.Random(seed)
            summed = ALL_FORMS[:21] if name == "some forms summed" else ()
            mess = Mess(summed=tuple(no for no in summed if chance.random() < 0.5))
            disclosure = filed(render(budget_of(replace(random_shape(seed), step=1 if summed else 100)), mess=mess))
            ledger, _ = _timed(disclosure)
            known += ledger.is_rounded
            accused += bool(differences(gather(disclosure), ledger))
        print(f"{name}: {known} of {documents} are known as such, a cell differs in {accused}")


def printed_in_whole_wan_yuan(documents: int, first: int, is_blank: bool) -> None:
    """Print how many documents have a cell that differs if one form prints whole 万元, each form in turn.

    Money that rounds to 0 is printed as 0, or with ``is_blank`` as a blank cell.
    """
    accused: Counter[int] = Counter()
    times = []
    for seed in range(first, first + documents):
        budget = random_budget(seed)
        for form in sorted({no for no, _, _ in published(budget)}):
            away = rounded_to_nothing(budget, form) if is_blank else {}
            disclosure = filed(render(budget, mess=Mess(whole=(form,)), changes=away))
            ledger, ms = _timed(disclosure)
            times.append(ms)
            accused[form] += bool(differences(gather(disclosure), ledger))
    times.sort()
    noughts = "nothing" if is_blank else "0"
    print(f"one form in whole 万元, {noughts} for what is rounded away:")
    print(f"{accused.total()} of {len(times)} documents have a cell that differs")
    print(f"forms: {dict(+accused)}, ms median {times[len(times) // 2]:.1f}, max {times[-1]:.1f}")


def rounded_to_columns(documents: int, first: int, wrong_counts: Sequence[int]) -> None:
    """Print how many documents are exact in which some figures of up to four forms are rounded to whole 元.

    Only the figures that were made wrong in the other forms may differ then.
    """
    for count in wrong_counts:
        known = exact = accused = 0
        for seed in range(first, first + documents):
            choose = random.Random(f"narrow {seed} {count}")
            budget = budget_of(replace(random_shape(seed), step=choose.choice((1, 25))))
            figures = published(budget)
            forms = [no for no in ALL_FORMS if FORMS[no].sheet is None and no in {key[0] for key in figures}]
            narrow = tuple(choose.sample(forms, choose.randint(1, 4)))
            wrong = changes(figures, count, choose, [no for no in forms if no not in narrow])
            mess = Mess(yuan=_IN_YUAN, narrow_columns=narrow)
            disclosure = filed(
                render(budget, mess=mess, forms=_IN_YUAN, changes={key: amount for key, (_, amount) in wrong.items()})
            )
            ledger, _ = _timed(disclosure)
            found = {
                (one.form.form.report_no, fold(one.key[0]), one.key[1])
                for one in differences(gather(disclosure), ledger)
            }
            expected = {(no, fold(row), column) for no, row, column in wrong}
            known += bool(ledger.coarse_forms)
            exact += found == expected
            accused += len(found - expected)
        rates = f"{exact} of {documents} exact, {known} recognised, {accused} innocents accused"
        print(f"figures rounded to whole 元, {count} wrong: {rates}")


def _timed(disclosure: FiledDisclosure) -> tuple[Ledger, float]:
    """The ledger, and the processor time to make it in ms."""
    start = time.process_time()
    ledger = make_ledger(disclosure)
    return ledger, (time.process_time() - start) * 1000


def main() -> None:
    """Make documents, judge the ledgers, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--wrong", type=int, nargs="+", default=[0, 1, 2, 5])
    parser.add_argument("--first", type=int, default=0, help="the seed of the first document")
    parser.add_argument("--leave-out", action="store_true", help="leave out forms at random")
    parser.add_argument("--show", action="store_true", help="print every document that is not exact")
    parser.add_argument("--sample", action="store_true", help="blank every figure of the sample, and turn its sign")
    parser.add_argument("--whole", action="store_true", help="forms that are wrong as a whole")
    parser.add_argument("--rounded", action="store_true", help="rounded separately, and beside rounded sums")
    parser.add_argument("--kinds", nargs="+", choices=sorted(set(KINDS)), default=KINDS, help="kinds of errors")
    parser.add_argument("--coarse", action="store_true", help="one form in whole 万元, each in turn")
    parser.add_argument("--narrow", action="store_true", help="some figures rounded to whole 元")
    options = parser.parse_args()
    import highspy  # noqa: F401  (the first program pays for it)

    spare_the_collector()  # as every process of a load does

    if options.whole:
        wrong_as_a_whole(options.documents, options.first)
        return
    if options.rounded:
        rounded_cell_by_cell(options.documents, options.first)
        return
    if options.narrow:
        rounded_to_columns(options.documents, options.first, options.wrong)
        return
    if options.coarse:
        for is_blank in (False, True):
            printed_in_whole_wan_yuan(options.documents, options.first, is_blank)
        return
    if options.sample:
        change_sample(SAMPLE)
        return
    print("wrong  exact  named  innocents  documents with innocents   ms median   p99    max")
    for count in options.wrong:
        exact = accused = beside = named = 0
        times: list[float] = []
        by_kind: Counter[str] = Counter()
        for seed in range(options.first, options.first + options.documents):
            choose = random.Random(f"wrong {seed} {count}")
            budget = random_budget(seed)
            forms = tuple(no for no in ALL_FORMS if not options.leave_out or choose.random() < 0.7)
            figures = {key: amount for key, amount in published(budget).items() if key[0] in forms}
            wrong = changes(figures, count, choose, forms, options.kinds)
            disclosure = filed(render(budget, forms=forms, changes={key: amount for key, (_, amount) in wrong.items()}))
            ledger, ms = _timed(disclosure)
            times.append(ms)
            found = deviations(gather(disclosure).all_forms(), ledger)
            expected = {
                (no, fold(row), column): (amount, figures.get((no, row, column), 0))
                for (no, row, column), (_, amount) in wrong.items()
            }
            innocents = found.keys() - expected.keys()
            exact += found == expected
            named += len(found.keys() & expected.keys())
            accused += len(innocents)
            beside += bool(innocents)
            if found != expected:
                by_kind.update({kind for kind, _ in wrong.values()})
                if options.show:
                    print(
                        f"  seed {seed}: {wrong}\n    missed {expected.keys() - found.keys()}\n    accused "
                        + str({key: found[key] for key in innocents}),
                        times[-1],
                    )
        times.sort()
        total = options.documents
        print(
            f"{count:5}  {exact / total:6.1%} {named:5}  {accused:6} {beside:18}        "
            f"{times[total // 2]:8.1f} {times[int(total * 0.99)]:8.1f} {times[-1]:8.1f}   not exact: {dict(by_kind)}"
        )


if __name__ == "__main__":
    main()
