"""Random filed tables of a few districts, written directly into the warehouse.

They are not consistent budgets. They give every branch of the views that compare documents some cases: departments and
their units, several current revisions, stages, years, divisions, successions, other spellings.
"""

from __future__ import annotations

import datetime
import random
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg

DIVISIONS = ("430202", "430203")
YEARS = (2023, 2024)
CODES = ("105", "105001", "105002", "105003", "106", "106001")
PROJECTS = ("道路（一期）", "道路(一期)", "会议")
FORMS: dict[str, tuple[str, ...]] = {  # form → columns; some are only sums
    "r01": (),
    "r02": ("total", "unit_funds_total", "institution_income", "opening"),
    "r03": ("total", "basic", "project"),
    "r07": ("total", "basic_total", "basic_wages"),
    "r08": ("total", "staff"),
    "r15": ("total", "abroad"),
    "r21": ("total", "general_total", "general_funds"),
    "r22": (),
}
STATEMENTS = ("expenditure", "revenue", "carry_over", "three_public", "special_fund")
BY_FUNCTION, BY_PROJECT, WITHOUT_UNITS = ("r03", "r07"), ("r21",), ("r08",)
_AMOUNTS = ("1.00", "1.00", "1.01", "1.40", "2.00")


@dataclass(frozen=True)
class Cell:
    """A filed figure. ``amount`` (万元) is None if the cell has other content."""

    form_no: int
    form_id: str
    row_key: str | None
    row_label: str
    column_key: str | None
    column_label: str
    text: str
    amount: Decimal | None
    half_place: Decimal


