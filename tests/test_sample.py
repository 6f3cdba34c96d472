"""The real disclosure of unit 001001 for 2024, end to end: what it filed, its ledger, its reports, the comparison."""

from decimal import Decimal

import psycopg

FILED = (1, 3, 6, *range(7, 24))
NOT_FILED = (2, 4, 5)


def one(connection: psycopg.Connection, query: str) -> tuple[object, ...]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row


def test_twenty_forms_are_recognised(loaded: psycopg.Connection) -> None:
    rows = loaded.execute("select report_no from filed.form order by form_no").fetchall()
    assert tuple(number for (number,) in rows) == FILED


def test_every_table_cell_is_kept_with_its_place(loaded: psycopg.Connection) -> None:
    assert one(loaded, "select count(*), count(distinct (form_no, row_no, column_no)) from filed.cell") == (1520, 1520)
    assert one(
        loaded,
        "select cell_text, source_row, row_key, column_key from filed.cell"
        " where report_no = 8 and row_key = '31002' and column_key = 'public'",
    ) == ("1.00", 212, "31002", "public")


def test_every_printed_column_is_known(loaded: psycopg.Connection) -> None:
    """In forms of rows; those of lists (1 and 6) have labels in the place of columns."""
    assert (
        loaded.execute(
            "select form_id, column_no, cell_text from filed.cell where report_no <= 21 and row_key is not null"
            " and report_no not in (1, 6) and column_key is null and cell_text <> ''"
        ).fetchall()
        == []
    )


def test_the_ledger_has_27_expenditure_lines(loaded: psycopg.Connection) -> None:
    assert one(loaded, "select count(*), sum(amount) from budget.amount where statement = 'expenditure'") == (
        27,
        Decimal("896.28"),
    )
    assert one(
        loaded,
        "select unit_code, fund_code, nature, functional_code, government_economic_code, amount, basis"
        " from budget.amount where department_economic_code = '31002'",
    ) == ("001001", "11", "basic", "2010101", "50306", Decimal("1.00"), "filed")
    assert loaded.execute(
        "select statement, count(*), sum(amount) from budget.amount where statement <> 'expenditure'"
        " group by statement order by statement"
    ).fetchall() == [
        ("revenue", 1, Decimal("896.28")),
        ("special_fund", 4, Decimal("106.00")),
        ("three_public", 1, Decimal("0.60")),
    ]


def test_every_line_names_the_cell_that_it_comes_from(loaded: psycopg.Connection) -> None:
    assert one(
        loaded,
        "select count(*), count(*) filter (where c.amount = a.amount) from budget.amount as a"
        " join filed.cell as c on c.disclosure_id = a.disclosure_id and c.form_no = a.source_form_no"
        " and c.row_no = a.source_row_no and c.column_no = a.source_column_no",
    ) == (33, 33)


def test_all_461_money_cells_agree(loaded: psycopg.Connection) -> None:
    assert loaded.execute(
        "select status, count(*) from report.comparison where report_no <= 21 and status <> 'not_filed' group by 1"
    ).fetchall() == [("equal", 461)]


def test_the_numbers_and_texts_of_forms_22_and_23_agree(loaded: psycopg.Connection) -> None:
    rows = loaded.execute(
        "select distinct report_no, status from report.comparison where report_no > 21 order by 1, 2"
    ).fetchall()
    assert rows == [(22, "equal"), (23, "equal")]
    amounts = loaded.execute(
        "select column_key, filed, rebuilt from report.comparison"
        " where report_no = 23 and row_key = 'budget' order by column_key"
    ).fetchall()
    assert amounts == [
        (key, Decimal(value), Decimal(value))
        for key, value in (
            ("basic", "790.28"),
            ("fiscal_account", "0"),
            ("general", "896.28"),
            ("government_fund", "0"),
            ("other_funds", "0"),
            ("project", "106"),
            ("total", "896.28"),
        )
    ]
    assert one(
        loaded,
        "select target_operator, target_number, target_measure, target_text from budget.performance_indicator"
        " where level3_name = '代表报到率'",
    ) == ("≥", Decimal(98), "%", "报到人数")


def test_forms_that_were_not_published_are_rebuilt(loaded: psycopg.Connection) -> None:
    rows = loaded.execute(
        "select report_no, count(*) > 0 from report.comparison where status = 'not_filed' group by 1 order by 1"
    ).fetchall()
    assert rows == [(number, True) for number in NOT_FILED]
    assert one(loaded, "select total, general_funds, opening from report.r02 where row_key = '001001'") == (
        Decimal("896.28"),
        Decimal("896.28"),
        None,
    )
    assert one(
        loaded,
        "select total, agency_wages, agency_goods_services, agency_capital from report.r04"
        " where row_key = '001001/2010101'",
    ) == (Decimal("516.37"), Decimal("423.09"), Decimal("92.28"), Decimal("1.00"))
    assert one(
        loaded,
        "select basic_total, basic_goods_services, project_total from report.r05 where row_key = '001001/2010101'",
    ) == (Decimal("516.37"), Decimal("93.28"), None)


def test_a_code_in_the_place_of_a_name_is_a_finding(loaded: psycopg.Connection) -> None:
    rows = loaded.execute(
        "select form_id, source_row, values from meta.finding where kind = 'code_for_name'"
    ).fetchall()
    assert rows == [("r03", 88, {"code": "001"})]


def test_reports_stand_in_the_official_order(loaded: psycopg.Connection) -> None:
    rows = loaded.execute(
        "select row_key, row_level, is_leaf, subject_name, total from report.r03 order by row_no limit 6"
    ).fetchall()
    name = "株洲市荷塘区人民代表大会常务委员会"
    assert rows[1:] == [
        ("001", 1, False, name, Decimal("896.28")),
        ("001001", 2, False, name, Decimal("896.28")),
        ("001001/201", 3, False, "一般公共服务支出", Decimal("622.37")),
        ("001001/20101", 4, False, "人大事务", Decimal("622.37")),
        ("001001/2010101", 5, True, "行政运行", Decimal("516.37")),
    ]
    assert rows[0][:3] == ("total", 0, False)


def test_an_empty_form_keeps_its_total(loaded: psycopg.Connection) -> None:
    assert loaded.execute("select row_key, total, basic_total from report.r16").fetchall() == [
        ("total", Decimal("0.00"), None)
    ]


def test_reports_under_chinese_names(loaded: psycopg.Connection) -> None:
    assert one(loaded, "select 合计, 项目支出 from report_zh.\"07一般公共预算支出\" where 行标识 = '001001'") == (
        Decimal("896.28"),
        Decimal("106.00"),
    )
