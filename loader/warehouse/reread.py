"""Store a known document that was read again, by a newer release or with other options: the result replaces the stored
one within the same revision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from loader.filing.identity import Identity
from loader.warehouse.check import PARTS
from loader.warehouse.disclosure_rows import write_rows
from loader.warehouse.document import ReadDocument
from loader.warehouse.findings import add_finding
from loader.warehouse.money import as_printed
from loader.warehouse.revisions import REVISION_FINDINGS, group_of, lock, settle_revisions, withdraw
from loader.warehouse.stated import find_in_prose
from loader.warehouse.store import Stored, as_read, load_again, store
from loader.warehouse.units import refuse_another_unit, settle_units

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure
    from loader.ledger.lines import Ledger

FEW = 10  # number of figures that are listed

# not created by reading the document
_KEPT = "budget.attached_document"
_LATER_FINDINGS = ("attached_document", *REVISION_FINDINGS)
_DERIVED = (
    "budget.covered_part",
    "internal.stored_fact",
    "internal.stored_spending",
    "internal.comparison_exception",
    "internal.comparison_count",
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A disclosure that came from the document."""

    identity: Identity
    disclosure_id: int
    revision: int

    @property
    def key(self) -> tuple[str, int, int]:
        return self.identity.division_code, self.identity.fiscal_year, self.disclosure_id


def reread(connection: Connection, document: ReadDocument) -> tuple[list[Stored], list[str]]:
    """Replace the stored disclosures of a document, and say what changed.

    A disclosure keeps its number and revision; one that belongs to another unit, year or stage is moved there.
    Disclosures that the document no longer contains are withdrawn, new ones are loaded.
    """
    published_on, supersede_rank = document.published_on, document.supersede_rank
    division_code = document.identities[0].division_code
    known = {group_of(each.identity): each for each in _known(connection, division_code, document.source.content_hash)}
    read = {group_of(filed.identity): (filed, ledger) for filed, ledger in document.disclosures}
    for identity in sorted({each.identity for each in known.values()} | {*document.identities}, key=group_of):
        lock(connection, identity)
    gone, new = [group for group in known if group not in read], [group for group in read if group not in known]
    places = {group: group for group in read if group in known}
    if len(gone) == len(new) == 1:
        places[new[0]] = gone[0]
        gone, new = [], []
    changes = []
    for group in gone:
        withdraw(connection, division_code, known[group].disclosure_id)
        changes.append(f"withdrawn: {_named(known[group].identity)}, which the document no longer contains")
    stored = []
    for group, (filed, ledger) in read.items():
        if group in new:
            stored += store(connection, [replace(document, disclosures=[(filed, ledger)])])[0]
            continue
        one, said = _replace(connection, known[places[group]], filed, ledger, supersede_rank)
        again, _ = load_again(connection, filed.identity, one, published_on, supersede_rank)
        settle_units(connection, *group[:2], [filed.identity.reporting_unit_code])
        stored.append(again)
        changes += said
    return stored, changes


def _known(connection: Connection, division_code: str, content_hash: str) -> list[_Known]:
    rows = connection.execute(
        "select fiscal_year, reporting_unit_code, reporting_unit_name, stage, disclosure_id, revision"
        " from budget.disclosure where division_code = %s and content_hash = %s order by disclosure_id",
        (division_code, content_hash),
    ).fetchall()
    return [_Known(Identity(division_code, *row[:4]), *row[4:]) for row in rows]


def _named(identity: Identity) -> str:
    return f"{identity.reporting_unit_code}, {identity.fiscal_year}, {identity.stage}"


def _replace(
    connection: Connection, known: _Known, filed: FiledDisclosure, ledger: Ledger, supersede_rank: int
) -> tuple[Stored, list[str]]:
    """Replace one reading of a disclosure with another. Returns the outcome and what changed."""
    before, identity = known.identity, filed.identity
    if before.reporting_unit_code != identity.reporting_unit_code and not supersede_rank:
        refuse_another_unit(connection, filed)
    old_reading, old_figures = _reading(connection, known), _figures(connection, known)
    departments = [
        department
        for (department,) in connection.execute(
            "select distinct department_code from filed.unit"
            " where division_code = %s and fiscal_year = %s and disclosure_id = %s",
            known.key,
        ).fetchall()
    ]
    attached = _attached(connection, known)
    for table in PARTS:
        if table != _KEPT:
            connection.execute(
                SQL("delete from {} where division_code = %s and fiscal_year = %s and disclosure_id = %s {}").format(
                    Identifier(*table.split(".")),
                    SQL("and document_id is null" if table == "filed.stated_fact" else ""),
                ),
                known.key,
            )
    now = _Known(identity, known.disclosure_id, _describe(connection, known, filed, ledger))
    write_rows(connection, [(now.key, filed, ledger)])
    find_in_prose(connection, now.key)  # also of attached prose
    for finding in attached:
        add_finding(connection, now.key[:2], now.disclosure_id, finding)
    current = settle_revisions(connection, [identity])
    if group_of(before) != group_of(identity):
        settle_revisions(connection, [before])
        settle_units(connection, *group_of(before)[:2], [before.reporting_unit_code], departments)
    changes = _moved(before, identity) + _changed(old_figures, _figures(connection, now))
    is_same = not changes and _reading(connection, now) == old_reading
    if not is_same and not changes:
        changes = ["no figure changed, but other cells, the ledger or the findings did"]
    outcome = "unchanged" if is_same else "reread"
    return Stored(outcome, now.disclosure_id, now.revision, now.disclosure_id in current), changes


