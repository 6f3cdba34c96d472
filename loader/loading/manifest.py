"""A manifest: what the operator knows about the documents of a folder and the documents do not state.

A table with the columns file (path below the folder of the manifest), published_on, source_address, unit, year and
stage, or their Chinese names. All but the first are optional. It is read completely before anything is loaded.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from loader.documents.regular_file import read_regular
from loader.filing.operator_input import DATE, STAGE, UNIT, YEAR

Value = TypeVar("Value")

MAX_MANIFEST = 2**24  # bytes

_COLUMNS = {
    "file": ("file", "文件", "文件名"),
    "published_on": ("published_on", "公开日期", "发布日期"),
    "source_address": ("source_address", "来源网址", "网址"),
    "unit_code": ("unit", "unit_code", "单位编码"),
    "fiscal_year": ("year", "fiscal_year", "年度"),
    "stage": ("stage", "阶段"),
}
_NAMES = {name: column for column, names in _COLUMNS.items() for name in names}


class ManifestError(Exception):
    """The manifest has faults; the message names file, line and column of each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The values of a manifest for one file; None where it has no value."""

    published_on: datetime.date | None = None
    source_address: str | None = None
    unit_code: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None


def read_manifests(manifests: Iterable[Path], bases: Iterable[Path] = ()) -> dict[Path, Entry]:
    """The entries of all manifests, by the real path of the file.

    Files are searched below the folder of the manifest, then below ``bases``. ManifestError names every fault: a
    missing file, a wrong date, a file entered twice.
    """
    entries: dict[Path, Entry] = {}
    faults: list[str] = []
    for manifest in manifests:
        _read(manifest, (manifest.parent, *bases), entries, faults)
    if faults:
        raise ManifestError("\n".join(faults))
    return entries


def real(path: Path) -> Path:
    """The path with links resolved, as far as possible. ``Path.resolve`` fails on a link to itself."""
    return Path(os.path.realpath(path))


def _read(manifest: Path, bases: Iterable[Path], entries: dict[Path, Entry], faults: list[str]) -> None:
    reader = csv.reader(io.StringIO(_text(manifest), newline=""))
    columns: list[str] | None = None
    for row in reader:
        place = f"{manifest}, line {reader.line_num}"
        if not any(text.strip() for text in row):
            continue
        if columns is None:
            columns = _header(row, place)
            continue
        if any(text.strip() for text in row[len(columns) :]):
            faults.append(f"{place}: {len(row)} values, expected at most {len(columns)}")
            continue
        values = {column: text.strip() for column, text in zip(columns, row, strict=False) if text.strip()}
        _enter(values, place, bases, entries, faults)
    if columns is None:
        raise ManifestError(
            f"{manifest}: empty, expected a line of columns: {', '.join(names[0] for names in _COLUMNS.values())}"
        )


def _text(manifest: Path) -> str:
    try:
        content = read_regular(manifest, MAX_MANIFEST)
    except OSError as error:
        raise ManifestError(f"{manifest}: {error.strerror}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ManifestError(f"{manifest}: neither UTF-8 nor GB18030 text, expected a CSV file")


def _header(row: list[str], place: str) -> list[str]:
    columns = []
    for number, text in enumerate(row, start=1):
        name = text.strip().lower()
        if name not in _NAMES:
            known = ", ".join(names[0] for names in _COLUMNS.values())
            raise ManifestError(f"{place}, column {number}: {text.strip()!r}, expected one of {known}")
        columns.append(_NAMES[name])
    if "file" not in columns or len(set(columns)) < len(columns):
        raise ManifestError(f"{place}: the columns are {', '.join(row)}, expected file and each other one at most once")
    return columns


def _enter(
    values: dict[str, str], place: str, bases: Iterable[Path], entries: dict[Path, Entry], faults: list[str]
) -> None:
    def parsed(column: str, parse: Callable[[str], Value], expected: str) -> Value | None:
        if column not in values:
            return None
        try:
            return parse(values[column])
        except ValueError:
            faults.append(f"{place}, column {_COLUMNS[column][0]}: {values[column]!r}, expected {expected}")
            return None

    entry = Entry(
        parsed("published_on", DATE.parse, DATE.expected),
        values.get("source_address"),
        parsed("unit_code", UNIT.parse, UNIT.expected),
        parsed("fiscal_year", YEAR.parse, YEAR.expected),
        parsed("stage", STAGE.parse, STAGE.expected),
    )
    named = values.get("file", "")
    candidates = [(base / named.replace("\\", "/")).absolute() for base in bases]
    file = next((path for path in candidates if path.is_file()), None)
    if file is None:
        faults.append(f"{place}, column file: {named!r}, expected a file below {candidates[0].parent}")
    elif real(file) in entries:
        faults.append(f"{place}, column file: {named!r} is entered twice, expected one entry a file")
    else:
        entries[real(file)] = entry
