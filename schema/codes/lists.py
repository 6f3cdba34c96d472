"""The code lists of ``codes/*.csv`` as the loader asks for them.

They are facts of the project, not of a warehouse; :mod:`schema.reference_data` writes them into one.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

HIERARCHICAL = ("functional", "department_economic", "government_economic", "revenue")
FLAT = ("fund", "item", "nature")


def read_codes(name: str) -> list[dict[str, str]]:
    """The rows of ``codes/<name>.csv``."""
    text = files("schema").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    heads, *rows = csv.reader(text.splitlines())
    return [dict(zip(heads, row, strict=True)) for row in rows]


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
