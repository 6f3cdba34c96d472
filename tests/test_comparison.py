"""What the comparison says of a filed cell beside a rebuilt one: one cell of the sample changed at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.conftest import shared_clone

FIGURE = "form_id = 'r03' and row_key = 'total' and column_key = 'basic'"  # 790.28 in three forms
EMPTY = "form_id = 'r16' and row_key = 'total' and column_key = 'total'"  # 0.00, and no line in the ledger
COMPARED = "filed, rebuilt, difference, tolerance, status, filed_text"
REBUILT = Decimal("790.28")
STATUSES = ("equal", "rounding", "differs", "not_filed")
STORE = b"select report.store_comparison('430202', array_agg(disclosure_id)) from budget.disclosure"


@pytest.fixture(scope="module")
def shared(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with shared_clone(request, "compared", "loaded_template") as connection:
        yield connection


@pytest.fixture
def loaded(shared: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A warehouse with the sample; what a test changes is taken back."""
    with shared.transaction(force_rollback=True):
        yield shared


def compared(connection: psycopg.Connection, condition: str, columns: str = COMPARED) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {columns} from internal.comparison_live where {condition} order by row_key, column_key".encode()
    ).fetchall()


def change(connection: psycopg.Connection, condition: str, **values: object) -> None:
    told = ", ".join(f"{name} = %s" for name in values)
    done = connection.execute(f"update filed.cell set {told} where {condition}".encode(), list(values.values()))
    assert done.rowcount >= 1


def forget(connection: psycopg.Connection, condition: str) -> None:
    assert connection.execute(f"delete from filed.cell where {condition}".encode()).rowcount >= 1


def cells(connection: psycopg.Connection) -> Counter[tuple[Any, ...]]:
    return Counter(compared(connection, "true", f"form_id, row_key, column_key, {COMPARED}, support, rebuilt_text"))


# ---------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("amount", "parts", "half", "expected"),
    [
        ("790.28", 0, "0.005", ("0", "0", "equal")),
        ("790.285", 0, "0.005", ("0.005", "0", "differs")),
        ("790.30", 3, "0.005", ("0.02", "0.02", "rounding")),
        ("790.26", 3, "0.005", ("-0.02", "0.02", "rounding")),
        ("790.31", 3, "0.005", ("0.03", "0.02", "differs")),
        ("790.25", 3, "0.005", ("-0.03", "0.02", "differs")),
    ],
)
def test_a_figure(loaded: psycopg.Connection, amount: str, parts: int, half: str, expected: tuple[str, ...]) -> None:
    loaded.execute("update budget.disclosure set is_rounded = true")
    change(loaded, FIGURE, amount=amount, part_count=parts, half_place=half)
    difference, tolerance, status = expected
    assert compared(loaded, FIGURE) == [
        (Decimal(amount), REBUILT, Decimal(difference), Decimal(tolerance), status, None)
    ]


@pytest.mark.parametrize(("verdict", "status"), [(True, "rounding"), (None, "rounding"), (False, "differs")])
def test_roundings_are_for_documents_rounded_cell_by_cell(
    loaded: psycopg.Connection, verdict: bool | None, status: str
) -> None:
    loaded.execute("update budget.disclosure set is_rounded = %s", (verdict,))
    change(loaded, FIGURE, amount="790.30", part_count=3, half_place="0.005")
    assert [row[4] for row in compared(loaded, FIGURE)] == [status]


@pytest.mark.parametrize("text", ["", "无", " / ", "—"])
def test_no_figure_beside_a_rebuilt_one(loaded: psycopg.Connection, text: str) -> None:
    change(loaded, FIGURE, amount=None, cell_text=text, part_count=0)
    assert compared(loaded, FIGURE) == [(None, REBUILT, -REBUILT, 0, "differs", text)]


@pytest.mark.parametrize(("text", "count"), [("", 0), ("无", 0), ("　/", 0), ("－－", 0), ("见附表", 1)])
def test_no_figure_beside_none(loaded: psycopg.Connection, text: str, count: int) -> None:
    assert compared(loaded, EMPTY) == [(0, 0, 0, 0, "equal", None)]
    change(loaded, EMPTY, amount=None, cell_text=text)
    assert [row[-2:] for row in compared(loaded, EMPTY)] == [("differs", text)] * count


