"""The schema: migrations and metadata agree, upgrades are whole or not at all, everything is described and keyed."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, create_engine

from schema import migrate, views
from schema.dictionary import LONGEST_LABEL
from schema.forms import FORMS
from schema.forms.template import Role
from schema.migrate import MigrationError, configuration, engine_for, upgrade
from schema.report_columns import (
    OF_DISCLOSURE,
    chinese_columns,
    chinese_name,
    district_labels,
    report_labels,
)
from schema.tables import SCHEMAS, disclosure, metadata, reference
from tests.conftest import Run, url_of

ROOT = Path(__file__).parent.parent
LONGEST_NAME = 60  # bytes that every client shows whole
LONGEST = 63  # bytes of an identifier; Postgres cuts the rest off without a word
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")

# Facts of the project rather than of a division: codes, templates, and what the schema notes about itself.
REFERENCE = {
    f"{table.schema}.{table.name}"
    for table in vars(reference).values()
    if isinstance(table, Table) and "division_code" not in table.columns
} | {"meta.alembic_version"}

RELATIONS = (
    "select c.oid, n.nspname || '.' || c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = relnamespace"
    " where n.nspname = any(%s) and c.relkind in ('r', 'p', 'v') and not c.relispartition order by 2"
)


def rows(connection: psycopg.Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(query.encode(), parameters or None).fetchall()


def relations(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    """Every table and view of the warehouse (partitions aside): oid, qualified name, kind."""
    return rows(connection, RELATIONS, list(SCHEMAS))


def contents(connection: psycopg.Connection) -> dict[str, int | None]:
    """Every table of the warehouse and how many rows it has, and every view."""
    return {
        name: None if kind == "v" else rows(connection, f"select count(*) from {_quoted(name)}")[0][0]
        for _, name, kind in relations(connection)
    }


def _quoted(name: str) -> str:
    schema, _, relation = name.partition(".")
    return f'{schema}."{relation}"'


# ---------------------------------------------------------------------------- migrations


def test_migrations_make_what_the_metadata_declares(loaded: psycopg.Connection) -> None:
    partitions = {name for (name,) in rows(loaded, "select relname from pg_class where relispartition")}
    assert "amount_2024" in partitions

    def included(_: object, name: str | None, kind: str, reflected: bool, counterpart: object) -> bool:
        return kind != "table" or name not in partitions | {"alembic_version"}

    engine = engine_for(url_of(loaded))
    with engine.connect() as connection:
        options = {"include_schemas": True, "include_object": included, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    # comments come from the dictionary, not from the metadata
    flat = [step for found in differences for step in (found if isinstance(found, list) else [found])]
    assert [step for step in flat if "comment" not in step[0]] == []


def test_upgrading_again_changes_nothing(loaded: psycopg.Connection) -> None:
    before = contents(loaded)
    assert before["filed.cell"] == 1520
    upgrade(url_of(loaded))
    upgrade(url_of(loaded))
    assert contents(loaded) == before


NOT_CODES = {"meta.alembic_version", "meta.managed_view", "meta.managed_function", "meta.data_dictionary"}
OF_YEARS = {"budget.subject_of_year"}  # empty as long as no year has disclosures


def test_the_planner_knows_the_codes_from_the_first_query_on(database: psycopg.Connection) -> None:
    known = dict(rows(database, "select oid::regclass::text, reltuples from pg_class where relkind = 'r'"))
    assert {table: known[table] for table in REFERENCE - NOT_CODES - OF_YEARS if known[table] <= 0} == {}


def test_downgrade_to_base_and_back(loaded: psycopg.Connection) -> None:
    tables = [name for _, name, _ in relations(loaded)]
    command.downgrade(configuration(url_of(loaded)), "base")
    assert [name for _, name, _ in relations(loaded)] == ["meta.alembic_version"]
    upgrade(url_of(loaded))
    assert [name for _, name, _ in relations(loaded)] == tables


def test_cells_stay_when_their_columns_are_put_in_order(loaded: psycopg.Connection) -> None:
    role = f"hetang_reader_{os.getpid()}"
    loaded.execute(f"create role {role}".encode())
    loaded.execute(f"grant select on filed.cell to {role} with grant option".encode())
    loaded.execute(f"grant update (cell_text) on filed.cell to {role}".encode())
    loaded.execute("grant delete on filed.cell_2024 to pg_monitor")
    loaded.execute(f"alter table filed.cell_2024 owner to {role}".encode())
    loaded.execute("create index own_words on filed.cell (cell_text)")
    loaded.execute("create index own_rows on filed.cell_2024 (row_no)")
    named = ", ".join(sorted(column.name for column in disclosure.cell.columns))
    query = f"select {named} from filed.cell order by disclosure_id, form_no, row_no, column_no"
    cells = rows(loaded, query)
    try:
        command.downgrade(configuration(url_of(loaded)), "0017")
        assert rows(loaded, query) == cells
        upgrade(url_of(loaded))
        assert rows(loaded, query) == cells
        order = (
            "select attname from pg_attribute where attrelid = 'filed.cell'::regclass and attnum > 0 order by attnum"
        )
        assert [name for (name,) in rows(loaded, order)] == [column.name for column in disclosure.cell.columns]
        may = (
            f"select has_table_privilege('{role}', 'filed.cell', 'select with grant option'),"
            f" has_column_privilege('{role}', 'filed.cell', 'cell_text', 'update'),"
            f" has_table_privilege('pg_monitor', 'filed.cell_2024', 'delete')"
        )
        assert rows(loaded, may) == [(True, True, True)]
        owner = "select relowner::regrole::text from pg_class where oid = 'filed.cell_2024'::regclass"
        assert rows(loaded, owner) == [(role,)]
        own = "select indexname from pg_indexes where indexname like 'own%' or indexname like 'cell_disclosure%'"
        assert sorted(rows(loaded, own)) == [("cell_disclosure_id_form_no_idx",), ("own_rows",), ("own_words",)]
    finally:
        loaded.execute(f"drop owned by {role}; drop role {role}".encode())


def test_findings_on_what_the_prose_states_keep_their_row_in_words(loaded: psycopg.Connection) -> None:
    """Page and row in a document of pages; a number in others."""
    loaded.execute(
        "insert into filed.stated_fact (division_code, fiscal_year, disclosure_id, fact_no, measure, of_year,"
        " printed_unit, sentence, place, source_row) select division_code, fiscal_year, disclosure_id, 900 + n,"
        " 'amount', fiscal_year, '万元', '支出1万元。', place, 12016"
        " from budget.disclosure, unnest('{pdf,text}'::text[]) with ordinality as kinds (place, n)"
    )
    command.downgrade(configuration(url_of(loaded)), "0022")
    of_kind = "from meta.finding where kind = 'stated_otherwise' order by finding_no"
    numbered = f"select values ->> 'sentence', values ->> 'row' {of_kind}"
    loaded.execute(
        "insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, values)"
        " select division_code, fiscal_year, disclosure_id, 900 + n, 'stated_otherwise',"
        " jsonb_build_object('sentence', sentence, 'row', source_row)"
        " from budget.disclosure,"
        " (values (1, '支出1万元。', 12016), (2, '另一句。', 16)) as told (n, sentence, source_row)"
    )
    before = rows(loaded, numbered)
    upgrade(url_of(loaded))
    worded = f"select values ->> 'place_zh', values ->> 'place' {of_kind}"
    assert rows(loaded, worded) == [("第12页第16行", "page 12, row 16"), ("第16行", "row 16")]
    assert rows(loaded, numbered) == [(sentence, None) for sentence, _ in before]
    command.downgrade(configuration(url_of(loaded)), "0022")
    assert rows(loaded, numbered) == before


def test_findings_name_the_forms_in_evidence_in_chinese(loaded: psycopg.Connection) -> None:
    command.downgrade(configuration(url_of(loaded)), "0033")
    loaded.execute(
        "insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, values)"
        " select division_code, fiscal_year, disclosure_id, 900, 'cent_off',"
        """ '{"row": "合计", "evidence": ["f05", "7", "lost"]}'::jsonb from budget.disclosure"""
    )
    upgrade(url_of(loaded))
    named = "select values -> 'evidence_zh' from meta.finding where finding_no = 900"
    assert rows(loaded, named) == [([FORMS["f05"].named, "表7", "lost"],)]
    command.downgrade(configuration(url_of(loaded)), "0033")
    assert rows(loaded, named) == [(None,)]


def test_an_upgrade_stores_the_facts_of_what_was_loaded_before(loaded: psycopg.Connection) -> None:
    query = "select * from internal.stored_fact order by disclosure_id, line_no"
    before = rows(loaded, query)
    assert before
    command.downgrade(configuration(url_of(loaded)), "0023")
    upgrade(url_of(loaded))
    assert rows(loaded, query) == before


@pytest.mark.parametrize(
    "damage",
    [
        "delete from internal.stored_fact where line_no = 3;"
        " update internal.stored_fact set functional_class = '999' where line_no = 4",
        # documents overlap by another rule than before
        "insert into budget.covered_part select division_code, fiscal_year, disclosure_id, unit_code, 'expenditure',"
        " department_code from filed.unit",
    ],
)
def test_an_upgrade_of_the_schema_stores_the_facts_anew(loaded: psycopg.Connection, damage: str) -> None:
    query = "select * from internal.stored_fact order by disclosure_id, line_no"
    before = rows(loaded, query)
    loaded.execute(damage.encode())
    command.downgrade(configuration(url_of(loaded)), "0024")
    upgrade(url_of(loaded))
    assert rows(loaded, query) == before


def test_an_upgrade_to_the_same_schema_stores_the_facts_of_years_that_have_none(loaded: psycopg.Connection) -> None:
    query = "select * from internal.stored_fact order by disclosure_id, line_no"
    before = rows(loaded, query)
    loaded.execute("truncate internal.stored_fact")
    upgrade(url_of(loaded))
    assert rows(loaded, query) == before


@pytest.mark.parametrize(
    "holder", ["create view public.own as select amount from filed.cell", "create publication own for table filed.cell"]
)
def test_cells_that_somebody_holds_are_not_copied(loaded: psycopg.Connection, holder: str) -> None:
    command.downgrade(configuration(url_of(loaded)), "0017")
    loaded.execute(holder.encode())
    with pytest.raises(MigrationError, match=r"filed\.cell is to be copied, but (view|publication) own depends on it"):
        upgrade(url_of(loaded))
    assert rows(loaded, "select version_num from meta.alembic_version") == [("0017",)]


# ---------------------------------------------------------------------------- views


@pytest.fixture
def changed_view(loaded: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another definition of report.r03, which report_zh."03支出总表" reads, once the warehouse is there."""
    found = views.managed_views()
    (before,) = (view for view in found if view.qualified == "report.r03")
    changed = [replace(view, sql=view.sql + "\nlimit all") if view is before else view for view in found]
    monkeypatch.setattr(views, "managed_views", lambda: changed)


