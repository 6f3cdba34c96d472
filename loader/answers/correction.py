"""A workbook of proposed corrections for the unit that filed a disclosure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loader.answers.check import Wanted, check, in_chinese
from loader.documents.printed_row import PAGED, printed_row
from loader.warehouse.severities import SETTLING

if TYPE_CHECKING:
    import psycopg
    from xlsxwriter import Workbook

# heading → the source of its values
_PROPOSALS = {
    "报表": "title",
    "行": "row_label",
    "栏": "column_label",
    "公开数（万元）": "printed",
    "建议数（万元）": "proposed",
    "差额（万元）": "difference",
    "理由": "why",
    "文件": "file_name",
    "文件行号": "source_row",
    "列号": "column_no",
}
_FAILURES = {
    "程度": "severity",
    "规则": "name",
    "报表": "title",
    "行": "row_label",
    "栏": "column_label",
    "公开数": "printed",
    "对照数": "expected",
    "差额": "difference",
    "依据": "compared_with",
    "说明": "message_zh",
    "答复": "answer",
    "附注": "note",
}
_SUPPORT = {
    "other_form": "其他报表的数字相互印证，得出建议数",
    # no fault is named, so another figure beneath the same sum may be wrong instead
    "own_form": "由本表的合计推算，也可能是同一合计下的其他数有误",
}
# Errors that tell the unit nothing to correct, as in report.proposed_corrections.
_NO_FAULTS = ["sum", "contradiction", "undecided_revision", "partial_revision", "partly_understood"]
# What is no error, but to be corrected too.
_ALSO_FAULTS = ["corrected_code", "code_contradiction", "compared_with_itself"]
_RULES_ON_PROSE = {"stated_fact", "stated_rate", "stated_twice"}
# The other faults: rows that are lacking or printed twice, wrong codes, sentences of the prose.
_OTHER_FAULTS = """
    select
        found.finding_no, found.kind, found.form_id, found.source_row, found.column_no, found.message_zh,
        found.values ->> 'row' as row_label,
        found.values ->> 'column' as column_label,
        found.values ->> 'subject' as subject, -- of a sentence
        coalesce(found.values ->> 'figure', found.values ->> 'filed', found.values ->> 'text') as printed,
        coalesce(found.values ->> 'expected', found.values ->> 'proposed') as proposed,
        template.title,
        meta.finding_message(kind.wording_zh, found.values, 'zh') as fault
    from report.finding as found
    join meta.finding_kind as kind on kind.kind = found.kind
    left join meta.form_template as template on template.form_id = found.form_id
    where found.division_code = %(division)s
        and found.disclosure_id = %(disclosure)s
        and (found.severity = 'error' or found.kind = any(%(also_faults)s))
        and found.kind <> all(%(no_faults)s)
    order by template.form_order nulls last, found.source_row, found.finding_no
"""
_DOCUMENT = """
    select document.file_name, document.file_format
    from budget.disclosure as disclosure
    join budget.document as document
        on document.division_code = disclosure.division_code and document.document_id = disclosure.document_id
    where disclosure.division_code = %(division)s and disclosure.disclosure_id = %(disclosure)s
"""
_SEVERITY = {"error": "错误", "warning": "警告", "note": "提示"}


def write_correction(connection: psycopg.Connection, division_code: str, disclosure_id: int, path: Path) -> int:
    """Write the corrections proposed for one disclosure. Returns their number.

    One sheet has the cells with a printed figure that the rest of the budget contradicts (rows of ``report.comparison``
    that differ). It gives the fault if one is named, the rules that fail there, and the place in the file. Faults that
    are no single cell are a line each: a form of another unit or year, a row that is lacking or printed twice, a wrong
    code, a sentence. Another sheet has all failures except those that were explained or accepted.
    """
    failures = [
        row
        for row in _named(connection, check(connection, Wanted(division_code, disclosure_ids=[disclosure_id])).failures)
        if row["answer"] not in SETTLING
    ]
    cells = _cells(connection, division_code, disclosure_id, failures)
    faults = _other_faults(connection, division_code, disclosure_id, failures, cells)
    [document] = _rows(connection, _DOCUMENT, {"division": division_code, "disclosure": disclosure_id})
    proposals = [row | document for row in (*cells, *faults)]
    for row in proposals:
        if row["source_row"] is not None and row["file_format"] in PAGED:
            row["source_row"] = printed_row(row["source_row"], row["file_format"], "zh")
    _write(path, {"更正建议": (_PROPOSALS, proposals), "未通过的核对": (_FAILURES, failures)})
    return len(proposals)


def _named(connection: psycopg.Connection, failures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Failures with the Chinese names of rule and form, and with figure or text in one field.

    Findings of the loader have no rule. Their ``name`` is the meaning of the kind.
    """
    rules: dict[str, str] = dict(connection.execute("select rule, name_zh from meta.rule").fetchall())
    kinds: dict[str, str] = dict(connection.execute("select kind, meaning_zh from meta.finding_kind").fetchall())
    titles: dict[str, str] = dict(connection.execute("select form_id, title from meta.form_template").fetchall())
    return [
        {
            **row,
            "rule_name": rules.get(row["rule"]),
            "name": rules.get(row["rule"]) or kinds.get(row["rule"], row["rule"]),
            "title": titles.get(row["form_id"]),
            "severity": _SEVERITY[row["severity"]],
            "compared_with": in_chinese(row["compared_with"]),
            "printed": row["figure_text"] if row["figure"] is None else row["figure"],
            "expected": row["expected_text"] if row["expected"] is None else row["expected"],
        }
        for row in failures
    ]


