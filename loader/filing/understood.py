"""How much of a disclosure was understood: which of its figures got a meaning, and in which tables most did."""

from __future__ import annotations

from loader.filing.filed import FiledDisclosure, FiledForm, Finding


def partly_understood(disclosure: FiledDisclosure) -> Finding | None:
    """That most of the tables with figures were not understood, each of them for the most part; else None."""
    known = [_is_understood(form) for form in disclosure.forms]
    tables, unknown = len([one for one in known if one is not None]), known.count(False)
    if unknown * 2 <= tables:
        return None
    return Finding("partly_understood", {"tables": tables, "unknown": unknown})


def kept_only(disclosure: FiledDisclosure) -> Finding | None:
    """That forms are known by their titles alone: their cells are kept, the ledger holds nothing of them."""
    forms = sum(form.is_kept_only for form in disclosure.forms)
    return Finding("kept_only", {"forms": forms, "figures": disclosure.kept_figure_count}) if forms else None


def _is_understood(form: FiledForm) -> bool | None:
    """Whether half of the figures of a table have a meaning; None for a table without figures, and for one of which
    nothing but the title can be known."""
    if form.is_kept_only:
        return None
    meant = form.figure_count
    bare = form.bare_figure_count
    return meant >= bare if meant or bare else None
