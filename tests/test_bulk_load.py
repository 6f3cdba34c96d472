"""Folders through the front door: what is found, passed over, loaded by several processes, reported and logged."""

import json
import os
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.errors import SerializationFailure

import loader.documents.readers
import loader.loading.load
import loader.loading.store_group
import loader.warehouse.store
from loader.cli.main import main
from loader.loading.bulk import BulkLoad
from loader.loading.folder import Found
from loader.loading.options import Options
from synthetic.variants import unit_code, variant
from tests.conftest import Run, url_of
from tests.contents import contents
from tests.forked import Forked, wait_for_lock

Rows = list[dict[str, object]]


def small(number: int) -> bytes:
    """Forms 1 and 3 of the sample as another unit would file them."""
    text = variant(number).decode()
    return text[: text.index("\n财政拨款收支总表\n")].encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four units of one department, a broken document and what is not to be read."""
    folder = tmp_path / "2024"
    (folder / "局").mkdir(parents=True)
    for number in range(4):
        (folder / "局" / f"{unit_code(number)}.txt").write_bytes(small(number))
    (folder / "prose.txt").write_text("这不是预算公开。", encoding="utf-8")
    for left_behind in (".hidden", "~$prose.docx", "Thumbs.db", "局/desktop.ini"):
        (folder / left_behind).write_bytes(b"no document")
    return folder


def outcomes(run: Run, *arguments: object, code: int = 0) -> dict[str, str]:
    rows = json.loads(run("load", *arguments, "--json", code=code).stdout)
    return {row["file_name"]: row["outcome"] for row in rows}


NAMES = [f"局/{unit_code(number)}.txt" for number in range(4)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_is_loaded_and_then_unchanged(database: psycopg.Connection, run: Run, folder: Path, jobs: int) -> None:
    expected = dict.fromkeys(NAMES, "loaded") | {"prose.txt": "rejected"}
    assert outcomes(run, folder, "--jobs", jobs, code=3) == expected
    before = contents(database)
    expected = dict.fromkeys(NAMES, "unchanged") | {"prose.txt": "rejected"}
    assert outcomes(run, folder, folder / "prose.txt", "--jobs", jobs, code=3) == expected
    assert contents(database) == before


def test_known_documents_are_not_read(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("load", folder / "局")
    run("withdraw", "001002", "--year", "2024")

    def read(content: bytes, file_name: str) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(loader.loading.load, "read", read)
    arguments = ("--published", "2024-03-01", "--supersede")
    known = outcomes(run, folder / "局", *arguments)
    assert known == dict.fromkeys(known, "unchanged") | {"001002.txt": "restored"}
    rows = database.execute(
        "select count(*) from budget.disclosure where is_current and published_on = '2024-03-01' and supersede_rank = 1"
    ).fetchall()
    assert rows == [(4,)]
    # another year, or a name that says one, has to be looked at
    assert set(outcomes(run, folder / "局", "--year", "2025", code=1).values()) == {"rejected"}
    (folder / "2023.txt").write_bytes(small(0))
    assert set(outcomes(run, folder / "2023.txt", code=1).values()) == {"rejected"}


def test_a_dry_run_says_what_would_happen(database: psycopg.Connection, run: Run, folder: Path) -> None:
    run("load", folder / "局" / "001001.txt")
    (folder / "局" / "001002.txt").write_bytes(small(1).replace("第2局".encode(), "第二局".encode()))
    (folder / "局" / "corrected.txt").write_bytes(small(0) + b"\n")
    before = contents(database)
    for jobs in (1, 2):
        rows = json.loads(run("load", folder, "--dry-run", "--json", "--jobs", jobs, code=3).stdout)
        said = {row["file_name"]: row["outcome"] for row in rows}
        assert said == {
            "局/001001.txt": "unchanged",
            "局/001002.txt": "loaded",
            "局/001003.txt": "loaded",
            "局/001004.txt": "loaded",
            "局/corrected.txt": "revised",
            "prose.txt": "rejected",
        }
        assert all(d["cells"] > 100 for row in rows for d in row["disclosures"])
        assert contents(database) == before
        assert database.execute("select count(*) from meta.load").fetchone() == (1,)


def test_many_documents_are_summed_up(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.cli.load.FEW", 4)
    shown = run("load", folder, code=3).stdout
    assert "001001.txt" not in shown
    loaded, reason = (next(line for line in shown.splitlines() if word in line) for word in ("loaded", "prose.txt"))
    assert loaded.split("|")[2].strip() == "4"
    assert "none of the official forms found" in reason


def test_the_log_has_a_line_for_every_document(database: psycopg.Connection, run: Run, folder: Path) -> None:
    log = folder.parent / "log.jsonl"
    run("load", folder, "--log-file", log, code=3)
    begin, *documents, end = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert (begin["event"], begin["files"]) == ("begin", 5)
    assert sorted(document["file_name"] for document in documents) == ["prose.txt", *NAMES]
    assert [d["error"] is None for d in documents].count(False) == 1
    assert end["exit_code"] == 3
    assert end["outcomes"]["loaded"]["documents"] == 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_fail_fast_begins_nothing_more(database: psycopg.Connection, run: Run, folder: Path, jobs: int) -> None:
    result = run("load", folder, "--jobs", jobs, "--fail-fast", "--json", code=1 if jobs == 1 else 3)
    assert "files not started" in result.stderr
    assert len(json.loads(result.stdout)) <= 2 * jobs


def test_a_bundle_is_read_by_several_processes(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as bundle:
        for number in range(3):
            bundle.writestr(f"{unit_code(number)}.txt", small(number))
    assert set(outcomes(run, tmp_path / "all.zip", "--jobs", 2).values()) == {"loaded"}


def test_names_in_gbk_are_readable(database: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + "/财政局.txt".encode("gbk"))).write_bytes(small(0))
    assert outcomes(run, tmp_path) == {"财政局.txt": "loaded"}


def test_names_that_the_console_does_not_know(database: psycopg.Connection, tmp_path: Path) -> None:
    (tmp_path / "\U00020bb7局.txt").write_bytes(small(0))
    result = CliRunner(charset="gbk").invoke(main, ["load", str(tmp_path)])
    assert result.exit_code == 0, result.exception
    assert "| ?局.txt | loaded" in result.stdout


# ---------------------------------------------------------------------------- documents that processes die of


def faulty(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """Reading prose.txt does something else."""
    read = loader.documents.readers.read

    def instead(content: bytes, file_name: str) -> object:
        if file_name.endswith("prose.txt"):
            what()
        return read(content, file_name)

    monkeypatch.setattr(loader.loading.load, "read", instead)


def test_a_document_that_its_process_dies_of_is_rejected(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGKILL))
    (folder / "prose.txt").rename(folder / "局" / "001002_prose.txt")  # others were read before, and not stored yet
    result = run("load", folder, "--jobs", 1, code=3)
    assert "prose.txt: crashed the process that read it (SIGKILL)" in result.stderr
    assert result.stdout.count("| loaded ") == 4
    rows = database.execute("select count(*) from meta.load where outcome = 'rejected'").fetchall()
    assert rows == [(1,)]


def test_a_document_that_takes_too_long_is_rejected(
    database: psycopg.Connection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty(monkeypatch, lambda: time.sleep(60))
    files = [(Found(path, path.name), Options()) for path in (folder / "prose.txt", folder / NAMES[0])]
    results = list(BulkLoad(database, url_of(database), files, jobs=2, time_limit=5))
    errors = [result.error for result in results if result is not None and result.error]
    assert len(errors) == 1
    assert "took too long" in errors[0]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_program_rejects_one_document(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    faulty(monkeypatch, lambda: {"known": 1}["missing"])
    log = folder.parent / "log.jsonl"
    result = run("load", folder, "--jobs", jobs, "--log-file", log, code=3)
    assert "prose.txt: internal error at " in result.stderr
    assert "KeyError" not in result.stderr
    assert result.stdout.count("| loaded ") == 4
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_what_another_transaction_stood_in_the_way_of_is_tried_again(
    database: psycopg.Connection, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tries = loader.warehouse.store.store, folder.parent / "tries"

    def stumble(*arguments: object) -> object:
        with tries.open("a") as file:
            file.write("x")
        done = store(*arguments)  # type: ignore[arg-type]
        if tries.stat().st_size < 3:
            raise SerializationFailure
        return done

    monkeypatch.setattr(loader.loading.store_group, "store", stumble)
    assert outcomes(run, folder / NAMES[0]) == {"001001.txt": "loaded"}
    assert tries.stat().st_size == 3
    assert database.execute("select count(*) from meta.load").fetchone() == (1,)


# ---------------------------------------------------------------------------- Ctrl-C


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_finishes_what_is_under_way_and_twice_ends_at_once(
    database: psycopg.Connection, folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, times: int
) -> None:
    monkeypatch.setattr("loader.loading.bulk.GROUP", 1)
    with psycopg.connect(url_of(database)) as blocker:
        blocker.execute("lock table meta.finding in share mode")
        load = Forked("load", folder / "局", "--jobs", jobs)
        wait_for_lock(database)
        load.signal(signal.SIGINT)
        if times == 2:
            while "Ctrl-C again stops at once" not in load.said:
                time.sleep(0.02)
            load.signal(signal.SIGINT)
            assert load.wait() == 130
    if times == 1:
        assert load.wait() == 130
    rows = database.execute("select reporting_unit_code from budget.disclosure order by 1").fetchall()
    assert rows == [("001001",), ("001002",)][: jobs if times == 1 else 0]
    assert "hetang: interrupted" in load.said
    assert f"{4 - jobs} of 4 files not started" in load.said
    assert load.said.count("| loaded ") == len(rows)