def test_words_in_the_place_of_a_figure(loaded: psycopg.Connection) -> None:
    change(loaded, FIGURE, amount=None, cell_text="见附表", part_count=3, half_place="0.005")
    assert compared(loaded, FIGURE) == [(None, REBUILT, None, 0, "differs", "见附表")]


def test_a_figure_that_the_ledger_has_not(loaded: psycopg.Connection) -> None:
    where = "form_id = 'r03' and row_key = 'total' and column_key = 'operating'"
    assert compared(loaded, where) == []
    change(loaded, FIGURE, column_key="operating", amount="1.00", part_count=0)
    assert compared(loaded, where) == [(Decimal("1.00"), 0, Decimal("1.00"), 0, "differs", None)]
    assert [row[-2] for row in compared(loaded, FIGURE)] == ["differs"]  # beside which stands nothing now


def test_a_cell_without_keys_is_not_compared(loaded: psycopg.Connection) -> None:
    before = cells(loaded)
    change(loaded, "form_id = 'r03' and column_key is null and row_key is null", cell_text="99", amount=99)
    assert cells(loaded) == before


# ---------------------------------------------------------------------------- what is not printed


def test_a_blank_where_the_header_has_the_column(loaded: psycopg.Connection) -> None:
    forget(loaded, FIGURE)
    assert compared(loaded, FIGURE) == [(None, REBUILT, -REBUILT, 0, "differs", None)]
    assert compared(loaded, FIGURE, "row_label, column_label, support") == [("合计", "基本支出", "other_form")]


def test_nothing_is_expected_in_a_column_that_the_header_lacks(loaded: psycopg.Connection) -> None:
    column = "form_id = 'r03' and column_key = 'basic'"
    forget(loaded, column)
    loaded.execute("update filed.form set header_columns = array_remove(header_columns, 'basic')")
    assert compared(loaded, column) == []


def test_a_column_where_figures_stand_is_there_whatever_the_header_says(loaded: psycopg.Connection) -> None:
    forget(loaded, FIGURE)
    loaded.execute("update filed.form set header_columns = array_remove(header_columns, 'basic')")
    assert [row[-2] for row in compared(loaded, FIGURE)] == ["differs"]


@pytest.mark.parametrize(
    ("row_key", "statuses"), [("001001/20101", set()), ("001001/2010101", {"differs"}), ("total", set())]
)
def test_a_row_that_is_left_out(loaded: psycopg.Connection, row_key: str, statuses: set[str]) -> None:
    """Of mere sums nothing is expected, of the finest row all that the ledger knows."""
    row = f"form_id = 'r03' and row_key = '{row_key}'"
    forget(loaded, row)
    assert {found[-2] for found in compared(loaded, row)} == statuses


def test_a_row_that_the_form_does_not_print_is_not_expected(loaded: psycopg.Connection) -> None:
    row = "form_id = 'r09' and row_key = '001001/20101'"
    assert loaded.execute(f"select from report.every_cell where {row}".encode()).fetchone() is not None
    assert compared(loaded, row) == []


def test_a_form_that_is_not_filed(loaded: psycopg.Connection) -> None:
    loaded.execute("delete from filed.form where form_id = 'r09'")
    forget(loaded, "form_id = 'r09'")
    query = "select row_key, column_key, rebuilt from internal.rebuilt_cell where form_id = 'r09'"
    rebuilt = loaded.execute(f"{query} order by row_key, column_key".encode()).fetchall()
    found = compared(loaded, "form_id = 'r09'", "row_key, column_key, rebuilt, filed, difference, tolerance, status")
    assert found == [(*row, None, None, None, "not_filed") for row in rebuilt]
    assert {row for (row,) in compared(loaded, "form_id = 'r09'", "support")} == {"other_form"}


