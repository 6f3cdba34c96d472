"""Functions (类款项) as prose names them: 教育支出（205类）普通教育（02款）小学教育（02项）.

The printed code tells the function if the last name belongs to it; else the names do, also those of other years. A name
without its class is understood if no other function has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from loader.documents.wording import fold
from schema.codes.lists import subject_aliases, subject_names, subjects

_GROUP = r"(?P<group>[^,;。]+?)\((?P<group_code>\d\d)?款\)"
_ITEM = r"(?P<item>[^,;。]+?)\((?P<item_code>\d\d)?项\)"
_CLASS = r"(?P<class>[^,;:()、。]+)\((?P<class_code>\d{3})?类\)"
_NAMELESS = r"(?!\(\d{0,2}[款项]\))"  # 行政事业单位医疗(款)(项): which 项 is meant is not said
NAMES = rf"{_CLASS}{_NAMELESS}(?:{_GROUP}{_NAMELESS}(?:{_ITEM})?)?"
_WITHOUT_CLASS = re.compile(rf"^(?:{_GROUP})?{_ITEM}(?:支出)?$")


class Function(NamedTuple):
    """A function: its names in the list of the year (类/款/项), or as printed if the list has none like it.

    ``renamed``: codes with the printed names, where the list of the year calls them otherwise.
    """

    names: str
    renamed: tuple[tuple[str, str], ...] = ()


def named(printed: re.Match[str], year: int) -> Function:
    """The function that a match of NAMES means."""
    parts = [printed[level] for level in ("class", "group", "item") if printed[level]]
    digits = [printed[f"{level}_code"] for level in ("class", "group", "item") if printed[level]]
    return _function(tuple(parts), "".join(digits) if all(digits) else None, year)


def without_class(words: str, year: int) -> Function | None:
    """The function of which prose names 款 and 项, or the latter alone, None if several have these names."""
    printed = _WITHOUT_CLASS.match(words)
    if printed is None:
        return None
    of_group = _codes_of(year).get(printed["group"], ()) if printed["group"] else None
    codes = [
        code
        for code in _codes_of(year).get(printed["item"], ())
        if len(code) == 7 and (of_group is None or code[:5] in of_group)
    ]
    return Function(_official(codes[0], year)) if len(codes) == 1 else None


def is_function(words: str, year: int) -> bool:
    """Whether a function of the year is or was called so."""
    return words in _codes_of(year)


def classes(year: int) -> frozenset[str]:
    """The folded names of the classes (类) of functions."""
    return _classes_of("functional", year)


def economic_classes(year: int) -> frozenset[str]:
    """The folded names of the department-economic classes (类), which prose prints like those of functions."""
    return _classes_of("department_economic", year)


@lru_cache(maxsize=20)
def _classes_of(scheme: str, year: int) -> frozenset[str]:
    return frozenset(fold(name) for code, name in subject_names(scheme, year).items() if len(code) == 3)


@lru_cache(maxsize=1000)
def _function(parts: tuple[str, ...], printed_code: str | None, year: int) -> Function:
    length = 2 * len(parts) + 1
    if printed_code in subject_names("functional", year) and _is_name_of(parts[-1], printed_code or "", year):
        codes = [printed_code or ""]
    else:
        codes = [
            code
            for code in (*_codes_of(year).get(parts[-1], ()), *_codes_of(year).get(f"{parts[-1]}支出", ()))
            if len(code) == length
            and all(_is_name_of(part, code[: 2 * level + 3], year) for level, part in enumerate(parts))
        ]
        exact = [code for code in codes if _official(code, year) in ("/".join(parts), f"{'/'.join(parts)}支出")]
        codes = sorted(set(exact or codes))
    if len(codes) != 1:
        return Function("/".join(parts))
    (code,) = codes
    upwards = [(code[: 2 * level + 3], part) for level, part in enumerate(parts)]
    return Function(
        _official(code, year),
        tuple((of, part) for of, part in upwards if not _is_named(part, subject_names("functional", year)[of])),
    )


def _is_name_of(part: str, code: str, year: int) -> bool:
    """Whether a subject is or was called so."""
    return any(code in _codes_of(year).get(name, ()) for name in (part, f"{part}支出"))


def _is_named(part: str, official: str) -> bool:
    """Whether a name is the official one; a class may be printed without 支出 (教育（类）支出)."""
    return fold(official) in (part, f"{part}支出")


def _official(code: str, year: int) -> str:
    names = subject_names("functional", year)
    return "/".join(fold(names[code[:length]]) for length in range(3, len(code) + 1, 2))


@lru_cache(maxsize=20)
def _codes_of(year: int) -> dict[str, frozenset[str]]:
    """Folded name → codes of the year that are or were called so."""
    known = subject_names("functional", year)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in _names_of_all_years():
        if code in known:
            codes[name].add(code)
    return {name: frozenset(of) for name, of in codes.items()}


@lru_cache(maxsize=1)
def _names_of_all_years() -> frozenset[tuple[str, str]]:
    own: Iterable[tuple[str, str]] = (
        (str(row["code"]), str(row["subject_name"])) for row in subjects() if row["scheme"] == "functional"
    )
    others = ((code, name) for code, names in subject_aliases()["functional"].items() for name in names)
    return frozenset((code, fold(name)) for code, name in (*own, *others))
