"""All names that subjects have had, as labels for comparison."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from loader.documents.wording import label
from schema.codes.lists import subject_aliases, subjects


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
