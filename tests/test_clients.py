"""What clients of the database see: the recipes of docs/bi.md as they stand, types, labels and names without quotes.

A client that is not installed is skipped; psqlodbc is a package of the system, not of PyPI.
"""

from __future__ import annotations

import datetime
import locale
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import shared_clone, url_of

BI = (Path(__file__).parent.parent / "docs" / "bi.md").read_text(encoding="utf-8")
SPENT = Decimal("896.28")  # what the sample spends
FACT = "select 年度, 年度日期, 单位, 功能分类编码, 金额_万元 from mart_zh.支出明细"


@pytest.fixture(scope="module")
def warehouse(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with shared_clone(request, "clients", of="loaded_template") as connection:
        yield connection


def recipe(heading: str, address: str) -> dict[str, Any]:
    """What the Python beneath a heading of docs/bi.md leaves, with this address in place of the one there."""
    (code,) = re.findall(rf"^## {heading}\n.*?^```python\n(.*?)^```", BI, re.DOTALL | re.MULTILINE)
    named = re.sub(r"(?<=//)reader:password@localhost:5432/hetang", address.partition("//")[2], code)
    assert named != code
    left: dict[str, Any] = {}
    exec(named, left)
    return left


def test_pandas(warehouse: psycopg.Connection) -> None:
    pandas = pytest.importorskip("pandas")
    left = recipe("pandas", url_of(warehouse))
    assert all(isinstance(amount, Decimal) for amount in left["spent"]["金额_万元"])
    found = pandas.read_sql(sa.text(FACT), left["engine"], coerce_float=False)
    assert found["金额_万元"].sum() == SPENT
    assert found["年度"].dtype == "int64"
    assert set(found["年度日期"]) == {datetime.date(2024, 1, 1)}
    assert set(found["功能分类编码"].dropna()) >= {"2010101"}  # a code is text
    left["engine"].dispose()


def test_what_sqlalchemy_reflects(warehouse: psycopg.Connection) -> None:
    """Types with a precision, and comments, which BI tools take for labels."""
    engine = sa.create_engine(url_of(warehouse).replace("postgresql://", "postgresql+psycopg://"))
    columns = {column["name"]: column for column in sa.inspect(engine).get_columns("expenditure", schema="mart")}
    engine.dispose()
    amount = columns["amount"]["type"]
    assert isinstance(amount, sa.Numeric)
    assert (amount.precision, amount.scale) == (18, 6)
    assert "万元" in str(columns["amount"]["comment"])
    assert isinstance(columns["fiscal_year_date"]["type"], sa.Date)
    assert all(re.search("[一-鿿]", column["comment"] or "") for column in columns.values())


def test_polars(warehouse: psycopg.Connection) -> None:
    polars = pytest.importorskip("polars")
    exact = polars.read_database(FACT, warehouse)
    assert isinstance(exact.schema["金额_万元"], polars.Decimal)
    assert exact["金额_万元"].sum() == SPENT
    assert exact.schema["年度日期"] == polars.Date
    pytest.importorskip("adbc_driver_postgresql")
    spent = recipe("polars", url_of(warehouse))["spent"]
    assert spent["金额_万元"].sum() == pytest.approx(float(SPENT))


@pytest.fixture
def same_locale() -> Iterator[None]:
    """Takes back the locale that the driver sets for the whole process: without LANG it knows ASCII only."""
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.usefixtures("same_locale")
def test_odbc(warehouse: psycopg.Connection) -> None:
    """Excel, WPS and Power BI come this way."""
    pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)  # without unixODBC it does not import
    driver = next((name for name in pyodbc.drivers() if re.match("PostgreSQL Unicode|psqlodbcw", name)), None)
    if driver is None:
        pytest.skip("no driver psqlodbc (odbc-postgresql)")
    info = warehouse.info
    address = f"Server={info.host};Port={info.port};Database={info.dbname};Uid={info.user};Pwd={info.password}"
    with pyodbc.connect(f"Driver={{{driver}}};{address}", readonly=True) as connection:
        cursor = connection.cursor()
        rows = cursor.execute(FACT).fetchall()
        told = {name: (kind, precision, scale) for name, kind, _, _, precision, scale, _ in cursor.description}
        assert told["金额_万元"] == (Decimal, 18, 6)
        assert (told["年度"][0], told["年度日期"][0], told["单位"][0]) == (int, datetime.date, str)
        assert sum(row[-1] for row in rows) == SPENT
        views = {row.table_name for row in cursor.tables(schema="mart_zh")}
        assert {"支出明细", "比对汇总"} <= views
