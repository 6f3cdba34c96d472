"""The contents of the reference tables: subject codes from ``codes/`` and lines and columns of the templates.

They are facts of the project, not of a warehouse, so every upgrade writes them anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from sqlalchemy import Connection, Table, delete, insert, text

from schema.forms import FORMS
from schema.forms.template import Form
from schema.tables import reference

HIERARCHICAL = ("functional", "department_economic", "government_economic", "revenue")
FLAT = ("fund", "item", "nature")


def read_codes(name: str) -> list[dict[str, str]]:
    """The rows of ``codes/<name>.csv``."""
    text = files("schema").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def subjects() -> tuple[dict[str, object], ...]:
    """Every subject of every scheme. The parent of a numeric code is its prefix of 3 or 5 digits."""
    rows: list[dict[str, object]] = []
    for scheme in (*HIERARCHICAL, *FLAT):
        for row in read_codes(scheme):
            code = row["code"]
            if scheme in HIERARCHICAL:
                level = (len(code) - 1) // 2
                parent = code[:-2] if level > 1 else None
            else:
                parent = row["parent_code"] or None
                level = len(code) if scheme == "fund" else 1
            rows.append(
                {
                    "scheme": scheme,
                    "code": code,
                    "first_year": int(row["first_year"]),
                    "last_year": int(row["last_year"]),
                    "subject_name": row["name"],
                    "parent_code": parent,
                    "level": level,
                    "source": row["source"],
                }
            )
    return tuple(rows)


@lru_cache(maxsize=100)
def subject_names(scheme: str, year: int) -> dict[str, str]:
    """Code → official name of one scheme in one year."""
    return {
        str(row["code"]): str(row["subject_name"])
        for row in subjects()
        if row["scheme"] == scheme and int(str(row["first_year"])) <= year <= int(str(row["last_year"]))
    }


@lru_cache(maxsize=1)
def subject_aliases() -> dict[str, dict[str, tuple[str, ...]]]:
    """Scheme → code → older or local names of that subject."""
    aliases: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in read_codes("alias"):
        names = aliases.setdefault(row["scheme"], {})
        names[row["code"]] = (*names.get(row["code"], ()), row["alias"])
    return aliases


@lru_cache(maxsize=1)
def crosswalk() -> dict[tuple[str, str], tuple[str, ...]]:
    """(unit kind, department-economic code) → government-economic codes, the official one first.

    The kinds are ``agency`` (行政机关) and ``institution`` (事业单位). Classes (类) cross over to the classes of
    their items.
    """
    official: dict[tuple[str, str], list[str]] = {}
    local: dict[tuple[str, str], list[str]] = {}
    for row in read_codes("economic_crosswalk"):
        kinds = ("agency", "institution") if row["unit_kind"] == "any" else (row["unit_kind"],)
        for kind in kinds:
            item, government = row["department_economic_code"], row["government_economic_code"]
            target = official if row["is_official"] == "true" else local
            target.setdefault((kind, item), []).append(government)
            classes = official.setdefault((kind, item[:3]), [])
            if government[:3] not in classes:
                classes.append(government[:3])
    for key, codes in local.items():
        official.setdefault(key, []).extend(codes)
    return {key: tuple(codes) for key, codes in official.items()}


def _layout(form: Form) -> str:
    """A word for how the rows of a form are laid out."""
    if form.sheet is not None:
        return f"{form.sheet}_sheet"
    if form.rows is None:
        return "lists"
    return {"unit": "units", "functional": "functions", "department_economic": "economic", "project": "special_funds"}[
        form.rows.by[-1]
    ]


def _rows() -> Iterator[tuple[Table, list[dict[str, object]]]]:
    yield reference.subject, list(subjects())
    yield reference.subject_alias, [dict(row) for row in read_codes("alias")]
    yield (
        reference.economic_crosswalk,
        [{**row, "is_official": row["is_official"] == "true"} for row in read_codes("economic_crosswalk")],
    )
    yield (
        reference.form_template,
        [
            {"report_no": f.report_no, "title": f.title, "short_title": f.short_title, "layout": _layout(f)}
            for f in FORMS.values()
        ],
    )
    yield (
        reference.form_line,
        [
            {
                "report_no": form.report_no,
                "list_key": line_list.id,
                "line_no": number,
                "row_key": line.id,
                "row_label": line.label,
                "row_level": line.level,
                "is_leaf": not line.parts,
                "is_optional": line.optional,
            }
            for form in FORMS.values()
            for line_list in form.lists
            for number, line in enumerate(line_list.lines, start=1)
        ],
    )
    yield (
        reference.form_column,
        [
            {
                "report_no": form.report_no,
                "column_no": number,
                "column_key": column.id,
                "column_label": column.label,
                "role": column.role.value,
                "is_leaf": not column.parts,
            }
            for form in FORMS.values()
            for number, column in enumerate(form.columns, start=1)
        ],
    )


def write(connection: Connection) -> None:
    """Write all reference rows, replacing what is there; divisions are only added, since facts refer to them."""
    for table, rows in _rows():
        connection.execute(delete(table))
        connection.execute(insert(table), rows)
    known = set(connection.execute(reference.division.select()).scalars())
    new = [
        {"division_code": row["code"], "division_name": row["name"]}
        for row in read_codes("division")
        if row["code"] not in known
    ]
    if new:
        connection.execute(insert(reference.division), new)


def analyze(connection: Connection) -> None:
    """Count what was written, outside of its transaction: Citus takes no part of one that has written before.

    Until autovacuum came by, the planner would take the tables for empty and plan queries over mart that never end.
    """
    for table, _ in _rows():
        connection.execute(text(f"analyze {table}"))