def view_oids(connection: psycopg.Connection) -> dict[str, int]:
    return {name: oid for oid, name, kind in relations(connection) if kind == "v"}


@pytest.mark.usefixtures("changed_view")
def test_a_view_of_somebody_elses_is_named_and_kept(loaded: psycopg.Connection) -> None:
    loaded.execute("create schema analyst; create view analyst.big_items as select * from report.r03 where total > 50")
    before = contents(loaded)
    with pytest.raises(MigrationError, match=r"report\.r03 .*analyst\.big_items"):
        upgrade(url_of(loaded))
    assert contents(loaded) == before
    assert rows(loaded, "select count(*) > 5 from analyst.big_items") == [(True,)]
    loaded.execute("drop view analyst.big_items")
    upgrade(url_of(loaded))
    assert contents(loaded) == before


@pytest.mark.usefixtures("changed_view")
def test_only_changed_views_and_their_readers_are_made_anew(loaded: psycopg.Connection) -> None:
    before = view_oids(loaded)
    upgrade(url_of(loaded))
    after = view_oids(loaded)
    assert before.keys() == after.keys()
    assert {name for name, oid in after.items() if before[name] != oid} == {"report.r03", "report_zh.03支出总表"}
    loaded.execute("drop view report.ocr_review")
    upgrade(url_of(loaded))
    assert view_oids(loaded).keys() == after.keys()  # one that somebody dropped is there again


