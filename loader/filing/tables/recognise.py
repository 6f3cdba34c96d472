"""From grids to forms: which official forms a document has, and what each column of a table is.

Each table is compared with the templates of all sets, by its title and its header (:mod:`loader.filing.tables.titles`,
:mod:`loader.filing.headers`). The set that fits the whole document best is chosen. Each table becomes the form of that
set that it fits. A table that fits none is kept as an unknown one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from loader.documents.grid import Document, Row
from loader.documents.wording import fold
from loader.filing.headers.match import Match
from loader.filing.headers.match_header import match_columns
from loader.filing.tables.continued_tables import joined_over_pages
from loader.filing.tables.fit import SHEET_SCORE, Candidates, rivals_of, score_of
from loader.filing.tables.form_table import FormTable, Found
from loader.filing.tables.grid_tables import tables_of
from loader.filing.tables.halves import joined_halves
from loader.filing.tables.rows_of_form import share_of_known_lines
from loader.filing.tables.titles import CUT
from loader.filing.title_words import is_of_disclosure, stage_in, year_in
from schema.forms import FORMS, KEPT_FORMS, KEPT_SETS, SETS, set_of
from schema.forms.template import Stage, TemplateSet


@dataclass(frozen=True, slots=True)
class Recognised:
    """The forms of a document in order, their set, and the text outside them.

    ``outside``: rows of covers, contents and prose, each with the place of its grid. ``before``: how many of them come
    before the first form.
    """

    tables: tuple[FormTable, ...]
    entry: TemplateSet
    outside: tuple[tuple[str, Row], ...]
    before: int = 0


def recognise(document: Document, division_code: str = "") -> Recognised:
    """Find the forms of a document, and decide between forms that fit a table equally well.

    The division decides only between sets that fit equally well: sets have some forms in common.
    """
    found: list[Found] = []
    outside: list[tuple[str, Row]] = []
    before: int | None = None
    earlier: Found | None = None
    for grid in document.grids:
        tables, loose = tables_of(grid, earlier)
        goes_on = earlier is not None and tables[0] is not earlier
        own = tables if earlier is None else tables[1:]
        if before is None and (first := next((f for f in own if f.matches or f.sheet), None)) is not None:
            line = (first.table.header or first.table.body)[0].number
            before = len(outside) + sum(row.number < line for row in loose)
        outside += [(grid.place, row) for row in loose]
        if earlier is not None:
            found.pop()  # it comes again, with the rows in which it continues
        found += tables
        earlier = found[-1] if own or goes_on else None
    entry, chosen = _best_set(found, division_code, is_budget=_names_budget(outside, found))
    settled = (_settled(one, match, entry) for one, match in zip(found, chosen, strict=True))
    forms = joined_halves(joined_over_pages(settled))
    return Recognised(tuple(_settle_rivals(forms)), entry, tuple(outside), len(outside) if before is None else before)


_COVER_LINES = 12  # outside of the tables, in which the title of a disclosure stands


def _names_budget(outside: Sequence[tuple[str, Row]], found: Sequence[Found]) -> bool:
    """Whether the first lines hold the title of a budget with its year, and neither they nor the titles of tables speak
    of a final account. Its forms have heads that forms of a budget have, too."""
    lines = [fold(row.text) for _, row in outside[:_COVER_LINES]]
    titles = [text for text in lines if is_of_disclosure(text) and year_in(text)]
    said = {stage_in(text) for text in (*titles, *(fold(one.table.title or "") for one in found))}
    return Stage.BUDGET.value in map(stage_in, titles) and Stage.FINAL.value not in said


_SAME_SCORE = 1e-6  # sums of scores differ by less if only the order of adding up does
_SETS = {entry.id: entry for entry in SETS}
_Choice = tuple[TemplateSet, list[Match | None]]


def _best_set(found: Sequence[Found], division_code: str, *, is_budget: bool) -> _Choice:
    """The set that fits the tables of a document best, and the form of it for each table. If the document is known to
    be a budget, sets of final accounts do not count.

    Headers and titles decide first, then the labels of lists, then the division. A set of forms known by title only is
    chosen if it knows more tables than any other, and one of them by a title that no other set has.
    """

    candidates = [Candidates(table) for table in found]

    @cache
    def choice(set_id: str) -> _Choice:
        return _SETS[set_id], [table.best(set_id) for table in candidates]

    sets = [entry for entry in SETS if not (is_budget and entry.stage is Stage.FINAL)]
    bounds = dict.fromkeys((entry.id for entry in sets), 0.0)
    for table in candidates:
        for set_id in bounds.keys() & table.most.keys():
            bounds[set_id] += table.most[set_id]
    scores: dict[str, float] = {}
    for set_id in sorted(bounds, key=bounds.__getitem__, reverse=True):
        if bounds[set_id] >= max(scores.values(), default=0.0) - _SAME_SCORE:  # else it cannot be the best
            scores[set_id] = round(_score_of_set(*choice(set_id), found), 6)
    tied = [choice(entry.id) for entry in sets if scores.get(entry.id) == max(scores.values())]

    def worth(choice: _Choice) -> tuple[float, bool]:
        entry, chosen = choice
        known = [(match, table.table.body) for match, table in zip(chosen, found, strict=True) if match]
        lines = sum(share_of_known_lines(match, body) for match, body in known)
        return round(lines, 6), not entry.divisions or division_code.startswith(entry.divisions)

    best = max(tied, key=worth) if len(tied) > 1 else tied[0]
    if _is_known_by_variants(best, found):
        best = _of_division([choice(entry.id) for entry in sets], division_code, best)
    elif len(found) == 1 and (match := best[1][0]) is not None:
        choices = (choice(entry.id) for entry in sets)
        as_good = [one for one in choices if _fits_as_well(one[1][0], match, found[0])]
        best = _of_division(as_good, division_code, best)
    known = sum(match is not None or _is_sheet_of(best[0], table) for match, table in zip(best[1], found, strict=True))
    for entry in KEPT_SETS:
        kept = [_kept(table, entry) for table in found]
        is_peculiar = any(
            match is not None and not any(sure > CUT for sure in table.titles.values())
            for match, table in zip(kept, found, strict=True)
        )
        if is_peculiar and sum(match is not None for match in kept) > known:
            return entry, kept
    return best


def _is_sheet_of(entry: TemplateSet, table: Found) -> bool:
    """Whether a table is a sheet of goals of a set."""
    return table.sheet is not None and set_of(table.sheet.form_id) is entry


def _is_known_by_variants(choice: _Choice, found: Sequence[Found]) -> bool:
    """Whether a set knows tables, but all of them as variants of its forms."""
    entry, chosen = choice
    matches = [match for match in chosen if match is not None]
    has_regular = any(match.form.variant_of is None for match in matches)
    return bool(matches) and not (has_regular or any(_is_sheet_of(entry, table) for table in found))


def _fits_as_well(match: Match | None, best: Match, found: Found) -> bool:
    """Whether a form knows all columns of a table under the same title, as the best one does. It may lack some in the
    table that the best one does not have: offices delete columns, and one table says nothing else of its set."""
    return (
        match is not None
        and found.titles.get(match.form.form_id, 0.0) >= found.titles.get(best.form.form_id, 0.0)
        and match.known >= best.known
    )


def _of_division(fitting: Sequence[_Choice], division_code: str, best: _Choice) -> _Choice:
    """The set of the division, if it has one that knows as many tables as the best; else the best.

    For documents that say too little: of one table, or of which the best set knows variants alone. These fit headers
    that lack columns of other sets, too.
    """
    known = sum(match is not None for match in best[1])
    for entry, chosen in fitting:
        is_own = bool(entry.divisions) and division_code.startswith(entry.divisions)
        if is_own and sum(match is not None for match in chosen) >= known:
            return entry, chosen
    return best


def _score_of_set(entry: TemplateSet, chosen: Sequence[Match | None], found: Sequence[Found]) -> float:
    """How well the forms of a set fit their tables, its sheets of goals among them.

    Optional lists without their title do not count: they may be tables of the prose.
    """
    sheets = sum(_is_sheet_of(entry, table) for table in found)
    known = [(match, table) for match, table in zip(chosen, found, strict=True) if match]
    counted = [(m, table) for m, table in known if not (m.form.optional and m.lists) or m.form.form_id in table.titles]
    return sheets * SHEET_SCORE + sum(score_of(match, table) for match, table in counted)


def _kept(found: Found, entry: TemplateSet) -> Match | None:
    """The form of a set that a table is by its title, for forms known by title only."""
    form_id = next((form_id for form_id in found.kept if set_of(form_id) is entry), None)
    return Match(KEPT_FORMS[form_id], 0.0, {}) if form_id is not None else None


def _settled(found: Found, match: Match | None, entry: TemplateSet) -> FormTable:
    """A table as the form that was chosen for it."""
    if found.sheet is not None and entry not in KEPT_SETS:
        return found.table
    if match is not None and match.form.is_kept_only:
        return found.table._replace(form=match.form, recognised_by="title")
    if match is None:
        title = found.table.title or (found.unfamiliar[-1] if found.unfamiliar else None)
        return found.table._replace(form=None, title=title, recognised_by="unknown header")
    is_titled = match.form.form_id in found.titles
    how = "header alone" if not is_titled else "sheet name and header" if found.is_sheet_name else "title and header"
    rivals = () if is_titled else rivals_of(match, found)
    return _as_form(found.table, match, recognised_by=how, rivals=rivals)


def _as_form(table: FormTable, match: Match, *, recognised_by: str, rivals: tuple[str, ...]) -> FormTable:
    return table._replace(
        form=match.form,
        recognised_by=recognised_by,
        rivals=rivals,
        columns=match.columns,
        lists=match.lists,
        priors=match.priors,
        rates=match.rates,
        beside=match.beside,
    )


def _settle_rivals(tables: list[FormTable]) -> list[FormTable]:
    """Decide by the order of the forms between forms with the same columns, such as 4 and 17, or 5 and 18.

    A form already found by its title is not used a second time.
    """
    order = {form_id: position for position, form_id in enumerate(FORMS)}
    settled = list(tables)
    for index, table in enumerate(settled):
        if table.form is None or not table.rivals:
            continue
        options = sorted({table.form.form_id, *table.rivals}, key=order.__getitem__)
        titled = {t.form.form_id for t in settled if t.form and t is not table and not t.rivals}
        before = max((order[t.form.form_id] for t in settled[:index][-1:] if t.form and t.form.has_table), default=-1)
        following = settled[index + 1 :][:1]
        after = min((order[t.form.form_id] for t in following if t.form and not t.rivals), default=len(order))
        free = [option for option in options if option not in titled] or options
        earlier = settled[index - 1] if index else None
        if earlier is not None and earlier.form is not None and earlier.header_labels == table.header_labels:
            # a repeated header: the table continues on the next page if all options are found already
            free = [o for o in free if o == earlier.form.form_id and o in titled] or free
        fitting = [o for o in free if before < order[o] < after] or [o for o in free if order[o] > before] or free
        form = FORMS[fitting[0]]
        paths = {c: tuple(text.split("-")) for c, text in table.header_labels.items()}
        if form is table.form:
            settled[index] = table._replace(rivals=())
        else:
            match = match_columns(form, paths)
            settled[index] = _as_form(table, match, recognised_by=table.recognised_by, rivals=())
    return settled
