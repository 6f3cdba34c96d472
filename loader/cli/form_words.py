"""A form in tables for people: its number among the 23 of Hunan, or its id and title."""

from __future__ import annotations


def form_words(key: int | str) -> str:
    """``3``, but ``f05 支出决算`` for a form without a number: hardly anybody knows these ids."""
    from schema.forms import FORMS  # loads all declarations, which the help does not need

    form = FORMS.get(str(key))
    return str(key) if form is None else f"{key} {form.short_title}"
