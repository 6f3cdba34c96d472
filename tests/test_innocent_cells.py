"""Right documents, and right cells beside a wrong one, that look wrong: none of them is accused for certain."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from benchmarks.wrong_figures_of_sets import Cell, filed, places_of, with_figures
from loader.diagnosis.diagnose import diagnosed_ledger
from loader.filing.filed import FiledDisclosure, Finding
from schema.codes.finding_kinds import finding_kinds
from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import TemplateSet
from synthetic.budgets import CENT_OF_WAN
from synthetic.set_documents import amounts_of, document


def errors(disclosure: FiledDisclosure) -> list[Finding]:
    ledger = diagnosed_ledger(disclosure)
    found = (*disclosure.findings, *ledger.findings)
    return [finding for finding in found if finding_kinds()[finding.kind].severity == "error"]


def errors_with(entry: TemplateSet, seed: int, cell: Cell, figure: int | None) -> list[Finding]:
    """The errors of the account of a seed with another figure (分) in one cell, None to turn its sign."""
    sheets = document(entry, amounts_of(entry, seed))
    places = places_of(filed(sheets))
    return errors(filed(with_figures(sheets, places, {cell: -places[cell].amount if figure is None else figure})))


# basic spending of 财政拨款 is more than that of 一般公共预算, and the form of the other funds is not filed
@pytest.mark.parametrize(
    ("seed", "forms"),
    [
        (992009, ("f03", "f05x", "f06x", "f06y", "f07", "f07x", "f07y", "f11")),
        (992138, ("f02", "f03", "f05", "f06", "f06x", "f06y", "f07", "f07x", "f07y", "f10")),
        (992009, ("f02", "f03", "f05x", "f06", "f06x", "f07", "f09")),
        # and the form of one other fund is
        (61134, ("f03", "f05x", "f06", "f06x", "f07", "f08", "f09")),
    ],
)
def test_funds_without_their_own_form_may_pay_what_a_form_of_several_funds_shows(
    seed: int, forms: Collection[str]
) -> None:
    assert errors(filed(document(FINAL_ACCOUNTS, amounts_of(FINAL_ACCOUNTS, seed), forms=forms))) == []


@pytest.mark.parametrize(
    ("entry", "seed", "cell", "figure", "kind"),
    [
        # the sums above are two, the figure is one
        (JIANGSU_BUDGET, 991005, ("js08", "30113", "total"), 42110000, "wrong_figure"),
        (JIANGSU_BUDGET, 991014, ("js08", "30103", "total"), 89420000, "digits_swapped"),
        (NATIONAL_BUDGET, 991027, ("nb10", "31013", "total"), 83440000, "cent_off"),
        # its row and the total exchanged would explain as much
        (NATIONAL_BUDGET, 991012, ("nb11", "A", "total"), None, "sign_turned"),
        # another row left out would
        (FINAL_ACCOUNTS, 991055, ("f10", "30209", "total"), 0, "figure_blank"),
        (FINAL_ACCOUNTS, 991131, ("f10", "31099", "total"), 0, "figure_blank"),
        (FINAL_ACCOUNTS, 991213, ("f05", "2010302", "closing"), 0, "figure_blank"),
        (FINAL_ACCOUNTS, 52035, ("f10", "30228", "total"), None, "sign_turned"),
        # a sum that leaves out its only part would
        (JIANGSU_BUDGET, 52033, ("js09", "total", "total"), 0, "figure_blank"),
        # all rows beneath would be wrong
        (NATIONAL_BUDGET, 991267, ("nb02", "total", "opening_general"), 0, "figure_blank"),
    ],
)
def test_one_wrong_figure_is_named_alone(
    entry: TemplateSet, seed: int, cell: Cell, figure: int | None, kind: str
) -> None:
    assert [(found.kind, found.form_id) for found in errors_with(entry, seed, cell, figure)] == [(kind, cell[0])]


def test_a_total_and_its_only_part_may_both_be_wrong() -> None:
    [found] = errors_with(JIANGSU_BUDGET, 991055, ("js09", "total", "reception"), 200000)
    assert (found.kind, found.values["count"]) == ("several_explanations", 2)


def test_cents_make_no_form_one_of_another_year() -> None:
    sheets = document(SHANGHAI_BUDGET, amounts_of(SHANGHAI_BUDGET, 53018))
    places = places_of(filed(sheets))
    cells = [("sh02", "total", "total"), ("sh01", "31", "revenue")]
    wrong = {cell: places[cell].amount - CENT_OF_WAN for cell in cells}
    found = errors(filed(with_figures(sheets, places, wrong)))
    assert {(one.kind, one.form_id) for one in found} == {("cent_off", "sh01"), ("cent_off", "sh02")}
