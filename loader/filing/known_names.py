"""All names that subjects have had, as labels for comparison."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from loader.documents.wording import label
from schema.codes.lists import subject_aliases, subject_names, subjects


@cache
def known_names(scheme: str) -> dict[str, frozenset[str]]:
    """Code → all names that it has had, as labels for comparison."""
    names: dict[str, set[str]] = defaultdict(set)
    for subject in subjects():
        if subject["scheme"] == scheme:
            names[str(subject["code"])].add(label(str(subject["subject_name"])))
    for code, aliases in subject_aliases().get(scheme, {}).items():
        names[code] |= {label(alias) for alias in aliases}
    return {code: frozenset(known) for code, known in names.items()}


@cache
def names_of(scheme: str) -> frozenset[str]:
    """All names that subjects of a scheme have had, as labels for comparison."""
    return frozenset().union(*known_names(scheme).values())


@cache
def codes_named(scheme: str, year: int) -> dict[str, tuple[str, ...]]:
    """Name as a label → the codes of the year that officially have it, or else had it or have it as an alias."""
    official: dict[str, list[str]] = defaultdict(list)
    other: dict[str, list[str]] = defaultdict(list)
    known = known_names(scheme)
    for code, name in subject_names(scheme, year).items():
        official[label(name)].append(code)
        for alias in known.get(code, ()):
            other[alias].append(code)
    return {name: tuple(codes) for name, codes in (other | official).items()}
