"""The command line in Chinese: everything that it says has a Chinese text, and names that scripts rely on stay."""

from __future__ import annotations

import ast
import csv
import inspect
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest

from loader.catalogue.chinese import CATALOGUE, in_chinese
from loader.cli.help import width_of
from loader.cli.main import main
from loader.filing.operator_input import STAGE
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
ROWS = list(csv.DictReader(CATALOGUE.read_text(encoding="utf-8").splitlines(keepends=True)))
TEXTS = {row["english"]: row["chinese"] for row in ROWS if row["kind"] == "text"}
PLACE = re.compile(r"\{\d\}")
LIST = re.compile(r"(?<=\{\d)[、；。](?=\})")  # in the Chinese: a place that holds a list
PROSE = re.compile(r"[a-z]{2,}[,;:]? [a-z`{]")  # two words at least
CODE = re.compile(r"^\s*<|^\s*(select|with|where|and|from|create|hetang|hashtext) ?\b|^\w+=|^ --", re.IGNORECASE)
# what the program tells its own developers
OF_DEVELOPERS = {"AssertionError", "KeyError", "ValueError", "ViewError", "PdfiumError", "RuntimeError"}
NO_MESSAGES = {"powerpoint document", "{1} in {2}{3}", "{1}{2} ({3} and {4})"}  # a stream; cells that a remark lists
SAID_ELSEWHERE = ("loader/documents", "loader/filing", "loader/loading", "loader/warehouse")


def wording(node: ast.AST) -> str | None:
    """A text or an f-string as the catalogue has it: places numbered, without the name of a file before it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    text = "".join(part.value if isinstance(part, ast.Constant) else "{0}" for part in node.values)  # type: ignore[misc]
    numbers = iter(range(1, 10))
    return PLACE.sub(lambda _: f"{{{next(numbers)}}}", text.removeprefix("{0}: "))


def texts_in(node: ast.AST) -> Iterator[str]:
    """The wordings in the code below, docstrings left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if (text := wording(child)) is not None:
            yield text
        if not isinstance(child, ast.JoinedStr):
            yield from texts_in(child)
        else:
            for part in child.values:
                if isinstance(part, ast.FormattedValue):
                    yield from texts_in(part)


