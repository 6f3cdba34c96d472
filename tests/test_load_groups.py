"""Documents are stored in groups: nothing is loaded or told otherwise than one by one."""

import json
from pathlib import Path

import psycopg
import pytest

from tests.conftest import Run
from tests.contents import clear, contents
from tests.test_units_without_codes import document

DOCUMENTS = [
    document("单位：001001_甲局"),
    document("单位：001002_乙局"),
    document("单位：001001_甲局", "14.75", "12.50"),  # a revision
    document("单位：001002_乙局"),  # known content
    document("单位：001003_丙局"),
    document("编制单位：丙局"),  # its code was printed before
    document("编制单位：丁局"),
    document("单位：001004_丁局"),  # is printed later
    document("单位：002001_戊局").replace("2024年".encode(), "2023年".encode()),
    document("单位：001005_己局"),
    document("单位：001005_完全不同的中心"),  # another unit of that code: fails when it is stored
    document("单位：001006_庚局"),
    "这不是预算公开。".encode(),  # fails when it is read
    document("编制单位：辛局"),
    document("单位：001007_辛局") + b"\n" + document("单位：001008_壬局"),  # two disclosures, one of the office before
]


def test_a_group_gives_what_its_documents_give_one_by_one(
    database: psycopg.Connection, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, content in enumerate(DOCUMENTS, start=1):
        (tmp_path / f"{number:02}.txt").write_bytes(content)
    found = []
    for group in (1, 8):
        clear(database)
        monkeypatch.setattr("loader.loading.bulk.GROUP", group)
        result = run("load", tmp_path, "--jobs", 1, "--json", code=3)
        rows = json.loads(result.stdout)
        for row in rows:
            for disclosure in row["disclosures"]:
                del disclosure["disclosure_id"]
        revisions = (
            "select reporting_unit_code, content_hash, revision, is_current from budget.disclosure order by 1, 3"
        )
        found.append((rows, result.stderr, contents(database), database.execute(revisions.encode()).fetchall()))
    assert found[0] == found[1]
    assert [row["outcome"] for row in found[0][0]].count("rejected") == 2
    # rows of one transaction have one time
    (times,) = database.execute("select count(distinct loaded_at) from meta.load").fetchall()
    assert times < (len(DOCUMENTS),)
