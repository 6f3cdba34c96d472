"""Whether the rows of a table are those of a form: its codes, the names of its subjects, the lines of its lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from loader.documents.grid import Row
from loader.documents.wording import digits, is_total, label
from loader.filing.headers.match import Match
from loader.filing.known_names import names_of
from loader.filing.printed_codes import coded_name
from loader.filing.tables.form_table import line_labels
from schema.forms import FORMS
from schema.forms.classes import FUNCTIONAL_CLASSES, PUBLIC, STAFF
from schema.forms.template import Coordinate, Role

_CLASSES = {
    Coordinate.FUNCTIONAL: frozenset(FUNCTIONAL_CLASSES),
    Coordinate.DEPARTMENT_ECONOMIC: frozenset({*STAFF, *PUBLIC}),
}
_KNOWN_LINES = 0.4  # share of the labels of a list that must be its lines
FEW_LABELS = 3  # fewer labels do not identify a list


class Codes(NamedTuple):
    """The codes in some columns of a table, by their first three digits.

    ``beginnings``: how many codes begin with them. ``as_of_units``: the beginnings of codes as long as those of
    departments or units; ``of_units``: of those as long as no subject's. ``has_others``: whether there are codes of
    another length, or parts of codes.
    """

    beginnings: Counter[str]
    as_of_units: frozenset[str]
    of_units: frozenset[str]
    has_others: bool


CodesIn = Callable[[frozenset[int]], Codes]  # columns of a table → the codes in them


def has_codes_of_form(match: Match, codes_in: CodesIn, body: Sequence[Row]) -> bool:
    """Whether most codes in the rows are of the form's classification: functions or economic items.

    Forms with the same columns differ in nothing else. Without columns of codes, the names decide.
    """
    classes = _classes_of(match.form.form_id)
    if classes is None:
        return True
    columns = match.code_columns
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


def prints_units(match: Match, codes_in: CodesIn) -> bool:
    """Whether the rows of a form without units print codes of units (of departments, or of six digits)."""
    classes = _classes_of(match.form.form_id)
    if classes is None:
        return False
    return not codes_in(match.code_columns).as_of_units <= classes


def lacks_codes_of_units(match: Match, codes_in: CodesIn) -> bool:
    """Whether the rows of a form with units print no code of any, and the form that it replaces tells them as well.

    收入总表 by function (nb02) does not tell rows of units.
    """
    form, usual = match.form, FORMS.get(match.form.variant_of or "")
    if usual is None or usual.rows is None or not form.is_by(Coordinate.UNIT):
        return False
    if form.rows is None or (form.rows.subject is not usual.rows.subject):
        return False
    whole = [at for at in match.code_columns if (code := form.column(match.columns[at]).code) and code.part is None]
    codes = codes_in(frozenset(whole))
    # 301 may be a department among functions, but not among economic items, of which it is a class
    items = _CLASSES[Coordinate.DEPARTMENT_ECONOMIC] if form.is_by(Coordinate.DEPARTMENT_ECONOMIC) else frozenset()
    return not (codes.of_units or codes.as_of_units - items)


def prints_units_alone(match: Match, codes_in: CodesIn) -> bool:
    """Whether the rows of a form with units and subjects print codes of units and none of a subject beneath a class."""
    form = match.form
    if form.rows is None or form.rows.subject is None or not form.is_by(Coordinate.UNIT):
        return False
    codes = codes_in(match.code_columns)
    return bool(codes.of_units) and not codes.has_others


@cache
def _classes_of(form_id: str) -> frozenset[str] | None:
    """The classes of the subjects in the rows of a form without units, None for other forms."""
    form = FORMS[form_id]
    if form.rows is None or form.rows.subject is None or form.is_by(Coordinate.UNIT):
        return None
    return _CLASSES.get(form.rows.subject)


def codes_of_rows(body: Sequence[Row], columns: frozenset[int]) -> Codes:
    """The codes in some columns of a table."""
    codes = [code for row in body for c in row.cells if c.column in columns and (code := digits(c.text))]
    return Codes(
        Counter([code[:3] for code in codes if len(code) >= 3]),
        frozenset(code[:3] for code in codes if len(code) in (3, 6)),
        frozenset(code[:3] for code in codes if len(code) == 6),
        any(len(code) not in (3, 6) for code in codes),
    )


def has_known_lines(match: Match, body: Sequence[Row]) -> bool:
    """Whether enough labels in the columns of lists are lines of these lists."""
    return share_of_known_lines(match, body) >= _KNOWN_LINES


def count_known_lines(match: Match, body: Sequence[Row]) -> int:
    """The number of labels in the columns of lists that are lines of these lists."""
    known = line_labels(match.form.form_id)
    return sum(label(cell.text) in known for row in body for cell in row.cells if cell.column in match.lists)


def share_of_known_lines(match: Match, body: Sequence[Row]) -> float:
    """The share of the labels in the columns of lists that are lines of these lists; 1.0 if there are few labels."""
    if not match.lists:
        return 1.0
    known = line_labels(match.form.form_id)
    labels = [label(cell.text) for row in body for cell in row.cells if cell.column in match.lists]
    return sum(text in known for text in labels) / len(labels) if len(labels) >= FEW_LABELS else 1.0
