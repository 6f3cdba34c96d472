"""Ledger → Postgres: one disclosure is written whole, in the caller's transaction, or not at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from loader.filing.identity import Identity, department_of
from loader.warehouse.attached import attach, same_in_another_format
from loader.warehouse.document import ENTER_DOCUMENT, Source
from loader.warehouse.findings import add_finding, values_of
from loader.warehouse.server import ServerError
from loader.warehouse.stated import store_stated
from loader.warehouse.units import refuse_another_unit, settle_units

# a document that is known is stored again without its forms and its ledger
if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure, Finding, Goal
    from loader.ledger.lines import Ledger

_CENTS = Decimal("0.01")
LOCK_PATIENCE = 60  # seconds for another load of the same unit, which takes less than one


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a disclosure: ``loaded``, ``revised``, ``unchanged``, ``attached``: its document prints a
    disclosure that is known, in another format, or ``reread``: read anew, with another result."""

    outcome: str
    disclosure_id: int
    revision: int
    is_current: bool


def store(
    connection: Connection,
    source: Source,
    disclosures: Sequence[tuple[FiledDisclosure, Ledger]],
    published_on: datetime.date | None = None,
    supersede_rank: int = 0,
) -> list[Stored]:
    """Write the disclosures of a document, compare them with their rebuilt reports, and settle which revisions are
    current and what the units are called.

    The same content again changes nothing. DocumentError if another unit already has the code in that year.
    ``supersede_rank`` is the number of a load that supersedes, see ``next_supersede_rank``.
    """
    # every load takes its locks in one order: disclosures, then units
    for identity in sorted({filed.identity for filed, _ in disclosures}, key=group_of):
        lock(connection, identity)
    stored = [_store(connection, source, filed, ledger, published_on, supersede_rank) for filed, ledger in disclosures]
    for division_code, year in sorted({group_of(filed.identity)[:2] for filed, _ in disclosures}):
        units = [f.identity.reporting_unit_code for f, _ in disclosures if f.identity.fiscal_year == year]
        settle_units(connection, division_code, year, units)
    return stored


def _store(
    connection: Connection,
    source: Source,
    filed: FiledDisclosure,
    ledger: Ledger,
    published_on: datetime.date | None,
    supersede_rank: int,
) -> Stored:
    identity = filed.identity
    known = _same_content(connection, source.content_hash, identity)
    if known is not None:
        _describe_document(connection, identity.division_code, source.content_hash, source.file_name, source.address)
        return load_again(connection, identity, known, published_on, supersede_rank)[0]
    if not supersede_rank:
        refuse_another_unit(connection, filed)
    if (same := same_in_another_format(connection, source.file_format, filed)) is not None:
        attach(connection, source, filed, same)
        again, _ = load_again(connection, identity, Stored("attached", *same), published_on, supersede_rank)
        return again
    disclosure_id, revision = _write_disclosure(
        connection, source, filed, ledger.is_rounded, published_on or filed.published_on, supersede_rank
    )
    key = (identity.division_code, identity.fiscal_year, disclosure_id)
    write_facts(connection, key, filed, ledger)
    current = settle_revisions(connection, identity)
    return Stored("loaded" if revision == 1 else "revised", disclosure_id, revision, disclosure_id in current)


def lock(connection: Connection, identity: Identity) -> None:
    """Two loads of one unit and year wait for each other; others do not. ServerError if that takes too long."""
    key = {"name": "hetang " + " ".join(map(str, group_of(identity))), "patience": f"{LOCK_PATIENCE}s"}
    if connection.execute("select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0))", key).fetchone() == (True,):
        return
    try:
        with connection.transaction():
            connection.execute("select set_config('lock_timeout', %(patience)s, true)", key)
            connection.execute("select pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", key)
            connection.execute("set local lock_timeout to default")
    except LockNotAvailable as error:
        row = connection.execute(
            "select string_agg(format('process %%s of role %%s', pid, usename), ', ')"
            " from pg_locks join pg_stat_activity using (pid)"
            " where locktype = 'advisory' and granted and objsubid = 1 and database = datid"
            " and (classid::bigint << 32) | objid::bigint = hashtextextended(%(name)s, 0)",
            key,
        ).fetchone()
        raise ServerError(
            f"the lock of {identity.reporting_unit_code}, {identity.fiscal_year}, was not free for {LOCK_PATIENCE}"
            f" seconds; it is held by {(row and row[0]) or 'a session that has ended since'}"
        ) from error


