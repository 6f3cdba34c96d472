"""Single figures that a spreadsheet rounded to whole 元: they accuse nobody, and hide no more than their rounding."""

import re
from dataclasses import replace

import pytest

from loader.diagnosis.diagnose import diagnosed_ledger
from loader.diagnosis.disagreement.differences import differences
from loader.ledger.evidence.evidence import gather
from synthetic.budgets import Budget, budget_of, random_shape
from synthetic.deviations import filed
from synthetic.rendering import ALL_FORMS, Key, Mess, published, render

IN_YUAN = ALL_FORMS[:22]
YUAN = 100  # 分
NARROW = (3, 7)


def budget() -> Budget:
    return budget_of(replace(random_shape(1339), step=1))


def document(changes: dict[Key, int] | None = None, mess: Mess | None = None) -> str:
    return render(budget(), IN_YUAN, mess or Mess(yuan=IN_YUAN, narrow_columns=NARROW), changes=changes or {})


def differing(text: str) -> dict[Key, int]:
    """The cells that differ, with what they should print (分)."""
    disclosure = filed(text)
    found = differences(gather(disclosure), diagnosed_ledger(disclosure))
    return {(one.form.form.report_no or 0, *one.key): one.proposed for one in found}


def cut_figures(text: str) -> dict[Key, int]:
    """The figures of the narrow columns that lack their cents."""
    forms = [form for form in gather(filed(text)).all_forms() if form.form.report_no in NARROW]
    return {
        (form.form.report_no or 0, *key): form.amounts[key]
        for form in forms
        for key, cell in form.cells.items()
        if cell.amount and "." not in cell.text
    }


def test_rounded_figures_accuse_nobody_and_decide_no_line() -> None:
    disclosure = filed(document())
    ledger = diagnosed_ledger(disclosure)
    assert {form.report_no for form in disclosure.forms if form.form_no in ledger.coarse_forms} == set(NARROW)
    assert not differences(gather(disclosure), ledger)
    assert not any(finding.kind in ("contradiction", "sum") for finding in (*disclosure.findings, *ledger.findings))
    exact = diagnosed_ledger(filed(document(mess=Mess(yuan=IN_YUAN))))
    assert [(line.coordinates, line.amount) for line in ledger.lines] == [
        (line.coordinates, line.amount) for line in exact.lines
    ]


def test_wrong_figures_are_named_as_their_cells_would_print_them() -> None:
    """A figure without its cents may differ by half a 元, one with its cents by nothing."""
    figures = published(budget())
    cut = cut_figures(document())
    short = next(key for key in sorted(cut) if key[0] == 3 and "/" in key[1])
    fine = next(key for key in sorted(figures) if key[0] == 7 and "/" in key[1] and key not in cut)
    changes = {short: figures[short] + 3 * YUAN, fine: figures[fine] + 1}
    assert differing(document(changes)) == {short: round(figures[short], -2), fine: figures[fine]}


@pytest.mark.parametrize("count", [1, 2])
def test_a_figure_without_its_last_digit_and_one_alone_without_its_cents_are_named(count: int) -> None:
    """896.3 for 896.28 may be a slip, however often, and so may a single 896."""
    figures = published(budget())
    leaves = [key for key in sorted(figures) if key[0] == 3 and "/" in key[1] and figures[key] % 10]
    place = YUAN if count == 1 else 10
    wrong = {key: round(figures[key] / place) * place for key in leaves[:count]}
    text = document(wrong, Mess(yuan=IN_YUAN))
    for amount in wrong.values():
        exact = f"{amount / YUAN:.2f}"
        text = text.replace(f"\t{exact}\t", "\t" + exact[: -3 if place == YUAN else -1] + "\t")
    assert differing(text) == {key: figures[key] for key in wrong}


def test_rounded_figures_of_a_document_rounded_cell_by_cell_accuse_nobody() -> None:
    in_wan_yuan = budget_of(replace(random_shape(9026), step=YUAN))
    assert not differing(render(in_wan_yuan, IN_YUAN, Mess(short_figures=True, zero="0.00")))


@pytest.mark.parametrize("digits", ["0000000", "0000000001"])
def test_digits_below_a_fen_are_no_money(digits: str) -> None:
    """A program prints the number that it stores: 12.000000000 for 12.00."""
    plain = document(mess=Mess())
    at = plain.index("支出总表\n")
    longer = plain[:at] + re.sub(r"(?<=\t)(\d+\.\d\d)(?=\t)", rf"\g<1>{digits}", plain[at:], count=3)
    amounts = [
        {(form.form_id, c.row_key, c.column_key): c.amount for form in filed(text).forms for c in form.cells}
        for text in (plain, longer)
    ]
    assert longer != plain
    assert amounts[0] == amounts[1]
    assert not differing(longer)
