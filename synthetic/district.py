"""The documents of a whole district: departments and units, years, mixed formats, and faults.

python -m synthetic.district FOLDER [--departments 100] [--units-per-department 1-5] [--years 2024]
    [--formats xlsx=56,xls=12,docx=9,pdf=9,html=6,text=4,ods=2,xml2003=1,ofd=1] [--mess 0.3] [--wrong 0.1] [--seed 1]

FOLDER gets a folder for each year and manifest.csv (file, published_on, source_address, unit, year). The faults are
listed in FOLDER.answers.csv, beside FOLDER, so that the loader does not read them. After a load,
`python -m benchmarks.verdict` compares the warehouse with them. The same arguments always give the same files, byte for
byte.

A department with several units publishes one document for all, and every unit its own. The figures of the department
are the sums of its units. From year to year, codes and names stay the same and the amounts change.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from reportlab import rl_config

from synthetic import pages, workbooks
from synthetic.budgets import CENT_OF_WAN, FEN, FUNDS_WITH_FORM, FUNDS_WITHOUT_FORM, GENERAL, YEAR, Budget, Entry, Shape
from synthetic.budgets import budget_of as first_year
from synthetic.rendering import ALL_FORMS, TELLING_HEADERS, Key, Mess, published, render
from synthetic.workbooks import Cell, Sheet, sheets_of

rl_config.invariant = 1  # no time stamps in PDF

MANIFEST = ("file", "published_on", "source_address", "unit", "year")
ANSWERS = ("file", "unit", "year", "expected", "what", "report_no", "row_key", "column_key", "published", "true")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of every member of a ZIP archive


@dataclass(frozen=True)
class District:
    """The arguments. ``units``: least and most per department. ``formats``: name → weight. ``mess`` and ``wrong``:
    shares of the documents."""

    folder: Path
    departments: int
    units: tuple[int, int]
    years: tuple[int, ...]
    formats: tuple[tuple[str, float], ...]
    mess: float
    wrong: float
    seed: int


@dataclass(frozen=True)
class Document:
    """A file to be written, with its line of the manifest and its lines of the answers."""

    path: str
    content: bytes
    published_on: datetime.date
    unit: str
    year: int
    answers: tuple[tuple[object, ...], ...]
    page: str = ""  # path of its source address, if not its own


# ---------------------------------------------------------------------------- budgets


def _shape(seed: str, number: int, units: tuple[int, int]) -> Shape:
    """Usually an office paid by the general budget, with projects; sometimes with other funds."""
    choose = random.Random(f"{seed} shape")
    return Shape(
        seed=choose.randrange(10**9),
        department=f"{number:03}",
        kinds=("agency", *(choose.choice(("agency", "institution", "institution")) for _ in range(units[1] - 1)))[
            : choose.randint(*units)
        ],
        functions=choose.randint(2, 5),
        items=choose.randint(4, 12),
        capital_items=choose.choice((0, 0, 1, 1, 2)),
        project_functions=choose.randint(1, 4),
        projects=choose.randint(1, 6),
        other_funds=tuple(
            sorted(
                {
                    *choose.sample(FUNDS_WITH_FORM, choose.choice((0, 0, 0, 1))),
                    *choose.sample(FUNDS_WITHOUT_FORM, choose.choice((0, 0, 0, 1))),
                }
            )
        ),
        sources=choose.choice((("111",), ("111",), ("111", "113"), ("111", "1124"))),
        three_public=choose.random() < 0.9,
        held_by_finance=choose.random() < 0.1,
        local_practices=choose.choice((0, 0, 0, 1)),
        # usually each fund has its own functions, so that the forms determine its money
        apart=choose.random() < 0.9,
    )


def _budget(seed: str, number: int, units: tuple[int, int]) -> Budget:
    """A department in its first year. The general budget pays every unit."""
    shape = _shape(seed, number, units)
    while True:
        budget = first_year(shape)
        paid = {entry.unit for entry in budget.amounts if (entry.fund, entry.nature) == (GENERAL, "basic")}
        if len(paid) == len(budget.units):
            return budget
        shape = replace(shape, seed=shape.seed + 1)


def _next_year(budget: Budget, choose: random.Random) -> Budget:
    """The same offices a year later. Every amount changes, and its revenue with it."""
    amounts = dict(budget.amounts)
    for entry, amount in budget.amounts.items():
        if entry.statement == "three_public":
            amounts[entry] = _moved(amount, choose)
        if entry.statement != "expenditure":
            continue
        amounts[entry] = _moved(amount, choose)
        more = amounts[entry] - amount
        amounts[_payer(budget, entry)] += more
        if special_fund := _special_fund_of(budget, entry):
            amounts[special_fund] += more
    return replace(budget, amounts=amounts)


def _moved(amount: int, choose: random.Random) -> int:
    return max(1, round(amount * choose.uniform(0.92, 1.15)) // CENT_OF_WAN) * CENT_OF_WAN


def _payer(budget: Budget, spent: Entry) -> Entry:
    """The largest revenue, or money carried over, that pays for a line of expenditure."""
    payers = [
        entry
        for entry in budget.amounts
        if entry.unit == spent.unit
        and (
            (entry.statement == "revenue" and _fund(entry) == spent.fund)
            or (entry.statement == "carry_over" and entry.item == "opening" and entry.fund == spent.fund)
        )
    ]
    return max(payers, key=lambda entry: budget.amounts[entry])


def _fund(revenue: Entry) -> str:
    """The fund of a revenue. The general budget has many sources."""
    return GENERAL if revenue.fund.startswith(GENERAL) else revenue.fund


def _special_fund_of(budget: Budget, spent: Entry) -> Entry | None:
    """The special fund of a line of expenditure for a project, if any."""
    if not spent.project:
        return None
    of_project = (
        entry
        for entry in budget.amounts
        if entry.statement == "special_fund"
        and (entry.unit, entry.project, entry.item) == (spent.unit, spent.project, "in_department_budget")
    )
    return next(of_project, None)


def _of_unit(budget: Budget, code: str) -> Budget:
    """The budget that one unit of a department publishes itself."""
    amounts = {entry: amount for entry, amount in budget.amounts.items() if entry.unit == code}
    projects = {entry.project for entry in amounts}
    return replace(
        budget,
        units=tuple(unit for unit in budget.units if unit.code == code),
        amounts=amounts,
        sheets=tuple(name for name in budget.sheets if name in projects),
    )


# ---------------------------------------------------------------------------- disorder


_IRREGULARITIES: dict[str, tuple[object, ...]] = {
    "blanks": (True,),
    "narrow": (True,),
    "wide_digits": (True,),
    "separators": (True,),
    "zero": ("0.00", "-", "0"),
    "short_figures": (True,),
    "dropped_zeros": (True,),
    "total_in_code": (True,),
    "enumeration": ("arabic", "none", "of which"),
    "title_prefix": ("2024年", "表{no} ", "附件{no}：", "2024年度部门预算公开表{no}-"),
    "title_aliases": (True,),
    "header_aliases": (True,),
    "shuffled": (True,),
    "untitled": tuple((no,) for no in TELLING_HEADERS),
    "yuan": ((1, 2, 3), (21,), (7, 8, 16), ALL_FORMS[:21]),
    "repeated_headers": (True,),
    "page_numbers": (True,),
    "notes": (False,),
    "contents": (False,),
    "code_as_name": (True,),
    "department_rows": (False,),
    "unit_rows_in_21": (True,),
    "optional_lines": (True,),
}
_LEFT_OUT = ((2, 4, 5), (5, 18), (9, 11, 13), (16, 17, 18, 19, 20), (22, 23), (6,))
_ON_SHEETS = ("hidden_sheet", "codes_as_numbers")


def _disorder(choose: random.Random, sheets: bool) -> dict[str, object]:
    """One to four irregularities of a document: name → value."""
    names = [*_IRREGULARITIES, "missing_forms", *(_ON_SHEETS if sheets else ())]
    assert {*_IRREGULARITIES} <= {field.name for field in fields(Mess)}
    values = {**_IRREGULARITIES, "missing_forms": _LEFT_OUT} | dict.fromkeys(_ON_SHEETS, (True,))
    return {name: choose.choice(values[name]) for name in choose.sample(names, choose.randint(1, 4))}


def _wrong_figure(figures: dict[Key, int], choose: random.Random) -> tuple[Key, int]:
    """A published figure and the figure printed instead: with a wrong digit, or two digits swapped."""
    key = choose.choice(sorted(figures))
    digits = list(str(figures[key] // CENT_OF_WAN))
    at = choose.randrange(len(digits))
    if len(digits) > 1 and choose.random() < 0.4:
        at = at or 1
        digits[at - 1 : at + 1] = digits[at], digits[at - 1]
    wrong = int("".join(digits))
    if wrong == figures[key] // CENT_OF_WAN:
        wrong += choose.randint(1, 8) * 10 ** choose.randrange(len(digits))
    return key, wrong * CENT_OF_WAN


# ---------------------------------------------------------------------------- formats


def _as_sheets(write: Callable[[list[Sheet]], bytes]) -> Callable[[str, dict[str, object]], bytes]:
    def written(text: str, disorder: dict[str, object]) -> bytes:
        sheets = sheets_of(text, numeric_codes="codes_as_numbers" in disorder)
        if "hidden_sheet" in disorder:
            old = (Cell(0, 0, "旧数据"), Cell(1, 0, "合计"), Cell(1, 1, "999.99", number=999.99, number_format="0.00"))
            sheets.insert(1, Sheet("Sheet2", old, hidden=True))
        return _dateless(write(sheets))

    return written


def _as_pages(write: Callable[[Sequence[pages.Drawing]], bytes]) -> Callable[[str, dict[str, object]], bytes]:
    def written(text: str, disorder: dict[str, object]) -> bytes:
        style = pages.Style(repeat_header="repeated_headers" in disorder, foot="第 {} 页")
        return _dateless(write(pages.drawings_of(pages.forms_of(text), style)))

    return written


def _dateless(content: bytes) -> bytes:
    """A ZIP archive without its time of writing. Other content is returned unchanged."""
    if not content.startswith(b"PK"):
        return content
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(zipfile.ZipInfo(member.filename, _LONG_AGO), old.read(member), member.compress_type)
    return file.getvalue()


# name → extension, default share, writer
FORMATS: dict[str, tuple[str, float, Callable[[str, dict[str, object]], bytes]]] = {
    "xlsx": ("xlsx", 56, _as_sheets(workbooks.xlsx)),
    "xls": ("xls", 12, _as_sheets(workbooks.xls)),
    "docx": ("docx", 9, lambda text, _: _dateless(pages.docx_of(text))),
    "pdf": ("pdf", 9, _as_pages(pages.pdf)),
    "html": ("html", 6, _as_sheets(partial(workbooks.html, encoding="gb2312"))),
    "text": ("txt", 4, lambda text, _: text.encode()),
    "ods": ("ods", 2, _as_sheets(workbooks.ods)),
    "xml2003": ("xls", 1, _as_sheets(workbooks.xml2003)),
    "ofd": ("ofd", 1, _as_pages(pages.ofd)),
}
_SHEETS = ("xlsx", "xls", "html", "ods", "xml2003")


# ---------------------------------------------------------------------------- documents


def _documents(district: District, number: int) -> Iterator[Document]:
    """The documents that one department and its units publish in all years."""
    seed = f"district {district.seed} {number}"
    budget = _budget(seed, number, district.units)
    for year in district.years:
        choose = random.Random(f"{seed} {year}")
        if year != district.years[0]:
            budget = _next_year(budget, choose)
        filings = [_of_unit(budget, unit.code) for unit in budget.units]
        if len(budget.units) > 1:
            filings.insert(0, budget)
        for filing in filings:
            yield from _filed(district, filing, year, choose)
        if choose.random() < 0.1 * district.mess:
            yield _notice(budget, year)


def _filed(district: District, budget: Budget, year: int, choose: random.Random) -> Iterator[Document]:
    """One document, the corrected one if its wrong figure was noticed, and sometimes a copy."""
    names, weights = zip(*district.formats, strict=True)
    file_format = choose.choices(names, weights)[0]
    disorder = _disorder(choose, file_format in _SHEETS) if choose.random() < district.mess else {}
    irregularities = {name: value for name, value in disorder.items() if name in _IRREGULARITIES}
    mess = Mess(choose.randrange(10**6), **irregularities)  # type: ignore[arg-type]
    left_out = disorder.get("missing_forms", ())
    forms = [no for no in ALL_FORMS if no not in left_out]  # type: ignore[operator]
    code, name = budget.filed_by
    when = datetime.date(year, 1, 20) + datetime.timedelta(choose.randrange(40))

    def document(label: str, changes: dict[Key, int], on: datetime.date, answers: list[tuple[object, ...]]) -> Document:
        # the renderer writes one year; blanks may stand between it and 年
        text = re.sub(rf"{YEAR}(?=\s*年)", str(year), render(budget, forms, mess, changes))
        extension, _, write = FORMATS[file_format]
        path = f"{year}/{code}{name}{year}年部门预算公开{label}.{extension}"
        noted = answers or [("", "", "", "", "", "")]
        return Document(
            path, write(text, disorder), on, code, year, tuple((code, year, "accepted", *answer) for answer in noted)
        )

    untidy: list[tuple[object, ...]] = [("mess: " + " ".join(sorted(disorder)), "", "", "", "", "")] if disorder else []
    if choose.random() >= district.wrong:
        yield (good := document("", {}, when, untidy))
        if choose.random() < 0.1 * district.mess:
            copy = good.path.replace("公开", "公开（副本）")
            yield replace(
                good, path=copy, page=good.path, answers=((code, year, "unchanged", "copy", "", "", "", "", ""),)
            )
        return
    figures = published(budget, forms, mess)
    key, printed = _wrong_figure(figures, choose)
    corrected = choose.random() < 0.2
    what = "wrong_figure, corrected" if corrected else "wrong_figure"
    wrong = (what, *key, f"{Decimal(printed) / FEN:.2f}", f"{Decimal(figures[key]) / FEN:.2f}")
    yield document("", {key: printed}, when, [*untidy, wrong])
    if corrected:
        later = when + datetime.timedelta(choose.randint(20, 90))
        yield document("（更正）", {}, later, [*untidy, ("correction", "", "", "", "", "")])


def _notice(budget: Budget, year: int) -> Document:
    """A file among the disclosures that is not a disclosure."""
    text = f"关于做好{year}年部门预算公开工作的通知\n\n各预算单位：\n\n请于2月底前在门户网站公开部门预算。\n"
    code = budget.department
    answers = ((code, year, "rejected", "no disclosure", "", "", "", "", ""),)
    path = f"{year}/{code}关于{year}年部门预算公开的通知.txt"
    return Document(path, text.encode(), datetime.date(year, 1, 10), code, year, answers)


def _write_department(district: District, number: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Write the documents of a department. Returns its lines of the manifest and of the answers."""
    manifest: list[tuple[object, ...]] = []
    answers: list[tuple[object, ...]] = []
    for document in _documents(district, number):
        (district.folder / document.path).write_bytes(document.content)
        address = f"http://www.example.gov.cn/{document.page or document.path}"
        manifest.append((document.path, document.published_on, address, document.unit, document.year))
        answers += [(document.path, *answer) for answer in document.answers]
    return manifest, answers