@pytest.mark.usefixtures("changed_view")
def test_grants_stay(loaded: psycopg.Connection) -> None:
    role = f"hetang_reader_{os.getpid()}"
    loaded.execute(f"create role {role}".encode())
    try:
        loaded.execute(f"grant select on report.r03 to {role} with grant option".encode())
        loaded.execute(
            f"grant select (subject_code) on report.r03 to {role}; grant select on report.r04 to {role}".encode()
        )
        loaded.execute('grant select on report_zh."03支出总表" to public')
        granted = (
            "select relname, relacl::text, (select array_agg(attacl::text) from pg_attribute where attrelid = c.oid)"
            " from pg_class as c where relname in ('r03', 'r04', '03支出总表')"
            " and relnamespace <> 'district'::regnamespace order by 1"
        )
        before = rows(loaded, granted)
        assert str(before).count(role) == 3
        upgrade(url_of(loaded))
        assert rows(loaded, granted) == before
    finally:
        loaded.execute(f"drop owned by {role}; drop role {role}".encode())


# ---------------------------------------------------------------------------- others are at work


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "PATIENCE", 0.5)
    monkeypatch.setattr(migrate, "SHORT", 0.1)


@pytest.mark.usefixtures("changed_view", "impatient")
def test_a_reader_in_the_way_is_named(loaded: psycopg.Connection) -> None:
    with psycopg.connect(url_of(loaded), application_name="long report") as reader:
        reader.execute("select * from report.r03")
        with pytest.raises(MigrationError, match=rf"locks.*process {reader.info.backend_pid} of role .*long report"):
            upgrade(url_of(loaded))
        # who comes later does not wait behind the upgrade
        assert loaded.execute("select count(*) > 0 from report.r03").fetchone() == (True,)


