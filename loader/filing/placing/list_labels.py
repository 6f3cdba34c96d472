"""The lines of a list that printed labels mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set
from functools import cache, cached_property, lru_cache

from loader.documents.remembered import remembered
from loader.documents.wording import label
from loader.filing.headers.glosses import without_gloss
from loader.filing.headers.words import TOTAL_WORDS
from loader.filing.placing.picture_words import likely_line
from schema.forms import FORMS
from schema.forms.template import LineList

_OF_THIS_YEAR = ("本年", "当年")
_BARE_TOTAL = re.compile("(?:收入|支出)?(?:合计|总计)")


class ListLabels:
    """The lines of one list by their labels, as a reader from top to bottom takes them. Lines are told by their
    positions in the list. ``printed``: row → label of the list in it."""

    def __init__(self, form_id: str, entry: LineList, printed: dict[int, str]) -> None:
        self.names = _line_names(form_id, entry.id)
        self.taken: set[int] = set()
        self._last = -1
        self._form_id = form_id
        self._entry = entry
        self._printed = printed

    def options(self, name: str, at: int) -> list[int]:
        """The lines that a label in row ``at`` may be."""
        is_bare = _is_bare_total(name)
        options = self._totals_in_order(at) if is_bare else []
        if not options:
            found = self._named(name)
            if not found and (bare := without_gloss(name)) != name:
                found = self._named(bare)
            options = [position for position in found if position not in self.taken]
        return options or (self._total_meant(at) if is_bare else [])

    def _named(self, name: str) -> list[int]:
        return self.names.get(name) or _otherwise_named(self._form_id, self._entry.id, name)

    def likely(self, name: str) -> int | None:
        """The line that a label read from a picture is, if one is much more alike than the others."""
        return likely_line(name, self.names, self._last, self.taken)

    def take(self, options: list[int]) -> int:
        """Take one of these lines. Several of a list may have one label: the next one in official order is meant."""
        position = options[0] if len(options) == 1 else next((p for p in options if p > self._last), options[0])
        self._last = position
        self.taken.add(position)
        return position

    def is_named_below(self, options: list[int], at: int) -> bool:
        """Whether a label below row ``at`` means the same lines."""
        return self._last_named.get(tuple(options), at) > at

    @cached_property
    def _last_named(self) -> dict[tuple[int, ...], int]:
        """The lines that a label means → the last row with such a label."""
        named = sorted((number, self.names[text]) for number, text in self._printed.items() if text in self.names)
        return {tuple(options): number for number, options in named}

    def _totals_in_order(self, at: int) -> list[int]:
        """The total that a bare 合计 or 总计 is, by their order, if a list has several.

        There must be as many of them as totals that no other label names.
        """
        if len(self._bare_totals) < 2:
            return []
        free = self._free_without_bare
        return [free[self._bare_totals.index(at)]] if len(self._bare_totals) == len(free) else []

    def _total_meant(self, at: int) -> list[int]:
        """The total of a list that a bare 合计 or 支出合计 is: one that no other label names.

        If there are several, it is the last one if no known line follows in the list, else the first.
        """
        free = self._free
        if len(free) < 2:
            return free
        last = max((*self._last_named.values(), *self._bare_totals), default=at)
        return free[:1] if last > at else free[-1:]

    @cached_property
    def _bare_totals(self) -> list[int]:
        """The rows that say only 合计 or 总计."""
        return sorted(number for number, text in self._printed.items() if _is_bare_total(text))

    @cached_property
    def _free(self) -> list[int]:
        """The totals of the list that no label names."""
        return self._not_named_by({*self._printed.values()})

    @cached_property
    def _free_without_bare(self) -> list[int]:
        """The totals of the list that no label names but a bare one."""
        return self._not_named_by({text for text in self._printed.values() if not _is_bare_total(text)})

    def _not_named_by(self, labels: Set[str]) -> list[int]:
        named = {position for text in labels for position in self.names.get(text, ())}
        lines = self._entry.lines
        return [n for n, line in enumerate(lines) if line.label.endswith(("合计", "总计")) and n not in named]


@remembered(10_000)
def _is_bare_total(text: str) -> bool:
    """Whether a label says only 合计 or 总计, of income or of spending."""
    return bool(_BARE_TOTAL.fullmatch(text))


@cache
def _line_names(form_id: str, list_id: str) -> dict[str, list[int]]:
    """Label → positions of the lines of a list with this label, from top to bottom."""
    names: dict[str, list[int]] = defaultdict(list)
    lines = next(line_list.lines for line_list in FORMS[form_id].lists if line_list.id == list_id)
    for position, line in enumerate(lines):
        for name in {label(line.label), *(label(alias) for alias in line.aliases)}:
            names[name].append(position)
    return dict(names)


@lru_cache(maxsize=1_000)
def _otherwise_named(form_id: str, list_id: str, name: str) -> list[int]:
    """The line of a list that a label means in other words.

    Examples: 一般公共服务 for 一般公共服务支出, 当年收入小计 for 本年收入合计, 收入合计 in a list with one total, 总计
    for the last line.
    """
    names = _line_names(form_id, list_id)
    own = next((word for word in TOTAL_WORDS if name.endswith(word)), None)
    if own is None:
        return names.get(f"{name}支出", [])
    lines = next(entry.lines for entry in FORMS[form_id].lists if entry.id == list_id)
    front = name.removesuffix(own)
    is_of_year = front.startswith(_OF_THIS_YEAR)
    fronts = [word + front[2:] for word in _OF_THIS_YEAR] if is_of_year else [front]
    totals = [position for position, line in enumerate(lines) if line.label.endswith(TOTAL_WORDS)]
    found = [p for other in fronts for word in TOTAL_WORDS for p in names.get(other + word, ()) if p in totals]
    if not front:
        totals = [position for position in totals if not lines[position].label.endswith("小计")] or totals
        found = totals[-1:]
    return [p for p in found if is_of_year or len(totals) == 1 or (own == "总计" and p == len(lines) - 1)][:1]
