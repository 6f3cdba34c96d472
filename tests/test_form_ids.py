"""The ids and numbers of forms mean nothing: a copy of the set with other ones gives the same ledger and comparison."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.conftest import url_of

ROOT = Path(__file__).parent.parent

# Runs in a process of its own, before any module of the loader has read the set.
PERMUTED = """
import json
import sys
from dataclasses import replace

import schema.forms
from schema.forms.hunan_budget import HUNAN_BUDGET

numbers = [form.report_no for form in HUNAN_BUDGET.forms]
numbers = numbers[7:] + numbers[:7]
turned = HUNAN_BUDGET.forms[7:] + HUNAN_BUDGET.forms[:7]
new_id = {form.form_id: f"x{number:02d}y" for number, form in enumerate(turned, start=1)}
permuted = replace(
    HUNAN_BUDGET,
    forms=tuple(
        replace(form, form_id=new_id[form.form_id], report_no=number)
        for form, number in zip(HUNAN_BUDGET.forms, numbers, strict=True)
    ),
    finest_first=tuple(new_id[form_id] for form_id in HUNAN_BUDGET.finest_first),
)
schema.forms.SETS, schema.forms.KEPT_SETS = (permuted,), ()
for index in (schema.forms.FORMS, schema.forms.KEPT_FORMS, schema.forms._SET_OF, schema.forms._BY_NUMBER):
    index.clear()
schema.forms.FORMS |= {form.form_id: form for form in permuted.forms}
schema.forms._SET_OF |= {form.form_id: permuted for form in permuted.forms}

import psycopg
from loader.loading.load import load_content
from loader.loading.options import Options
from schema import reference_data
from schema.migrate import engine_for

url, path = sys.argv[1:]
with engine_for(url).begin() as connection:
    reference_data.write(connection)
with psycopg.connect(url, autocommit=True) as connection:
    result = load_content(connection, open(path, "rb").read(), "sample.txt", Options())
    assert result.error is None, result.error
print(json.dumps({new: old for old, new in new_id.items()}))
"""

LEDGER = (
    "select statement, unit_code, fund_code, nature, functional_code, department_economic_code,"
    " government_economic_code, item_code, project_id, amount, basis, allocated, source_form_no, source_row_no,"
    " source_column_no from budget.amount order by line_no"
)
COMPARISON = (
    "select form_id, row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status,"
    " support, filed_text, rebuilt_text from report.comparison"
)


def test_forms_with_other_ids_and_numbers_give_the_same(
    loaded: psycopg.Connection, database: psycopg.Connection, sample: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PERMUTED, url_of(database), str(sample)]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    old_id = json.loads(answer.stdout)
    assert database.execute(LEDGER.encode()).fetchall() == loaded.execute(LEDGER.encode()).fetchall()
    permuted = {(old_id[form_id], *cell) for form_id, *cell in database.execute(COMPARISON.encode()).fetchall()}
    assert permuted == set(loaded.execute(COMPARISON.encode()).fetchall())
