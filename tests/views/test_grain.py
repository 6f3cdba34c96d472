"""Every view has a key that no row shares, and keeps places and years apart."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from loader.ledger.evidence.projection import Coordinates
from schema import views
from schema.dictionary import Dictionary
from schema.forms import FORMS, SETS
from schema.forms.template import Form
from schema.report_columns import (
    chinese_name,
)
from synthetic import selections
from tests.views.conftest import Contents, rows

DESCRIBED = Dictionary.load()
KEYS = {name: entry.keys for name, entry in DESCRIBED.relations.items() if entry.keys}
GENERATED = {f"report.{form_id}" for form_id in FORMS} | {f"report_zh.{chinese_name(form)}" for form in FORMS.values()}
GENERATED |= {f"district.{form_id}" for form_id, form in FORMS.items() if form.has_table}


def test_every_view_has_a_grain() -> None:
    assert {view.qualified for view in views.managed_views()} == KEYS.keys() | GENERATED
    for form in FORMS.values():
        assert DESCRIBED.relation("report", form.form_id).keys == "disclosure_id, row_no"


def repeated(connection: psycopg.Connection, view: str) -> list[dict[str, Any]]:
    """Keys that stand in a view more than once."""
    return rows(connection, f"select {KEYS[view]} from {view} group by {KEYS[view]} having count(*) > 1")


@pytest.mark.parametrize("view", sorted(KEYS))
def test_the_grain_of_a_view_is_unique(warehouse: psycopg.Connection, view: str) -> None:
    assert repeated(warehouse, view) == []


def test_the_grain_of_views_is_unique_in_a_real_disclosure(loaded: psycopg.Connection) -> None:
    assert {view: found for view in sorted(KEYS) if (found := repeated(loaded, view))} == {}


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_the_rows_of_a_report_are_numbered_and_keyed(contents: Contents, form: Form) -> None:
    found = contents(f"report.{form.form_id}")
    assert len({(row["disclosure_id"], row["row_no"]) for row in found}) == len(found)
    assert found
    if form.sheet is None:
        assert len({(row["disclosure_id"], row["row_key"]) for row in found}) == len(found)


# without a place, nothing but other views, or with the year before beside each
PLACELESS: tuple[str, ...] = ("mart.dim_economic", "mart.dim_function", "mart.dim_fund", "meta.dictionary")
PLACELESS += ("report.counted_line", "internal.rebuilt_cell", "mart.unit_year", "mart.change")
OTHER_PLACES = (("430203", selections.YEAR), (selections.DIVISION, selections.YEAR - 1))


def test_other_places_and_years_change_nothing(
    warehouse: psycopg.Connection, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    """The same codes elsewhere are other units, projects and goals."""
    entry = SETS[0]
    others = dict(list(lines[entry.id].items())[::10])
    placed = [view for view in KEYS if view not in PLACELESS and not view.startswith("mart_zh.")]

    def placed_contents() -> dict[str, Counter[str]]:
        query = "select * from {} where division_code = '430202' and fiscal_year = 2024"
        return {view: Counter(map(str, rows(warehouse, query.format(view)))) for view in placed}

    with warehouse.transaction(force_rollback=True):
        before = placed_contents()
        for place in OTHER_PLACES:
            selections.write(warehouse, entry, others, place, unit_name="别处")
        after = placed_contents()
    assert {view: after[view] - before[view] for view in placed if after[view] - before[view]} == {}
    assert {view: before[view] - after[view] for view in placed if before[view] - after[view]} == {}
