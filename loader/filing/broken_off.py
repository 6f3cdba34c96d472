"""Signs that a document breaks off after a complete row. Its reader takes such a break for the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from loader.catalogue.chinese import in_chinese
from loader.documents.grid import Document
from loader.filing.filed import FiledDisclosure, FiledForm, Finding
from loader.filing.tables.recognise import Recognised
from schema.forms.template import Coordinate, Form

_MANY_FORMS = 4  # without a table at the end of a document; an office may leave out fewer
_LIKE = 3  # as many rows of a level with parts show that each row of the level has parts
_ENDLESS = ("text", "csv")  # formats that do not mark where a document ends


def lacks_forms(recognised: Recognised, absent: list[Form]) -> Iterator[Finding]:
    """A finding if the contents name many forms after the last form that has a table.

    ``absent``: the forms that the contents name and nothing behind the first table does. A title without a table, for
    example above a picture, is no sign of a break.
    """
    order = [form.form_id for form in recognised.entry.forms]
    last = max((order.index(table.form.form_id) for table in recognised.tables if table.form), default=-1)
    behind = [form for form in absent if order.index(form.form_id) > last]
    if last >= 0 and len(behind) >= _MANY_FORMS:
        yield Finding("forms_cut_off", {"count": len(behind), "title": recognised.entry.forms[last].short_title})


def lacks_rows(document: Document, disclosure: FiledDisclosure) -> Iterator[Finding]:
    """A finding if a text ends with a row that should have parts (类, 款) but has none.

    All similar rows of the form must have parts, or the row is a unit and no unit of the form has subjects. No finding
    if finer rows add up to 合计: then no row that counts is missing.
    """
    forms = disclosure.forms
    if document.file_format not in _ENDLESS or document.cut_off or not forms or not forms[-1].cells:
        return
    form = forms[-1]
    last = form.cells[-1]
    if form.template is None or form.template.rows is None or last.source_row != document.grids[-1].rows[-1].number:
        return
    rows: list[tuple[str, bool]] = [
        (key, any(cell.amount for cell in cells))
        for key, cells in groupby(form.cells, key=lambda cell: cell.row_key)
        if key is not None
    ]
    if not rows or rows[-1] != (last.row_key, True):
        return  # the last row is blank or not a row of the form
    key, _ = rows[-1]
    if _has_units_only(form.template, key, [other for other, _ in rows]) or (
        _is_without_parts(form.template, key, rows) and not _adds_up(form, disclosure.findings)
    ):
        text = f"the text ends with {last.row_label}, line {last.source_row}, without its parts: is it cut off?"
        yield Finding("incomplete", {"text": text, "text_zh": in_chinese(text)})


def _is_without_parts(form: Form, last: str, rows: list[tuple[str, bool]]) -> bool:
    """Whether the last row has no parts, but each row of its level with amounts has some. ``rows``: their keys, and
    whether they have amounts."""
    assert form.rows is not None
    parents = {above for key, _ in rows for above in form.rows.above(key)}
    like = {key for key, has_amount in rows[:-1] if has_amount and _level(key) == _level(last)}
    return last not in parents and len(like) >= _LIKE and like <= parents


def _has_units_only(form: Form, last: str, keys: list[str]) -> bool:
    """Whether a form of units and subjects prints no subject, and ends with a unit."""
    is_of_units = form.is_by(Coordinate.UNIT) and form.rows is not None and form.rows.subject is not None
    return is_of_units and last.isdigit() and not any("/" in key for key in keys)


def _adds_up(form: FiledForm, findings: list[Finding]) -> bool:
    """Whether a form prints 合计 and its rows add up to it."""
    total = form.template.rows.total if form.template is not None and form.template.rows is not None else None
    has_total = any(cell.row_key == total and cell.amount is not None for cell in form.cells)
    return has_total and not any(finding.kind == "sum" and finding.form_no == form.form_no for finding in findings)


def _level(key: str) -> list[int]:
    """The lengths of the codes in a row's key."""
    return [len(code) for code in key.split("/")]
