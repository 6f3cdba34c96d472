"""HTML pages: one for each disclosure, and an index of the division, units by years.

Each file contains its style, script and pictures, so that it opens without a server. Pages are written in batches, see
``loader.answers.disclosed``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from markupsafe import Markup
from psycopg.rows import tuple_row

from loader.answers import execution
from loader.answers.disclosed import Disclosed, Identity, PrintedForm, Selection, batches, identities, read_batch
from loader.answers.html_templates import template
from loader.answers.index_page import index_page
from loader.answers.page_names import page_names
from loader.answers.page_table import TableWriter, text_of
from loader.answers.reference_figures import ReferenceFigures, Spending, medians, spending_by_function, years_before
from loader.documents.printed_row import PAGED, ROWS_A_PAGE, printed_row
from loader.warehouse.own_export import COMPARISON, MARK
from loader.warehouse.severities import SEVERITIES
from loader.warehouse.unit_codes import is_provisional

KINDS = {"agency": "行政单位", "institution": "事业单位", "mixed": "行政和事业单位"}
BARS = 12  # functional subjects with a bar of their own


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart. Lengths and marks are in units of the drawing. ``is_allocated``: see ``Spending``."""

    name: str
    is_allocated: bool
    amount: str
    length: float
    before: float | None
    median: float | None


def write_pages(connection: psycopg.Connection, wanted: Selection, folder: Path) -> int:
    """Write the pages of a selection and the index of the whole division into a folder. Returns the number of pages.

    A page is ``YEAR/UNIT.html``, with the stage if it is not a budget, and the revision if several are current.
    """
    found = identities(connection, wanted)
    names = page_names(identities(connection, Selection(wanted.division_code)))
    like: dict[int, dict[tuple[str, str], ReferenceFigures]] = {}
    executed: dict[str, list[dict[str, Any]]] = {}
    for batch in batches(found):
        year = batch[0].fiscal_year
        if year not in like:
            like = {year: medians(connection, wanted.division_code, year)}  # only one year at a time is kept
            executed = execution.by_office(connection, wanted.division_code, year)
        before = years_before(connection, batch)
        spending = spending_by_function(connection, batch)
        findings = _findings(connection, batch)
        for disclosed in read_batch(connection, batch):
            one = disclosed.identity
            path = folder / names[one.disclosure_id]
            path.parent.mkdir(parents=True, exist_ok=True)
            page = disclosure_page(
                disclosed,
                spending[one.disclosure_id],
                before.get(one.disclosure_id, ReferenceFigures()),
                like[year].get((one.unit_kind or "", one.stage), ReferenceFigures()),
                findings[one.disclosure_id],
                executed.get(one.unit_name if is_provisional(one.unit_code) else one.unit_code) or [],
            )
            path.write_text(page, encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(index_page(connection, wanted.division_code, folder), encoding="utf-8")
    return len(found)


def disclosure_page(
    disclosed: Disclosed,
    spending: Sequence[Spending],
    before: ReferenceFigures,
    like: ReferenceFigures,
    findings: Sequence[tuple[str, str, int]],
    executed: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The page of one disclosure. ``findings`` are triples of severity, message and count. ``executed`` are rows of
    ``mart.execution``."""
    one = disclosed.identity
    forms = []
    for printed in disclosed.forms:
        writer = TableWriter(printed, one.unit_code, before, like)
        tables = [Markup(writer.table(layout)) for layout in printed.layouts]
        forms.append(
            {
                "printed": printed,
                "number": printed.form.report_no,
                "tables": tables,
                "unplaced": _unplaced(printed, one.file_format),
            }
        )
    bars, rest = _bars(spending, before, like)
    return str(
        template("disclosure.html").render(
            disclosed=disclosed,
            one=one,
            forms=forms,
            kind=KINDS.get(one.unit_kind or ""),
            bars=bars,
            rest=rest,
            has_before=bool(before.functions),
            has_like=bool(like.functions),
            findings=findings,
            errors=sum(times for severity, _, times in findings if severity == "error"),
            found=sum(times for *_, times in findings),
            executed=[(aspect, list(rows)) for aspect, rows in groupby(executed, key=lambda row: row["aspect"])],
            aspects=execution.ASPECTS,
            mark=MARK,
            comparison=COMPARISON,
            text_of=text_of,
            rows_a_page=ROWS_A_PAGE if one.file_format in PAGED else None,
        )
    )


def _unplaced(printed: PrintedForm, file_format: str) -> list[dict[str, object]]:
    """Published figures that differ, in cells that the rebuilt form lacks."""
    return [
        {
            "where": f"{found.row_label or found.row_key}，{found.column_label or found.column_key}",
            "filed": text_of(found.filed),
            "rebuilt": text_of(found.rebuilt),
            "source": _source(printed.sources.get((found.row_key, found.column_key)), file_format),
        }
        for found in printed.unplaced
        if printed.is_published and found.status == "differs"
    ]


def _source(place: tuple[int, int] | None, file_format: str) -> str | None:
    """Row in the document and column in the form, in words."""
    return f"{printed_row(place[0], file_format, 'zh')}第{place[1]}列" if place else None


_FULL = 300.0  # the longest bar in units of the drawing


def _bars(spending: Sequence[Spending], before: ReferenceFigures, like: ReferenceFigures) -> tuple[list[Bar], str]:
    """Spending by function, largest first, and a text about the subjects without a bar."""
    shown = [entry for entry in spending[:BARS] if entry.amount > 0]
    rest = spending[len(shown) :]
    marks = [mark for entry in shown for mark in (before.functions.get(entry.code), like.functions.get(entry.code))]
    names = Counter(entry.name for entry in shown)  # several functions are called 一般行政管理事务
    longest = max([entry.amount for entry in shown] + [mark for mark in marks if mark], default=Decimal(0))

    def length(amount: Decimal | None) -> float | None:
        return None if amount is None or not longest else round(_FULL * max(0.0, float(amount / longest)), 1)

    bars = [
        Bar(
            entry.name if names[entry.name] == 1 else f"{entry.code} {entry.name}",
            entry.is_allocated,
            f"{entry.amount:,.2f}",
            length(entry.amount) or 0.0,
            length(before.functions.get(entry.code)),
            length(like.functions.get(entry.code)),
        )
        for entry in shown
    ]
    total = sum((entry.amount for entry in rest), Decimal(0))
    return bars, f"其余 {len(rest)} 项合计 {total:,.2f} 万元" if rest else ""


def _findings(connection: psycopg.Connection, batch: Sequence[Identity]) -> dict[int, list[tuple[str, str, int]]]:
    """Disclosure → severity, message and count of its findings, the most severe first. Equal findings are listed
    once."""
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    with connection.cursor(row_factory=tuple_row) as cursor:
        for disclosure_id, severity, message, times in cursor.execute(
            """
            select
                disclosure_id,
                severity,
                message_zh,
                count(*)
            from report.finding
            where disclosure_id = any(%s) and division_code = %s and fiscal_year = %s
            group by disclosure_id, severity, message_zh
            order by array_position(%s::text[], severity), min(finding_no)
            """,
            ([one.disclosure_id for one in batch], batch[0].division_code, batch[0].fiscal_year, list(SEVERITIES)),
        ):
            found[disclosure_id].append((severity or "note", message, times))
    return found