def _describe(connection: Connection, known: _Known, filed: FiledDisclosure, ledger: Ledger) -> int:
    """Update the row of the disclosure. Returns its revision, a new one if it was moved."""
    before, identity = known.identity, filed.identity
    row = connection.execute(
        """
        update budget.disclosure as d set
            fiscal_year = %(year)s,
            reporting_unit_code = %(unit)s,
            stage = %(stage)s,
            reporting_unit_name = %(unit_name)s,
            form_set_id = %(form_set)s,
            form_count = %(forms)s,
            cell_count = %(cells)s,
            is_rounded = %(rounded)s,
            coarse_forms = %(coarse)s::smallint[],
            known_form_count = %(known_forms)s,
            figure_count = %(figures)s,
            read_by = %(read_by)s,
            cover_unit_code = %(cover_code)s,
            cover_unit_name = %(cover_name)s,
            cover_year = %(cover_year)s,
            cover_stage = %(cover_stage)s,
            is_current = false,
            revision = case
                when %(stays)s then d.revision
                else (
                    select coalesce(max(o.revision), 0) + 1
                    from budget.disclosure as o
                    where o.division_code = %(division)s
                        and o.fiscal_year = %(year)s
                        and o.reporting_unit_code = %(unit)s
                        and o.stage = %(stage)s
                )
            end
        where d.division_code = %(division)s and d.disclosure_id = %(disclosure)s
        returning d.revision
        """,
        as_read(filed, ledger) | {"disclosure": known.disclosure_id, "stays": group_of(before) == group_of(identity)},
    ).fetchone()
    assert row is not None
    for table in (_KEPT, "filed.stated_fact"):
        connection.execute(
            SQL("update {} set fiscal_year = %s where division_code = %s and disclosure_id = %s").format(
                Identifier(*table.split("."))
            ),
            (identity.fiscal_year, identity.division_code, known.disclosure_id),
        )
    return int(row[0])


def _attached(connection: Connection, known: _Known) -> list[Any]:
    """The findings about attached documents, which reading this document does not create."""
    from loader.filing.filed import Finding

    rows = connection.execute(
        'select "values" from meta.finding where division_code = %s and fiscal_year = %s and disclosure_id = %s'
        " and kind = 'attached_document' order by finding_no",
        known.key,
    ).fetchall()
    return [Finding("attached_document", {"file": values["file"], "count": values["count"]}) for (values,) in rows]


def _reading(connection: Connection, known: _Known) -> dict[str, Counter[str]]:
    """All rows created by reading the document, by table, without what other disclosures decide (``is_counted``)."""
    found = {}
    for table in PARTS:
        if table != _KEPT and table not in _DERIVED:
            rows = connection.execute(
                SQL(
                    """
                    select (to_jsonb(t) - '{{division_code,fiscal_year,disclosure_id,is_counted}}'::text[])::text
                    from {} as t
                    where division_code = %s
                        and fiscal_year = %s
                        and disclosure_id = %s
                        and not coalesce(to_jsonb(t) ->> 'kind' = any(%s), false)
                    """
                ).format(Identifier(*table.split("."))),
                (*known.key, list(_LATER_FINDINGS)),
            ).fetchall()
            found[table] = Counter(text for (text,) in rows)
    return found


class _Figure(NamedTuple):
    """An amount in 万元, and the words for its row and its column."""

    amount: Decimal
    row: str
    column: str


_Figures = dict[tuple[str, str, str], _Figure]  # by form, row and column


def _figures(connection: Connection, known: _Known) -> _Figures:
    rows = connection.execute(
        """
        select
            form_id,
            row_key,
            column_key,
            sum(amount),
            concat_ws(' ', row_key, nullif(min(row_label), row_key)),
            concat_ws(' ', column_key, nullif(min(column_label), column_key))
        from filed.cell
        where division_code = %s
            and fiscal_year = %s
            and disclosure_id = %s
            and amount is not null
            and form_id is not null
            and row_key is not null
            and column_key is not null
        group by 1, 2, 3
        """,
        known.key,
    ).fetchall()
    return {(form, row, column): _Figure(*figure) for form, row, column, *figure in rows}


def _moved(before: Identity, now: Identity) -> list[str]:
    pairs = (
        ("unit", before.reporting_unit_code, now.reporting_unit_code),
        ("year", before.fiscal_year, now.fiscal_year),
        ("stage", before.stage, now.stage),
    )
    return [f"{what} {old} -> {new}" for what, old, new in pairs if old != new]


def _changed(before: _Figures, now: _Figures) -> list[str]:
    """The figures that changed, in 万元; only the first ones are listed."""
    old, new = ({key: figure.amount for key, figure in figures.items()} for figures in (before, now))
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    named = [
        f"form {key[0]}, row {words.row}, column {words.column}: {_money(old.get(key))} -> {_money(new.get(key))}"
        for key in keys[:FEW]
        for words in [now[key] if key in now else before[key]]
    ]
    return named + ([f"and {len(keys) - FEW} more figures"] if len(keys) > FEW else [])


def _money(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"{as_printed(amount):f}"