def _cells(
    connection: psycopg.Connection, division_code: str, disclosure_id: int, failures: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The cells to correct (``report.proposed_corrections``), with the rules that fail there."""
    found = _rows(
        connection,
        """
        select proposal.*
        from budget.disclosure as disclosure,
            report.proposed_corrections(disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id)
                as proposal
        where disclosure.division_code = %(division)s and disclosure.disclosure_id = %(disclosure)s
        """,
        {"division": division_code, "disclosure": disclosure_id},
    )
    rules: dict[tuple[object, object, object], list[str]] = {}
    for failure in failures:
        if failure["rule_name"] is not None:
            place = (failure["form_id"], failure["row_key"], failure["column_key"])
            rules.setdefault(place, []).append(failure["rule_name"])
    for row in found:
        failed = rules.get((row["form_id"], row["row_key"], row["column_key"]), [])
        row["printed"] = row["filed_text"] if row["filed"] is None else row["filed"]
        if row["proposed_as_printed"] is not None:
            if row["difference"] is not None:  # what is no number differs by no amount
                row["difference"] += row["proposed"] - row["proposed_as_printed"]
            row["proposed"] = row["proposed_as_printed"]
        elif row["proposed"] is None:
            row["proposed"] = row["proposed_text"]
        reasons = [row["fault"] or _SUPPORT.get(row["support"]), f"未通过：{'、'.join(failed)}" if failed else None]
        row["why"] = "；".join(filter(None, reasons))
    return found


def _other_faults(
    connection: psycopg.Connection,
    division_code: str,
    disclosure_id: int,
    failures: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """A line for each fault that none of the cells has as its reason, unless it was explained or accepted."""
    told = {number for cell in cells for number in cell["finding_nos"]}
    open_faults = {(failure["rule"], failure["message_zh"]) for failure in failures}
    open_sentences = {failure["row_label"] for failure in failures if failure["rule"] in _RULES_ON_PROSE}
    faults = _rows(
        connection,
        _OTHER_FAULTS,
        {
            "division": division_code,
            "disclosure": disclosure_id,
            "no_faults": _NO_FAULTS,
            "also_faults": _ALSO_FAULTS,
        },
    )
    return [
        _line(found)
        for found in faults
        if found["finding_no"] not in told
        and ((found["kind"], found["message_zh"]) in open_faults or found["subject"] in open_sentences)
    ]


def _line(found: Mapping[str, Any]) -> dict[str, Any]:
    line = {**found, "difference": None, "why": found["fault"]}
    line |= {name: _number(found[name]) for name in ("printed", "proposed")}
    if found["subject"]:
        return line | {"title": "文字说明", "row_label": found["subject"]}
    if found["row_label"] or found["source_row"]:
        return line | {
            "row_label": found["row_label"] or "（见理由）",
            "column_label": found["column_label"] or "（整行）",
        }
    return line | {"title": found["title"] or "（整份文件）", "row_label": "（整张表）"}


def _number(text: str | None) -> Decimal | str | None:
    """A figure as a number, and a share or the like (12.5%) as text."""
    try:
        return text and Decimal(text)
    except InvalidOperation:
        return text


def _rows(connection: psycopg.Connection, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    from psycopg.rows import dict_row  # slow to import: `hetang --help` needs none

    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), values).fetchall()


def _write(path: Path, sheets: Mapping[str, tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]]) -> None:
    import xlsxwriter

    # printed texts stay texts: no formulas, no links
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, (headings, rows) in sheets.items():
            _write_sheet(book, name, headings, rows)


def _write_sheet(book: Workbook, name: str, headings: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1})
    for column, title in enumerate(headings):
        sheet.write_string(0, column, title, heading)
    for number, row in enumerate(rows, start=1):
        for column, source in enumerate(headings.values()):
            value = row[source]
            if isinstance(value, Decimal | int):
                sheet.write_number(number, column, float(value))
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
