"""The marts: facts line by line, what they hide, and their dimensions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.ledger.evidence.projection import Coordinates
from schema.codes.lists import subject_names, subjects
from schema.forms import SETS
from synthetic import selections
from tests.conftest import store_facts
from tests.views.conftest import rows

SQL = Path(__file__).parents[2] / "sql"

# facts: a row a ledger line
FACTS = {
    "mart.carry_over": "carry_over",
    "mart.expenditure": "expenditure",
    "mart.revenue": "revenue",
    "mart.special_fund": "special_fund",
    "mart.three_public": "three_public",
}
CHINESE_FACTS = {
    "mart_zh.支出明细": "mart.expenditure",
    "mart_zh.收入明细": "mart.revenue",
    "mart_zh.三公经费明细": "mart.three_public",
    "mart_zh.专项资金明细": "mart.special_fund",
}


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_mart_holds_its_statement_line_by_line(
    warehouse: psycopg.Connection, fact: str, lines: dict[str, dict[Coordinates, Decimal]]
) -> None:
    found = rows(warehouse, f"select * from {fact}")
    names = {scheme: subject_names(scheme, selections.YEAR) for scheme in ("nature", "item")}
    place = {"fiscal_year": 2024, "reporting_unit_code": "001"}
    placed = [(entry, *counted) for entry in SETS for counted in lines[entry.id].items() if entry.stage == "budget"]
    expected = []
    for entry, line, amount in placed:
        told = place | {
            "division_code": selections.division_of(entry),
            "stage": "budget",  # final accounts have views of their own
            "unit_code": line.unit,
            "fund_code": line.fund or None,
            "nature": line.nature or None,
            "nature_name": names["nature"].get(line.nature),
            "functional_code": line.functional or None,
            "department_economic_code": line.department_economic or None,
            "government_economic_code": line.government_economic or None,
            "item_code": line.item or None,
            "item_name": names["item"].get(line.item),
            "project_name": line.project or None,
            "amount": amount.quantize(Decimal("0.000001")),
        }
        if line.statement == FACTS[fact]:
            expected.append({key: told[key] for key in found[0] if key in told})
    assert len({row["disclosure_id"] for row in found}) == len({row["division_code"] for row in found})
    assert Counter(str({key: row[key] for key in expected[0]}) for row in found) == Counter(map(str, expected))


@pytest.mark.parametrize("view", sorted(CHINESE_FACTS))
def test_a_chinese_fact_is_the_fact_with_names(warehouse: psycopg.Connection, view: str) -> None:
    query = (
        "select fact.division_code, fact.fiscal_year, unit.department_code, unit.department_name, fact.unit_code,"
        f" unit.unit_name, fact.amount, fact.disclosure_id from {CHINESE_FACTS[view]} as fact"
        " left join mart.dim_unit as unit using (division_code, fiscal_year, unit_code)"
    )
    chinese = f"select 行政区划代码, 年度, 部门编码, 部门, 单位编码, 单位, 金额_万元, 公开编号 from {view}"
    found, expected = (Counter(tuple(row.values()) for row in rows(warehouse, text)) for text in (chinese, query))
    assert found == Counter(
        tuple("未区分" if n in (3, 5) and not v else v for n, v in enumerate(row)) for row in expected
    )


@pytest.mark.parametrize("view", [*sorted(CHINESE_FACTS), "mart_zh.绩效指标"])
def test_a_department_without_a_name_is_unknown(warehouse: psycopg.Connection, view: str) -> None:
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.unit set unit_name = unit_code where unit_code = department_code")
        found = rows(warehouse, f"select distinct 部门编码, 部门 from {view} where 部门编码 is not null")
    assert found
    assert [row["部门"] for row in found] == [f"未知（{row['部门编码']}）" for row in found]


def test_a_code_of_another_scheme_gives_no_name(warehouse: psycopg.Connection) -> None:
    views = [path for path in sorted(SQL.glob("mart*/*.sql")) if "scheme = " in path.read_text("utf-8")]
    query = " union all ".join(
        f"select '{path.stem}', count(*), bit_xor(hashtextextended(fact::text, 0))"
        f" from {path.parent.name}.{path.stem} as fact"
        for path in views
    )
    before = warehouse.execute(query.encode()).fetchall()
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "insert into budget.subject select distinct on (code) 'other', code, 1, 9999, '?', null, 1, ''"
            " from budget.subject"
        )
        warehouse.execute(
            "insert into budget.subject_of_year select distinct on (fiscal_year, code) fiscal_year, 'other', code, '?',"
            " code from budget.subject_of_year"
        )
        after = warehouse.execute(query.encode()).fetchall()
    assert after == before


def test_chinese_names_need_no_quotes_and_types_have_a_size(warehouse: psycopg.Connection) -> None:
    columns = rows(
        warehouse,
        "select relname as view, attname as name, format_type(atttypid, atttypmod) as type from pg_attribute"
        " join pg_class on pg_class.oid = attrelid where relnamespace = 'mart_zh'::regnamespace and attnum > 0",
    )
    assert len(columns) > 50
    for column in columns:
        assert re.fullmatch(r"[\u4e00-\u9fff_]{1,20}", column["name"]), column
        assert column["type"] != "numeric", column
        assert column["type"] != "text" or column["name"] in ("说明", "绩效目标", "目标值原文"), column


_ALL_CHOSEN = (
    "{unit_code,fund_code,fund_class,nature,functional_code,functional_class,department_economic_code,"
    "department_economic_class,government_economic_code,government_economic_class,item_code,project_id}"
)
_NAMES = {
    "mart_zh.支出明细": "部门 单位 资金性质 资金大类 支出性质 功能分类类 功能分类"
    " 部门经济分类类 部门经济分类 政府经济分类类 政府经济分类 项目",
    "mart_zh.收入明细": "部门 单位 收入来源 收入大类",
    "mart_zh.三公经费明细": "部门 单位",
    "mart_zh.专项资金明细": "部门 单位 项目 资金性质 预算编制方式",
}


@pytest.mark.parametrize("view", _NAMES)
def test_what_is_not_told_has_a_name(warehouse: psycopg.Connection, view: str) -> None:
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set allocated = %s", (_ALL_CHOSEN,))
        store_facts(warehouse)
        found = rows(warehouse, f"select distinct {', '.join(_NAMES[view].split())} from {view}")
    assert found == [dict.fromkeys(_NAMES[view].split(), "未区分")]


def test_a_class_is_known_if_only_the_code_was_chosen(warehouse: psycopg.Connection) -> None:
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set allocated = '{fund_code,functional_code,department_economic_code}'")
        store_facts(warehouse)
        found = rows(
            warehouse,
            "select fund_code, fund_class, functional_code, functional_level, department_economic_level"
            " from mart.expenditure where functional_class is not null and department_economic_class is not null",
        )
    assert found
    assert {row["fund_code"] for row in found} == {None}
    assert {"11", "12"} <= {row["fund_class"] for row in found}
    assert {(row["functional_code"], row["functional_level"], row["department_economic_level"]) for row in found} == {
        (None, "class", "class")
    }


def test_units_are_ranked_and_set_beside_the_year_before(warehouse: psycopg.Connection) -> None:
    """Every unit has the total of its lines, and all shares of a year are the whole."""
    found = rows(warehouse, "select * from mart.unit_year")
    expected = rows(
        warehouse,
        "select division_code, fiscal_year, unit_code, sum(amount) as expenditure from mart.expenditure"
        " group by division_code, fiscal_year, unit_code",
    )
    key = ("division_code", "fiscal_year", "unit_code", "expenditure")
    assert {tuple(row[name] for name in key) for row in expected} == {
        tuple(row[name] for name in key) for row in found if row["expenditure"]
    }
    shares: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in found:
        shares[row["division_code"], row["fiscal_year"]] += row["district_share"]
    assert all(abs(share - 100) < Decimal("0.1") for share in shares.values())
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "update budget.amount set amount = 2 * amount where fiscal_year = 2024 and unit_code = '001001'"
        )
        store_facts(warehouse)
        (doubled,) = rows(
            warehouse,
            "select expenditure from mart.unit_year where unit_code = '001001' and division_code = '430202'",
        )
    (single,) = [row for row in found if (row["division_code"], row["unit_code"]) == ("430202", "001001")]
    assert doubled["expenditure"] == 2 * single["expenditure"]


def test_a_special_fund_needs_no_project(warehouse: psycopg.Connection) -> None:
    query = "select count(*) as lines, sum(amount) as amount from mart.special_fund"
    before = rows(warehouse, query)
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.amount set project_id = null where statement = 'special_fund'")
        store_facts(warehouse)
        assert rows(warehouse, query) == before != [{"lines": 0, "amount": None}]


@pytest.mark.parametrize(
    ("statement", "kept"), [("expenditure", "project_id is not null"), ("special_fund", "project_id is null")]
)
def test_goals_of_a_unit_that_another_document_covers_are_left_out(
    warehouse: psycopg.Connection, statement: str, kept: str
) -> None:
    """The goal of a unit goes with its expenditure, those of its projects with their special funds."""
    before = rows(warehouse, "select goal_no from mart.goal")
    expected = rows(warehouse, f"select goal_no from mart.goal where {kept}")
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "insert into budget.covered_part (division_code, fiscal_year, disclosure_id, unit_code, statement,"
            " department_code) select distinct division_code, fiscal_year, disclosure_id, unit_code, %s,"
            " left(unit_code, 3) from mart.goal",
            (statement,),
        )
        _settle_goals(warehouse)
        found = rows(warehouse, "select goal_no from mart.goal")
    assert Counter(map(str, found)) == Counter(map(str, expected))
    assert 0 < len(found) < len(before)


def test_projects_and_indicators_are_counted_once(warehouse: psycopg.Connection) -> None:
    found = rows(warehouse, "select project_name, special_fund_amount, has_goal from mart.project")
    special = rows(warehouse, "select project_name, sum(amount) as amount from mart.special_fund group by 1")
    by_name: dict[str, Decimal] = defaultdict(Decimal)
    for row in found:
        by_name[row["project_name"]] += row["special_fund_amount"] or 0
    expected = {row["project_name"]: row["amount"] for row in special if row["project_name"]}
    assert {name: amount for name, amount in by_name.items() if amount} == expected
    special = rows(  # of the disclosure with goals
        warehouse,
        "select project_name, sum(amount) as amount from mart.special_fund"
        " where disclosure_id in (select disclosure_id from mart.goal) group by 1",
    )
    expected = {row["project_name"]: row["amount"] for row in special if row["project_name"]}
    goals = rows(warehouse, "select project_name, amount, indicator_count, task_count from mart.goal order by goal_no")
    assert [tuple(row.values()) for row in goals] == [
        *((project, expected[project], 2, 0) for project in selections.PROJECTS),
        (None, None, 2, 2),
    ]
    counted = "select count(*) as n from mart.indicator"
    stored = "select count(*) as n from budget.performance_indicator"
    assert rows(warehouse, counted) == rows(warehouse, stored)
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("update budget.disclosure set is_current = false")
        _settle_goals(warehouse)
        assert rows(warehouse, counted) == [{"n": 0}]


def _settle_goals(warehouse: psycopg.Connection) -> None:
    warehouse.execute(
        "select internal.settle_goals(division_code, fiscal_year, array_agg(disclosure_id))"
        " from budget.disclosure group by division_code, fiscal_year"
    )


@pytest.mark.parametrize(
    ("fact", "column", "coordinate"),
    [
        ("mart.expenditure", "unit_code", "unit_code"),
        ("mart.expenditure", "fund_code", "fund_code"),
        ("mart.expenditure", "nature", "nature"),
        ("mart.expenditure", "nature_name", "nature"),
        ("mart.expenditure", "functional_code", "functional_code"),
        ("mart.expenditure", "department_economic_code", "department_economic_code"),
        ("mart.expenditure", "government_economic_code", "government_economic_code"),
        ("mart.expenditure", "project_name", "project_id"),
        ("mart.revenue", "unit_code", "unit_code"),
        ("mart.revenue", "fund_code", "fund_code"),
        ("mart.revenue", "fund_code", "item_code"),
        ("mart.carry_over", "unit_code", "unit_code"),
        ("mart.carry_over", "fund_code", "fund_code"),
        ("mart.three_public", "unit_code", "unit_code"),
        ("mart.special_fund", "unit_code", "unit_code"),
        ("mart.special_fund", "fund_code", "fund_code"),
        ("mart.special_fund", "item_code", "item_code"),
        ("mart.special_fund", "item_name", "item_code"),
        ("mart.special_fund", "project_name", "project_id"),
    ],
)
def test_a_mart_hides_what_was_chosen(warehouse: psycopg.Connection, fact: str, column: str, coordinate: str) -> None:
    """The mart shows a coordinate that a form fixes, and null for the same coordinate where it was allocated."""
    with warehouse.transaction(force_rollback=True):
        shown = rows(warehouse, f"select count({column}) as shown, sum(amount) as total from {fact}")[0]
        warehouse.execute(
            "update budget.amount set allocated = array[%s] where statement = %s", (coordinate, FACTS[fact])
        )
        store_facts(warehouse)
        hidden = rows(warehouse, f"select count({column}) as shown, sum(amount) as total from {fact}")[0]
    assert hidden == {"shown": 0, "total": shown["total"]}
    if column != "project_name" or fact == "mart.special_fund":
        assert shown["shown"] > 0


def test_spending_over_the_years_keeps_the_total(warehouse: psycopg.Connection) -> None:
    query = "select sum(amount) as total, count(*) filter (where is_allocated) as chosen from mart.unit_over_years"
    expected = (
        "select sum(amount) as total from budget.current_amount where statement = 'expenditure' and stage = 'budget'"
    )
    total = rows(warehouse, expected)[0]["total"]
    assert rows(warehouse, query)[0] == {"total": total, "chosen": 0}


def _nearest(scheme: str) -> dict[str, str]:
    """Code → the name that holds in the year, or in the nearest that knows the code."""
    found: dict[str, tuple[int, str]] = {}
    for row in subjects():
        if row["scheme"] == scheme:
            first, last = int(str(row["first_year"])), int(str(row["last_year"]))
            away = max(first - selections.YEAR, selections.YEAR - last, 0)
            code = str(row["code"])
            if code not in found or away < found[code][0]:
                found[code] = (away, str(row["subject_name"]))
    return {code: name for code, (_, name) in found.items()}


def test_every_function_has_its_class_group_and_item(warehouse: psycopg.Connection) -> None:
    names = _nearest("functional")
    expected = [
        (
            selections.YEAR,
            code,
            name,
            code[:3],
            names.get(code[:3]),
            code[:5] if len(code) >= 5 else None,
            names.get(code[:5]) if len(code) >= 5 else None,
            code if len(code) >= 7 else None,
            name if len(code) >= 7 else None,
        )
        for code, name in names.items()
    ]
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_function")]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_economic_subject_has_its_class(warehouse: psycopg.Connection) -> None:
    expected = []
    for scheme in ("department_economic", "government_economic"):
        names = _nearest(scheme)
        expected += [
            (selections.YEAR, scheme, code, name, code[:3], names.get(code[:3])) for code, name in names.items()
        ]
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_economic")]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("functional", "select functional_name as name from mart.dim_function where functional_code = '29977'"),
        ("department_economic", "select economic_name as name from mart.dim_economic where economic_code = '29977'"),
    ],
)
@pytest.mark.parametrize(
    ("spans", "name"),
    [
        (((0, 2010), (2012, 2020), (2026, 9999)), "3"),
        (((0, 2010), (2012, 2023), (2026, 9999)), "2"),
        (((0, 2010), (2024, 2024), (2025, 9999)), "2"),
    ],
)
def test_a_code_keeps_the_name_of_the_nearest_year(
    warehouse: psycopg.Connection, scheme: str, query: str, spans: tuple[tuple[int, int], ...], name: str
) -> None:
    with warehouse.transaction(force_rollback=True):
        for number, span in enumerate(spans, start=1):
            warehouse.execute(
                "insert into budget.subject (scheme, code, first_year, last_year, subject_name, level, source)"
                " values (%s, '29977', %s, %s, %s, 2, '')",
                (scheme, *span, str(number)),
            )
        warehouse.execute("select budget.settle_subjects(2024)")
        assert rows(warehouse, query) == [{"name": name}]


def test_every_fund_has_its_class(warehouse: psycopg.Connection) -> None:
    funds = {str(row["code"]): row for row in subjects() if row["scheme"] == "fund"}
    found = [tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_fund")]
    expected = [
        (code, row["subject_name"], row["parent_code"], code[:2], funds[code[:2]]["subject_name"])
        for code, row in funds.items()
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_unit_has_its_department(warehouse: psycopg.Connection) -> None:
    found = [
        tuple(row.values()) for row in rows(warehouse, "select * from mart.dim_unit where division_code = '430202'")
    ]
    units = sorted({*selections.UNITS, *(unit[:3] for unit in selections.UNITS)})
    assert sorted(found) == [
        ("430202", 2024, unit, f"单位{unit}", unit[:3], f"单位{unit[:3]}", len(unit) == 3, None, unit) for unit in units
    ]


def test_dimensions_name_classes_and_levels(warehouse: psycopg.Connection) -> None:
    function = rows(warehouse, "select * from mart.dim_function where functional_code = '2010101'")[0]
    assert (function["functional_class"], function["functional_group"], function["functional_item"]) == (
        "201",
        "20101",
        "2010101",
    )
    assert (function["functional_class_name"], function["functional_group_name"]) == ("一般公共服务支出", "人大事务")
    assert function["functional_name"] == function["functional_item_name"] == "行政运行"
    economic = rows(warehouse, "select * from mart.dim_economic where economic_code = '30201'")[0]
    assert (economic["economic_name"], economic["economic_class"]) == ("办公费", "302")
    assert economic["economic_class_name"] == "商品和服务支出"
    fund = rows(warehouse, "select * from mart.dim_fund where fund_code = '111'")[0]
    assert (fund["fund_class"], fund["parent_code"]) == ("11", "11")
    unit = rows(warehouse, "select * from mart.dim_unit where unit_code = '001001'")[0]
    assert (unit["unit_name"], unit["department_code"], unit["department_name"]) == ("单位001001", "001", "单位001")


def test_spending_says_how_far_its_codes_go(warehouse: psycopg.Connection) -> None:
    """By the length of a code: 类 three digits, 款 five, 项 seven (功能分类); 类 three, 款 five (经济分类)."""
    query = """
        select distinct functional_code, functional_level, department_economic_code, department_economic_level,
            government_economic_code, government_economic_level
        from mart.expenditure
        where functional_code is not null and department_economic_code is not null
            and government_economic_code is not null
    """
    functions = {3: "class", 5: "group", 7: "item"}
    subjects = {3: "class", 5: "item"}
    found = rows(warehouse, query)
    for row in found:
        assert row["functional_level"] == functions[len(row["functional_code"])]
        for kind in ("department_economic", "government_economic"):
            assert row[f"{kind}_level"] == subjects[len(row[f"{kind}_code"])]
    assert {row["department_economic_level"] for row in found} == {"class", "item"}


def test_chinese_spending_names_its_subjects(warehouse: psycopg.Connection) -> None:
    query = """
        select distinct functional.subject_name as name, told.功能分类 as told
        from mart.expenditure as fact
        inner join mart_zh.支出明细 as told on told.公开编号 = fact.disclosure_id and told.台账行号 = fact.line_no
        inner join budget.subject_of_year as functional
            on functional.fiscal_year = fact.fiscal_year
            and functional.scheme = 'functional'
            and functional.code = fact.functional_code
    """
    found = rows(warehouse, query)
    assert len(found) > 5
    assert [row for row in found if row["name"] != row["told"]] == []
