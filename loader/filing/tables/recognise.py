"""From grids to forms: which official forms a document has, and what each column of a table is.

Each table is compared with the templates of all sets, by its title and its header (:mod:`loader.filing.tables.titles`,
:mod:`loader.filing.headers`). The set that fits the whole document best is chosen. Each table becomes the form of that
set that it fits. A table that fits none is kept as an unknown one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import NamedTuple

from loader.documents.grid import Document, Row
from loader.documents.wording import digits, is_total, label
from loader.filing.headers.match import Match
from loader.filing.headers.match_header import match_columns
from loader.filing.headers.years import says_only_amount
from loader.filing.known_names import names_of
from loader.filing.printed_codes import coded_name
from loader.filing.tables.continued_tables import joined_over_pages
from loader.filing.tables.form_table import FormTable, Found, line_labels
from loader.filing.tables.grid_tables import tables_of
from loader.filing.tables.titles import CUT, contradicts
from schema.forms import FORMS, KEPT_FORMS, KEPT_SETS, SETS, set_of
from schema.forms.classes import FUNCTIONAL_CLASSES, PUBLIC, STAFF
from schema.forms.template import Coordinate, Role, TemplateSet

# The least score of a header under the form's title and without a title, what a title adds to the score, and how near
# the score of a rival is.
_TITLED, _UNTITLED = 0.45, 0.6
_TITLE_BONUS = 0.35
_RIVAL = 0.02
_CLASSES = {
    Coordinate.FUNCTIONAL: frozenset(FUNCTIONAL_CLASSES),
    Coordinate.DEPARTMENT_ECONOMIC: frozenset({*STAFF, *PUBLIC}),
}
_KNOWN_LINES = 0.4  # share of the labels of a list that must be its lines
_FEW_LABELS = 3  # fewer labels do not identify a list


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
    grids: list[list[Found]] = []
    outside: list[tuple[str, Row]] = []
    before: int | None = None
    earlier: Found | None = None
    for grid in document.grids:
        found, loose = tables_of(grid, earlier)
        if earlier is not None:
            grids[-1][-1] = found.pop(0)
        grids.append(found)
        earlier = found[-1] if found else None
        if before is None and (first := next((f for f in found if f.matches or f.sheet), None)) is not None:
            line = (first.table.header or first.table.body)[0].number
            before = len(outside) + sum(row.number < line for row in loose)
        outside += [(grid.place, row) for row in loose]
    entry, chosen = _best_set([found for grid in grids for found in grid], division_code)
    found = [found for grid in grids for found in grid]
    settled = (_settled(one, match, entry) for one, match in zip(found, chosen, strict=True))
    tables = joined_over_pages(settled, document.ocr_rows)
    return Recognised(tuple(_settle_rivals(tables)), entry, tuple(outside), len(outside) if before is None else before)


_Choice = tuple[TemplateSet, list[Match | None]]


def _best_set(found: Sequence[Found], division_code: str) -> _Choice:
    """The set that fits the tables of a document best, and the form of it for each table.

    Headers and titles decide first, then the labels of lists, then the division. A set of forms known by title only is
    chosen if it knows more tables than any other, and one of them by a title that no other set has.
    """

    choices = [_choices(table) for table in found]
    fitting = [(entry, [choice.get(entry.id) for choice in choices]) for entry in SETS]
    scores = [round(_score_of_set(entry, chosen, found), 6) for entry, chosen in fitting]
    tied = [choice for choice, score in zip(fitting, scores, strict=True) if score == max(scores)]

    def worth(choice: _Choice) -> tuple[float, bool]:
        entry, chosen = choice
        known = [(match, table.table.body) for match, table in zip(chosen, found, strict=True) if match]
        lines = sum(_share_of_known_lines(match, body) for match, body in known)
        return round(lines, 6), not entry.divisions or division_code.startswith(entry.divisions)

    best = max(tied, key=worth)
    if _is_known_by_variants(best, found):
        best = _of_division(fitting, division_code, best)
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


def _of_division(fitting: Sequence[_Choice], division_code: str, best: _Choice) -> _Choice:
    """The set of the division, if it has one that knows as many tables as the best; else the best.

    For documents of which the best set knows variants alone: they fit headers that lack columns of other sets, too.
    """
    known = sum(match is not None for match in best[1])
    for entry, chosen in fitting:
        is_own = bool(entry.divisions) and division_code.startswith(entry.divisions)
        if is_own and sum(match is not None for match in chosen) >= known:
            return entry, chosen
    return best


def _score_of_set(entry: TemplateSet, chosen: Sequence[Match | None], found: Sequence[Found]) -> float:
    """How well the forms of a set fit their tables. Each sheet of goals of the set counts 1.

    Optional lists without their title do not count: they may be tables of the prose.
    """
    sheets = sum(_is_sheet_of(entry, table) for table in found)
    known = [(match, table) for match, table in zip(chosen, found, strict=True) if match]
    counted = [(m, table) for m, table in known if not (m.form.optional and m.lists) or m.form.form_id in table.titles]
    return sheets + sum(_score(match, table) for match, table in counted)


def _kept(found: Found, entry: TemplateSet) -> Match | None:
    """The form of a set that a table is by its title, for forms known by title only."""
    form_id = next((form_id for form_id in found.kept if set_of(form_id) is entry), None)
    return Match(KEPT_FORMS[form_id], 0.0, {}) if form_id is not None else None


def _score(match: Match, found: Found) -> float:
    return match.score + _TITLE_BONUS * found.titles.get(match.form.form_id, 0.0)


def _choices(found: Found) -> dict[str, Match]:
    """Set → its form that fits title and header of a table best, if one fits well enough.

    Without a printed title, the name of the sheet is the title.
    """
    best: dict[str, Match] = {}
    body = found.table.body
    codes_in = cache(partial(_codes_in, body))  # many forms read the same columns
    scores = [_score(match, found) for match in found.matches]
    tied = Counter(scores)

    def rank(scored: tuple[float, Match]) -> tuple[float, float]:
        score, match = scored
        return score, _share_of_known_lines(match, body) if tied[score] > 1 else 0.0

    for _, match in sorted(zip(scores, found.matches, strict=True), key=rank, reverse=True):
        set_id = set_of(match.form.form_id).id
        if set_id not in best and _may_be_of(match, found, codes_in):
            best[set_id] = match
    return {set_id: match for set_id, match in best.items() if _fits_well(match, found)}


def _fits_well(match: Match, found: Found) -> bool:
    """Whether header and lines of a table are those of a form."""
    if match.score < (_TITLED if match.form.form_id in found.titles else _UNTITLED):
        return False
    return not match.lists or _has_known_lines(match, found.table.body) or _is_titled_with_lines(match, found)


def _is_titled_with_lines(match: Match, found: Found) -> bool:
    """Whether a table has enough lines of a form, under a title of only this form and its variants. Other lines may be
    more."""
    if found.titles.get(match.form.form_id, 0.0) <= CUT:
        return False
    titled = {FORMS[form_id].variant_of or form_id for form_id in found.titles}
    return len(titled) == 1 and _count_known_lines(match, found.table.body) >= _FEW_LABELS


class _Codes(NamedTuple):
    """The codes in some columns of a table, by their first three digits.

    ``beginnings``: how many codes begin with them. ``as_of_units``: the beginnings of codes as long as those of
    departments or units.
    """

    beginnings: Counter[str]
    as_of_units: frozenset[str]


_CodesIn = Callable[[frozenset[int]], _Codes]  # columns of a table → the codes in them


def _may_be_of(match: Match, found: Found, codes_in: _CodesIn) -> bool:
    """Whether title and codes of a table allow the form of a match."""
    form_id = match.form.form_id
    if form_id not in found.titles:
        if match.form.needs_title:
            return False
        if any(not entry.optional and entry.id not in match.lists.values() for entry in match.form.lists):
            return False  # many tables of the prose look like one list alone
        if match.form.optional and not _header_suffices(match, found):
            return False
        if not _has_codes_of_form(match, codes_in, found.table.body):
            return False
    if _is_contradicted(match, found):
        return False
    return not (_prints_units(match, codes_in) and any(_is_with_units(other, match, found) for other in found.matches))


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
    if match.lists and _count_known_lines(match, found.table.body) < _FEW_LABELS:
        return False
    if any(found.titles.get(m.form.form_id, 0.0) > CUT and _fits_well(m, found) for m in found.matches):
        return False
    entry = set_of(match.form.form_id)
    near = (
        m
        for m in found.matches
        if m.score >= match.score - _RIVAL and set_of(m.form.form_id) is entry and not m.form.needs_title
    )
    return match.score >= 1.0 and all(other is match for other in near if _has_known_lines(other, found.table.body))


def _has_codes_of_form(match: Match, codes_in: _CodesIn, body: Sequence[Row]) -> bool:
    """Whether most codes in the rows are of the form's classification: functions or economic items.

    Forms with the same columns differ in nothing else. Without columns of codes, the names decide.
    """
    classes = _classes_of(match.form.form_id)
    if classes is None:
        return True
    columns = _code_columns(match)
    if not columns:
        return _has_names_of_form(match, body)
    beginnings = codes_in(columns).beginnings
    fitting = sum([count for beginning, count in beginnings.items() if beginning in classes])
    return fitting * 2 >= beginnings.total()


def _has_names_of_form(match: Match, body: Sequence[Row]) -> bool:
    """Whether most names in the rows are of the form's classification; true if there are no names.

    A name may have its code in front (2010301 行政运行).
    """
    subject = match.form.rows.subject if match.form.rows is not None else None
    columns = {at for at, to in match.columns.items() if match.form.column(to).role is Role.NAME}
    texts = [cell.text for row in body for cell in row.cells if cell.column in columns and not is_total(cell.text)]
    if subject is None or not texts:
        return True
    names, classes = names_of(subject.value), _CLASSES[subject]
    fitting = sum(
        label(text) in names or ((coded := coded_name(text)) is not None and coded.code[:3] in classes)
        for text in texts
    )
    return fitting * 2 >= len(texts)


def _prints_units(match: Match, codes_in: _CodesIn) -> bool:
    """Whether the rows of a form without units print codes of units (of departments, or of six digits)."""
    classes = _classes_of(match.form.form_id)
    if classes is None:
        return False
    return not codes_in(_code_columns(match)).as_of_units <= classes


@cache
def _classes_of(form_id: str) -> frozenset[str] | None:
    """The classes of the subjects in the rows of a form without units, None for other forms."""
    form = FORMS[form_id]
    if form.rows is None or form.rows.subject is None or form.is_by(Coordinate.UNIT):
        return None
    return _CLASSES.get(form.rows.subject)


def _code_columns(match: Match) -> frozenset[int]:
    return frozenset([at for at, to in match.columns.items() if match.form.column(to).role is Role.CODE])


def _codes_in(body: Sequence[Row], columns: frozenset[int]) -> _Codes:
    codes = [code for row in body for c in row.cells if c.column in columns and (code := digits(c.text))]
    return _Codes(
        Counter([code[:3] for code in codes if len(code) >= 3]),
        frozenset(code[:3] for code in codes if len(code) in (3, 6)),
    )


def _is_with_units(other: Match, match: Match, found: Found) -> bool:
    """Whether another form with rows of units fits the table and has its title if the form of the match has."""
    is_titled, other_is_titled = (one.form.form_id in found.titles for one in (match, other))
    return other.form.is_by(Coordinate.UNIT) and other_is_titled >= is_titled and _fits_well(other, found)


def _has_known_lines(match: Match, body: Sequence[Row]) -> bool:
    """Whether enough labels in the columns of lists are lines of these lists."""
    return _share_of_known_lines(match, body) >= _KNOWN_LINES


def _count_known_lines(match: Match, body: Sequence[Row]) -> int:
    """The number of labels in the columns of lists that are lines of these lists."""
    known = line_labels(match.form.form_id)
    return sum(label(cell.text) in known for row in body for cell in row.cells if cell.column in match.lists)


def _share_of_known_lines(match: Match, body: Sequence[Row]) -> float:
    """The share of the labels in the columns of lists that are lines of these lists; 1.0 if there are few labels."""
    if not match.lists:
        return 1.0
    known = line_labels(match.form.form_id)
    labels = [label(cell.text) for row in body for cell in row.cells if cell.column in match.lists]
    return sum(text in known for text in labels) / len(labels) if len(labels) >= _FEW_LABELS else 1.0


def _settled(found: Found, match: Match | None, entry: TemplateSet) -> FormTable:
    """A table as the form that was chosen for it."""
    if found.sheet is not None and entry not in KEPT_SETS:
        return found.table
    if match is not None and match.form.is_kept_only:
        return replace(found.table, form=match.form, recognised_by="title")
    if match is None:
        title = found.table.title or (found.unfamiliar[-1] if found.unfamiliar else None)
        return replace(found.table, form=None, title=title, recognised_by="unknown header")
    rivals: tuple[str, ...] = ()
    how = "sheet name and header" if found.is_sheet_name else "title and header"
    if match.form.form_id not in found.titles:
        how = "header alone"
        own = [m for m in found.matches if set_of(m.form.form_id) is entry]
        near = [m for m in own if m.score >= match.score - _RIVAL or _lacks_only_levels(m, match)]
        body = found.table.body
        rivals = tuple(
            m.form.form_id
            for m in near
            if m is not match
            and not m.form.needs_title
            and not _is_contradicted(m, found)
            and _has_codes_of_form(m, partial(_codes_in, body), body)
            and _has_known_lines(m, body)
        )
    return _as_form(found.table, match, recognised_by=how, rivals=rivals)


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


def _as_form(table: FormTable, match: Match, *, recognised_by: str, rivals: tuple[str, ...]) -> FormTable:
    return replace(
        table,
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
            settled[index] = replace(table, rivals=())
        else:
            match = match_columns(form, paths)
            settled[index] = _as_form(table, match, recognised_by=table.recognised_by, rivals=())
    return settled