def _same_content(connection: Connection, content_hash: str, identity: Identity) -> Stored | None:
    row = connection.execute(
        "select disclosure_id, revision, is_current from budget.disclosure as d"
        " where division_code = %s and fiscal_year = %s and reporting_unit_code = %s and stage = %s"
        " and (content_hash = %s or exists (select from budget.attached_document as a where a.content_hash = %s"
        " and a.division_code = d.division_code and a.disclosure_id = d.disclosure_id))",
        (*group_of(identity), content_hash, content_hash),
    ).fetchone()
    return Stored("unchanged", *row) if row else None


def group_of(identity: Identity) -> tuple[str, int, str, str]:
    """Division, year, unit and stage: disclosures of the same are revisions of each other."""
    return identity.division_code, identity.fiscal_year, identity.reporting_unit_code, identity.stage


def stored_before(
    connection: Connection,
    division_code: str,
    content_hash: str,
    stage: str | None,
    file_name: str,
    address: str | None = None,
    published_on: datetime.date | None = None,
    supersede_rank: int = 0,
) -> tuple[list[tuple[Identity, Stored]], bool]:
    """What a document with this content has brought into the warehouse, nothing where it is new; and whether
    ``store_again`` would change something."""
    rows = connection.execute(
        "select d.fiscal_year, d.reporting_unit_code, d.reporting_unit_name, d.stage, d.disclosure_id, d.revision,"
        " d.is_current,"
        " d.withdrawn_at is not null or d.supersede_rank < %(rank)s"
        " or d.published_on is distinct from coalesce(%(published_on)s, d.published_on)"
        " or o.file_name > %(name)s or o.source_address is distinct from coalesce(%(address)s, o.source_address)"
        " from budget.document as o join (select division_code, document_id, disclosure_id from budget.disclosure"
        " where content_hash = %(hash)s union all select division_code, document_id, disclosure_id"
        " from budget.attached_document where content_hash = %(hash)s) as known using (division_code, document_id)"
        " join budget.disclosure as d using (division_code, disclosure_id)"
        " where d.division_code = %(division)s and (%(stage)s::text is null or d.stage = %(stage)s)"
        " order by d.fiscal_year, d.reporting_unit_code",
        {
            "division": division_code,
            "hash": content_hash,
            "stage": stage,
            "name": file_name,
            "address": address,
            "published_on": published_on,
            "rank": supersede_rank,
        },
    ).fetchall()
    known = [
        (Identity(division_code, year, code, name, of_stage), Stored("unchanged", disclosure_id, revision, is_current))
        for year, code, name, of_stage, disclosure_id, revision, is_current, _ in rows
    ]
    return known, any(row[-1] for row in rows)


def store_again(
    connection: Connection,
    identities: Sequence[Identity],
    content_hash: str,
    file_name: str,
    address: str | None = None,
    published_on: datetime.date | None = None,
    supersede_rank: int = 0,
) -> list[Stored]:
    """Load the disclosures of a known document again, by its content alone: see ``stored_before``."""
    for identity in sorted(identities, key=group_of):
        lock(connection, identity)
    stored = []
    changed = []
    for identity in identities:
        known = _same_content(connection, content_hash, identity)
        assert known is not None  # nothing is ever deleted
        again, has_changed = load_again(connection, identity, known, published_on, supersede_rank)
        stored.append(again)
        if has_changed:
            changed.append(identity)
    for division_code, year in sorted({group_of(identity)[:2] for identity in changed}):
        units = [identity.reporting_unit_code for identity in changed if identity.fiscal_year == year]
        settle_units(connection, division_code, year, units)
    _describe_document(connection, identities[0].division_code, content_hash, file_name, address)
    return stored


def _describe_document(
    connection: Connection, division_code: str, content_hash: str, file_name: str, address: str | None
) -> None:
    """One document found under several names goes by the first of them; the latest word on its address holds."""
    connection.execute(
        "update budget.document set file_name = least(file_name, %(name)s),"
        " source_address = coalesce(%(address)s, source_address)"
        " where division_code = %(division)s and content_hash = %(hash)s"
        " and (file_name > %(name)s or source_address is distinct from coalesce(%(address)s, source_address))",
        {"division": division_code, "hash": content_hash, "name": file_name, "address": address},
    )