@dataclass
class Filing:
    """A disclosure with its forms, cells, names of units and ledger. ``forms``: number → form_id."""

    division: str
    year: int
    code: str
    stage: str
    revision: int
    is_current: bool
    cell_count: int
    content_hash: str
    published_on: datetime.date | None = None
    supersede_rank: int = 0
    is_withdrawn: bool = False
    forms: dict[int, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    money: list[tuple[str, str, bool]] = field(default_factory=list)  # unit, statement, whether it is only rounding
    id: int = 0


@dataclass
class Filings:
    """All filings, with names of units and successions.

    ``units``: (division, year, code) → name. ``successions``: division, year, old code, new code.
    """

    filings: list[Filing]
    units: dict[tuple[str, int, str], str]
    successions: list[tuple[str, int, str, str]]


def random_filings(seed: int, divisions: tuple[str, ...] = DIVISIONS) -> Filings:
    """Random filings. The same seed gives the same ones."""
    chance = random.Random(seed)
    filings: list[Filing] = []
    units: dict[tuple[str, int, str], str] = {}
    for division in divisions:
        for year in YEARS:
            codes = [code for code in CODES if chance.random() < 0.8]
            units |= {(division, year, code): f"单位{code}" for code in CODES if chance.random() < 0.8}
            units |= {(division, year, code): f"单位{code}" for code in codes}
            for code in codes:
                for stage in ("budget", "final") if chance.random() < 0.3 else (chance.choice(("budget", "final")),):
                    for revision in range(1, chance.choice((2, 3, 5))):
                        filings.append(_filing(chance, units, division, year, code, stage, revision))
    known = sorted({(division, code) for division, _, code in units})
    successions = [
        (division, year, code, new)
        for division, code in known
        for year in (YEARS[1], YEARS[1] + 1)
        if chance.random() < 0.6
        for new in chance.sample([other for other in CODES if other != code], chance.choice((1, 2)))
    ]
    return Filings(filings, units, successions)


def _filing(
    chance: random.Random,
    units: dict[tuple[str, int, str], str],
    division: str,
    year: int,
    code: str,
    stage: str,
    revision: int,
) -> Filing:
    filing = Filing(
        division, year, code, stage, revision, chance.random() < 0.7, chance.choice((5, 9)), str(chance.random())
    )
    day = chance.choice((None, 1, 1, 2))
    filing.published_on = datetime.date(year, 3, day) if day else None
    filing.supersede_rank = chance.choice((0, 0, 1))
    filing.is_withdrawn = not filing.is_current and chance.random() < 0.5
    inside = [unit for unit in CODES if unit.startswith(code)]
    for unit in inside + ([code[:3]] if len(code) > 3 else []):
        if unit == code or (chance.random() < 0.8 and (division, year, unit) in units):
            name = chance.choice((f"单位{unit}", f"旧名{unit}", unit))
            filing.names[unit] = name
    filing.money = [
        (unit, statement, chance.random() < 0.3)
        for unit in (*inside, code[:3])
        for statement in STATEMENTS
        for _ in range(chance.choice((0, 1, 2)))
    ]
    chosen = [form_id for form_id in FORMS if chance.random() < 0.8]
    if chosen and chance.random() < 0.3:
        chosen.append(chance.choice(chosen))  # a form that occurs twice
    filing.forms = dict(enumerate(chosen, start=1))
    for form_no, form_id in filing.forms.items():
        half = Decimal(chance.choice(("0.005", "0.5")))
        for row_key in _rows(chance, form_id, inside):
            for column in FORMS[form_id]:
                if chance.random() < 0.8:
                    amount = Decimal(chance.choice(_AMOUNTS)) if chance.random() < 0.9 else None
                    text = str(amount) if amount is not None else chance.choice(("无", "无 ", ""))
                    label = f"{column}{chance.choice('甲乙')}"
                    filing.cells.append(
                        Cell(form_no, form_id, row_key, f"行{chance.choice('甲乙')}", column, label, text, amount, half)
                    )
        heading = chance.choice(("单位", "单 位", "科目", "单位名称"))
        filing.cells.append(Cell(form_no, form_id, None, "表头", None, "表头", heading, None, half))
    return filing


def _rows(chance: random.Random, form_id: str, units: list[str]) -> list[str]:
    rows = ["total"]
    if form_id in WITHOUT_UNITS:
        rows += ["301", "30101"]
    elif form_id in BY_PROJECT:
        rows += [f"{unit}/{project}" for unit in units for project in PROJECTS] + units
    elif form_id in BY_FUNCTION:
        rows += units + [f"{unit}/{code}" for unit in units for code in ("201", "2010101")]
    else:
        rows += units
    return [row for row in rows if chance.random() < 0.8]


def same_row(row_key: str) -> str:
    """A row key in one width, so that the keys of two documents can be compared."""
    return unicodedata.normalize("NFKC", row_key)


# ---------------------------------------------------------------------------- into the warehouse


def write(connection: psycopg.Connection, found: Filings) -> None:
    """Store the filings and note their ids."""
    for division in sorted({division for division, _, _ in found.units}):
        connection.execute("insert into budget.division values (%s, '某区') on conflict do nothing", (division,))
    for year in YEARS:
        connection.execute("select meta.ensure_year(%s)", (year,))
    for (division, year, code), name in found.units.items():
        connection.execute(
            "insert into budget.unit (division_code, unit_code, fiscal_year, unit_name, department_code, is_department)"
            " values (%s, %s, %s, %s, %s, %s)",
            (division, code, year, name, code[:3], len(code) == 3),
        )
    for division, year, old, new in found.successions:
        connection.execute(
            "insert into budget.unit_succession (division_code, from_year, old_unit_code, new_unit_code, succession)"
            " values (%s, %s, %s, %s, 'split')",
            (division, year, old, new),
        )
    for filing in found.filings:
        _write(connection, filing)


def _write(connection: psycopg.Connection, filing: Filing) -> None:
    row = connection.execute(
        "with document as (insert into budget.document (division_code, content_hash, file_name, file_format, byte_size)"
        " values (%(division)s, %(hash)s, 'filing', 'text', 0) returning document_id)"
        " insert into budget.disclosure (division_code, fiscal_year, reporting_unit_code, reporting_unit_name, stage,"
        " revision, is_current, document_id, content_hash, form_count, cell_count,"
        " published_on, supersede_rank, withdrawn_at)"
        " select %(division)s, %(year)s, %(code)s, '甲', %(stage)s, %(revision)s, %(current)s, document_id, %(hash)s,"
        " %(forms)s, %(cells)s, %(published)s, %(rank)s, case when %(withdrawn)s then now() end"
        " from document returning disclosure_id",
        {
            "division": filing.division,
            "hash": filing.content_hash,
            "year": filing.year,
            "code": filing.code,
            "stage": filing.stage,
            "revision": filing.revision,
            "current": filing.is_current,
            "forms": len(filing.forms),
            "cells": filing.cell_count,
            "published": filing.published_on,
            "rank": filing.supersede_rank,
            "withdrawn": filing.is_withdrawn,
        },
    ).fetchone()
    assert row is not None
    filing.id = row[0]
    key = (filing.division, filing.year, filing.id)
    for unit, name in filing.names.items():
        connection.execute(
            "insert into filed.unit (division_code, fiscal_year, disclosure_id, unit_code, unit_name, department_code)"
            " values (%s, %s, %s, %s, %s, %s)",
            (*key, unit, name, unit[:3]),
        )
    for form_no, form_id in filing.forms.items():
        connection.execute(
            "insert into filed.form (division_code, fiscal_year, disclosure_id, form_no, report_no, form_id, title,"
            " recognised_by, place, money_unit, is_empty)"
            " values (%s, %s, %s, %s, %s, %s, %s, 'title', '', '万元', false)",
            (*key, form_no, int(form_id[1:]), form_id, form_id),
        )
    with connection.cursor().copy(
        "copy filed.cell (division_code, fiscal_year, disclosure_id, form_no, row_no, column_no, source_row, row_span,"
        " column_span, cell_text, report_no, form_id, row_key, row_label, column_key, column_label, amount, half_place)"
        " from stdin"
    ) as copy:
        for number, cell in enumerate(filing.cells, start=1):
            place = (cell.form_no, number, 1, number, 1, 1, cell.text, int(cell.form_id[1:]), cell.form_id)
            meaning = (cell.row_key, cell.row_label, cell.column_key, cell.column_label, cell.amount, cell.half_place)
            copy.write_row((*key, *place, *meaning))
    with connection.cursor().copy(
        "copy budget.amount (division_code, fiscal_year, disclosure_id, line_no, unit_code, statement, amount, basis,"
        " is_rounding) from stdin"
    ) as copy:
        for line_no, (unit, statement, is_rounding) in enumerate(filing.money, start=1):
            copy.write_row((*key, line_no, unit, statement, 1, "filed", is_rounding))
