"""The generator of whole districts: the same every time, consistent, and found out by a load."""

import csv
import datetime
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from benchmarks.verdict import judge
from loader.loading.bulk import BulkLoad
from loader.loading.folder import Found
from loader.loading.options import Options
from synthetic.district import FORMATS, MANIFEST, District, answers_of, write
from tests.conftest import url_of


def district(folder: Path, *formats: str, departments: int = 2, mess: float = 0.5, wrong: float = 0.5) -> District:
    shares = tuple((name, 1.0) for name in formats)
    return District(folder, departments, (1, 3), (2023, 2024), shares, mess, wrong, seed=9)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(connection: psycopg.Connection, folder: Path) -> None:
    """All documents in one go, by one process, each with its day of publication."""
    files = [
        (
            Found(folder / row["file"], row["file"]),
            Options(published_on=datetime.date.fromisoformat(row["published_on"])),
        )
        for row in manifest(folder)
    ]
    for _ in BulkLoad(connection, url_of(connection), files):
        pass


def test_the_same_arguments_make_the_same_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, hashing in ((one, "1"), (other, "2")):
        formats = ",".join(f"{name}=1" for name in FORMATS)
        command = f"-m synthetic.district {folder} --departments 2 --years 2024 --formats {formats} --seed 3"
        subprocess.run([sys.executable, *command.split()], check=True, env=os.environ | {"PYTHONHASHSEED": hashing})
    assert contents(one) == contents(other)
    assert answers_of(one).read_bytes() == answers_of(other).read_bytes()


def test_the_manifest_names_every_document(tmp_path: Path) -> None:
    folder = tmp_path / "district"
    count = write(district(folder, "text"), jobs=1)
    rows = manifest(folder)
    assert tuple(rows[0]) == MANIFEST
    assert {row["file"] for row in rows} == {*contents(folder)} - {"manifest.csv"}
    assert len(rows) == count


def test_a_load_finds_what_was_made_wrong_and_nothing_else(tmp_path: Path, database: psycopg.Connection) -> None:
    folder = tmp_path / "district"
    write(district(folder, "text", "xlsx", departments=3), jobs=1)
    load(database, folder)
    verdict = judge(database, folder)
    assert verdict.unexpected == ()
    assert len(verdict.wrong) > 2
    assert verdict.unnoticed == frozenset()
    assert not {cell for cell in verdict.extra if cell[:2] not in {wrong[:2] for wrong in verdict.wrong}}


def test_a_department_is_the_sum_of_its_units(tmp_path: Path, database: psycopg.Connection) -> None:
    folder = tmp_path / "district"
    write(district(folder, "text", departments=2, mess=0, wrong=0), jobs=1)
    load(database, folder)
    sums = database.execute(
        "select d.fiscal_year, left(d.reporting_unit_code, 3), a.unit_code, a.statement,"
        " sum(a.amount) filter (where length(d.reporting_unit_code) = 3),"
        " sum(a.amount) filter (where length(d.reporting_unit_code) = 6)"
        " from budget.disclosure as d join budget.amount as a using (division_code, fiscal_year, disclosure_id)"
        " where a.statement = 'expenditure' group by 1, 2, 3, 4"
    ).fetchall()
    both = [(department, units) for *_, department, units in sums if department is not None]
    assert both
    assert all(department == units for department, units in both)
