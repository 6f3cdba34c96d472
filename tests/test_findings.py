"""Findings are kinds and values: the code, the data file, the wording in Python and the wording in SQL agree."""

from __future__ import annotations

import ast
import json
import re
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from alembic import command

from loader.diagnosis.figures.single_figures import FIGURE_FAULTS
from loader.documents.printed_row import printed_row
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import Finding
from loader.ledger.draft import make_ledger
from schema.codes.finding_kinds import PLACE, PRINTED_BY_LOAD, finding_kinds
from schema.migrate import configuration, upgrade
from synthetic.deviations import filed
from tests.conftest import Run, url_of

LOADER = Path(__file__).parent.parent / "loader"
CHINESE = re.compile("[\u4e00-\u9fff]")
LANGUAGES = ("zh", "en")

# a text that looks like a place, quotes, an exact decimal, a number and a list
SAMPLES = ("{name} \\1 'x' \"y\"", Decimal("1E+2"), 12, ("甲 (1)", "{code}"), "", ())


def made() -> list[tuple[str, str, set[str]]]:
    """Every finding that the code can make: place in the code, kind and names of its values."""
    found = []
    for path in sorted(LOADER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not re.search(
                r"(^Finding|findings\.add|self\.add)$", ast.unparse(node.func)
            ):
                continue
            if path.name == "form_findings.py" and ast.unparse(node.args[0]) == "kind":
                continue  # what hands on to Finding
            kind, values = node.args[:2]
            assert isinstance(values, ast.Dict), ast.unparse(node)
            names = {ast.literal_eval(key) for key in values.keys if key is not None}
            names |= {"evidence_zh"} & {f"{name}_zh" for name in names}  # which Finding adds
            if path.name == "single_figures.py":
                found += [(f"{path.name}:{node.lineno}", option, names) for option in FIGURE_FAULTS]
                continue
            options = [kind.body, kind.orelse] if isinstance(kind, ast.IfExp) else [kind]
            found += [(f"{path.name}:{node.lineno}", ast.literal_eval(option), names) for option in options]
    return found


def test_the_code_makes_the_kinds_of_the_data_file() -> None:
    assert len(made()) > 30
    assert {kind for _, kind, _ in made()} == set(finding_kinds())


def test_what_a_load_tells_at_once_are_kinds_of_findings() -> None:
    assert {kind for kinds in PRINTED_BY_LOAD.values() for kind in kinds} <= set(finding_kinds())


# values that only queries ask for
_FORMS = {"forms"}  # those that the explanations are about
NOT_SHOWN = {"several_explanations": _FORMS, "perhaps_rounded": _FORMS}


def test_each_wording_shows_values_that_the_code_gives() -> None:
    for where, kind, names in made():
        for language in LANGUAGES:
            wording = finding_kinds()[kind].wording(language)
            assert set(PLACE.findall(wording)) <= names, f"{where}: {kind} in {language}"
        shown = {name for language in LANGUAGES for name in PLACE.findall(finding_kinds()[kind].wording(language))}
        assert names - NOT_SHOWN.get(kind, set()) == shown, f"{where}: {kind}"


@pytest.mark.parametrize("kind", finding_kinds())
def test_a_kind_has_a_severity_and_two_wordings(kind: str) -> None:
    known = finding_kinds()[kind]
    assert known.severity in ("error", "warning", "note")
    assert CHINESE.search(known.wording_zh)
    assert CHINESE.search(known.meaning_zh)
    for language in LANGUAGES:
        assert not set("{}") & set(PLACE.sub("", known.wording(language)))
    assert re.search("[a-z]{2}|^{text}$", known.wording_en)


def test_python_and_sql_word_every_kind_alike(database: psycopg.Connection) -> None:
    for kind, known in finding_kinds().items():
        names = sorted({name for language in LANGUAGES for name in PLACE.findall(known.wording(language))})
        for shift in range(len(SAMPLES)):
            values = {name: SAMPLES[(shift + n) % len(SAMPLES)] for n, name in enumerate(names)}
            finding = Finding(kind, values)
            for language in LANGUAGES:
                row = database.execute(
                    f"select meta.finding_message(wording_{language}, %s::jsonb, %s) from meta.finding_kind"
                    " where kind = %s".encode(),
                    (json.dumps(finding.stored_values), language, kind),
                ).fetchone()
                assert row == (finding.worded(language),)
    assert Finding("no_fund", {"amount": Decimal("1E+2")}).message.startswith("100 万元")


def test_forms_in_evidence_are_named_as_people_name_them() -> None:
    values = {"row": "合计", "column": "小计", "filed": "1.01", "proposed": "1.00", "evidence": ["3", "f05"]}
    found = Finding("cent_off", values)
    assert found.worded("zh").endswith("（印证：表3、《一般公共预算财政拨款支出决算表》）")
    assert found.message.endswith("(confirmed by form 3, f05)")


def test_a_value_that_is_not_given_leaves_its_place(database: psycopg.Connection) -> None:
    row = database.execute("select meta.finding_message('{code} is {name}.', '{\"code\": null}', 'en')").fetchone()
    assert row == ("{code} is {name}.",)


PLACES = (
    (1, "r03", 3, 12, 4, "表3第12行第4列：读取时：x", "form 3, row 12, column 4: x"),
    (1, "sh03", None, 12, None, "《支出预算总表》第12行：读取时：x", "form sh03, row 12: x"),
    (7, None, None, None, None, "第7张表：读取时：x", "table 7: x"),
    (None, None, None, None, None, "读取时：x", "x"),
)


@pytest.mark.parametrize(("form_no", "form_id", "report_no", "source_row", "column_no", "zh", "en"), PLACES)
def test_a_message_begins_with_the_place(
    loaded: psycopg.Connection,
    form_no: int | None,
    form_id: str | None,
    report_no: int | None,
    source_row: int | None,
    column_no: int | None,
    zh: str,
    en: str,
) -> None:
    place = (form_no, form_id, report_no, source_row, column_no)
    loaded.execute("delete from meta.finding where finding_no > 1")
    loaded.execute(
        "update meta.finding set kind = 'remark', values = '{\"text\": \"x\"}', form_no = %s, form_id = %s,"
        " report_no = %s, source_row = %s, column_no = %s",
        place,
    )
    assert loaded.execute("select message_zh, message_en from report.finding").fetchall() == [(zh, en)]
    finding = Finding("remark", {"text": "x"}, *place)
    assert (finding.worded("zh"), finding.message) == (zh, en)


ROWS = ((16, "第16行", "row 16"), (999, "第999行", "row 999"), (12016, "第12页第16行", "page 12, row 16"))


@pytest.mark.parametrize("medium", ["pdf", "ofd", "image"])
@pytest.mark.parametrize(("number", "zh", "en"), ROWS)
def test_python_and_sql_name_a_row_of_a_document_of_pages_alike(
    database: psycopg.Connection, medium: str, number: int, zh: str, en: str
) -> None:
    query = "select meta.printed_row(%(medium)s, %(row)s, 'zh'), meta.printed_row(%(medium)s, %(row)s, 'en')"
    assert database.execute(query, {"medium": medium, "row": number}).fetchone() == (zh, en)
    assert (printed_row(number, medium, "zh"), printed_row(number, medium)) == (zh, en)


@pytest.mark.parametrize("medium", ["text", "xlsx", "一般公共预算支出表", None])
def test_a_row_of_another_document_has_a_number_and_no_page(database: psycopg.Connection, medium: str | None) -> None:
    query = "select meta.printed_row(%(medium)s, 12016, 'zh'), meta.page_of(%(medium)s, 12016)"
    assert database.execute(query, {"medium": medium}).fetchone() == ("第12016行", None)
    assert printed_row(12016, medium, "zh") == "第12016行"


def test_the_sample_s_findings_read_alike_before_and_after_they_are_stored(
    loaded: psycopg.Connection, sample: Path
) -> None:
    [disclosure] = file_disclosures(read(sample.read_bytes(), sample.name), "430202")
    findings = [*disclosure.findings, *make_ledger(disclosure).findings]
    assert len(findings) > 1
    stored = loaded.execute(
        "select kind, severity, form_id, message_zh, message_en from report.finding order by finding_no"
    ).fetchall()
    assert stored == [
        (f.kind, finding_kinds()[f.kind].severity, f.form_id, f.worded("zh"), f.message) for f in findings
    ]


def test_findings_of_before_keep_their_messages(loaded: psycopg.Connection, run: Run) -> None:
    command.downgrade(configuration(url_of(loaded)), "0001")
    loaded.execute("delete from meta.finding where finding_no > 2")
    loaded.execute(
        "update meta.finding set kind = 'gone', message = 'form 3, row 9: odd', report_no = 3, source_row = 9"
    )
    upgrade(url_of(loaded))
    rows = loaded.execute("select kind, form_id, values, message_zh, message_en from report.finding").fetchall()
    assert rows == [("gone", "r03", {}, "form 3, row 9: odd", "form 3, row 9: odd")] * 2
    [told] = json.loads(run("findings", "--json").stdout)
    assert (told["kind"], told["severity"], told["times"], told["message"]) == ("gone", None, 2, "form 3, row 9: odd")


def test_kinds_that_were_renamed_are_carried_along(loaded: psycopg.Connection) -> None:
    before = ("incomplete", "cut_off", "money_unit")
    loaded.execute("create temp table more as select * from meta.finding where finding_no <= 2")
    loaded.execute("update more set finding_no = finding_no + 2")
    loaded.execute("delete from meta.finding where finding_no > 2")
    loaded.execute("insert into meta.finding select * from more where finding_no = 3")
    command.downgrade(configuration(url_of(loaded)), "0003")
    for number, kind in enumerate(before, start=1):
        loaded.execute("update meta.finding set kind = %s where finding_no = %s", (kind, number))
    upgrade(url_of(loaded))
    kinds = loaded.execute("select kind, severity from report.finding order by finding_no").fetchall()
    assert kinds == [("no_total", "error"), ("incomplete", "error"), ("money_unit_assumed", "error")]
    command.downgrade(configuration(url_of(loaded)), "0003")
    assert loaded.execute("select kind from meta.finding order by finding_no").fetchall() == [(k,) for k in before]


def test_findings_of_a_kind_that_is_not_known_show_their_values(loaded: psycopg.Connection) -> None:
    loaded.execute("update meta.finding set kind = 'to_come', values = '{\"a\": 1}', form_no = null, form_id = null")
    loaded.execute("update meta.finding set report_no = null, source_row = null, column_no = null")
    assert loaded.execute("select distinct message_zh, message_en from report.finding").fetchall() == [
        ('to_come {"a": 1}', 'to_come {"a": 1}')
    ]


@pytest.mark.parametrize(
    ("figure", "money_unit", "kinds"),
    [
        ("4660000.00", "元", []),
        ("4660000.00", "万元", ["implausible_total"]),
        ("466.00", "元", ["implausibly_small"]),
        ("0.47", "万元", []),
    ],
)
def test_one_money_unit_called_the_other_is_doubted_even_if_all_forms_agree(
    figure: str, money_unit: str, kinds: list[str]
) -> None:
    rows = (f"合计\t\t{figure}\t{figure}", f"2012601\t行政运行\t{figure}\t{figure}")
    text = f"2024年部门预算公开表\n\n单位编码：007015\n\n支出总表\n\n金额单位：{money_unit}\n\n"
    disclosure = filed(text + "\n".join(("科目编码\t科目名称\t合计\t基本支出", *rows)) + "\n")
    assert [f.kind for f in make_ledger(disclosure).findings if f.kind.startswith("implausi")] == kinds


@pytest.mark.parametrize(
    ("amount", "stage", "kinds"), [("-3.50", "预算", 1), ("3.50", "预算", 0), ("-3.50", "预算调整", 0)]
)
def test_spending_below_zero_is_doubted_even_if_all_forms_agree(amount: str, stage: str, kinds: int) -> None:
    rows = (f"合计\t\t{amount}\t{amount}", f"2012601\t行政运行\t{amount}\t{amount}")
    text = f"2024年部门{stage}公开表\n\n单位编码：007015\n\n支出总表\n\n金额单位：万元\n\n"
    disclosure = filed(text + "\n".join(("科目编码\t科目名称\t合计\t基本支出", *rows)) + "\n")
    found = [f for f in make_ledger(disclosure).findings if f.kind == "negative_spending"]
    assert len(found) == kinds
    assert all(f.values["amount"] == amount and f.source_row for f in found)
