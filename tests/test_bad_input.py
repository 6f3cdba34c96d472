"""Bad input: one fault a case; each ends in a clear error or finding, and nothing is loaded half."""

import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms.national_budget import NATIONAL_BUDGET
from synthetic.deviations import filed
from synthetic.set_documents import random_account, text_of
from tests.conftest import Run

EMPTY_TABLES = (
    "budget.document",
    "budget.disclosure",
    "budget.amount",
    "budget.unit",
    "filed.form",
    "filed.cell",
    "meta.finding",
)


@pytest.fixture(scope="module")
def text(sample: Path) -> str:
    return sample.read_text(encoding="utf-8")


def changed(text: str, before: str, after: str) -> str:
    """The text with the first occurrence replaced; the fault must really be in it."""
    assert before in text
    return text.replace(before, after, 1)


REJECTED: dict[str, tuple[Callable[[str], bytes], str]] = {
    "an empty file": (lambda t: b"", "empty"),
    "blank lines only": (lambda t: b"\n \n\t\n", "empty"),
    "binary noise": (lambda t: random.Random(1).randbytes(50_000), "binary data of an unknown format"),
    "prose": (lambda t: "今天开会，讨论预算。\n散会。".encode(), "none of the official forms found"),
    "a table that is no form": (lambda t: "姓名\t年龄\n张三\t30\n李四\t40\n".encode(), "none of the official forms"),
    "two years on the cover": (
        lambda t: changed(t, "2024年部门预算公开表\n", "2024年部门预算公开表\n2023年部门预算公开\n").encode(),
        "contradicts itself about the year (2023, 2024)",
    ),
    "a plan of several years": (
        lambda t: changed(t, "2024年部门预算公开表", "2024年中期财政规划公开表").encode(),
        "中期财政规划",
    ),
    "no year": (lambda t: t.replace("2024年", "").encode(), "no fiscal year found"),
    "no unit": (lambda t: _without_unit(t).encode(), "no unit found"),
}


def _without_unit(text: str) -> str:
    """Form 8 alone, without the line that says whose it is."""
    start = text.index("一般公共预算基本支出表\n\n单位：")
    end = text.index("一般公共预算基本支出表--人员经费", start)
    form = text[start:end].replace("单位：001001_株洲市荷塘区人民代表大会常务委员会\n", "")
    return "2024年部门预算公开表\n\n" + form


@pytest.mark.parametrize("fault", REJECTED)
def test_rejected_whole(database: psycopg.Connection, text: str, fault: str) -> None:
    make, reason = REJECTED[fault]
    result = load_content(database, make(text), "001001.txt", Options())
    assert result.outcome == "rejected"
    assert result.error is not None
    assert result.error.startswith("001001.txt")
    assert reason in result.error
    for table in EMPTY_TABLES:
        assert database.execute(f"select count(*) from {table}".encode()).fetchone() == (0,), table
    assert database.execute("select outcome, message from meta.load").fetchall() == [("rejected", result.error)]