def test_a_list_that_is_not_filed(loaded: psycopg.Connection) -> None:
    """Of lists side by side each is filed by itself."""
    forget(loaded, "form_id = 'r01' and column_key = 'function'")
    loaded.execute("update filed.form set header_columns = array_remove(header_columns, 'function')")
    found = Counter(compared(loaded, "form_id = 'r01'", "column_key, status"))
    assert {column for column, status in found if status == "not_filed"} == {"function"}
    assert {status for column, status in found if column == "function"} == {"not_filed"}
    assert {status for column, status in found if column != "function"} == {"equal"}


def test_a_sheet_that_is_not_filed(loaded: psycopg.Connection) -> None:
    """Of sheets of projects each is filed by itself; the others stay compared."""
    before = dict(compared(loaded, "form_id = 'r22' and column_key = 'amount'", "row_key, status"))
    gone = min(before)
    forget(loaded, f"form_id = 'r22' and split_part(row_key, '/', 1) = '{gone}'")
    loaded.execute("delete from filed.form where form_id = 'r22' and subject_key = %s", (gone,))
    after = dict(compared(loaded, "form_id = 'r22' and column_key = 'amount'", "row_key, status"))
    assert set(before.values()) == {"equal"}
    assert after == before | {gone: "not_filed"}


# ---------------------------------------------------------------------------- texts

CATEGORY = "form_id = 'r22' and column_key = 'category'"


@pytest.mark.parametrize(
    ("text", "status"),
    [("特定目标类", "equal"), ("“特定 目标\n类”", "equal"), ("其他运转类", "differs"), ("无", "differs")],
)
def test_a_text(loaded: psycopg.Connection, text: str, status: str) -> None:
    change(loaded, CATEGORY, cell_text=text)
    expected = (None, None, None, None, status, text)
    assert set(compared(loaded, CATEGORY)) == {expected}
    told = compared(loaded, CATEGORY, "rebuilt_text, support, row_key <> '', row_label is null, column_label")
    assert {row[0] for row in told} == {"特定目标类"}


@pytest.mark.parametrize(("text", "status"), [("/", "equal"), ("无", "equal"), ("-", "equal"), ("有", "differs")])
def test_a_text_beside_nothing(loaded: psycopg.Connection, text: str, status: str) -> None:
    loaded.execute("update budget.project set project_category = '无'")
    change(loaded, CATEGORY, cell_text=text)
    assert {row[-2] for row in compared(loaded, CATEGORY)} == {status}
    loaded.execute("update budget.project set project_category = null")
    assert {row[-2] for row in compared(loaded, CATEGORY)} == {status}


def test_a_target_that_is_a_number(loaded: psycopg.Connection) -> None:
    target = "form_id = 'r22' and column_key = 'target' and row_label is not null"
    key = next(row for row in compared(loaded, target, "row_key, rebuilt, filed") if row[1] is not None)
    one = f"form_id = 'r22' and column_key = 'target' and row_key = '{key[0]}'"
    assert key[1] == key[2]
    change(loaded, one, cell_text="≥1,234.5")
    assert compared(loaded, one, "filed, rebuilt, difference, tolerance, status") == [
        (Decimal("1234.5"), key[1], Decimal("1234.5") - key[1], 0, "differs")
    ]


def test_words_on_other_forms_are_not_compared(loaded: psycopg.Connection) -> None:
    assert compared(loaded, "form_id not in ('r22', 'r23') and filed_text is not null") == []
    assert {key for (key,) in compared(loaded, "form_id = 'r03'", "column_key")} == {"total", "basic", "project"}


# ---------------------------------------------------------------------------- the views of the comparison


def test_what_is_stored_is_what_is_computed(loaded: psycopg.Connection) -> None:
    columns = "division_code, fiscal_year, reporting_unit_code, disclosure_id, report_no, form_id, row_key, row_label"
    columns += f", column_key, column_label, {COMPARED}, support, rebuilt_text"
    stored = loaded.execute(f"select {columns} from report.comparison".encode()).fetchall()
    assert Counter(stored) == Counter(compared(loaded, "true", columns))