def messages() -> Iterator[str]:
    """What commands say, what readers remark, and the reasons that are raised below them."""
    for path in (*sorted((ROOT / "loader" / "cli").glob("*.py")), *sorted((ROOT / "loader/documents").rglob("*.py"))):
        yield from (text for text in texts_in(ast.parse(path.read_text(encoding="utf-8"))) if text not in NO_MESSAGES)
    yield from texts_in(ast.parse((ROOT / "loader/loading/prose.py").read_text(encoding="utf-8")))
    below = [path for folder in SAID_ELSEWHERE for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in (*below, ROOT / "schema" / "migrate.py", ROOT / "schema" / "distribution.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = node.exc.func
                if (name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")) not in OF_DEVELOPERS:
                    yield from texts_in(node.exc)


def help_of(command: click.Command) -> Iterator[str]:
    """Every paragraph of the help, what examples are for, and what options do."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if not paragraph.startswith("\b"):
            yield " ".join(paragraph.split())
        else:
            yield from (
                line[gap.end() :] for line in paragraph.splitlines() if (gap := re.search(r"\S {2,}(?=\S)", line))
            )
    yield from (option.help for option in command.params if isinstance(option, click.Option) and option.help)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from help_of(inner)


def test_every_message_has_a_chinese_text() -> None:
    known = TEXTS.keys() | {row["english"] for row in ROWS if row["kind"] == "heading"}
    said = {line for text in messages() for line in ([text] if text in known else text.split("\n"))}
    said = {text for text in said if PROSE.search(text) and not CODE.search(text)}
    lacking = sorted(text for text in said if not {text, text.replace("`", "")} & known)  # the help prints no ticks
    assert said & known
    assert not lacking, f"loader/catalogue/chinese.csv lacks:\n{as_rows(lacking)}"


def test_all_help_has_a_chinese_text() -> None:
    lacking = sorted(set(help_of(main)) - TEXTS.keys())
    assert not lacking, f"loader/catalogue/chinese.csv lacks:\n{as_rows(lacking)}"


def as_rows(lacking: list[str]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(("text", text, "") for text in lacking)
    return lines.getvalue()


# what the client library of Postgres says; its sources are not here
LIBPQ = """connection failed: connection to server at %s, port %s failed: %s
Connection refused. Is the server running on that host and accepting TCP/IP connections?
failed to resolve host %s: %s"""


def test_no_chinese_text_is_left_behind() -> None:
    """Every entry is of something that the program, click or the system says."""
    folders = (ROOT / "loader", ROOT / "schema", Path(click.__file__).parent)
    sources = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.py"))]
    pieces = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    findings = (ROOT / "schema" / "codes" / "finding_kind.csv").read_text(encoding="utf-8")
    said = "\n".join([*pieces, *help_of(main), *map(os.strerror, range(1, 40)), STAGE.expected, findings, LIBPQ])
    said = re.sub(r"%s|\{\w*(?:![rs])?\}", "\0", said.replace("`", "")).lower()
    words = [
        part.replace("`", "").lower().strip(" .:(")
        for english in TEXTS
        for part in PLACE.split(english)
        if PROSE.search(part) and not part.startswith("Usage")
    ]
    assert len(words) > 300
    assert not (lost := [part for part in words if part not in said]), "\n".join(lost)


def test_the_catalogue_is_sound() -> None:
    keys = [(row["kind"], row["english"]) for row in ROWS]
    assert len(set(keys)) == len(keys)
    for row in ROWS:
        row["chinese"].encode("gbk")  # consoles in GBK exist
        assert row["chinese"]
        assert set(PLACE.findall(LIST.sub("", row["chinese"]))) == set(PLACE.findall(row["english"])), row["english"]


def test_no_two_places_touch() -> None:
    """Nothing would tell where the first ends."""
    assert [english for english in TEXTS if re.search(r"\{\d\}\{\d\}", english)] == []


def test_lists_are_joined_as_chinese_is() -> None:
    assert in_chinese("revisions 1, 2 are current; choose one with --revision").startswith("版次 1、2 同时现行")
    assert in_chinese("form r03: there is no row '3', expected one of total 合计; 201 a, b; …").endswith(
        "应为其中之一：total 合计；201 a, b；…"
    )
    hidden = "not read because a reader does not see it, behind a picture: 2 texts on pages 3, 4, such as 合计, 1.00"
    assert in_chinese(hidden).endswith("第 3、4 页的 2 处文字，如 合计、1.00")


# ---------------------------------------------------------------------------- what people see


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


def test_windows_names_its_language_in_full(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert "退出码" in run("--help").stdout
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert "Exit codes" in run("--help").stdout


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("command", [(), ("load",), ("findings",), ("db",), ("db", "restore")])
def test_help(run: Run, command: tuple[str, ...]) -> None:
    shown = run(*command, "--help").stdout
    assert "显示本说明。" in shown
    assert shown.startswith(" ".join(("用法：main", *command, "[选项]")))
    assert not re.search(r"[a-z]{2,} (the|of|is|and|a) [a-z]", shown)
    assert max(map(width_of, shown.splitlines())) <= 80
    assert "Show this message" in run("--lang", "en", *command, "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compar",), "没有命令 'compar'"),
        (("report", "8"), "缺少选项 '--unit'"),
        (("report", "99", "--unit", "001001", "--year", "2024"), "没有报表 99"),
        (("units", "--year", "20x4"), "'20x4'，应为年度，如 2024（2000 到 2099）"),
        (("load", "/nowhere"), "路径 '/nowhere' 不存在"),
        (("compare", "--kind", "odd"), "'odd' 不在可选值之中"),
    ],
)
def test_usage_errors(run: Run, arguments: tuple[str, ...], told: str) -> None:
    said = run("--lang", "zh", *arguments, code=2).stderr
    assert told in said
    assert "错误：" in said
    assert "Error" not in said
    assert "Error: " in run(*arguments, code=2).stderr


def test_reasons_of_rejected_documents_keep_their_places(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "prose.txt").write_text("没有表格\n")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "manifest.csv").write_text("file,published_on\nempty.txt,yesterday\n")
    told = run("--lang", "zh", "load", tmp_path, code=2).stderr
    assert f"{tmp_path / 'manifest.csv'}，第 2 行，栏目 published_on：'yesterday'，应为日期，如 2024-03-01" in told
    (tmp_path / "manifest.csv").unlink()
    result = run("--lang", "zh", "load", tmp_path, code=1)
    assert "已拒绝：empty.txt: 空文件，应为部门预算公开" in result.stderr
    assert "已拒绝：prose.txt: 没有找到任何官方报表" in result.stderr
    assert "已拒绝：damaged.pdf: PDF 已损坏或不完整" in result.stderr
    assert result.stdout.count("已拒绝") == 3
    as_json = json.loads(run("--lang", "zh", "load", tmp_path, "--json", code=1).stdout)
    assert as_json[1]["error"].startswith("empty.txt: empty, expected a disclosure")
    assert as_json[1]["outcome"] == "rejected"


def test_remarks_of_readers(database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "marked.txt").write_text("\x07" + sample.read_text(encoding="utf-8"), encoding="utf-8")
    run("load", tmp_path)
    remark = "读取时：略去 1 个控制字符，第一个在第 1 行"
    found = run("--lang", "zh", "findings").stdout
    assert remark in found
    assert "目录或标题列有的报表没有表格" in found
    assert remark in run("--lang", "zh", "findings", "--format", "csv").stdout
    assert database.execute("select count(*) from mart_zh.发现的问题 where 说明 = %s", (remark,)).fetchone() == (1,)
    run("--lang", "en", "page", tmp_path / "pages")  # pages are in Chinese whatever the language
    assert "读取时：略去 1 个控制字符，第一个在第 1 行" in (tmp_path / "pages/2024/001001.html").read_text("utf-8")


def test_listings_and_what_is_absent(loaded: psycopg.Connection, run: Run) -> None:
    zh = ("--lang", "zh")
    assert "| 预算 |" in run(*zh, "units").stdout
    assert "缺少官方报表的公开：1" in run(*zh, "missing").stdout
    assert "与其余报表推出的数全部一致；未公开的报表：2、4、5。" in run(*zh, "compare").stderr
    assert "没有装载 2031 年的内容；已装载的见 `hetang units`" in run(*zh, "units", "--year", 2031, code=2).stderr
    assert "已撤回：001001，2024 年，版次 1" in run(*zh, "withdraw", "001001", "--year", 2024).stderr
    assert (
        "已装载的单位 001001 2024 年的内容均已撤回"
        in run(*zh, "compare", "--unit", "001001", "--year", 2024, code=2).stderr
    )


def test_names_that_scripts_rely_on_stay(loaded: psycopg.Connection, run: Run) -> None:
    for command in (("units",), ("missing",), ("compare", "--all")):
        for output in ("json", "csv"):
            listing = (*command, "--format", output)
            assert run("--lang", "zh", *listing).stdout == run(*listing).stdout


def test_a_gbk_console_shows_all_of_it() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN.GBK"}
    shown = subprocess.run([sys.executable, "-m", "loader", "--help"], env=environment, capture_output=True, check=True)
    assert "退出码" in shown.stdout.decode("gbk")
    assert "?" not in shown.stdout.decode("gbk")
