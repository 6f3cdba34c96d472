"""How Postgres goes about a question to a view."""

from __future__ import annotations

import psycopg
import pytest

from tests.views.conftest import rows


@pytest.mark.parametrize("view", ["report.ocr_review", "report.prior_figure"])
def test_a_view_of_few_cells_does_not_read_all(loaded: psycopg.Connection, view: str) -> None:
    loaded.execute("analyze filed.cell")
    plan = str(rows(loaded, f"explain select * from {view} where fiscal_year = 2024"))
    assert "cell_2024_disclosure_id_idx" in plan  # what Postgres calls the indexes of few cells within a year