@pytest.mark.usefixtures("changed_view")
def test_an_upgrade_waits_for_readers(loaded: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "SHORT", 0.1)
    reader = psycopg.connect(url_of(loaded))
    reader.execute("select * from report.r03")
    asked = []
    once = command.upgrade

    def upgrade_once(*arguments: Any) -> None:
        asked.append(arguments)
        if len(asked) == 2:
            reader.close()
        once(*arguments)

    monkeypatch.setattr(command, "upgrade", upgrade_once)
    upgrade(url_of(loaded))
    assert len(asked) == 2


@pytest.mark.usefixtures("impatient")
def test_whoever_holds_the_lock_of_upgrades_is_named(database: psycopg.Connection) -> None:
    """Anybody who may connect can."""
    with psycopg.connect(url_of(database), application_name="a visitor") as visitor:
        visitor.execute("select pg_advisory_lock(hashtext('hetang upgrade'))")
        with pytest.raises(MigrationError, match=rf"process {visitor.info.backend_pid} of role .*a visitor"):
            upgrade(url_of(database))


def test_a_warehouse_of_a_newer_program_is_left_alone(loaded: psycopg.Connection, run: Run) -> None:
    loaded.execute("update meta.alembic_version set version_num = '9999'")
    before = view_oids(loaded)
    for arguments in (["db", "upgrade"], ["units"], ["db", "check"]):
        message = run(*arguments, code=5).stderr
        assert "schema 9999" in message
        assert "upgrade hetang" in message
    assert view_oids(loaded) == before