def test_results_of_disclosures_that_are_not_current_do_not_show(loaded: psycopg.Connection) -> None:
    loaded.execute("update budget.disclosure set is_current = false")
    views = ["report.comparison", "report.comparison_summary", "report.every_cell", "report.missing_form"]
    for view in (*views, "internal.comparison_live", "internal.goal_cell"):
        assert loaded.execute(f"select from {view}".encode()).fetchone() is None, view
    assert loaded.execute("select from budget.current_amount").fetchone() is None
    loaded.execute("select report.store_comparison(division_code, array[disclosure_id]) from budget.disclosure")
    for table in ("comparison_exception", "comparison_count"):
        assert loaded.execute(f"select from internal.{table}".encode()).fetchone() is None


def test_only_exceptions_are_stored(loaded: psycopg.Connection) -> None:
    """Cells that are equal follow from what was filed, in one figure and in many."""
    loaded.execute(STORE)
    assert exceptions(loaded) == []
    loaded.execute("update budget.disclosure set is_rounded = true")
    change(loaded, FIGURE, amount="790.30", part_count=3, half_place="0.005")
    change(loaded, EMPTY, amount=None, cell_text="见附表")
    forget(loaded, "form_id = 'r03' and row_key = 'total' and column_key = 'project'")
    loaded.execute(STORE)
    assert exceptions(loaded) == [
        ("r03", "basic", "rounding", True),
        ("r03", "project", "differs", False),
        ("r16", "total", "differs", True),
    ]


def test_corrections_follow_the_forms_whatever_their_order_was_when_they_were_compared(
    loaded: psycopg.Connection,
) -> None:
    """Cells are numbered when they are compared; an upgrade may change the order of the forms after that."""
    for form in ("r03", "r08"):
        change(loaded, f"form_id = '{form}' and row_key = 'total' and column_key = 'total'", amount="1.00")
    loaded.execute(STORE)
    asked = (
        "select form_id from report.proposed_corrections('430202', 2024::smallint,"
        " (select disclosure_id from budget.disclosure))"
    )
    assert loaded.execute(asked).fetchall() == [("r03",), ("r08",)]
    loaded.execute("update meta.form_template set form_order = -form_order")
    assert loaded.execute(asked).fetchall() == [("r08",), ("r03",)]


def exceptions(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select form_id, column_key, status, row_no is not null from internal.comparison_exception"
        " where form_id in ('r03', 'r16') order by exception_no"
    ).fetchall()


def test_equal_texts_that_are_spelled_otherwise_are_exceptions(loaded: psycopg.Connection) -> None:
    change(loaded, "form_id = 'r23' and column_key = 'department_name'", cell_text="“荷塘区 发展和改革局”")
    loaded.execute("update budget.performance_goal set subject_key = '荷塘区发展和改革局' where form_id = 'r23'")
    loaded.execute(STORE)
    query = "select status, filed_text, rebuilt_text from {} where column_key = 'department_name'"
    expected = [("equal", "“荷塘区 发展和改革局”", "荷塘区发展和改革局")]
    for relation in ("internal.comparison_exception", "report.comparison", "internal.comparison_live"):
        assert loaded.execute(query.format(relation).encode()).fetchall() == expected, relation


def test_one_cell_of_two_with_the_same_keys_is_an_exception(loaded: psycopg.Connection) -> None:
    loaded.execute(
        f"""
        create temporary table copied on commit drop as select * from filed.cell where {FIGURE};
        update copied set row_no = row_no + 1000, amount = 1;
        insert into filed.cell select * from copied
        """.encode()
    )
    loaded.execute(STORE)
    query = f"select filed, status from report.comparison where {FIGURE} order by filed"
    assert loaded.execute(query.encode()).fetchall() == [(1, "differs"), (REBUILT, "equal")]


def test_only_named_disclosures_of_the_division_are_stored_anew(loaded: psycopg.Connection) -> None:
    change(loaded, FIGURE, amount="1.00")
    loaded.execute("select report.store_comparison('430203', array_agg(disclosure_id)) from budget.disclosure")
    loaded.execute("select report.store_comparison('430202', array[0])")
    assert exceptions(loaded) == []
    loaded.execute(STORE)
    assert exceptions(loaded) == [("r03", "basic", "differs", True)]


