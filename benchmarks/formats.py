"""Speed and accuracy of reading each format.

python -m benchmarks.formats [FOLDER] [--repeats 15] [--scan]

Without a folder, the files are the sample in every format; with --scan also as pictures of its pages. With a folder,
its files must also be the sample. The last column compares the time with that of a library that only returns the
contents: calamine for the values of a workbook, PDFium for the characters and lines of a PDF.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import io
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
from python_calamine import CalamineError, CalamineWorkbook

from loader.documents.grid import Document, DocumentError
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.loading.options import DIVISION
from synthetic import pages, workbooks
from synthetic.variants import SAMPLE

YEAR = 2024


def _rendered(with_scan: bool) -> Iterator[tuple[str, bytes]]:
    text = SAMPLE.read_text(encoding="utf-8")
    sheets = workbooks.sheets_of(text)
    drawings = pages.drawings_of(pages.forms_of(text))
    yield "sample.txt", SAMPLE.read_bytes()
    yield "sample.csv", workbooks.csv(sheets)
    yield "sample.xlsx", workbooks.xlsx(sheets)
    yield "sample.xls", workbooks.xls(sheets)
    yield "sample_2003xml.xls", workbooks.xml2003(sheets)
    yield "sample.ods", workbooks.ods(sheets)
    yield "sample.html", workbooks.html(sheets)
    yield "sample_gbk.html", workbooks.html(sheets, "gb2312")
    yield "sample.docx", pages.docx_of(text)
    yield "sample.rtf", pages.rtf_of(pages.forms_of(text))
    yield "sample.pdf", pages.pdf(drawings)
    yield "sample_turned.pdf", pages.pdf(drawings, turned=90)
    yield "sample.ofd", pages.ofd(drawings)
    if with_scan:
        yield "sample.tiff", pages.scan(pages.pdf(drawings))


def _cells(document: Document) -> Counter[tuple[object, ...]]:
    """Every cell of every form with its keys, without white space."""
    found: Counter[tuple[object, ...]] = Counter()
    for disclosure in file_disclosures(document, DIVISION, YEAR):
        for form in disclosure.forms:
            found.update(
                (form.report_no, c.row_key, c.column_key, "".join(c.text.split())) for c in form.cells if c.text
            )
    return found


def _figures(document: Document) -> Counter[tuple[object, ...]]:
    """Every figure with its keys."""
    return Counter(
        (form.report_no, cell.row_key, cell.column_key, cell.amount)
        for disclosure in file_disclosures(document, DIVISION, YEAR)
        for form in disclosure.forms
        for cell in form.cells
        if cell.amount is not None
    )


def _merged(document: Document) -> int:
    """The number of merged cells, without those over a whole table: other formats print them as paragraphs."""
    rows = (row for grid in document.grids for row in grid.rows if len(row.cells) > 1)
    return sum(cell.column_span > 1 or cell.row_span > 1 for row in rows for cell in row.cells)


def _calamine_values(content: bytes) -> list[tuple[str, int, int, str]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        (name, row, column, str(value))
        for name in workbook.sheet_names
        for row, values in enumerate(workbook.get_sheet_by_name(name).to_python())
        for column, value in enumerate(values)
        if value != ""
    ]


def _pdfium_characters_and_lines(content: bytes) -> list[tuple[float, ...]]:
    """Every character with its box, and every point of every path, as PDFium returns them."""
    found: list[tuple[float, ...]] = []
    box, x, y = raw.FS_RECTF(), ctypes.c_float(), ctypes.c_float()
    document = pypdfium2.PdfDocument(content)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text.raw, index)
            raw.FPDFText_GetLooseCharBox(text.raw, index, box)
            found.append((code, box.left, box.bottom, box.right, box.top))
        for index in range(raw.FPDFPage_CountObjects(page.raw)):
            item = raw.FPDFPage_GetObject(page.raw, index)
            if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
                for number in range(raw.FPDFPath_CountSegments(item)):
                    raw.FPDFPathSegment_GetPoint(raw.FPDFPath_GetPathSegment(item, number), x, y)
                    found.append((x.value, y.value))
        text.close()
        page.close()
    document.close()
    return found


# format → a reader that only returns the contents of a file
BARE: dict[str, Callable[[bytes], object]] = {
    "xlsx": _calamine_values,
    "xls": _calamine_values,
    "ods": _calamine_values,
    "pdf": _pdfium_characters_and_lines,
}


def _seconds(work: Callable[..., object], *arguments: object) -> float:
    begin = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begin


def _peak(name: str, content: bytes) -> int:
    """The peak memory in MiB of a process that reads one document.

    From /proc, because getrusage includes the parent.
    """
    script = (
        "import sys; from loader.documents.readers import read; read(sys.stdin.buffer.read(), sys.argv[1]);"
        " print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script, name], input=content, capture_output=True, check=True)
    return int(done.stdout) // 1024


def _measure(name: str, content: bytes, repeats: int) -> str:
    """The row of a file in the table."""
    begin = time.perf_counter()
    document = read(content, name)
    own = [time.perf_counter() - begin]
    other: list[float] = []
    bare = BARE.get(document.file_format)
    for _ in range(repeats if own[0] < 1 else 0):
        own.append(_seconds(read, content, name))
        if bare:
            with contextlib.suppress(CalamineError):
                other.append(_seconds(bare, content))
    sample = read(SAMPLE.read_bytes(), SAMPLE.name)
    exact, right = ((count(document) & count(sample)).total() for count in (_cells, _figures))
    seconds = min(own)  # slower runs shared the machine with other work
    columns: list[object] = [name, document.file_format, exact, right, _merged(document), f"{seconds:.3f}"]
    columns += [_peak(name, content), f"{seconds / min(other):.1f}" if other else ""]
    return _row(*columns)


def _row(*columns: object) -> str:
    return f"| {' | '.join(map(str, columns))} |"


def _table(files: Iterable[tuple[str, bytes]], repeats: int) -> None:
    sample = read(SAMPLE.read_bytes(), SAMPLE.name)
    exact, right = _cells(sample).total(), _figures(sample).total()
    print(
        _row("file", "read as", f"exact cells of {exact}", f"figures of {right}", "merged cells", "s", "peak MiB", "×")
    )
    print(_row("---", "---", *["---:"] * 6))
    for name, content in files:
        try:
            print(_measure(name, content, repeats), flush=True)
        except DocumentError as error:
            print(_row(name, error))


def main() -> None:
    """Print a table of all formats."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--scan", action="store_true", help="the pages as pictures, too; it takes minutes")
    options = parser.parse_args()
    if options.folder:
        files = [(path.name, path.read_bytes()) for path in sorted(options.folder.iterdir()) if path.is_file()]
    else:
        files = list(_rendered(options.scan))
    _table(files, options.repeats)


if __name__ == "__main__":
    main()
