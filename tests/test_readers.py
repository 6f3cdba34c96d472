"""Roles that only read: what they see, and what they cannot do."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from loader.warehouse.readers import FOR_BI_TOOLS
from schema.migrate import upgrade
from tests.conftest import Run, url_of
from tests.test_docs import READMES, blocks


@pytest.fixture
def name(loaded: psycopg.Connection) -> Iterator[str]:
    role = f"reader_{os.getpid()}"
    yield role
    if loaded.execute("select from pg_roles where rolname = %s", (role,)).fetchone() is not None:
        loaded.execute(f"drop owned by {role}; drop role {role}".encode())


def reader(run: Run, owner: psycopg.Connection, name: str, *options: str) -> psycopg.Connection:
    """A session of a reader that the command has made."""
    role, password = run("db", "grant-reader", name, *options).stdout.split()
    address = conninfo_to_dict(url_of(owner)) | {"user": role, "password": password}
    return psycopg.connect(make_conninfo("", **address), autocommit=True)


def test_a_bi_tool_reads_views_and_changes_nothing(loaded: psycopg.Connection, run: Run, name: str) -> None:
    with reader(run, loaded, name) as session:
        for view in (
            "mart.expenditure",
            "mart_zh.支出明细",
            "report.r03",
            "report.comparison",
            "report.finding",
            "district.r03",
        ):
            assert session.execute(f"select count(*) > 0 from {view}".encode()).fetchone() == (True,), view
        for refused in (
            "select * from budget.amount",
            "select * from filed.cell",
            "select * from pg_authid",
            "select pg_read_file('/etc/passwd')",
            "delete from meta.finding",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                session.execute(refused.encode())
        session.execute("set transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("begin read write; create temporary table mine (a int)")
        session.rollback()
        assert session.execute("show statement_timeout").fetchone() == ("5min",)
        set_for_it = "select source from pg_settings where name = 'jit' and setting = 'off'"
        assert session.execute(set_for_it).fetchone() == ("user",)


# views that a reader may see and that call a function of ours, themselves or by another view: a view reads with its
# owner's rights, a function with the reader's
_CALLING = """
    with recursive reads as (
        select rewrite.ev_class as reader, depend.refclassid, depend.refobjid
        from pg_rewrite as rewrite
        join pg_depend as depend on depend.classid = 'pg_rewrite'::regclass and depend.objid = rewrite.oid
    ),

    calling as (
        select reader
        from reads
        join pg_proc on refclassid = 'pg_proc'::regclass and pg_proc.oid = refobjid
        where pronamespace::regnamespace::text <> 'pg_catalog'
        union
        select reads.reader
        from reads
        join calling on refclassid = 'pg_class'::regclass and refobjid = calling.reader
    )

    select oid::regclass::text
    from pg_class
    where relkind = 'v' and relnamespace::regnamespace::text = any(%s) and oid in (select reader from calling)
    order by 1
"""


def test_every_view_that_a_bi_tool_sees_answers_it(loaded: psycopg.Connection, run: Run, name: str) -> None:
    key = loaded.execute("select division_code, fiscal_year, disclosure_id from budget.disclosure").fetchone()
    assert key is not None
    loaded.execute(
        "insert into filed.stated_fact (division_code, fiscal_year, disclosure_id, fact_no, stated_kind, measure,"
        " of_year, stated_amount, half_place, printed_unit, sentence, place, source_row)"
        " values (%s, %s, %s, 1, 'expenditure', 'amount', %s, 1, 0.005, '万元', '支出1万元', '', 1)",
        (*key, key[1]),
    )
    with reader(run, loaded, name) as session:
        refused = session.execute(
            "select array_agg(oid::regclass::text) from pg_class where relkind = 'v'"
            " and relnamespace::regnamespace::text = any(%s) and not has_table_privilege(oid, 'select')",
            (list(FOR_BI_TOOLS),),
        ).fetchone()
        assert refused == (None,)
        views = [view for (view,) in session.execute(_CALLING, (list(FOR_BI_TOOLS),))]
        assert {"rule.stated_fact", "rule.result"} <= set(views)
        for view in views:
            session.execute(f"select * from {view} limit 1".encode())


def test_an_analyst_runs_the_queries_of_the_readme(loaded: psycopg.Connection, run: Run, name: str) -> None:
    with reader(run, loaded, name, "--analyst") as session:
        for query in blocks(READMES[0], "sql"):
            session.execute(query.encode())
        assert session.execute("select count(*) > 0 from budget.amount").fetchone() == (True,)
        assert session.execute("select count(*) > 0 from filed.cell").fetchone() == (True,)


def test_views_of_the_next_upgrade_are_readable(
    loaded: psycopg.Connection, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reader(run, loaded, name) as session:
        loaded.execute("drop view mart_zh.支出明细")
        upgrade(url_of(loaded))
        assert session.execute("select count(*) > 0 from mart_zh.支出明细").fetchone() == (True,)


def test_a_role_that_is_there_keeps_its_password(loaded: psycopg.Connection, run: Run, name: str) -> None:
    loaded.execute(f"create role {name} login password 'own'".encode())
    result = run("db", "grant-reader", name)
    assert result.stdout == ""
    assert "its password is unchanged" in result.stderr
    address = conninfo_to_dict(url_of(loaded)) | {"user": name, "password": "own"}
    with psycopg.connect(make_conninfo("", **address)) as session:
        session.execute("select count(*) from mart.expenditure")


def test_a_lost_password_is_replaced(loaded: psycopg.Connection, run: Run, name: str) -> None:
    run("db", "grant-reader", name)
    with reader(run, loaded, name, "--new-password") as session:
        session.execute("select count(*) from mart.expenditure")


def test_the_owner_is_no_reader(loaded: psycopg.Connection, run: Run) -> None:
    assert "create a separate role for reading" in run("db", "grant-reader", loaded.info.user, code=5).stderr


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        *((odd, "begins with a letter") for odd in ("a b", "", 'li"')),
        *((odd, "is reserved") for odd in ("pg_li", "Public")),
        ("局" * 22, "66 bytes"),
    ],
)
def test_odd_names_of_roles_are_refused_in_words(run: Run, odd: str, reason: str) -> None:
    assert reason in " ".join(run("db", "grant-reader", odd, code=2).stderr.split())


def test_a_server_of_yours_has_no_ready_address(loaded: psycopg.Connection, run: Run) -> None:
    assert "grant-reader" in run("db", "url", "--read-only", code=5).stderr
