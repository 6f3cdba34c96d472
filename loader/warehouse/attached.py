"""Several documents of one disclosure, such as a workbook and a PDF of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from psycopg import Connection

from loader.warehouse.document import ENTER_DOCUMENT, Source
from loader.warehouse.findings import add_finding
from loader.warehouse.own_export import is_comparison
from loader.warehouse.stated import store_stated

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure, StatedFact

_SPACE = re.compile(r"\s+")

Known = tuple[int, int, bool]  # disclosure, revision, whether it is current


def same_disclosure(connection: Connection, source: Source, filed: FiledDisclosure) -> Known | None:
    """The stored disclosure that a document prints again: of the same unit, year and stage, with equal cells, from a
    document of another format.

    Figures are compared by amount; texts without white space and in one character width; names and codes of rows by the
    row key. A document that hetang wrote itself has any format and may print more forms and rows, which it rebuilt.
    """
    identity = filed.identity
    candidates = connection.execute(
        """
        select
            d.disclosure_id,
            d.revision,
            d.is_current
        from budget.disclosure as d
        join budget.document as o using (division_code, document_id)
        where d.division_code = %(division)s
            and d.fiscal_year = %(year)s
            and d.reporting_unit_code = %(unit)s
            and d.stage = %(stage)s
            and (
                %(is_own_export)s
                or (
                    d.figure_count = %(figures)s
                    and d.known_form_count = %(forms)s
                    and o.file_format <> %(format)s
                )
            )
        order by d.revision
        """,
        {
            "division": identity.division_code,
            "year": identity.fiscal_year,
            "unit": identity.reporting_unit_code,
            "stage": identity.stage,
            "is_own_export": source.is_own_export,
            "figures": filed.figure_count,
            "forms": filed.known_form_count,
            "format": source.file_format,
        },
    ).fetchall()
    if not candidates:
        return None
    printed = _cells(filed)
    for disclosure_id, revision, is_current in candidates:
        key = identity.division_code, identity.fiscal_year, disclosure_id
        if source.is_own_export:
            is_same = not _other_figures(source, filed) and _says_the_same(
                printed, _published_as_rebuilt(connection, *key), _rebuilt_figures(connection, *key)
            )
        else:
            is_same = printed == _stored_cells(connection, *key)
        if is_same:
            return disclosure_id, revision, is_current
    return None


def _other_figures(source: Source, filed: FiledDisclosure) -> int:
    """The number of figures without a meaning, without those that a page of ours compares."""
    if not source.is_own_export:
        return filed.bare_figure_count
    forms = [form for form in filed.forms if not form.is_kept_only and not is_comparison(form)]
    return sum(form.bare_figure_count for form in forms)


def _says_the_same(exported: Counter[_Cell], published: Counter[_Cell], rebuilt: set[_Cell]) -> bool:
    """Whether an export prints what was rebuilt: in the rows that were published the same in the columns that it
    prints, in all others nothing but rebuilt figures: it has all lines of a form, also those that the document leaves
    out. Zeros and texts such as / may be blank in it."""
    rows = {cell[:2] for cell in published}
    columns = {(form_id, column_key) for form_id, _, column_key, _ in exported}
    said = {cell: n for cell, n in exported.items() if _says_something(cell)}
    return Counter({cell: n for cell, n in said.items() if cell[:2] in rows}) == Counter(
        {cell: n for cell, n in published.items() if (cell[0], cell[2]) in columns and _says_something(cell)}
    ) and all(cell in rebuilt and n == 1 for cell, n in said.items() if cell[:2] not in rows)


def _says_something(cell: _Cell) -> bool:
    return bool(cell[3]) and cell[3] != "/"


def attach(connection: Connection, source: Source, filed: FiledDisclosure, to: Known) -> None:
    """Record that a document prints a known disclosure; a finding counts the other figures that it prints."""
    from loader.filing.filed import Finding

    identity = filed.identity
    connection.execute(
        f"""
        with document as ({ENTER_DOCUMENT})

        insert into budget.attached_document (
            division_code, fiscal_year, disclosure_id, document_id, content_hash, document_role
        )
        select %(division)s, %(year)s, %(disclosure)s, document_id, %(hash)s, 'same'
        from document
        """,
        source.parameters(identity.division_code) | {"year": identity.fiscal_year, "disclosure": to[0]},
    )
    if others := _other_figures(source, filed):
        finding = Finding("attached_document", {"file": source.file_name, "count": others})
        add_finding(connection, (identity.division_code, identity.fiscal_year), to[0], finding)


def attach_prose(
    connection: Connection, source: Source, key: tuple[str, int, int], facts: Sequence[StatedFact]
) -> None:
    """Record that a document contains prose of a known disclosure (``key``: division, year, disclosure), with its
    facts."""
    row = connection.execute(
        f"""
        with document as ({ENTER_DOCUMENT}),

        attached as (
            insert into budget.attached_document (
                division_code, fiscal_year, disclosure_id, document_id, content_hash, document_role
            )
            select %(division)s, %(year)s, %(disclosure)s, document_id, %(hash)s, 'prose'
            from document
            on conflict do nothing
        )

        select document_id
        from document
        """,
        source.parameters(key[0]) | {"year": key[1], "disclosure": key[2]},
    ).fetchone()
    assert row is not None
    store_stated(connection, key, facts, row[0])


_Cell = tuple[str, str, str, Decimal | str]  # form, row, column, figure or words


def _cells(filed: FiledDisclosure) -> Counter[_Cell]:
    return Counter(
        (form.form_id, _words(cell.row_key), cell.column_key, cell.amount)
        if cell.amount is not None
        else (form.form_id, _words(cell.row_key), cell.column_key, _words(cell.text))
        for form in filed.forms
        for cell in form.cells
        if form.form_id is not None
        and cell.row_key is not None
        and cell.column_key is not None
        and (cell.amount is not None or _is_text(form.form_id, cell.column_key))
    )


def _stored_cells(connection: Connection, division_code: str, fiscal_year: int, disclosure_id: int) -> Counter[_Cell]:
    rows = connection.execute(
        """
        select
            form_id, row_key, column_key, amount, cell_text
        from filed.cell
        where division_code = %s
            and fiscal_year = %s
            and disclosure_id = %s
            and form_id is not null
            and row_key is not null
            and column_key is not null
        """,
        (division_code, fiscal_year, disclosure_id),
    ).fetchall()
    return Counter(
        (form_id, _words(row_key), column_key, _words(text) if amount is None else amount)
        for form_id, row_key, column_key, amount, text in rows
        if amount is not None or _is_text(form_id, column_key)
    )


def _published_as_rebuilt(
    connection: Connection, division_code: str, fiscal_year: int, disclosure_id: int
) -> Counter[_Cell]:
    """The stored cells, with the rebuilt figure in place of one that differs: an export prints that."""
    cells = _stored_cells(connection, division_code, fiscal_year, disclosure_id)
    for form_id, row_key, column_key, filed, rebuilt in connection.execute(
        """
        select form_id, row_key, column_key, filed, rebuilt
        from internal.comparison_exception
        where division_code = %s
            and fiscal_year = %s
            and disclosure_id = %s
            and status in ('differs', 'rounding')
            and rebuilt is not null
        """,
        (division_code, fiscal_year, disclosure_id),
    ):
        if filed is not None:
            cells[form_id, _words(row_key), column_key, filed] -= 1
        cells[form_id, _words(row_key), column_key, rebuilt] += 1
    return +cells


def _rebuilt_figures(connection: Connection, division_code: str, fiscal_year: int, disclosure_id: int) -> set[_Cell]:
    """All figures that the ledger gives, those of forms and rows that were not published included."""
    rows = connection.execute(
        """
        select form_id, row_key, column_key, amount
        from internal.ledger_cell
        where division_code = %s
            and fiscal_year = %s
            and disclosure_id = %s
        """,
        (division_code, fiscal_year, disclosure_id),
    )
    return {(form_id, _words(row_key), column_key, amount) for form_id, row_key, column_key, amount in rows}


def _is_text(form_id: str, column_key: str) -> bool:
    """Whether a column holds texts that are neither the code nor the name of a row."""
    from schema.forms import FORMS
    from schema.forms.template import Role

    form = FORMS.get(form_id)
    if form is None or not form.columns:
        return True
    return any(column.id == column_key and column.role is Role.TEXT for column in form.columns)


def _words(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