FOUND: dict[str, tuple[Callable[[str], str], str, int | None, str]] = {
    "a letter in an amount": (
        lambda t: changed(t, "行政运行\t423.09\t423.09\t194.57", "行政运行\t423.09\t423.09\t194.5O"),
        "figure_unreadable",
        10,
        "'194.5O', which is no number; it should be 194.57",
    ),
    "a row with more cells than the header": (
        lambda t: changed(t, "员会\t0.60\t\t\t\t\t0.60", "员会\t0.60\t\t\t\t\t0.60\t5"),
        "ragged",
        15,
        "outside the 8 columns",
    ),
    "a table cut off in the middle": (
        lambda t: t[: t.index("210	11	01	2101101	行政单位医疗	26.61")],
        "sum",
        3,
        "is the table complete",
    ),
    "lists cut off in the middle": (
        lambda t: t[: t.index("（二十六）转移性支出")],
        "no_closing_line",
        1,
        "ends without",
    ),
    "a header without rows": (
        lambda t: t[: t.index("				合计	629.15	423.09	194.57")],
        "no_rows",
        10,
        "ends after its header",
    ),
    "an unknown column": (
        lambda t: changed(t, "\t对附属单位补助支出\n", "\t对口支援支出\n"),
        "unknown_column",
        3,
        "对口支援支出",
    ),
    "an unknown line": (lambda t: changed(t, "（二）外交支出\t", "（二）星际支出\t5.00"), "unknown_row", 1, "星际支出"),
    "an unknown code": (
        lambda t: changed(t, "201\t01\t04\t2010104\t", "201\t01\t94\t2010194\t"),
        "unknown_code",
        3,
        "2010194",
    ),
    "a wrong name for a code": (
        lambda t: changed(
            t, "208\t05\t05\t2080505\t机关事业单位基本养老保险缴费支出", "208\t05\t05\t2080505\t住房公积金"
        ),
        "label",
        3,
        "住房公积金",
    ),
    "figures lost in a narrow column": (
        lambda t: changed(t, "合计\t\t896.28\t790.28", "合计\t\t#####\t790.28"),
        "figure_unreadable",
        3,
        "'#####', which is no number; it should be 896.28",
    ),
    "a form named in the contents only": (lambda t: t, "missing_form", None, "2 收入总表"),
    "an unknown table": (
        lambda t: t + "\n\n国有资产情况表\n\n品目\t数量\t金额\t说明\n办公桌\t3\t0.90\t政采\n电脑\t2\t1.20\t政采\n",
        "unknown_form",
        None,
        "none of the official forms",
    ),
}


@pytest.mark.parametrize("fault", FOUND)
def test_loaded_with_a_finding(database: psycopg.Connection, text: str, fault: str) -> None:
    make, kind, report_no, words = FOUND[fault]
    result = load_content(database, make(text).encode(), "001001.txt", Options())
    assert result.outcome == "loaded"
    findings = database.execute(
        "select report_no, message_en, source_row from report.finding where kind = %s", (kind,)
    ).fetchall()
    matching = [f for f in findings if words in f[1]]
    assert matching, findings
    assert {number for number, _, _ in matching} == {report_no}


def test_an_unknown_column_loses_nothing(database: psycopg.Connection, text: str) -> None:
    document = changed(text, "\t对附属单位补助支出\n", "\t对口支援支出\n")
    document = changed(
        document, "\t合计\t\t896.28\t790.28\t106.00\t\t\t\n", "\t合计\t\t896.28\t790.28\t106.00\t\t\t3.21\n"
    )
    load_content(database, document.encode(), "001001.txt", Options())
    row = database.execute("select row_key, column_key from filed.cell where cell_text = '3.21'").fetchone()
    assert row == ("total", None)


def test_a_letter_in_an_amount_is_compared_as_text(database: psycopg.Connection, text: str) -> None:
    document = changed(text, "行政运行\t423.09\t423.09\t194.57", "行政运行\t423.09\t423.09\t194.5O")
    load_content(database, document.encode(), "001001.txt", Options())
    rows = database.execute(
        "select report_no, row_key, column_key, filed, filed_text, rebuilt::text from report.comparison"
        " where status = 'differs'"
    ).fetchall()
    assert rows == [(10, "001001/2010101", "basic_salary", None, "194.5O", "194.57")]


def test_two_units_cannot_have_one_code_in_a_year(loaded: psycopg.Connection, text: str) -> None:
    other = text.replace("人民代表大会常务委员会", "市场监督管理局").replace(
        "人民代表大会常\n务委员会", "市场监督管理局"
    )
    result = load_content(loaded, other.encode(), "other.txt", Options())
    assert result.outcome == "rejected"
    assert result.error is not None
    assert "unit code 001001 belongs to" in result.error
    assert loaded.execute("select count(*) from budget.disclosure").fetchone() == (1,)


def test_the_year_of_the_operator_decides(database: psycopg.Connection, text: str) -> None:
    result = load_content(database, text.encode(), "001001.txt", Options(fiscal_year=2025))
    assert [year for _, year, _ in result.stored] == [2025]
    found = "select severity, message_en from report.finding where kind in ('other_year', 'year_overruled')"
    assert database.execute(found.encode()).fetchall() == [
        ("error", "cover says 2024, loaded as 2025 because that was asked for: is it right?")
    ]


def test_a_load_says_that_the_year_is_in_doubt(database: psycopg.Connection, run: Run, sample: Path) -> None:
    assert "in doubt: cover says 2024, loaded as 2025" in run("--lang", "en", "load", sample, "--year", 2025).stderr
    assert "存疑：" in run("--lang", "zh", "load", sample, "--year", 2025).stderr