def load_again(
    connection: Connection,
    identity: Identity,
    known: Stored,
    published_on: datetime.date | None,
    supersede_rank: int,
) -> tuple[Stored, bool]:
    """A known document loaded again, and whether that changes anything: only what the operator adds (a date,
    --supersede) or takes back does."""
    changed = connection.execute(
        "update budget.disclosure set withdrawn_at = null, published_on = coalesce(%(published_on)s, published_on),"
        " supersede_rank = greatest(supersede_rank, %(rank)s)"
        " where division_code = %(division)s and disclosure_id = %(disclosure)s"
        " and (withdrawn_at is not null or supersede_rank < %(rank)s"
        " or published_on is distinct from coalesce(%(published_on)s, published_on)) returning 1",
        {
            "division": identity.division_code,
            "disclosure": known.disclosure_id,
            "published_on": published_on,
            "rank": supersede_rank,
        },
    ).fetchone()
    if changed is None:
        return known, False
    current = settle_revisions(connection, identity)
    return Stored(known.outcome, known.disclosure_id, known.revision, known.disclosure_id in current), True


def next_supersede_rank(connection: Connection) -> int:
    """A number higher than that of every load before: among the documents of one load it decides nothing."""
    row = connection.execute("select nextval('budget.supersede_rank')").fetchone()
    assert row is not None
    return int(row[0])


def _write_disclosure(
    connection: Connection,
    source: Source,
    filed: FiledDisclosure,
    is_rounded: bool,
    published_on: datetime.date | None,
    supersede_rank: int,
) -> tuple[int, int]:
    identity = filed.identity
    row = connection.execute(
        f"with document as ({ENTER_DOCUMENT})"
        " insert into budget.disclosure (division_code, fiscal_year, reporting_unit_code, stage, reporting_unit_name,"
        " form_set_id, revision, is_current, published_on, supersede_rank, document_id, content_hash, form_count,"
        " cell_count, is_rounded, known_form_count, figure_count, read_by)"
        " select %(division)s, %(year)s, %(unit)s, %(stage)s, %(unit_name)s, %(form_set)s,"
        " (select coalesce(max(revision), 0) + 1 from budget.disclosure where division_code = %(division)s"
        " and fiscal_year = %(year)s and reporting_unit_code = %(unit)s and stage = %(stage)s),"
        " false, %(published_on)s, %(rank)s, document_id, %(hash)s, %(forms)s, %(cells)s, %(rounded)s,"
        " %(known_forms)s, %(figures)s, %(read_by)s"
        " from document returning disclosure_id, revision",
        source.parameters(identity.division_code)
        | {
            "year": identity.fiscal_year,
            "unit": identity.reporting_unit_code,
            "stage": identity.stage,
            "unit_name": identity.reporting_unit_name,
            "form_set": filed.form_set_id,
            "published_on": published_on,
            "rank": supersede_rank,
            "forms": len(filed.forms),
            "cells": sum(len(form.cells) for form in filed.forms),
            "rounded": is_rounded,
            "known_forms": filed.known_form_count,
            "figures": filed.figure_count,
            "read_by": version("hetang"),
        },
    ).fetchone()
    assert row is not None
    return row[0], row[1]


# ---------------------------------------------------------------------------- facts

Key = tuple[str, int, int]  # division, year, disclosure