def test_the_summary_counts_cells_by_result(loaded: psycopg.Connection) -> None:
    loaded.execute("update budget.disclosure set is_rounded = true")
    change(loaded, FIGURE, amount="790.30", part_count=3, half_place="0.005")
    change(loaded, EMPTY, amount="1.00")
    loaded.execute("delete from filed.form where form_id = 'r09'")
    forget(loaded, "form_id = 'r09'")
    loaded.execute(STORE)
    found = loaded.execute("select form_id, status, count(*) from report.comparison group by 1, 2").fetchall()
    expected = Counter({(form_id, status): count for form_id, status, count in found})
    assert {status for _, status in expected} == set(STATUSES)
    counts = ", ".join(f"cell_count_{status}" for status in STATUSES)
    summed = loaded.execute(f"select form_id, report_no, {counts} from report.comparison_summary".encode()).fetchall()
    assert len(summed) == 23
    for form_id, report_no, *cell_counts in summed:
        assert form_id == f"r{report_no:02d}"
        assert cell_counts == [expected[form_id, status] for status in STATUSES]


@pytest.mark.parametrize("status", ["equal", "rounding", "differs", "not_filed"])
@pytest.mark.parametrize("support", ["other_form", "own_form"])
def test_a_figure_read_from_a_picture_is_reviewed_until_it_is_confirmed(
    loaded: psycopg.Connection, status: str, support: str
) -> None:
    query = "select form_id, report_no, row_key, column_key, cell_text, filed, status, support from report.ocr_review"
    assert loaded.execute(query.encode()).fetchall() == []
    change(loaded, f"{FIGURE} or ({FIGURE.replace('basic', 'subject_name')})", is_ocr=True)
    loaded.execute(
        "insert into internal.comparison_exception select division_code, fiscal_year, disclosure_id, 1000, form_no,"
        " row_no, column_no, form_id, report_no, row_key, row_label, column_key, column_label, filed, rebuilt,"
        f" difference, tolerance, %s, %s, filed_text, rebuilt_text from internal.cell_as_equal where {FIGURE}".encode(),
        (status, support),
    )
    is_confirmed = status in ("equal", "rounding") and support == "other_form"
    expected = ("r03", 3, "total", "basic", "790.28", REBUILT, status, support)
    assert loaded.execute(query.encode()).fetchall() == ([] if is_confirmed else [expected])
    change(loaded, FIGURE, amount=None)
    assert loaded.execute(query.encode()).fetchall() == []


# ---------------------------------------------------------------------------- under Chinese names


_WHERE = {"公开编号": "disclosure_id", "报表编号": "form_id"}
_CELL = {"行标识": "row_key", "栏标识": "column_key", "公开数_万元": "filed", "还原数_万元": "rebuilt"}
_COUNTS = {"一致格数": "cell_count_equal", "不符格数": "cell_count_differs", "未公开格数": "cell_count_not_filed"}
FACES = {
    "比对": ("report.comparison", _WHERE | _CELL),
    "比对汇总": ("report.comparison_summary", _WHERE | _COUNTS),
    "发现的问题": ("report.finding", {"公开编号": "disclosure_id", "问题序号": "finding_no", "说明": "message_zh"}),
    "缺少的报表": ("report.missing_form", _WHERE | {"公开单位": "reporting_unit_name"}),
}


@pytest.mark.parametrize("face", FACES)
def test_a_chinese_face_has_all_rows_of_its_view(loaded: psycopg.Connection, face: str) -> None:
    view, columns = FACES[face]
    shown = f"select {', '.join(columns)} from mart_zh.{face} order by {', '.join(columns)}"
    told = f"select {', '.join(columns.values())} from {view} order by {', '.join(columns.values())}"
    found = loaded.execute(shown.encode()).fetchall()
    assert found
    assert found == loaded.execute(told.encode()).fetchall()
