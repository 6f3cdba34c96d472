"""How much of a disclosure was understood: how many figures have a meaning, and in which tables most have."""

from __future__ import annotations

from loader.filing.filed import FiledDisclosure, FiledForm, Finding


def partly_understood(disclosure: FiledDisclosure) -> Finding | None:
    """A finding if most of the tables with figures were not understood, else None."""
    known = [_is_understood(form) for form in disclosure.forms]
    tables, unknown = len([one for one in known if one is not None]), known.count(False)
    if unknown * 2 <= tables:
        return None
    return Finding("partly_understood", {"tables": tables, "unknown": unknown})


def kept_only(disclosure: FiledDisclosure) -> Finding | None:
    """A finding if only the titles of some forms are known. Their cells are kept, the ledger has nothing of them."""
    forms = sum(form.is_kept_only for form in disclosure.forms)
    return Finding("kept_only", {"forms": forms, "figures": disclosure.kept_figure_count}) if forms else None


def _is_understood(form: FiledForm) -> bool | None:
    """Whether at least half of the figures of a table have a meaning.

    None for a table without figures, and for a form known by title only.
    """
    if form.is_kept_only:
        return None
    understood = form.figure_count
    bare = form.bare_figure_count if len(form.bare_cells) > understood else 0
    return understood >= bare if understood or bare else None
