"""Units that print no codes: known by their names, with provisional codes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import psycopg
import pytest
from psycopg.errors import LockNotAvailable

from loader.answers.disclosed import Selection
from loader.answers.page import write_pages
from loader.answers.workbook import write_workbooks
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.loading.load import load_content
from loader.loading.options import Options
from loader.warehouse.revisions import withdraw
from loader.warehouse.unit_codes import told_apart
from tests.conftest import url_of
from tests.contents import troubles

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


def code_of(content: bytes) -> str:
    (disclosure,) = file_disclosures(read(content, "a.txt"), "430202")
    return disclosure.identity.reporting_unit_code


def test_an_office_of_the_party_is_one_unit_however_it_is_spelt() -> None:
    names = ("中共某某市委宣传部", "中国共产党某某市委员会宣传部", "某某市委宣传部")
    assert len({code_of(document(f"编制部门：{name}")) for name in names}) == 1
    others = ("共青团某某市委", "中共某某市纪律检查委员会", "某某市卫生健康委员会", "某某市委老干部局")
    assert len({code_of(document(f"编制部门：{name}")) for name in others}) == len(others)


@pytest.mark.parametrize(
    ("heading", "is_department"), [("第一部分 部门概况", True), ("一、单位主要职能", False), ("", False)]
)
def test_a_heading_tells_the_level_if_nothing_else_does(heading: str, is_department: bool) -> None:
    content = f"某某市{NAME}2024年度预算公开\n\n{heading}\n\n".encode() + document("").split(b"\n\n", 1)[1]
    assert code_of(content).endswith("-1") is not is_department


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


def codes(connection: psycopg.Connection) -> list[tuple[str, int, str]]:
    return connection.execute(
        "select reporting_unit_code, fiscal_year, reporting_unit_name from budget.disclosure order by 2, 1"
    ).fetchall()


CODED = document(f"单位：001001_{NAME}")


def test_a_unit_whose_code_is_known_keeps_it_where_none_is_printed(database: psycopg.Connection) -> None:
    load(database, CODED)
    assert load(database, OF_UNIT.replace("2024年".encode(), "2025年".encode())) == "loaded"
    assert codes(database) == [("001001", 2024, NAME), ("001001", 2025, NAME)]
    assert load(database, OF_DEPARTMENT) == "loaded"  # of another level
    assert len({code for code, _, _ in codes(database)}) == 2


def test_a_code_that_comes_later_is_linked_and_read_again_it_is_the_units(database: psycopg.Connection) -> None:
    later = OF_UNIT.replace("2024年".encode(), "2023年".encode())
    load(database, later)
    ((provisional, _, _),) = codes(database)
    result = load_content(database, CODED, "b.txt", Options())
    assert result.changes == [f"{provisional} is 001001: `hetang load --again` files its documents under that code"]
    linked = database.execute("select provisional_code, unit_code from budget.unit_alias").fetchall()
    assert linked == [(provisional, "001001")]
    units = database.execute(
        "select fiscal_year, unit_code, official_unit_code from mart.dim_unit where not is_department order by 1"
    ).fetchall()
    assert units == [(2023, provisional, "001001"), (2024, "001001", "001001")]
    missing = database.execute("select former_unit_code from report.missing_unit where had_filed").fetchall()
    assert missing == []
    result = load_content(database, later, "a.txt", Options(again=True))
    assert result.changes == [f"unit {provisional} -> 001001"]
    assert codes(database) == [("001001", 2023, NAME), ("001001", 2024, NAME)]
    assert troubles(database) == []


@pytest.mark.parametrize("coded_first", [True, False])
def test_a_unit_with_and_without_its_code_counts_once(database: psycopg.Connection, coded_first: bool) -> None:
    uncoded = document(f"编制单位：{NAME}", "12.75", "10.50")
    for content in (CODED, uncoded) if coded_first else (uncoded, CODED):
        load(database, content)
    assert spent(database) == Decimal("13.75")


def test_without_its_document_under_the_code_the_other_counts_again(database: psycopg.Connection) -> None:
    load(database, document(f"编制单位：{NAME}", "12.75", "10.50"))
    load(database, CODED)
    assert spent(database) == Decimal("13.75")
    ((disclosure_id,),) = database.execute(
        "select disclosure_id from budget.disclosure where reporting_unit_code = '001001'"
    ).fetchall()
    with database.transaction():
        withdraw(database, "430202", disclosure_id)
    assert spent(database) == Decimal("12.75")  # under the provisional code
    load(database, CODED)
    assert spent(database) == Decimal("13.75")
    assert troubles(database) == []


@pytest.mark.parametrize("moved", [Options(fiscal_year=2023), Options(stage="final"), Options(unit_code="005")])
def test_if_its_document_under_the_code_moves_away_the_other_counts_again(
    database: psycopg.Connection, moved: Options
) -> None:
    load(database, document(f"编制单位：{NAME}", "12.75", "10.50"))
    load(database, OF_UNIT, Options(unit_code="005001"))
    assert load(database, OF_UNIT, replace(moved, again=True, unit_code=moved.unit_code or "005001")) == "reread"
    counted = "select sum(amount) from {} where fiscal_year = 2024 and reporting_unit_code !~ '^[0-9]+$'"
    for facts in ("budget.current_amount", "mart.expenditure"):
        assert database.execute(counted.format(facts).encode()).fetchone() == (Decimal("12.75"),)
    assert troubles(database) == []


def test_a_unit_waits_for_a_load_of_its_documents_without_a_code(database: psycopg.Connection) -> None:
    load(database, document(f"编制单位：{NAME}", "12.75", "10.50"))
    load(database, CODED)
    ids = {
        code.isdigit(): disclosure_id
        for code, disclosure_id in database.execute(
            "select reporting_unit_code, disclosure_id from budget.disclosure"
        ).fetchall()
    }
    with psycopg.connect(url_of(database)) as other:
        other.execute("set lock_timeout = '100ms'")
        with database.transaction():
            withdraw(database, "430202", ids[False])
            with pytest.raises(LockNotAvailable):
                withdraw(other, "430202", ids[True])
        other.rollback()
        withdraw(other, "430202", ids[True])
    assert spent(database) is None
    assert troubles(database) == []


def test_two_units_of_one_name_are_not_linked(database: psycopg.Connection) -> None:
    load(database, CODED)
    load(database, document(f"单位：002001_{NAME}", "12.75", "10.50"))
    load(database, OF_UNIT)
    assert len(codes(database)) == 3
    assert database.execute("select count(*) from budget.unit_alias").fetchone() == (0,)


@pytest.mark.parametrize("coded_first", [True, False])
def test_of_two_codes_of_one_name_that_of_the_year_is_the_units(
    database: psycopg.Connection, coded_first: bool
) -> None:
    # the unit moved to another department
    before = CODED.replace("2024年".encode(), "2023年".encode())
    after = document(f"单位：002007_{NAME}")
    uncoded = document(f"编制单位：{NAME}", "12.75", "10.50").replace("2024年".encode(), "2023年".encode())
    for content in (before, after, uncoded) if coded_first else (uncoded, after, before):
        load(database, content)
    if coded_first:
        assert {code for code, year, _ in codes(database) if year == 2023} == {"001001"}
    else:
        assert database.execute("select unit_code from budget.unit_alias").fetchall() == [("001001",)]


def test_pages_and_workbooks_tell_a_unit_from_its_department(database: psycopg.Connection, tmp_path: Path) -> None:
    for content in (OF_DEPARTMENT, OF_UNIT):
        load(database, content)
    write_pages(database, Selection("430202"), tmp_path)
    write_workbooks(database, Selection("430202"), tmp_path)
    titles = {
        re.search("<h1>(.*)</h1>", path.read_text(encoding="utf-8"))[1]: openpyxl.load_workbook(  # type: ignore[index]
            path.with_suffix(".xlsx"), read_only=True
        )["目录"]["A1"].value
        for path in tmp_path.glob("*/*.html")
    }
    assert titles == {
        f"{NAME} 2024 年部门预算": "2024年部门预算公开表",
        f"{NAME} 2024 年单位预算": "2024年单位预算公开表",
    }
    assert f"{NAME}（单位）" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_index_lists_no_department_without_a_name(database: psycopg.Connection, tmp_path: Path) -> None:
    load(database, OF_UNIT)
    write_pages(database, Selection("430202"), tmp_path)
    listed = re.findall("U[0-9a-f]{10}(?:-1)?", (tmp_path / "index.html").read_text(encoding="utf-8"))
    assert set(listed) == {code for code, _, _ in codes(database)}


def test_a_department_and_its_unit_of_one_name_are_told_apart() -> None:
    assert [told_apart(code, "某局") for code in ("U1234567890", "U1234567890-1", "001001")] == [
        "某局",
        "某局（单位）",
        "某局",
    ]


def test_projects_stand_beneath_the_names_of_their_units() -> None:
    """The column of codes is empty in all rows. The department and its unit have the same name."""
    content = (
        f"2024年部门预算公开表\n\n单位编码：194\n\n单位名称：{NAME}\n\n收入总表\n\n单位：万元\n\n"
        "单位编码\t单位名称\t合计\t经费拨款\n"
        f"\t合计\t9.00\t9.00\n194\t{NAME}\t9.00\t9.00\n194001\t{NAME}\t5.00\t5.00\n194002\t某某中心\t4.00\t4.00\n\n"
        "专项资金预算汇总表\n\n单位：万元\n\n单位编码\t单位名称（专项名称）\t总计\t经费拨款\n"
        f"\t合计\t9.00\t9.00\n\t{NAME}\t9.00\t9.00\n\t{NAME}\t5.00\t5.00\n\t会议费\t5.00\t5.00\n"
        "\t某某中心\t4.00\t4.00\n\t培训费\t4.00\t4.00\n"
    )
    (disclosure,) = file_disclosures(read(content.encode(), "a.txt"), "430202")
    (projects,) = (form for form in disclosure.forms if form.form_id == "r21")
    rows = list(dict.fromkeys(cell.row_key for cell in projects.cells if cell.amount))
    assert rows == ["total", "194", "194001", "194001/会议费", "194002", "194002/培训费"]


def test_projects_beneath_a_department_are_of_its_only_unit() -> None:
    content = (
        "2024年部门预算公开表\n\n单位编码：194\n\n单位名称：某某系统\n\n收入总表\n\n单位：万元\n\n"
        "单位编码\t单位名称\t合计\t经费拨款\n"
        f"\t合计\t5.00\t5.00\n194\t某某系统\t5.00\t5.00\n194001\t{NAME}\t5.00\t5.00\n\n"
        "专项资金预算汇总表\n\n单位：万元\n\n单位编码\t单位名称（专项名称）\t总计\t经费拨款\n"
        "\t合计\t5.00\t5.00\n\t某某系统\t5.00\t5.00\n\t会议费\t5.00\t5.00\n"
    )
    (disclosure,) = file_disclosures(read(content.encode(), "a.txt"), "430202")
    (projects,) = (form for form in disclosure.forms if form.form_id == "r21")
    rows = list(dict.fromkeys(cell.row_key for cell in projects.cells if cell.amount))
    assert rows == ["total", "194", "194001/会议费"]


def test_a_project_may_be_called_like_another_unit() -> None:
    """Beneath a unit with its code, a name without one is a project: what a unit pays for another."""
    content = (
        "2024年部门预算公开表\n\n单位编码：194\n\n单位名称：某某系统\n\n收入总表\n\n单位：万元\n\n"
        "单位编码\t单位名称\t合计\t经费拨款\n"
        f"\t合计\t9.00\t9.00\n194001\t{NAME}\t5.00\t5.00\n194002\t某某中心\t4.00\t4.00\n\n"
        "专项资金预算汇总表\n\n单位：万元\n\n单位编码\t单位名称（专项名称）\t总计\t经费拨款\n"
        f"\t合计\t5.00\t5.00\n194001\t{NAME}\t5.00\t5.00\n\t某某中心\t5.00\t5.00\n"
    )
    (disclosure,) = file_disclosures(read(content.encode(), "a.txt"), "430202")
    (projects,) = (form for form in disclosure.forms if form.form_id == "r21")
    rows = list(dict.fromkeys(cell.row_key for cell in projects.cells if cell.amount))
    assert rows == ["total", "194001", "194001/某某中心"]