def test_a_title_left_over_from_last_year_is_a_finding(database: psycopg.Connection, text: str) -> None:
    document = changed(text, "\n支出总表\n", "\n2023年支出总表\n")
    result = load_content(database, document.encode(), "001001.txt", Options())
    assert [year for _, year, _ in result.stored] == [2024]
    (finding,) = database.execute("select message_en from report.finding where kind = 'other_year'").fetchall()
    assert "says 2023, loaded as 2024" in finding[0]


def test_the_title_right_below_the_cover_is_no_part_of_it() -> None:
    text = text_of(random_account(NATIONAL_BUDGET, 5001))
    disclosure = filed(changed(text, "\n部门收支总表\t", "\n2023年部门收支总表\t"))
    assert disclosure.identity.fiscal_year == 2024
    assert [finding.values["found"] for finding in disclosure.findings if finding.kind == "other_year"] == [2023]


def test_prose_says_no_year(database: psycopg.Connection, text: str) -> None:
    document = changed(text, "\n收支总表\n\n", "\n比上年减少3.2万元，与2023年预算持平。\n\n收支总表\n\n")
    result = load_content(database, document.encode(), "001001.txt", Options())
    assert result.error is None
    assert [year for _, year, _ in result.stored] == [2024]


@pytest.mark.parametrize(
    ("cover", "stage"), [("2024年部门决算公开表", "final"), ("2024年部门预算调整公开表", "adjusted")]
)
def test_another_stage_leaves_the_budget_alone(loaded: psycopg.Connection, text: str, cover: str, stage: str) -> None:
    counted = "select (select sum(amount) from mart.expenditure), (select count(*) from mart.goal)"
    before = loaded.execute(counted).fetchall()
    document = changed(text, "2024年部门预算公开表", cover).replace("516.37", "520.37")
    assert load_content(loaded, document.encode(), "001001.txt", Options()).error is None
    stages = loaded.execute("select stage, is_current from budget.disclosure order by disclosure_id").fetchall()
    assert stages == [("budget", True), (stage, True)]
    assert loaded.execute(counted).fetchall() == before


def test_a_wrong_code_under_a_right_name_is_read_as_the_other_forms_say(
    database: psycopg.Connection, text: str
) -> None:
    document = changed(text, "201\t01\t04\t2010104\t", "201\t01\t94\t2010194\t")
    load_content(database, document.encode(), "001001.txt", Options())
    messages = database.execute("select message_en from report.finding where kind = 'corrected_code'").fetchall()
    assert len(messages) == 1
    assert "人大会议 has the code 2010194 here and 2010104 elsewhere" in messages[0][0]
    assert database.execute("select count(*) from report.comparison where status = 'differs'").fetchone() == (0,)


def test_the_code_of_another_department_under_the_own_name_is_the_own(database: psycopg.Connection, text: str) -> None:
    start, end = text.index("一般公共预算“三公”经费支出表\n\n单位"), text.index("政府性基金预算支出表\n\n单位")
    left_over = text[start:end].replace("001001\t", "037037\t").replace("001\t株洲", "037\t株洲")
    load_content(database, (text[:start] + left_over + text[end:]).encode(), "001001.txt", Options())
    facts = database.execute("select unit_code, item_code, amount from mart.three_public").fetchall()
    assert facts == [("001001", "reception", Decimal("0.60"))]
    codes = "select values ->> 'printed', values ->> 'code' from meta.finding where kind = 'corrected_code' order by 1"
    assert database.execute(codes).fetchall() == [("037", "001"), ("037037", "001001")]
    assert database.execute("select count(*) from report.comparison where status = 'differs'").fetchone() == (0,)


@pytest.mark.parametrize("columns", [1, 2], ids=["the name", "neither code nor name"])
def test_a_unit_may_print_its_row_without_code(database: psycopg.Connection, text: str, columns: int) -> None:
    start, end = text.index("单位编码\t单位名称\t“三公”经费合计"), text.index("政府性基金预算支出表\n\n单位")
    header, below, _, _, own, *rest = text[start:end].split("\n")
    lines = [*("\t".join(line.split("\t")[columns:]) for line in (header, below, own)), *rest]
    load_content(database, (text[:start] + "\n".join(lines) + text[end:]).encode(), "001001.txt", Options())
    facts = database.execute("select unit_code, item_code, amount from mart.three_public").fetchall()
    assert facts == [("001001", "reception", Decimal("0.60"))]
    kinds = database.execute("select kind from meta.finding where form_id = 'r15' order by kind").fetchall()
    assert kinds == [("code_by_name",)]


