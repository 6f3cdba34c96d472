"""What hostile input cannot do: stop a load, take all memory, block, reach the terminal, or reach SQL unchecked."""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import loader.documents.readers
import loader.loading.load
from benchmarks import fuzz
from loader.answers.report import Report
from loader.cli.report_layout import as_csv
from loader.documents import limits
from loader.documents.printable import printable
from loader.loading import unpack
from schema.forms import report_form
from synthetic.budgets import random_budget
from synthetic.deviations import filed
from synthetic.rendering import render
from tests.conftest import Run
from tests.processor_time import at_most
from tests.test_bulk_load import faulty, outcomes, small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document that does harm, as the tests let it, and one after it that does none."""
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "a_prose.txt").write_text("这不是预算公开。", encoding="utf-8")
    (folder / "b.txt").write_bytes(small(0))
    return folder


def spin() -> None:
    """Use the processor for ever."""
    while True:
        pass


def hoard() -> None:
    """Take memory, piece by piece, and keep it."""
    pieces = []
    while True:
        pieces.append(b"x" * 2**24)


def hoard_a_little_and_wait() -> None:
    """Take more than the test allows, and do nothing more."""
    piece = b"x" * 2**28
    time.sleep(60)
    assert piece


HARM: dict[str, tuple[Callable[[], None], str]] = {
    "processor": (spin, "more processor time than allowed for its size"),
    "memory": (hoard, "MB of memory"),
}


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("system", ["with limits of its own", "without"])
def test_a_document_is_stopped_at_its_limits_and_the_next_is_loaded(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, harm: str, system: str
) -> None:
    what, reason = HARM[harm]
    monkeypatch.setattr(limits, "CPU_SECONDS", 1.0)
    if system == "without":
        monkeypatch.setattr(limits, "resource", None)
        monkeypatch.setattr(limits, "MEMORY", 2**26)
        what = hoard_a_little_and_wait if harm == "memory" else what
    else:
        monkeypatch.setattr(limits, "MEMORY", 2**28)
    faulty(monkeypatch, what)
    result = run("load", folder, "--jobs", 1, code=3)
    assert "a_prose.txt: needs more " in result.stderr
    assert reason in result.stderr
    assert result.stdout.count("| loaded ") == 1
    if system == "with limits of its own":
        assert reason in run("load", folder / "a_prose.txt", code=1).stderr  # alone, too


def test_the_limit_is_that_of_each_document(
    database: psycopg.Connection, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CPU_SECONDS", 1.5)
    read = loader.documents.readers.read

    def read_slowly(content: bytes, file_name: str) -> object:
        begun = time.process_time()
        while time.process_time() - begun < 0.5:
            pass
        return read(content, file_name)

    monkeypatch.setattr(loader.loading.load, "read", read_slowly)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_bytes(small(number))
    assert set(outcomes(run, tmp_path, "--jobs", 1).values()) == {"loaded"}


def test_what_an_archive_does_when_it_is_looked_into(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CPU_SECONDS", 1.0)
    monkeypatch.setattr(unpack, "is_bundle", lambda content: spin())
    with zipfile.ZipFile(folder / "a.zip", "w") as bundle:
        bundle.writestr("a.txt", small(1))
    (folder / "a_prose.txt").unlink()
    assert outcomes(run, folder, "--jobs", 1, code=3) == {"a.zip": "rejected", "b.txt": "loaded"}


def test_a_fault_in_a_bundle_leaves_what_came_before(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as bundle:
        bundle.writestr("1.txt", small(0))
        bundle.writestr("2.txt", small(1))
    content = (tmp_path / "all.zip").read_bytes()
    second = content.index(small(1)) + 50
    (tmp_path / "all.zip").write_bytes(content[:second] + b"?" + content[second + 1 :])
    found = outcomes(run, tmp_path, code=3)
    assert found == {"all.zip/1.txt": "loaded", "all.zip": "rejected"}


# ---------------------------------------------------------------------------- files that are no files


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("name", ["a.txt", "manifest.csv"])
def test_a_named_pipe_does_not_block(database: psycopg.Connection, run: Run, folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    result = run("load", folder, code=3 if name == "a.txt" else 2)
    assert f"{name}: a named pipe, expected a regular file" in result.stderr
    assert result.stdout.count("| loaded ") == (name == "a.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize(("command", "code"), [(("units", "--succession"), 2), (("db", "restore"), 5)])
def test_no_command_waits_for_a_named_pipe(
    database: psycopg.Connection, run: Run, tmp_path: Path, command: tuple[str, ...], code: int
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a named pipe, expected a regular file" in run(*command, tmp_path / "pipe", code=code).stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_link_to_a_device_without_end(database: psycopg.Connection, run: Run, folder: Path) -> None:
    (folder / "a.txt").symlink_to("/dev/zero")
    result = run("load", folder, code=3)
    assert "a.txt: a device, expected a regular file" in result.stderr
    assert result.stdout.count("| loaded ") == 1


def test_a_file_beyond_all_sizes(database: psycopg.Connection, run: Run, folder: Path) -> None:
    with (folder / "a.txt").open("wb") as file:
        file.truncate(unpack.MAX_FILE + 1)  # a hole takes no room
    assert "a.txt: larger than 1024 MB" in run("load", folder, code=3).stderr


def test_a_folder_that_cannot_be_read_is_told_and_the_rest_loaded(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "locked").mkdir()
    scan = os.scandir

    def refuse(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = run("load", folder, code=3)
    assert "locked: cannot read this folder: Permission denied" in result.stderr
    assert result.stdout.count("| loaded ") == 1


@pytest.mark.parametrize("options", [(), ("--manifest", "list.csv")])
def test_links_that_lead_nowhere_or_in_circles_are_told(
    database: psycopg.Connection, run: Run, folder: Path, options: tuple[str, ...]
) -> None:
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    (folder / "around").symlink_to(folder)
    if options:
        (folder / "list.csv").write_text("file,unit\n", encoding="utf-8")
        options = (options[0], str(folder / options[1]))
    result = run("load", folder, *options, code=3)
    assert "self.txt: Too many levels of symbolic links" in result.stderr
    assert "nowhere.txt: No such file or directory" in result.stderr
    assert "around: a link to a folder, which is not followed; give the folder itself" in result.stderr
    assert result.stdout.count("| loaded ") == 1


# ---------------------------------------------------------------------------- what is said and printed


@pytest.mark.parametrize(
    ("option", "value"),
    [("--unit", "../../x"), ("--unit", " "), ("--unit", "1" * 120), ("--unit", "٣٣٣"), ("--year", "99999"),
     ("--year", "-1"), ("--year", "1e3"), ("--division", "x' or 1=1"), ("--division", "1" * 60)],
)  # fmt: skip
def test_what_is_said_on_the_command_line_is_checked_as_in_manifests(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")  # nothing may be asked of it
    for command in (("load", sample), ("findings",), ("compare",)):
        assert f"{value!r}, expected a " in run(*command, option, value, code=2).stderr


HOSTILE = "\x1b[2J\x9b31m\u202e\r\n局"


def test_names_that_terminals_would_obey(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    name = HOSTILE.replace("/", "")
    (tmp_path / f"{name}.txt").write_bytes(small(0))
    (tmp_path / f"{name}2.txt").write_text("这不是预算公开。", encoding="utf-8")
    result = run("load", tmp_path, code=3)
    said = result.stdout + result.stderr + run("units").stdout + run("load", tmp_path, "--json", code=3).stdout
    said += run("load", tmp_path / f"{name}3.txt", code=2).stderr
    assert not set("\x1b\x9b\u202e\r") & set(said)
    assert "\\u001b[2J\\u009b31m\\u202e\\u000d\\u000a局.txt" in result.stdout


@pytest.mark.parametrize("form_no", [1, 3], ids=["lists", "rows"])
def test_a_table_that_is_repeated_a_thousand_times_takes_time_in_proportion(form_no: int) -> None:
    lines = render(random_budget(8830000), forms=[form_no]).splitlines()
    first = next(at for at, line in enumerate(lines) if "\t" in line and re.search(r"\d\.\d", line))
    rows = [line for line in lines[first:] if re.search(r"\d\.\d", line)]
    with at_most(10.0):
        disclosure = filed("\n".join([*lines[:first], *rows * 1_500]))
    assert len(disclosure.forms[0].cells) > 1_500 * len(rows)


def test_printable_text_stays_as_it_is() -> None:
    assert printable("荷塘区 1,000.00 ①\n", keep="\n") == "荷塘区 1,000.00 ①\n"


def test_csv_without_formulas() -> None:
    names = ["=cmd|' /C calc'!A0", "@x", "-1+1", "+a", "-", "-5.00", "单位"]
    report = Report(report_form(3), 2024, "001001", "", "budget", 1, False, [])
    columns = report.columns()
    column = next(iter(columns))
    report.rows[:] = [dict.fromkeys(columns) | {column: name} for name in names]
    plain, safe = (as_csv(report, flag).splitlines()[1:] for flag in (False, True))
    assert [line.startswith(("'", "\"'")) for line in safe] == [True, True, True, True, False, False, False]
    assert not any(line.startswith("'") for line in plain)


# ---------------------------------------------------------------------------- damaged documents


@pytest.mark.parametrize("reader", fuzz.READERS)
def test_damaged_documents(reader: str) -> None:
    """Some that always are the same; `python -m benchmarks.fuzz` tries thousands of others."""
    ends, _, _ = fuzz.run(reader, count=3, seed=7, jobs=1, save=None)
    assert sum(ends.values()) == 3
    assert not {"crashed", "slow", "large", "lost"} & set(ends)