def write_facts(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> None:
    """Write all that hangs on a disclosure: its forms, units, ledger, goals and findings."""
    _copy_forms(connection, key, filed)
    _copy_units(connection, key, filed, ledger)
    projects = _copy_projects(connection, key, filed, ledger)
    _copy_amounts(connection, key, ledger, projects)
    _copy_goals(connection, key, filed, projects)
    _copy_findings(connection, key, [*filed.findings, *ledger.findings])
    if filed.stated:
        store_stated(connection, key, filed.stated)


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    first = next(rows, None)
    if first is None:
        return
    statement = f"copy {table} (division_code, fiscal_year, disclosure_id, {', '.join(columns)}) from stdin"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(first)
        for row in rows:
            copy.write_row(row)


def _copy_forms(connection: Connection, key: Key, filed: FiledDisclosure) -> None:
    _copy(
        connection,
        "filed.form",
        (
            "form_no",
            "report_no",
            "form_id",
            "title",
            "subject_key",
            "recognised_by",
            "place",
            "money_unit",
            "note",
            "is_empty",
            "header_columns",
        ),
        (
            (
                *key,
                form.form_no,
                form.report_no,
                form.form_id,
                form.title,
                form.subject_key,
                form.recognised_by,
                form.place,
                form.money_unit,
                form.note,
                form.is_empty,
                sorted(form.header_columns),
            )
            for form in filed.forms
        ),
    )
    _copy(
        connection,
        "filed.cell",
        (
            "form_no",
            "row_no",
            "column_no",
            "source_row",
            "row_span",
            "column_span",
            "cell_text",
            "report_no",
            "form_id",
            "row_key",
            "row_label",
            "column_key",
            "column_label",
            "amount",
            "half_place",
            "part_count",
            "support",
            "raw_value",
            "is_ocr",
        ),
        (
            (
                *key,
                form.form_no,
                cell.row_no,
                cell.column_no,
                cell.source_row,
                cell.row_span,
                cell.column_span,
                cell.text,
                form.report_no,
                form.form_id,
                cell.row_key,
                cell.row_label,
                cell.column_key,
                cell.column_label,
                cell.amount,
                cell.half_place,
                cell.part_count if cell.amount is not None else None,
                cell.support,
                cell.raw,
                cell.is_ocr,
            )
            for form in filed.forms
            for cell in form.cells
        ),
    )


def _copy_units(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> None:
    _copy(
        connection,
        "filed.unit",
        ("unit_code", "unit_name", "department_code", "unit_kind"),
        (
            (*key, code, name, filed.departments.get(code, department_of(code)), ledger.unit_kinds.get(code))
            for code, name in sorted(filed.unit_names.items())
        ),
    )


def _copy_projects(connection: Connection, key: Key, filed: FiledDisclosure, ledger: Ledger) -> dict[str, int]:
    """Number the projects in the order of form 21, then those that only have a sheet of goals."""
    from schema.forms.template import Coordinate

    goals = {goal.project_name: goal for goal in filed.goals if goal.project_name}
    home = filed.identity.reporting_unit_code
    units: dict[str, str] = {}
    for line in ledger.lines:
        if line.coordinates.project:
            units.setdefault(line.coordinates.project, line.coordinates.unit)
    order = [
        cell.row_key.partition("/")[2]
        for form in filed.forms
        if form.template is not None and form.template.is_by(Coordinate.PROJECT) and form.template.has_table
        for cell in form.cells
        if cell.row_key and "/" in cell.row_key and cell.amount is None
    ]
    names = list(dict.fromkeys([*order, *sorted(units), *goals]))
    numbers = {name: number for number, name in enumerate(names, start=1)}
    _copy(
        connection,
        "budget.project",
        ("project_id", "unit_code", "project_name", "project_category", "project_period"),
        (
            (
                *key,
                number,
                units.get(name, home),
                name,
                goals[name].category if name in goals else None,
                goals[name].period if name in goals else None,
            )
            for name, number in numbers.items()
        ),
    )
    return numbers


def _money(amount: Decimal) -> Decimal:
    """An amount with at least the two decimals that budgets are printed with."""
    normal = amount.normalize()
    exponent = normal.as_tuple().exponent
    return normal.quantize(_CENTS) if isinstance(exponent, int) and exponent > -2 else normal


def _copy_amounts(connection: Connection, key: Key, ledger: Ledger, projects: dict[str, int]) -> None:
    _copy(
        connection,
        "budget.amount",
        (
            "line_no",
            "statement",
            "unit_code",
            "fund_code",
            "nature",
            "functional_code",
            "department_economic_code",
            "government_economic_code",
            "item_code",
            "project_id",
            "amount",
            "basis",
            "allocated",
            "is_rounding",
            "source_form_no",
            "source_row_no",
            "source_column_no",
        ),
        (
            (
                *key,
                number,
                str(line.coordinates.statement),
                line.coordinates.unit,
                *(code or None for code in line.coordinates[2:8]),
                projects.get(line.coordinates.project),
                _money(line.amount),
                line.basis,
                list(line.allocated),
                line.is_rounding,
                *(line.source or (None, None, None)),
            )
            for number, line in enumerate(ledger.lines, start=1)
        ),
    )


def _copy_goals(connection: Connection, key: Key, filed: FiledDisclosure, projects: dict[str, int]) -> None:
    goals: list[tuple[int, Goal]] = list(enumerate(filed.goals, start=1))
    home = filed.identity.reporting_unit_code
    _copy(
        connection,
        "budget.performance_goal",
        ("goal_no", "form_id", "unit_code", "project_id", "subject_key", "goal_text"),
        (
            (*key, number, goal.form_id, home, projects.get(goal.project_name or ""), goal.subject_key, goal.text)
            for number, goal in goals
        ),
    )
    _copy(
        connection,
        "budget.performance_task",
        ("goal_no", "task_no", "task_name", "task_content"),
        (
            (*key, number, task_no, name, content)
            for number, goal in goals
            for task_no, (name, content) in enumerate(goal.tasks, start=1)
        ),
    )
    _copy(
        connection,
        "budget.performance_indicator",
        (
            "goal_no",
            "indicator_no",
            "level1_name",
            "level2_name",
            "level3_name",
            "target_operator",
            "target_number",
            "target_measure",
            "target_value",
            "target_text",
            "target_type",
            "indicator_note",
        ),
        (
            (
                *key,
                number,
                indicator_no,
                entry.level1,
                entry.level2,
                entry.level3,
                entry.operator,
                entry.number,
                entry.measure,
                entry.value,
                entry.text,
                entry.type,
                entry.note,
            )
            for number, goal in goals
            for indicator_no, entry in enumerate(goal.indicators, start=1)
        ),
    )


def _copy_findings(connection: Connection, key: Key, findings: Sequence[Finding]) -> None:
    _copy(
        connection,
        "meta.finding",
        ("finding_no", "kind", '"values"', "form_no", "form_id", "report_no", "source_row", "column_no"),
        (
            (*key, number, f.kind, values_of(f), f.form_no, f.form_id, f.report_no, f.source_row, f.column_no)
            for number, f in enumerate(findings, start=1)
        ),
    )


# ---------------------------------------------------------------------------- judgement


def settle_revisions(connection: Connection, identity: Identity) -> set[int]:
    """Decide which revisions of a unit's disclosure are current; the ids of those.

    ``budget.settle_revisions`` has the rule. If nothing decides, all stay current and a finding asks. What becomes
    current is compared.
    """
    rows = connection.execute(
        "select disclosure_id, is_current, revision, known_form_count, figure_count, is_part"
        " from budget.settle_revisions(%s, %s::smallint, %s, %s)",
        group_of(identity),
    ).fetchall()
    revisions = [Revision(*row) for row in rows]
    if len(revisions) > 1:
        _note_revisions(connection, identity, revisions)
    return {revision.disclosure_id for revision in revisions if revision.is_current}


class Revision(NamedTuple):
    """A revision with what it holds; ``is_part`` is None if it is withdrawn."""

    disclosure_id: int
    is_current: bool
    number: int
    forms: int
    figures: int
    is_part: bool | None


def _note_revisions(connection: Connection, identity: Identity, revisions: list[Revision]) -> None:
    """Findings on revisions that are all current, and on those that are only a part, in place of those of earlier
    loads."""
    from loader.filing.filed import Finding

    key = (identity.division_code, identity.fiscal_year)
    connection.execute(
        "delete from meta.finding where kind in ('undecided_revision', 'partial_revision') and division_code = %s"
        " and fiscal_year = %s and disclosure_id = any(%s)",
        (*key, [revision.disclosure_id for revision in revisions]),
    )
    unit = identity.reporting_unit_code
    current = [revision for revision in revisions if revision.is_current]
    if len(current) > 1:
        finding = Finding("undecided_revision", {"unit": unit, "revisions": [revision.number for revision in current]})
        for revision in current:
            add_finding(connection, key, revision.disclosure_id, finding)
    standing = [revision for revision in revisions if revision.is_part is not None]
    for part in [revision for revision in standing if revision.is_part]:
        forms, figures = max(each.forms for each in standing), max(each.figures for each in standing)
        finding = Finding(
            "partial_revision",
            {
                "unit": unit,
                "forms": part.forms,
                "figures": part.figures,
                "most_forms": forms,
                "most_figures": figures,
            },
        )
        add_finding(connection, key, part.disclosure_id, finding)


def withdraw(connection: Connection, division_code: str, disclosure_id: int) -> Identity | None:
    """Take a disclosure back: it stays in the warehouse, counts no longer, and earlier revisions count again.

    Returns whose disclosure it was, None if there is no such disclosure.
    """
    row = connection.execute(
        "select fiscal_year, reporting_unit_code, reporting_unit_name, stage from budget.disclosure"
        " where division_code = %s and disclosure_id = %s",
        (division_code, disclosure_id),
    ).fetchone()
    if row is None:
        return None
    identity = Identity(division_code, row[0], row[1], row[2], row[3])
    lock(connection, identity)
    connection.execute(
        "update budget.disclosure set withdrawn_at = now() where division_code = %s and disclosure_id = %s",
        (division_code, disclosure_id),
    )
    settle_revisions(connection, identity)
    settle_units(connection, division_code, identity.fiscal_year, [identity.reporting_unit_code])
    return identity