def test_a_right_code_under_a_wrong_name_stays(database: psycopg.Connection, text: str) -> None:
    document = changed(
        text, "208\t05\t05\t2080505\t机关事业单位基本养老保险缴费支出", "208\t05\t05\t2080505\t住房公积金"
    )
    load_content(database, document.encode(), "001001.txt", Options())
    assert database.execute("select count(*) from meta.finding where kind = 'corrected_code'").fetchone() == (0,)
    assert database.execute("select count(*) from report.comparison where status = 'differs'").fetchone() == (0,)


def test_per_cents_are_kept_and_are_no_amounts(database: psycopg.Connection, text: str) -> None:
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if "“三公”经费合计" in line)
    lines[start] += "\t上年预算数\t比上年增减%"
    lines[start + 1] += "\t\t"
    for number in range(start + 2, start + 5):
        lines[number] += "\t0.80\t-25.00%"
    load_content(database, "\n".join(lines).encode(), "001001.txt", Options())
    rates = database.execute(
        "select form_id, row_key, column_key, per_cent, cell_text from report.prior_figure where per_cent is not null"
    )
    assert sorted(rates.fetchall()) == [
        ("r15", row_key, "total", Decimal("-25"), "-25.00%") for row_key in ("001", "001001", "total")
    ]
    prior = database.execute("select sum(amount) from report.prior_figure").fetchone()
    assert prior == (Decimal("2.40"),)
    total = database.execute("select sum(amount) from budget.amount where statement = 'three_public'").fetchone()
    assert total == (Decimal("0.60"),)
    found = database.execute("select kind from meta.finding where kind in ('unknown_column', 'rule')").fetchall()
    assert found == []


def test_figures_of_last_year_are_kept_apart(database: psycopg.Connection, text: str) -> None:
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if "“三公”经费合计" in line)
    lines[start] += "\t上年预算数"
    lines[start + 1] += "\t"
    for number in range(start + 2, start + 5):
        lines[number] += "\t0.90"
    load_content(database, "\n".join(lines).encode(), "001001.txt", Options())
    prior = database.execute("select form_id, row_key, of_year, of_stage, amount from report.prior_figure").fetchall()
    assert sorted(prior) == [
        ("r15", row_key, 2023, "budget", Decimal("0.90")) for row_key in ("001", "001001", "total")
    ]
    total = database.execute("select sum(amount) from budget.amount where statement = 'three_public'").fetchone()
    assert total == (Decimal("0.60"),)
    differs = database.execute("select count(*) from report.comparison where status = 'differs'").fetchone()
    assert differs == (0,)


@pytest.mark.parametrize(
    ("title", "report_no"), [("支出总表", 3), ("一般公共预算支出表", 7), ("一般公共预算基本支出表", 8)]
)
def test_a_table_that_ends_after_its_header_says_nothing(
    database: psycopg.Connection, text: str, title: str, report_no: int
) -> None:
    """It is told, and neither its own cells nor those of the other forms are accused of what it does not show."""
    above, form, below = re.split(
        rf"(?<=\n){title}\n((?:.*\t.*\n|\n|单位.*\n|金额单位.*\n|注：.*\n)+)", text, maxsplit=1
    )
    header = re.sub(r".*\d\.\d\d.*\n|注：.*\n", "", form)
    result = load_content(database, f"{above}{title}\n{header}{below}".encode(), "001001.txt", Options())
    assert result.error is None
    found = "select kind, report_no from report.finding where severity = 'error'"
    assert database.execute(found).fetchall() == [("no_rows", report_no)]
    assert database.execute("select count(*) from report.comparison where status = 'differs'").fetchone() == (0,)
    total = "select sum(amount) from budget.current_amount where statement = 'expenditure'"
    assert database.execute(total).fetchone() == (Decimal("896.28"),)
