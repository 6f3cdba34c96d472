"""What a stamp or the grain of a scan hides is read with doubt: the other figures and the place of a word decide."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from loader.documents.grid import Document, Grid, Row
from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.filed import FiledCell, FiledDisclosure
from loader.filing.tables.recognise import recognise
from loader.ledger.picture_readings import make_ledger_of_readings

SAMPLE = next(Path(__file__).parents[1].glob("samples/*.txt"))


def scanned(changed: dict[tuple[str, str], str] | None = None, doubtful: bool = True) -> Document:
    """The sample as if it were read from pictures; ``changed`` gives cells, told by the first text of their row and
    their own, another text, read with doubt."""
    document = read(SAMPLE.read_bytes(), SAMPLE.name)
    (grid,) = document.grids
    rows = [_changed(row, changed or {}, doubtful)._replace(is_ocr=True) for row in grid.rows]
    return replace(document, grids=(Grid(grid.place, tuple(rows)),))


def _changed(row: Row, changed: dict[tuple[str, str], str], doubtful: bool) -> Row:
    texts = [changed.get((row.cells[0].text, cell.text), cell.text) for cell in row.cells]
    columns = [cell.column for cell, text in zip(row.cells, texts, strict=True) if cell.text != text]
    cells = tuple(cell._replace(text=text) for cell, text in zip(row.cells, texts, strict=True))
    return row._replace(cells=cells, doubtful=tuple(columns) if doubtful else ())


def filed(document: Document) -> FiledDisclosure:
    (disclosure,) = file_disclosures(document, "430202")
    return disclosure


def cells_of(disclosure: FiledDisclosure, text: str) -> list[FiledCell]:
    return [cell for form in disclosure.forms for cell in form.cells if cell.text == text and cell.statements]


def test_doubtful_readings_that_all_others_contradict_are_corrected_and_marked() -> None:
    for read_as in ("516.87", "16.37", "5 6.37", "51637"):
        disclosure = filed(scanned({("201", "516.37"): read_as}))
        assert cells_of(disclosure, read_as)
        ledger = make_ledger_of_readings(disclosure)
        assert {cell.amount for cell in cells_of(disclosure, read_as)} == {Decimal("516.37")}
        marked = [finding for finding in ledger.findings if finding.kind == "ocr_corrected"]
        assert len(marked) == len(cells_of(disclosure, read_as))
        assert {str(finding.values["read"]) for finding in marked} == {read_as}
        assert not any(finding.kind == "not_a_number" for finding in disclosure.findings)


def test_a_reading_without_doubt_stays_as_published() -> None:
    disclosure = filed(scanned({("201", "516.37"): "516.87"}, doubtful=False))
    ledger = make_ledger_of_readings(disclosure)
    assert {cell.amount for cell in cells_of(disclosure, "516.87")} == {Decimal("516.87")}
    assert not any(finding.kind == "ocr_corrected" for finding in ledger.findings)


def test_a_doubtful_reading_that_resembles_nothing_stays_as_it_was_read() -> None:
    disclosure = filed(scanned({("201", "516.37"): "9402.88"}))
    make_ledger_of_readings(disclosure)
    assert {cell.amount for cell in cells_of(disclosure, "9402.88")} == {Decimal("9402.88")}


def test_a_head_in_a_picture_is_known_by_its_place() -> None:
    document = scanned()
    right = filed(document)
    heads = [cell.text for row in document.grids[0].rows for cell in row.cells if cell.text == "工资奖金津补贴"]
    assert heads
    (grid,) = document.grids
    rows = tuple(
        row._replace(cells=tuple(c._replace(text="工资津补贴") if c.text == "工资奖金津补贴" else c for c in row.cells))
        for row in grid.rows
    )
    misread = filed(replace(document, grids=(Grid(grid.place, rows),)))
    known = {"ocr_word", "ocr"}
    assert [form.header_columns for form in misread.forms] == [form.header_columns for form in right.forms]
    found = [finding for finding in misread.findings if finding.kind == "ocr_word"]
    assert found
    assert all("工资津补贴" in str(finding.values["read"]) for finding in found)
    assert {f.kind for f in misread.findings} - {f.kind for f in right.findings} <= known


def test_a_label_in_a_picture_is_known_by_its_place() -> None:
    right = filed(scanned())
    labels = [
        (row.cells[0].text, cell.text)
        for row in scanned().grids[0].rows
        for cell in row.cells
        if "对个人和家庭的补助" in cell.text
    ]
    misread = filed(scanned({place: place[1].replace("家庭的", "") for place in labels}))
    keys = [
        {(c.row_key, c.column_key) for form in one.forms for c in form.cells if c.statements}
        for one in (right, misread)
    ]
    assert keys[0] == keys[1]
    assert "ocr_word" in {finding.kind for finding in misread.findings}


def test_a_table_goes_on_overleaf_under_a_head_that_is_misread() -> None:
    document = scanned()
    (grid,) = document.grids
    table = next(t for t in recognise(document).tables if t.form is not None and t.form.form_id == "r07")
    head = tuple(
        row._replace(cells=tuple(c._replace(text="合计8") if c.text == "合计" else c for c in row.cells))
        for row in table.header
    )
    at = grid.rows.index(table.body[5])
    split = replace(document, grids=(Grid(grid.place, (*grid.rows[:at], *head, *grid.rows[at:])),))
    forms = [[form.form_id for form in filed(one).forms] for one in (document, split)]
    assert forms[0] == forms[1]
    figures = [
        {
            c.row_key: c.amount
            for f in filed(one).forms
            if f.form_id == "r07"
            for c in f.cells
            if c.column_key == "total"
        }
        for one in (document, split)
    ]
    assert figures[0] == figures[1]
    rows = tuple(row._replace(is_ocr=False) for row in split.grids[0].rows)
    text = replace(split, grids=(Grid(grid.place, rows),))  # what is no picture is not misread
    assert len(filed(text).forms) > len(forms[0])