def write(district: District, jobs: int | None = None) -> int:
    """Write a district. Returns the number of its documents."""
    for year in district.years:
        (district.folder / str(year)).mkdir(parents=True, exist_ok=True)
    numbers = range(1, district.departments + 1)
    with ProcessPoolExecutor(jobs) as pool:
        parts = list(pool.map(partial(_write_department, district), numbers, chunksize=4))
    manifest = [row for rows, _ in parts for row in rows]
    _write_csv(district.folder / "manifest.csv", MANIFEST, manifest)
    _write_csv(answers_of(district.folder), ANSWERS, [row for _, rows in parts for row in rows])
    return len(manifest)


def answers_of(folder: Path) -> Path:
    """The path of the file with the answers of a district."""
    return folder.with_name(folder.name + ".answers.csv")


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


# ---------------------------------------------------------------------------- command


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _shares(text: str) -> tuple[tuple[str, float], ...]:
    """Parse shares: xlsx=3,text=1, or names without numbers for the default shares."""
    shares = []
    for part in text.split(","):
        name, _, share = part.partition("=")
        if name not in FORMATS:
            raise argparse.ArgumentTypeError(f"unknown format {name!r}, expected some of {', '.join(FORMATS)}")
        shares.append((name, float(share) if share else FORMATS[name][1]))
    return tuple(shares)


def main() -> None:
    """Write the district that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--departments", type=int, default=100)
    parser.add_argument("--units-per-department", type=_range, default=(1, 5), metavar="FROM-TO")
    parser.add_argument("--years", type=_range, default=(2024, 2024), metavar="FROM-TO")
    parser.add_argument("--formats", type=_shares, default=_shares(",".join(FORMATS)), metavar="NAME=SHARE,…")
    parser.add_argument("--mess", type=float, default=0.3, help="share of documents with something untidy")
    parser.add_argument("--wrong", type=float, default=0.1, help="share of documents with a wrong figure")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    first, last = options.years
    district = District(
        options.folder.resolve(),
        options.departments,
        options.units_per_department,
        tuple(range(first, last + 1)),
        options.formats,
        options.mess,
        options.wrong,
        options.seed,
    )
    print(f"{write(district)} documents in {district.folder}; answers in {answers_of(district.folder)}")


if __name__ == "__main__":
    main()