@pytest.fixture
def broken_view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more file among those of sql/, of a view that reads a column that does not exist."""
    path = tmp_path / "broken.sql"
    path.write_text("create view report.broken as select no_such_column from budget.amount\n", encoding="utf-8")
    found = views._sql_files
    monkeypatch.setattr(views, "_sql_files", lambda folder: [*found(folder), path])


@pytest.mark.usefixtures("broken_view")
def test_a_broken_view_leaves_the_warehouse_as_it_was(loaded: psycopg.Connection) -> None:
    before = contents(loaded)
    with pytest.raises(MigrationError, match=r"report\.broken: .*no_such_column"):
        upgrade(url_of(loaded))
    assert contents(loaded) == before


def test_a_broken_view_leaves_an_empty_database_empty(
    database: psycopg.Connection, request: pytest.FixtureRequest
) -> None:
    for schema in SCHEMAS:
        database.execute(f"drop schema {schema} cascade".encode())
    request.getfixturevalue("broken_view")
    with pytest.raises(MigrationError, match="no_such_column"):
        upgrade(url_of(database))
    assert rows(database, "select nspname from pg_namespace where nspname = any(%s)", list(SCHEMAS)) == []


def test_a_file_holds_the_view_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.sql"
    path.write_text("create view report.two as select 1 as one\n", encoding="utf-8")
    monkeypatch.setattr(views, "_sql_files", lambda folder: [path])
    with pytest.raises(views.ViewError, match=r"one\.sql"):
        views.managed_views()


def test_every_form_is_a_view_in_english_and_in_chinese(database: psycopg.Connection) -> None:
    found = {name for _, name, kind in relations(database) if kind == "v"}
    for form_id, form in FORMS.items():
        assert f"report.{form_id}" in found
        assert f"report_zh.{chinese_name(form)}" in found
        columns = [column for _, column in _columns(database, f"report.{form_id}")]
        assert columns == [*report_labels(form), *OF_DISCLOSURE]
        if form.has_table:
            columns = [column for _, column in _columns(database, f"district.{form_id}")]
            assert columns == list(district_labels(form))
        else:
            assert f"district.{form_id}" not in found


def test_reports_have_the_columns_of_their_templates() -> None:
    for form in FORMS.values():
        if not form.lists:
            shown = [c.id for c in form.columns if c.role not in (Role.MEMO, Role.PRIOR, Role.RATE, Role.ORDINAL)]
            if form.has_table:
                shown = [column_id for column_id in shown if form.column(column_id).role is not Role.TEXT]
            # 类, 款 and 项 that only some offices print stand beside the whole code
            parts = {c.id for c in form.columns if c.optional and c.code is not None and c.code.part is not None}
            shown = [column_id for column_id in shown if column_id not in parts]
            assert shown == [c for c in report_labels(form) if c in {column.id for column in form.columns}]


# ---------------------------------------------------------------------------- descriptions


def _columns(connection: psycopg.Connection, relation: str) -> list[tuple[str, str]]:
    return rows(
        connection,
        "select coalesce(col_description(attrelid, attnum), ''), attname from pg_attribute"
        " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum",
        _quoted(relation),
    )


def test_everything_has_a_short_chinese_comment_of_its_own(database: psycopg.Connection) -> None:
    """BI tools show comments as names: 20 characters, none twice in a view, the money unit with the amounts."""
    for schema in SCHEMAS:
        [(comment,)] = rows(database, "select obj_description(%s::regnamespace, 'pg_namespace')", schema)
        assert CHINESE.search(comment), schema
    for oid, name, _ in relations(database):
        [(comment,)] = rows(database, "select coalesce(obj_description(%s, 'pg_class'), '')", oid)
        assert CHINESE.search(comment), f"{name}: {comment!r}"
        assert len(comment) <= LONGEST_LABEL, f"{name}: {comment!r}"
        schema, _, relation = name.partition(".")
        if schema in ("report", "report_zh") and relation in {*FORMS, *map(chinese_name, FORMS.values())}:
            assert comment.startswith("不可加总"), name
        columns = _columns(database, name)
        for described, column in columns:
            assert CHINESE.search(described), f"{name}.{column}: {described!r}"
            assert len(described) <= LONGEST_LABEL, f"{name}.{column}: {described!r}"
            assert len(column.encode()) <= LONGEST_NAME, f"{name}.{column}"
        labels = Counter(described for described, _ in columns)
        assert max(labels.values()) == 1, f"{name}: {labels.most_common(1)}"


@pytest.mark.parametrize("schema", ["district", "mart", "mart_zh"])
def test_amounts_have_a_precision_and_a_money_unit(database: psycopg.Connection, schema: str) -> None:
    columns = rows(
        database,
        "select relname || '.' || attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)"
        " from pg_attribute join pg_class on pg_class.oid = attrelid"
        " where relnamespace = %s::regnamespace and attnum > 0 and atttypid = 'numeric'::regtype",
        schema,
    )
    assert len(columns) > 5
    for column, type_, comment in columns:
        is_money = "万元" in comment
        assert type_ == "numeric(18,6)" if is_money else type_.startswith("numeric(18,"), (column, type_, comment)
        assert is_money or any(word in comment for word in ("%", "百分比", "率", "指标值", "目标值")), (column, comment)


def test_a_column_of_one_name_has_one_type_in_all_marts(database: psycopg.Connection) -> None:
    types = rows(
        database,
        "select attname, array_agg(distinct format_type(atttypid, atttypmod))"
        " from pg_attribute join pg_class on pg_class.oid = attrelid"
        " where relnamespace in ('mart'::regnamespace, 'mart_zh'::regnamespace) and relkind in ('r', 'v', 'm')"
        " and attnum > 0 and not attisdropped group by attname",
    )
    several = {name: found for name, found in types if len(found) > 1}
    # 行 is the row of a form, by its name, or the row of a file, by its number
    assert several == {"行": ["character varying(300)", "integer"]}


def test_the_dictionary_describes_everything(database: psycopg.Connection) -> None:
    query = "select schema_name, relation_name, position, column_name, {} from meta.{} order by 1, 2, 3"
    described = rows(database, query.format("label", "data_dictionary"))
    assert described == rows(database, query.format("comment", "dictionary"))
    entries = "select schema_name || '.' || relation_name, column_name, english, keys, sums from meta.data_dictionary"
    for relation, column, english, keys, sums in rows(database, entries):
        assert ENGLISH.search(english) or relation.startswith("report_zh."), f"{relation}.{column}"
        if keys:
            known = {name for _, name in _columns(database, relation)}
            assert set(keys.split(", ")) <= known, relation
        if column is None and relation.startswith("report") and relation.split(".")[1] in FORMS:
            assert sums.startswith("不可加总")
    joined = "select distinct joins from meta.data_dictionary where joins is not null"
    for (join,) in rows(database, joined):
        relation, _, keys = join.partition(" (")
        assert set(keys.rstrip(")").split(", ")) <= {name for _, name in _columns(database, relation)}, join


def test_a_bi_tool_sees_the_forms_and_little_else(database: psycopg.Connection) -> None:
    seen = {name.split(".")[1] for _, name, _ in relations(database) if name.startswith("report.")}
    assert len(seen - FORMS.keys()) <= 15
    assert {"comparison", "comparison_summary", "every_cell", "counted_line", "finding", "missing_form"} <= seen


# ---------------------------------------------------------------------------- keys and names


def test_every_key_begins_where_a_sharded_warehouse_would_cut(loaded: psycopg.Connection) -> None:
    """Unique keys hold division_code, and fiscal_year where a table is partitioned by it: Citus asks for that."""
    keys = rows(
        loaded,
        "select n.nspname || '.' || c.relname, c.relkind = 'p', array_agg(a.attname::text)"
        " from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)"
        " where i.indisunique and n.nspname = any(%s) and not c.relispartition"
        " group by i.indexrelid, 1, 2 order by 1",
        list(SCHEMAS),
    )
    keyed = set()
    for table, is_partitioned, columns in keys:
        keyed.add(table)
        if table not in REFERENCE:
            assert "division_code" in columns, f"{table}: {columns}"
            assert not is_partitioned or "fiscal_year" in columns, f"{table}: {columns}"
    tables = {name for _, name, kind in relations(loaded) if kind != "v"}
    assert keyed == tables - {"filed.cell", "internal.stored_spending"}


def test_each_place_of_a_form_is_a_cell_once(loaded: psycopg.Connection) -> None:
    """No key says so: it would hold every cell once more."""
    place = "division_code, fiscal_year, disclosure_id, form_no, row_no, column_no"
    assert rows(loaded, "select count(*) from filed.cell")[0][0] > 500
    assert rows(loaded, f"select {place} from filed.cell group by {place} having count(*) > 1") == []


def test_no_identifier_is_cut(loaded: psycopg.Connection) -> None:
    prepare = create_engine("postgresql+psycopg://").dialect.identifier_preparer
    declared = {*SCHEMAS}
    for table in metadata.sorted_tables:
        declared |= {table.name, *table.columns.keys()}
        declared |= {str(prepare.format_constraint(c)).strip('"') for c in table.constraints if c.name}
        declared |= {prepare.format_index(index).strip('"') for index in table.indexes}
    for view in views.managed_views():
        declared.add(view.name)
    for form_id, form in FORMS.items():
        labels = list(chinese_columns(form).values())
        assert len(set(labels)) == len(labels), f"form {form_id}: two columns of one name"
        declared |= set(labels)
    assert [name for name in declared if len(name.encode()) > LONGEST] == []
    found = rows(
        loaded,
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = any(%s) and c.relkind in ('r', 'p', 'v', 'I') and not c.relispartition"
        " union select a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'report_zh' and a.attnum > 0",
        list(SCHEMAS),
    )
    own = {"alembic_version", "alembic_version_pkc"}
    assert {name for (name,) in found} - own <= declared
