"""Units that print no codes: known by their names, with provisional codes."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.store import withdraw

NAME = "某某局"


def document(filer: str, total: str = "13.75", first: str = "11.50") -> bytes:
    """A form without rows of units; ``filer`` is the line that says whose it is."""
    return (
        f"2024年部门预算公开表\n\n一般公共预算基本支出表\n\n{filer}\t单位：万元\n\n"
        "科目编码\t科目名称\t合计\t人员经费\t公用经费\n"
        f"\t合计\t{total}\t{first}\t2.25\n"
        f"301\t工资福利支出\t{first}\t{first}\t\n30101\t基本工资\t{first}\t{first}\t\n"
        "302\t商品和服务支出\t2.25\t\t2.25\n30201\t办公费\t2.25\t\t2.25\n"
    ).encode()


OF_DEPARTMENT, OF_UNIT = document(f"编制部门：{NAME}"), document(f"编制单位：{NAME}")


def load(connection: psycopg.Connection, content: bytes, options: Options | None = None) -> str:
    result = load_content(connection, content, "a.txt", options or Options())
    assert result.error is None
    return result.outcome


def spent(connection: psycopg.Connection) -> Decimal | None:
    row = connection.execute("select sum(amount) from mart.expenditure").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("department_first", [True, False])
def test_a_department_and_its_unit_of_one_name_are_two_disclosures_counted_once(
    database: psycopg.Connection, department_first: bool
) -> None:
    both = [OF_DEPARTMENT, OF_UNIT]
    for content in both if department_first else reversed(both):
        assert load(database, content) == "loaded"
    rows = database.execute(
        "select reporting_unit_code, reporting_unit_name, is_current from budget.disclosure order by 1"
    ).fetchall()
    assert [(name, current) for _, name, current in rows] == [(NAME, True)] * 2
    department, unit = (code for code, _, _ in rows)
    assert unit == f"{department}-1"
    assert spent(database) == Decimal("13.75")
    covered = database.execute("select distinct unit_code, department_code from budget.covered_part").fetchall()
    assert covered == [(unit, department)]


def test_a_withdrawn_department_covers_its_unit_no_longer(database: psycopg.Connection) -> None:
    load(database, OF_DEPARTMENT)
    load(database, document(f"编制单位：{NAME}", "12.75", "10.50"))
    assert spent(database) == Decimal("13.75")
    ((disclosure_id,),) = database.execute(
        "select disclosure_id from budget.disclosure where reporting_unit_code !~ '-1$'"
    ).fetchall()
    with database.transaction():
        withdraw(database, "430202", disclosure_id)
    assert spent(database) == Decimal("12.75")
    assert database.execute("select count(*) from budget.covered_part").fetchone() == (0,)
