"""Test the readers with damaged and hostile documents.

python -m benchmarks.fuzz [--inputs 2000] [--seed 1] [--libreoffice 0] [--only xlsx] [--save FOLDER] [--stumbles]

Sound documents of every format, each with one thing wrong (synthetic/damage.py), are read, recognised and made to
ledgers in processes with the limits of a load. The same seed gives the same documents. What may happen is a rejection
with a reason, or a load; ``stumbled`` are rejections of an error that the reader did not foresee, with no more of a
reason than that the document is damaged. What may not:

  crashed    the process ended, or an error of the program
  slow       more than 10 seconds of processor time, beside what recognising pictures of pages may take
  large      more memory than a document may need
  lost       figures are gone that a sound document has, visibly, and no remark or finding says so
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache
from pathlib import Path

import psutil
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from loader.documents.grid import DocumentError
from loader.documents.limits import OCR_CPU_SECONDS, allow_for_bytes, allow_for_cells
from loader.documents.printed_row import ROWS_A_PAGE
from loader.documents.readers import read
from loader.documents.readers.bundle import documents, is_bundle
from loader.documents.readers.word import libreoffice
from loader.filing.file_disclosure import file_disclosures
from loader.ledger.draft import make_ledger
from loader.loading.options import DIVISION
from loader.loading.workers import Died, Workers
from synthetic import damage, ornate, pages, workbooks
from synthetic.damage import Damage, Damaged
from synthetic.variants import SAMPLE
from synthetic.workbooks import zipped

YEAR = 2024  # of the sound documents; a page alone does not say it
SLOW = 10.0  # seconds of processor time
HANGS = 300.0  # seconds on the wall; processes get little of a busy machine
RECOGNISES = ("pdf", "ornate pdf", "picture")  # damaged fonts make a page a picture, which takes ten times as long
BEFORE = "\n财政拨款收支总表\n"  # only the forms of the sample before this one; more would only take longer
CONTENTS = "4\t支出预算分类汇总表", "\n收支总表\n"  # forms that the contents do not name, then
PICTURED = "“三公”经费支出表"  # the title of the form whose picture is damaged
USUAL = {"label", "title"}  # findings that are not about damage
BAD = ("crashed", "slow", "large", "lost")


@cache
def _text() -> str:
    text = SAMPLE.read_text(encoding="utf-8")
    begin, end = (text.index(line) for line in CONTENTS)
    return text[:begin] + text[end : text.index(BEFORE)]


def _mhtml() -> bytes:
    message = MIMEMultipart("related")
    page = MIMEText(workbooks.html(workbooks.sheets_of(_text())).decode(), "html", "utf-8")
    page["Content-Location"] = "file:///C:/budget.htm"
    message.attach(page)
    return message.as_bytes()


def _pdf(write: Callable[[Canvas, float, float, str], None] = Canvas.drawString) -> bytes:
    rl_config.pageCompression = 0  # so that operators are there to be damaged
    return pages.pdf(pages.drawings_of(pages.forms_of(_text())), write=write)


def _bundle() -> bytes:
    """Documents of three formats, one of them in a bundle inside it."""
    inner = zipped({"预算.csv": workbooks.csv(workbooks.sheets_of(_text()), encoding="utf-8")})
    return zipped({"预算.txt": _text(), "表/预算.xlsx": workbooks.xlsx(workbooks.sheets_of(_text())), "内.zip": inner})


@cache
def _picture() -> bytes:
    """The smallest form with figures: to recognise a large one takes as long as reading a hundred other documents."""
    form = next(
        form
        for form in pages.forms_of(SAMPLE.read_text(encoding="utf-8"))
        if any(PICTURED in line for line in form.above)
    )
    return pages.scan(pages.pdf(pages.drawings_of([form])))


def _cut_picture(content: bytes, chance: random.Random) -> Damaged:
    """The beginning of a picture in any format."""
    return damage.cut(damage.save_otherwise(content, chance).content, chance)


@cache
def _converted(file_format: str) -> bytes:
    """The sound rtf in another format, as LibreOffice writes it."""
    program = libreoffice.find_program()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.rtf"
        source.write_bytes(LIBREOFFICE["rtf"][0]())
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", file_format, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return source.with_suffix(f".{file_format}").read_bytes()


def _spoil_bundle(content: bytes, chance: random.Random) -> Damaged:
    """A member of a bundle damaged; one that is not there is missed by nobody."""
    damaged = damage.spoil_archive(content, chance)
    return replace(damaged, is_visible=damaged.is_visible and not damaged.what.endswith(": lost"))


_BYTES = (damage.cut, damage.spoil, damage.repeat)
# reader → a sound document, and what can be done to it; more often what stands there more often
READERS: dict[str, tuple[Callable[[], bytes], tuple[Damage, ...]]] = {
    "text": (lambda: _text().encode(), (*_BYTES, damage.put_in)),
    "csv": (lambda: workbooks.csv(workbooks.sheets_of(_text()), encoding="utf-8"), (*_BYTES, damage.put_in)),
    "html": (lambda: workbooks.html(workbooks.sheets_of(_text())), (*_BYTES, *[damage.spoil_markup] * 4)),
    "mhtml": (_mhtml, (*_BYTES, damage.spoil_markup)),
    "xml2003": (
        lambda: workbooks.xml2003(workbooks.sheets_of(_text())),
        (*_BYTES, damage.spoil_markup, *[damage.spoil_tree] * 4),
    ),
    "docx": (lambda: pages.docx_of(_text()), (damage.cut, damage.spoil, *[damage.spoil_archive] * 6)),
    "word2003": (
        lambda: pages.word_2003("".join(map(pages.table_of, pages.forms_of(_text())))),
        (*_BYTES, damage.spoil_markup, *[damage.spoil_tree] * 4),
    ),
    "xlsx": (
        lambda: workbooks.xlsx(workbooks.sheets_of(_text())),
        (damage.cut, damage.spoil, *[damage.spoil_archive] * 6),
    ),
    "ods": (
        lambda: workbooks.ods(workbooks.sheets_of(_text())),
        (damage.cut, damage.spoil, *[damage.spoil_archive] * 6),
    ),
    "ofd": (
        lambda: pages.ofd(pages.drawings_of(pages.forms_of(_text()))),
        (damage.cut, damage.spoil, *[damage.spoil_archive] * 6),
    ),
    "xls": (lambda: workbooks.xls(workbooks.sheets_of(_text())), (*_BYTES, *[damage.spoil_records] * 5)),
    "pdf": (_pdf, (*_BYTES, *[damage.spoil_numbers] * 4, damage.put_in)),
    "zip": (_bundle, (*_BYTES, *[_spoil_bundle] * 3, *[damage.spoil_entries] * 3)),
    "picture": (_picture, (*_BYTES, _cut_picture, *[damage.save_otherwise] * 3, *[damage.spoil_head] * 4)),
    "ornate html": (
        lambda: ornate.html(workbooks.html(workbooks.sheets_of(_text()))),
        (*_BYTES, *[damage.spoil_markup] * 4, *[damage.put_in] * 2),
    ),
    "ornate docx": (lambda: ornate.docx(pages.docx_of(_text())), (*[damage.spoil_archive] * 7, damage.spoil)),
    "ornate xlsx": (
        lambda: ornate.xlsx(workbooks.xlsx(workbooks.sheets_of(_text()))),
        (*[damage.spoil_archive] * 7, damage.spoil),
    ),
    "ornate ofd": (
        lambda: ornate.ofd(pages.ofd(pages.drawings_of(pages.forms_of(_text())))),
        (*[damage.spoil_archive] * 7, damage.spoil),
    ),
    "ornate pdf": (lambda: _pdf(ornate.writer()), (*_BYTES, *[damage.spoil_numbers] * 4, *[damage.put_in] * 2)),
}
LIBREOFFICE: dict[str, tuple[Callable[[], bytes], tuple[Damage, ...]]] = {
    "rtf": (lambda: pages.rtf_of(pages.forms_of(_text())), (*_BYTES, damage.put_in, damage.spoil_numbers)),
    "odt": (lambda: _converted("odt"), (damage.cut, damage.spoil, *[damage.spoil_archive] * 6)),
    "doc": (lambda: _converted("doc"), (damage.cut, damage.spoil, *[damage.spoil_stream] * 6)),
}


@dataclass(frozen=True, slots=True)
class Read:
    """The result of reading a document: its figures, or the reason of the rejection; and the remarks."""

    figures: int
    said: frozenset[str]
    reason: str | None
    stumbled: str | None  # where a reader met an error that it did not foresee
    crashed: str | None
    seconds: float  # of processor time
    pictures: int  # pages that were recognised
    bytes: int  # the peak memory of its process so far


class Reader:
    """What a process does with each document, or each of a bundle: all of a load but the database."""

    def __call__(self, content: bytes) -> Read:
        """Read a document whatever is wrong with it; MemoryError passes, for the process is at its limit."""
        begun = time.process_time()
        allow_for_bytes(len(content))
        found = _Found()
        try:
            if is_bundle(content):
                for name, member in documents(content, "bundle"):
                    try:
                        found.take(member, name)
                    except DocumentError as error:
                        found.said.add(str(error))
            else:
                found.take(content, "document")
        except DocumentError as error:
            # the documents of a bundle before its fault are loaded
            found.said.add(str(error))
            found.reason = None if found.figures else str(error)
            if error.__cause__ is not None and not isinstance(error.__cause__, DocumentError):
                found.stumbled = _place(error.__cause__) if "its reader does not understand it" in str(error) else None
        except MemoryError:
            raise
        except Exception as error:
            found.crashed = _place(error)
        seconds = time.process_time() - begun
        return Read(
            found.figures,
            frozenset(found.said),
            found.reason,
            found.stumbled,
            found.crashed,
            seconds,
            found.pictures,
            _most_bytes(),
        )


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    figures: int = 0
    pictures: int = 0
    said: set[str] = field(default_factory=set)
    reason: str | None = None
    stumbled: str | None = None
    crashed: str | None = None

    def take(self, content: bytes, name: str) -> None:
        """Read one document; DocumentError if it is rejected."""
        document = read(content, name)
        self.said |= set(document.remarks)
        self.pictures += len({row.number // ROWS_A_PAGE for grid in document.grids for row in grid.rows if row.is_ocr})
        allow_for_cells(sum(len(row.cells) for grid in document.grids for row in grid.rows))
        for disclosure in file_disclosures(document, DIVISION, YEAR):
            make_ledger(disclosure)
            cells = [cell for form in disclosure.forms if form.report_no for cell in form.cells]
            self.figures += sum(1 for cell in cells if cell.amount)
            self.said |= {f.message for f in disclosure.findings if f.kind not in USUAL}


def _place(error: BaseException) -> str:
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if "/loader/" in frame.filename]
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "?"
    return f"{type(error).__name__}: {str(error)[:60]} at {where}"


def _most_bytes() -> int:
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


@dataclass(frozen=True, slots=True)
class Task:
    """A damaged document by its number."""

    number: int
    damaged: Damaged


class _ReadTask:
    def __init__(self) -> None:
        self.read = Reader()

    def __call__(self, task: Task | None) -> list[Read | None]:
        return [] if task is None else [self.read(task.damaged.content)]  # nothing is put off


def inputs(reader: str, count: int, seed: int) -> Iterator[Task]:
    """So many damaged documents for a reader, the same for the same seed."""
    make, damages = (READERS | LIBREOFFICE)[reader]
    sound = make()
    for number in range(count):
        chance = random.Random(f"{seed} {reader} {number}")
        yield Task(number, chance.choice(damages)(sound, chance))


def judge(task: Task, found: Read | Died | None, sound: Read) -> tuple[str, str]:
    """What became of a document, and a word about it if that must not be."""
    if isinstance(found, Died):
        said = str(found)
        kind = "large" if "memory" in said else "slow" if "time" in said or "too long" in said else "crashed"
        return kind, said
    assert found is not None
    if found.crashed:
        return "crashed", found.crashed
    if found.stumbled:
        return "stumbled", found.stumbled
    if found.seconds > SLOW + found.pictures * OCR_CPU_SECONDS:
        return "slow", f"{found.seconds:.1f} s"
    if found.reason is not None:
        return "rejected", ""
    if task.damaged.is_visible and found.figures < sound.figures and found.said <= sound.said:
        return "lost", f"{sound.figures - found.figures} of {sound.figures} figures"
    return "read", ""


def run(
    reader: str, count: int, seed: int, jobs: int, save: Path | None, stumbles: bool = False
) -> tuple[Counter[str], float, int]:
    """Read damaged documents; how many ended how, the most seconds and bytes. What must not be is printed."""
    ends: Counter[str] = Counter()
    seconds, most = 0.0, 0
    limit = HANGS if reader in READERS else 2 * libreoffice.TIMEOUT
    if reader in RECOGNISES:
        limit = max(limit, OCR_CPU_SECONDS)
    workers: Workers[Task, Read] = Workers(jobs, _ReadTask, limit)
    tasks = inputs(reader, count, seed)
    try:
        sound = _sound(reader, workers)
        while True:
            if workers.has_room and (task := next(tasks, None)) is not None:
                workers.begin(task)
                continue
            if not workers.open:
                return ends, seconds, most
            for done, found in workers.wait(0.2):
                end, word = judge(done, found, sound)
                ends[end] += 1
                if isinstance(found, Read):
                    seconds, most = max(seconds, found.seconds), max(most, found.bytes)
                if end in BAD or (end == "stumbled" and stumbles):
                    print(f"{reader} {done.number}: {end}: {word} ({done.damaged.what[:100]})", file=sys.stderr)
                    if save:
                        (save / f"{reader}_{seed}_{done.number}").write_bytes(done.damaged.content)
    finally:
        workers.close()


def _sound(reader: str, workers: Workers[Task, Read]) -> Read:
    """What the sound document gives. It is read by a process of its own, too: what recognises pictures has threads,
    which those that are forked from it would wait for in vain."""
    workers.begin(Task(-1, Damaged((READERS | LIBREOFFICE)[reader][0](), "nothing")))
    answers: list[Read | Died | None] = []
    while not answers:
        answers += (found for _, found in workers.wait(0.2))
    [found] = answers
    assert found is not None
    why = str(found) if isinstance(found, Died) else found.crashed or found.reason
    if isinstance(found, Died) or (why and "pip install" not in why):
        raise SystemExit(f"{reader}: the sound document is not read: {why}")
    return found


def main() -> None:
    """Fuzz all readers and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=2000, help="documents, of all readers together")
    parser.add_argument("--libreoffice", type=int, default=0, help="documents more that LibreOffice converts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=[*READERS, *LIBREOFFICE], help="one reader")
    parser.add_argument("--stumbles", action="store_true", help="name the rejections that no reader foresaw")
    parser.add_argument("--save", type=Path, help="folder for documents that did what must not be")
    chosen = parser.parse_args()
    if chosen.save:
        chosen.save.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(READERS, -(-chosen.inputs // len(READERS)))
    if chosen.libreoffice and libreoffice.find_program() is None:
        print("LibreOffice is not installed: left out", file=sys.stderr)
    elif chosen.libreoffice:
        counts |= dict.fromkeys(LIBREOFFICE, chosen.libreoffice)
    if chosen.only:
        counts = {chosen.only: chosen.inputs}
    columns = ("read", "rejected", "stumbled", *BAD)
    print(f"{'reader':12}{'inputs':>8}" + "".join(f"{name:>10}" for name in columns) + "  slowest s  most MiB")
    is_bad = False
    for reader, count in counts.items():
        ends, seconds, most = run(reader, count, chosen.seed, chosen.jobs, chosen.save, chosen.stumbles)
        numbers = "".join(f"{ends[name]:10}" for name in columns)
        print(f"{reader:12}{count:8}{numbers}{seconds:11.1f}{most >> 20:10}", flush=True)
        is_bad |= any(ends[name] for name in BAD)
    sys.exit(is_bad)


if __name__ == "__main__":
    main()
