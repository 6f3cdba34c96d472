"""Wrong figures in documents of other sets of forms: final accounts, and budgets of Shanghai, Jiangsu and in the
national layout.

python -m benchmarks.wrong_figures_of_sets [--documents 60] [--wrong 0 1 2] [--first 100] [--show]
python -m benchmarks.wrong_figures_of_sets --coarse [--documents 60] [--first 100]

Like :mod:`benchmarks.wrong_figures` for the 23 forms of Hunan, but no blank cells are filled. In these sets many
figures stand in one form only (机关运行经费, 政府采购, money carried over). There, a wrong figure and the total above
it are equally good explanations. A document is exact only if the changed cell is named. --coarse: each form in turn
prints whole 万元, and nothing is wrong.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.wrong_figures import KINDS, changed_figure
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.disagreement.differences import differences
from loader.documents.readers import read
from loader.documents.wording import fold
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledDisclosure
from loader.ledger.draft import make_ledger
from loader.ledger.evidence.evidence import FEN, gather, to_fen
from loader.loading.bulk import spare_the_collector
from loader.loading.options import DIVISION
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic import workbooks
from synthetic.deviations import differing
from synthetic.set_documents import Style, amounts_of, document
from synthetic.workbooks import Sheet

Cell = tuple[str, str, str]  # form_id, row, column


@dataclass(frozen=True)
class Place:
    """The place of a figure in a workbook (both from 0), and the figure in 分."""

    sheet: str
    row: int
    column: int
    amount: int


def filed(sheets: Sequence[Sheet]) -> FiledDisclosure:
    """The only disclosure of a workbook, as filed."""
    (disclosure,) = file_disclosures(read(workbooks.xlsx(list(sheets)), "disclosure.xlsx"), DIVISION)
    return disclosure


def places_of(disclosure: FiledDisclosure) -> dict[Cell, Place]:
    """Every figure of a workbook that the ledger must reproduce."""
    sheets = {form.form_id: form.place.partition(":")[0] for form in disclosure.forms}
    return {
        (form.form.form_id, fold(row), column): Place(
            sheets[form.form.form_id], cell.source_row - 1, cell.column_no - 1, to_fen(cell.amount)
        )
        for form in gather(disclosure).all_forms()
        for (row, column), cell in form.cells.items()
        if cell.amount
    }


def with_figures(sheets: Sequence[Sheet], places: Mapping[Cell, Place], figures: Mapping[Cell, int]) -> list[Sheet]:
    """The sheets with other figures (分) in some cells. 0 makes a cell blank."""
    texts: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for cell, amount in figures.items():
        place = places[cell]
        texts[place.sheet][place.row, place.column] = f"{amount / FEN:.2f}" if amount else ""
    return [
        replace(
            sheet,
            cells=tuple(
                replace(cell, text=texts[sheet.name][cell.row, cell.column], number=None)
                if (cell.row, cell.column) in texts[sheet.name]
                else cell
                for cell in sheet.cells
            ),
        )
        for sheet in sheets
    ]


def _changes(places: Mapping[Cell, Place], count: int, choose: random.Random) -> dict[Cell, tuple[str, int]]:
    """Random cells to change, with the kind of error and the new figure (分)."""
    figures = {cell: place.amount for cell, place in places.items()}
    found: dict[Cell, tuple[str, int]] = {}
    while len(found) < count:
        kind = choose.choice([kind for kind in KINDS if kind != "filled"])
        cell = choose.choice(sorted(figures))
        figure = changed_figure(kind, cell, figures, choose)
        if figure is not None and figure != figures[cell] and cell not in found:
            found[cell] = (kind, figure)
    return found


def judge(entry: TemplateSet, documents: int, first: int, count: int, show: bool) -> None:
    """Print how many documents with ``count`` wrong figures are named exactly."""
    exact = named = accused = 0
    times: list[float] = []
    by_kind: Counter[str] = Counter()
    for seed in range(first, first + documents):
        choose = random.Random(f"{entry.id} {seed} {count}")
        sheets = document(entry, amounts_of(entry, seed))
        places = places_of(filed(sheets))
        wrong = _changes(places, count, choose)
        disclosure = filed(with_figures(sheets, places, {cell: amount for cell, (_, amount) in wrong.items()}))
        start = time.process_time()
        ledger = make_ledger(disclosure)
        times.append((time.process_time() - start) * 1000)
        found = differing(gather(disclosure).all_forms(), ledger)
        expected = {cell: (amount, places[cell].amount) for cell, (_, amount) in wrong.items()}
        exact += found == expected
        named += len(found.keys() & expected.keys())
        accused += len(found.keys() - expected.keys())
        if found != expected:
            by_kind.update({kind for kind, _ in wrong.values()})
            if show:
                print(f"  seed {seed}: {wrong}\n    differ: {found}")
    times.sort()
    print(
        f"{entry.id:15} {count:5}  {exact / documents:6.1%} {named:5}  {accused:6}   {times[documents // 2]:8.1f}"
        f" {times[-1]:8.1f}   not exact: {dict(by_kind)}"
    )


def printed_in_whole_wan_yuan(entry: TemplateSet, documents: int, first: int) -> None:
    """Print how many documents have a cell that differs if one form prints whole 万元, each form in turn."""
    accused: Counter[str] = Counter()
    total = 0
    for seed in range(first, first + documents):
        amounts = amounts_of(entry, seed)
        sheets, whole = (document(entry, amounts, Style(decimals=decimals)) for decimals in (2, 0))
        for number in range(1, len(sheets)):
            disclosure = filed([*sheets[:number], whole[number], *sheets[number + 1 :]])
            total += 1
            accused[sheets[number].name] += bool(differences(gather(disclosure), diagnosed_ledger(disclosure)))
    print(f"{entry.id:15} one form in whole 万元: {accused.total()} of {total} documents have a cell that differs")
    print(f"forms: {dict(+accused)}")


def main() -> None:
    """Make documents, judge the ledgers, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--wrong", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--first", type=int, default=100, help="the seed of the first document")
    parser.add_argument("--show", action="store_true", help="print every document that is not exact")
    parser.add_argument("--coarse", action="store_true", help="one form in whole 万元, each in turn")
    options = parser.parse_args()
    import highspy  # noqa: F401  (the first program pays for it)

    spare_the_collector()  # as every process of a load does

    sets = (FINAL_ACCOUNTS, SHANGHAI_BUDGET, JIANGSU_BUDGET, NATIONAL_BUDGET)
    if options.coarse:
        for entry in sets:
            printed_in_whole_wan_yuan(entry, options.documents, options.first)
        return
    print("set             wrong   exact named  innocents  ms median   max")
    for entry in sets:
        for count in options.wrong:
            judge(entry, options.documents, options.first, count, options.show)


if __name__ == "__main__":
    main()
