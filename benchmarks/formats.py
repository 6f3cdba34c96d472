"""How fast and how exactly every format is read, and what loading workbooks costs beside reading and copying them.

python -m benchmarks.formats [FOLDER] [--repeats 15] [--documents 30]

Without a folder, the files are the sample rendered in every format. With one, its files must be the sample, too.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
from python_calamine import CalamineError, CalamineWorkbook

from benchmarks.variants import SAMPLE, unit_code, variant
from benchmarks.warehouses import warehouse
from loader.file_disclosure import file_disclosures
from loader.grid import DocumentError
from loader.load import DIVISION, Options, load_content
from loader.readers import read
from tests import workbooks

YEAR = 2024


def _rendered() -> Iterator[tuple[str, bytes]]:
    sheets = workbooks.sheets_of(SAMPLE.read_text(encoding="utf-8"))
    yield "sample.txt", SAMPLE.read_bytes()
    yield "sample.xlsx", workbooks.xlsx(sheets)
    yield "sample.xls", workbooks.xls(sheets)
    yield "sample.ods", workbooks.ods(sheets)
    yield "sample_2003xml.xls", workbooks.xml2003(sheets)
    yield "sample.html", workbooks.html(sheets)
    yield "sample_gbk.html", workbooks.html(sheets, "gb2312")


def _cells(content: bytes, name: str) -> Counter[tuple[object, ...]]:
    """Every cell of every form with its place, without white space."""
    found: Counter[tuple[object, ...]] = Counter()
    for disclosure in file_disclosures(read(content, name), DIVISION, YEAR):
        for form in disclosure.forms:
            found.update(
                (form.report_no, c.row_key, c.column_key, "".join(c.text.split())) for c in form.cells if c.text
            )
    return found


def _calamine_values(content: bytes) -> list[tuple[str, int, int, str]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        (name, row, column, str(value))
        for name in workbook.sheet_names
        for row, values in enumerate(workbook.get_sheet_by_name(name).to_python())
        for column, value in enumerate(values)
        if value != ""
    ]


def _seconds(work: object, *arguments: object) -> float:
    begin = time.perf_counter()
    work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - begin


def _peak(name: str, content: bytes) -> int:
    """MiB that a process needs at most to read one document (from /proc: getrusage counts the parent in)."""
    script = (
        "import sys; from loader.readers import read; read(sys.stdin.buffer.read(), sys.argv[1]);"
        " print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script, name], input=content, capture_output=True, check=True)
    return int(done.stdout) // 1024


def _measure(name: str, content: bytes, repeats: int) -> str:
    """A row of the table."""
    first = _seconds(read, content, name)
    own: list[float] = []
    other: list[float] = []
    for _ in range(repeats if first < 1 else 1):
        own.append(_seconds(read, content, name))
        with contextlib.suppress(CalamineError):
            other.append(_seconds(_calamine_values, content))
    exact = (_cells(content, name) & _cells(SAMPLE.read_bytes(), SAMPLE.name)).total()
    seconds = statistics.median(own)
    columns = [name, read(content, name).file_format, f"{seconds:.4f}", exact, _peak(name, content)]
    if other:
        columns += [f"{statistics.median(other):.4f}", f"{seconds / statistics.median(other):.1f}"]
    return _row(*columns)


def _row(*columns: object) -> str:
    return f"| {' | '.join(map(str, columns))} |"


def _table(files: list[tuple[str, bytes]], repeats: int) -> None:
    total = _cells(SAMPLE.read_bytes(), SAMPLE.name).total()
    print(_row("file", "format", "s", f"exact cells of {total}", "peak MiB", "calamine s", "ratio"))
    print(_row(*["---"] * 7))
    for name, content in files:
        try:
            print(_measure(name, content, repeats), flush=True)
        except DocumentError as error:
            print(_row(name, error))


def _copied(connection: psycopg.Connection, content: bytes) -> None:
    """The least that loading can be: values read and copied."""
    with connection.transaction(), connection.cursor() as cursor, cursor.copy("copy bare_cell from stdin") as copy:
        for row in _calamine_values(content):
            copy.write_row(row)


def _load(documents: int) -> None:
    """Workbooks loaded to the last row, beside calamine and COPY on the same bytes."""
    contents = [workbooks.xlsx(workbooks.sheets_of(variant(number).decode())) for number in range(documents + 1)]
    loads, copies = [], []
    with warehouse() as connection:
        connection.execute("create unlogged table bare_cell (sheet text, row_no int, column_no int, cell_text text)")
        for number, content in enumerate(contents):
            begin = time.perf_counter()
            result = load_content(connection, content, f"{unit_code(number)}.xlsx", Options())
            loads.append(time.perf_counter() - begin)
            if result.error:
                raise SystemExit(result.error)
            copies.append(_seconds(_copied, connection, content))
        connection.execute("drop table bare_cell")
    # the first load fills caches and makes the partitions of the year
    own, other = sum(loads[1:]) / documents, sum(copies[1:]) / documents
    print(
        f"\nxlsx to the last row: {own * 1000:.1f} ms a document; calamine and COPY: {other * 1000:.1f} ms;"
        f" ratio {own / other:.1f}"
    )


def main() -> None:
    """Print a table of all formats, then what loading costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--documents", type=int, default=30, help="workbooks to load; 0 for none")
    options = parser.parse_args()
    if options.folder:
        files = [(path.name, path.read_bytes()) for path in sorted(options.folder.iterdir()) if path.is_file()]
    else:
        files = list(_rendered())
    _table(files, options.repeats)
    if options.documents:
        _load(options.documents)


if __name__ == "__main__":
    main()
