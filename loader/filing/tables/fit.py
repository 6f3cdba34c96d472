"""Which forms one table may be, and how well they fit: its title, its header and its rows together."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from loader.filing.headers.match import Match
from loader.filing.headers.years import says_only_amount
from loader.filing.tables.form_table import Found
from loader.filing.tables.rows_of_form import (
    FEW_LABELS,
    Codes,
    CodesIn,
    codes_of_rows,
    count_known_lines,
    has_codes_of_form,
    has_known_lines,
    lacks_codes_of_units,
    prints_units,
    prints_units_alone,
    share_of_known_lines,
)
from loader.filing.tables.titles import CUT, contradicts
from schema.forms import FORMS, set_of
from schema.forms.template import Coordinate, Role

# The least score of a header under the form's title and without a title, what a title adds to the score, and how near
# the score of a rival is.
_TITLED, _UNTITLED = 0.45, 0.6
_TITLE_BONUS = 0.35
_RIVAL = 0.02
SHEET_SCORE = 1.0  # of a sheet of goals


class Candidates:
    """The forms of each set that a table may be, by its title, its header and its rows.

    Without a printed title, the name of the sheet is the title. ``most``: the most that the table can add to the score
    of each set.
    """

    def __init__(self, found: Found) -> None:
        self._found = found
        self._codes: dict[frozenset[int], Codes] = {}  # many forms read the same columns
        self._scored: dict[str, list[tuple[float, Match]]] = defaultdict(list)
        for match in found.matches:
            self._scored[match.set_id].append((score_of(match, found), match))
        self.most = {set_id: max([score for score, _ in scored]) for set_id, scored in self._scored.items()}
        if found.sheet is not None:
            self.most[set_of(found.sheet.form_id).id] = SHEET_SCORE

    def best(self, set_id: str) -> Match | None:
        """The form of a set that fits best, None if none fits well enough."""
        scores = [score for score, _ in self._scored[set_id]]

        def rank(scored: tuple[float, Match]) -> tuple[float, float]:
            score, match = scored
            return score, share_of_known_lines(match, self._found.table.body) if scores.count(score) > 1 else 0.0

        def codes_in(columns: frozenset[int]) -> Codes:
            if columns not in self._codes:
                self._codes[columns] = codes_of_rows(self._found.table.body, columns)
            return self._codes[columns]

        ranked = sorted(self._scored[set_id], key=rank, reverse=True)
        match = next((match for _, match in ranked if _may_be_of(match, self._found, codes_in)), None)
        return match if match is not None and _fits_well(match, self._found) else None


def score_of(match: Match, found: Found) -> float:
    """How well header and title of a table fit the form of a match."""
    return match.score + _TITLE_BONUS * found.titles.get(match.form.form_id, 0.0)


def rivals_of(match: Match, found: Found) -> tuple[str, ...]:
    """The other forms of the set that fit the header of an untitled table as well."""
    entry, body = set_of(match.form.form_id), found.table.body
    own = [m for m in found.matches if set_of(m.form.form_id) is entry]
    near = [m for m in own if m.score >= match.score - _RIVAL or _lacks_only_levels(m, match)]
    return tuple(
        m.form.form_id
        for m in near
        if m is not match
        and not m.form.needs_title
        and not _is_contradicted(m, found)
        and has_codes_of_form(m, partial(codes_of_rows, body), body)
        and has_known_lines(m, body)
    )


def _lacks_only_levels(other: Match, match: Match) -> bool:
    """Whether another form has the same columns, but for those of 类, 款 and 项 beside its column of whole codes."""
    if other.lists or other.columns.keys() != match.columns.keys():
        return False
    lacking = [c for c in other.form.columns if not c.optional and c.id not in other.columns.values()]
    whole = {of for c in other.form.columns if c.code is not None and c.code.part is None for of in c.code.of}
    if not all(c.code is not None and c.code.part is not None and whole.issuperset(c.code.of) for c in lacking):
        return False
    # its heads say no more against it than that: one that names another budget does
    known = len(other.columns)
    return other.score >= match.score * 2 * known / (2 * known + len(lacking)) - _RIVAL


def _fits_well(match: Match, found: Found) -> bool:
    """Whether header and lines of a table are those of a form."""
    if match.score < (_TITLED if match.form.form_id in found.titles else _UNTITLED):
        return False
    return not match.lists or has_known_lines(match, found.table.body) or _is_titled_with_lines(match, found)


def _is_titled_with_lines(match: Match, found: Found) -> bool:
    """Whether a table has enough lines of a form, under a title of only this form and its variants. Other lines may be
    more."""
    if found.titles.get(match.form.form_id, 0.0) <= CUT:
        return False
    titled = {FORMS[form_id].variant_of or form_id for form_id in found.titles}
    return len(titled) == 1 and count_known_lines(match, found.table.body) >= FEW_LABELS


def _may_be_of(match: Match, found: Found, codes_in: CodesIn) -> bool:
    """Whether title and codes of a table allow the form of a match."""
    form_id = match.form.form_id
    if form_id not in found.titles:
        if match.form.needs_title:
            return False
        if any(not entry.optional and entry.id not in match.lists.values() for entry in match.form.lists):
            return False  # many tables of the prose look like one list alone
        if match.form.optional and not _header_suffices(match, found):
            return False
        if not has_codes_of_form(match, codes_in, found.table.body):
            return False
    if _is_contradicted(match, found) or lacks_codes_of_units(match, codes_in):
        return False
    if (
        match.form.variant_of is not None
        and any(_is_of_units_alone(other, match, found) for other in found.matches)
        and prints_units_alone(match, codes_in)
    ):
        return False
    return not (prints_units(match, codes_in) and any(_is_with_units(other, match, found) for other in found.matches))


def _is_contradicted(match: Match, found: Found) -> bool:
    """Whether the text above a table says that it is about something else than the form."""
    return any(contradicts(text, match.form.form_id) for text in found.unfamiliar)


def _header_suffices(match: Match, found: Found) -> bool:
    """Whether the header alone identifies the form.

    The table must have exactly the form's columns, no other form of the set nearly the same, and no form with the
    table's title may fit. Heads that any form may have (科目编码, 科目名称, 金额) do not suffice.
    """
    money = [found.paths.get(at, ()) for at, to in match.columns.items() if match.form.column(to).role is Role.MONEY]
    if not match.lists and all(says_only_amount(path) for path in money):
        return False
    if match.lists and count_known_lines(match, found.table.body) < FEW_LABELS:
        return False
    if any(found.titles.get(m.form.form_id, 0.0) > CUT and _fits_well(m, found) for m in found.matches):
        return False
    entry = set_of(match.form.form_id)
    near = (
        m
        for m in found.matches
        if m.score >= match.score - _RIVAL and set_of(m.form.form_id) is entry and not m.form.needs_title
    )
    return match.score >= 1.0 and all(other is match for other in near if has_known_lines(other, found.table.body))


def _is_of_units_alone(other: Match, match: Match, found: Found) -> bool:
    """Whether another variant of the same form as a variant has rows of units alone and fits the table."""
    return (
        other.form.variant_of == match.form.variant_of
        and other.form.rows is not None
        and other.form.rows.by == (Coordinate.UNIT,)
        and _fits_well(other, found)
    )


def _is_with_units(other: Match, match: Match, found: Found) -> bool:
    """Whether another form with rows of units fits the table and has its title if the form of the match has."""
    is_titled, other_is_titled = (one.form.form_id in found.titles for one in (match, other))
    return other.form.is_by(Coordinate.UNIT) and other_is_titled >= is_titled and _fits_well(other, found)
