"""From a document to its disclosures, each with its filed forms, goals, units and findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from loader.catalogue.chinese import in_chinese
from loader.documents.grid import Document, DocumentError, Row
from loader.documents.wording import fold, fold_name
from loader.filing.broken_off import lacks_forms, lacks_rows
from loader.filing.divide import parts_of
from loader.filing.filed import FiledDisclosure, FiledForm, Finding
from loader.filing.identification.headings import heading_of
from loader.filing.identification.identify import Group, SeveralDisclosures, identify
from loader.filing.identity import Identity
from loader.filing.placing.picture_words import with_likely_columns
from loader.filing.placing.place import Placed, place
from loader.filing.placing.settle import settle
from loader.filing.placing.sheets import place_sheet
from loader.filing.prose.sentences import sentences
from loader.filing.prose.stated import stated_facts
from loader.filing.rows.told_functions import told_functions
from loader.filing.tables.form_table import FormTable, of_stage
from loader.filing.tables.money_units import with_money_units
from loader.filing.tables.recognise import Recognised, recognise
from loader.filing.tables.titles import match_kept_title, match_title
from loader.filing.understood import kept_only, partly_understood
from schema.forms.template import Coordinate, Form, Stage

_FEWEST_APART = 2  # forms that come twice with other figures


def file_disclosures(
    document: Document,
    division_code: str,
    year: int | None = None,
    unit: str | None = None,
    stage: str | None = None,
    code_of: Callable[[Identity], str | None] | None = None,
) -> list[FiledDisclosure]:
    """All disclosures of a document, cell by cell.

    ``code_of`` looks up the unit code if the document has one disclosure and the operator names no unit. If it returns
    None, the code found in the document stays. ``year``, ``unit`` and ``stage`` come from the operator, see
    :func:`identify`.

    DocumentError if the document is no disclosure, contradicts itself, or has no figure with a meaning.
    """
    recognised = recognise(document, division_code)
    try:
        groups = identify(document, recognised, year, unit, Stage(stage) if stage else None)
    except SeveralDisclosures:
        parts = parts_of(document, recognised)
        if len(parts) < 2:
            raise
        if (year, stage) != (None, None):
            raise DocumentError(
                f"{document.file_name}: {len(parts)} disclosures, each behind a cover with its year and stage; expected"
                " no --year and no --stage for such a file, nor a year or stage in its manifest"
            ) from None
        return [
            disclosure
            for part in parts
            for disclosure in file_disclosures(part, division_code, unit=unit, code_of=code_of)
        ]
    if code_of is not None and unit is None and len(groups) == 1:
        code = code_of(_identity(groups[0], division_code))
        groups = [replace(groups[0], unit_code=code)] if code is not None else groups
    disclosures = [_file(document, group, division_code) for group in groups]
    _require_figures(document.file_name, disclosures)
    for disclosure in disclosures:
        _require_one_of_each_form(document.file_name, disclosure)
    for disclosure in disclosures:
        if kept := kept_only(disclosure):
            disclosure.findings.append(kept)
        if partly := partly_understood(disclosure):
            disclosure.findings.append(partly)
    if len(disclosures) == 1:  # with several units it is not known whose figures the prose states
        identity = disclosures[0].identity
        disclosures[0].stated += stated_facts(sentences(recognised.outside), identity.fiscal_year, identity.stage)
    disclosures[-1].findings += lacks_rows(document, disclosures[-1])
    if absent := _named_but_absent(recognised, recognised.outside):
        behind = _named_but_absent(recognised, recognised.outside[recognised.before :])
        disclosures[0].findings += lacks_forms(recognised, [form for form in absent if form not in behind])
        names = [f"{form.report_no} {form.short_title}" if form.report_no else form.title for form in absent]
        disclosures[0].findings.append(Finding("missing_form", {"forms": names}))
    return disclosures


def _require_figures(file_name: str, disclosures: list[FiledDisclosure]) -> None:
    """DocumentError if no figure has a meaning and none stands under a known title.

    Such a document is a blank template, or its tables are unknown.
    """
    forms = (form for disclosure in disclosures for form in disclosure.forms)
    if any(form.figure_count or (form.is_kept_only and form.bare_figure_count) for form in forms):
        return
    tables = sum(len(disclosure.forms) for disclosure in disclosures)
    if bare := sum(disclosure.bare_figure_count for disclosure in disclosures):
        raise DocumentError(
            f"{file_name}: none of the {bare} figures in its {tables} tables was understood, expected rows and columns"
            " of the official forms"
        )
    raise DocumentError(f"{file_name}: no figures in its {tables} tables, is this a template?")


def _require_one_of_each_form(file_name: str, disclosure: FiledDisclosure) -> None:
    """DocumentError if most forms come twice with other figures, and nothing tells whose they are.

    They are two disclosures. A single form that comes twice is a finding. Empty forms say nothing.
    """
    known = [form for form in disclosure.forms if form.form_id is not None]
    if len(set(map(_usual, known))) == len(known):
        return
    paid = [form for form in known if form.figure_count]
    times = Counter(map(_usual, paid))
    figures: dict[str, dict[tuple[str, str], Decimal]] = {}
    apart: dict[str, FiledForm] = {}
    for form in paid:
        if times[_usual(form)] == 1:
            continue
        own = {(c.row_key, c.column_key): c.amount for c in form.cells if c.amount and c.row_key and c.column_key}
        first = figures.setdefault(_usual(form), own)
        if any(first.get(key, amount) != amount for key, amount in own.items()):
            apart.setdefault(_usual(form), form)
    if len(apart) >= _FEWEST_APART and len(apart) * 2 > len(times):
        form = next(iter(apart.values()))
        raise DocumentError(
            f"{file_name}, {form.place}: {len(apart)} of {len(times)} forms come a second time with other figures, as"
            " of a second disclosure; expected its unit above the forms or on a cover before them (部门：…,"
            " 某某局2024年部门预算), or put each disclosure into a file of its own"
        )


def _usual(form: FiledForm) -> str:
    """The id of a form, or of that which it replaces under its title."""
    return (form.template and form.template.variant_of) or form.form_id or ""


def _named_but_absent(recognised: Recognised, outside: Sequence[tuple[str, Row]]) -> list[Form]:
    """The forms of the document's set that are named in rows outside the tables but have no table.

    If several forms share a title, a table of any of them is enough.
    """
    found = {table.form.form_id for table in recognised.tables if table.form}
    own = {form.form_id: form for form in recognised.entry.forms}
    absent: set[str] = set()
    for text in {cell.text for _, row in outside for cell in row.cells}:
        titled = {form_id for form_id, sure in match_title(text) if sure > 0.5} | {*match_kept_title(text)}
        if titled and found.isdisjoint(titled):
            known = titled & own.keys()
            absent |= {form_id for form_id in known if not own[form_id].optional} or known
    return [form for form_id, form in own.items() if form_id in absent]


def _identity(group: Group, division_code: str) -> Identity:
    return Identity(division_code, group.fiscal_year, group.unit_code, fold_name(group.unit_name), group.stage.value)


def _file(document: Document, group: Group, division_code: str) -> FiledDisclosure:
    identity = _identity(group, division_code)
    disclosure = FiledDisclosure(
        identity, [], [], {}, {}, [], group.published_on, file_format=document.file_format, cover=group.cover
    )
    disclosure.findings += [
        Finding("incomplete", {"text": place, "text_zh": in_chinese(place)}) for place in document.cut_off
    ]
    disclosure.findings += group.findings
    disclosure.findings += [
        Finding("remark", {"text": remark, "text_zh": in_chinese(remark)}) for remark in document.remarks
    ]
    names: dict[str, Counter[str]] = defaultdict(Counter)
    times: Counter[str] = Counter()
    sheets: list[tuple[int, FormTable, Form]] = []
    tables = with_money_units([of_stage(table, group.stage) for table in group.tables])
    tables = [with_likely_columns(table) if table.header and table.header[0].is_ocr else table for table in tables]
    numbered: list[tuple[int, FormTable]] = []
    for form_no, table in enumerate(tables, start=1):
        if table.form is not None and table.form.sheet is not None:
            sheets.append((form_no, table, table.form))
        else:
            numbered.append((form_no, table))
    for table, placed in _placed(numbered, identity, group.unit_names):
        placed.form.heading = heading_of(table)
        disclosure.forms.append(placed.form)
        disclosure.findings += placed.findings
        disclosure.departments |= placed.departments
        for code, counted in placed.unit_names.items():
            names[code] += counted
        if placed.form.form_id is not None and not placed.form.is_kept_only:
            times[placed.form.form_id] += 1
            if times[placed.form.form_id] > 1:
                disclosure.findings.append(
                    Finding(
                        "duplicate_form",
                        {"times": times[placed.form.form_id]},
                        placed.form.form_no,
                        placed.form.form_id,
                        placed.form.report_no,
                    )
                )
    projects = _project_names(disclosure.forms)
    for form_no, table, template in sheets:
        form, goal, findings = place_sheet(table, template, form_no, identity, projects)
        disclosure.forms.append(form)
        disclosure.goals.append(goal)
        disclosure.findings += findings
    disclosure.forms.sort(key=lambda form: form.form_no)
    settle(disclosure, names)
    if any(row.is_ocr for table in group.tables for row in table.body):
        disclosure.findings += _ocr_findings(disclosure.forms)
    return disclosure


def _placed(
    tables: list[tuple[int, FormTable]], identity: Identity, known_units: dict[str, str]
) -> Iterator[tuple[FormTable, Placed]]:
    """The tables with their forms, each placed alone, and again if others tell the codes of its rows."""
    placed = [place(table, form_no, identity, known_units) for form_no, table in tables]
    known = {one.form.form_no: (one.form.template, one.functions) for one in placed if one.form.template is not None}
    told = dict(zip(known, told_functions([*known.values()]), strict=True))
    for (form_no, table), alone in zip(tables, placed, strict=True):
        codes = told.get(form_no)
        yield table, place(table, form_no, identity, known_units, codes) if codes else alone


def _ocr_findings(forms: list[FiledForm]) -> list[Finding]:
    """One finding for each form with figures that were read from a picture."""
    counts = [(form, sum(cell.is_ocr and cell.amount is not None for cell in form.cells)) for form in forms]
    return [
        Finding("ocr", {"count": count}, form.form_no, form.form_id, form.report_no) for form, count in counts if count
    ]


def _project_names(forms: list[FiledForm]) -> dict[str, str]:
    """Folded project name → the name as form 21 prints it. Sheets of goals may print other brackets."""
    names = [
        cell.row_key.partition("/")[2]
        for form in forms
        if form.template is not None and form.template.is_by(Coordinate.PROJECT) and form.template.has_table
        for cell in form.cells
        if cell.row_key is not None and "/" in cell.row_key
    ]
    return {fold(name): name for name in reversed(names)}
