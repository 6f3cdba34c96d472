"""Documents of other word processors (doc, wps, rtf, odt): converted to docx by LibreOffice, if it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from loader.documents.grid import Document, DocumentError
from loader.documents.limits import PROGRAM_CPU_SECONDS, PROGRAM_MEMORY, limit_program
from loader.documents.readers.word import docx

_MARKS = {b"{\\rtf": "rtf", b"PK": "odt", b"<": "xml"}  # all else is doc, by whatever name: wps, wpt, dot
TIMEOUT = 120  # seconds; a disclosure takes three to six
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
# a document from outside runs no macro and fetches nothing
_SECURITY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read(content: bytes, file_name: str) -> Document:
    """Convert to docx and read that; the row numbers are those of the converted document."""
    file_format = next((name for mark, name in _MARKS.items() if content.lstrip().startswith(mark)), "doc")
    program = find_program()
    if program is None:
        raise DocumentError(
            f"{file_name}: reading {file_format} files needs LibreOffice, which is not installed; install it"
            " (apt install libreoffice-writer-nogui, or from www.libreoffice.org) or save the document as docx"
        )
    converted = _convert(program, content, file_format, file_name)
    read_docx = docx.read(converted, file_name)
    cut_off = read_docx.cut_off
    if file_format == "rtf" and not content.rstrip(b"\x00\x1a \t\r\n").endswith(b"}"):
        cut_off = (*cut_off, "the text ends without its closing bracket: is it cut off?")
    return Document(file_name, file_format, read_docx.grids, read_docx.remarks, cut_off=cut_off)


def find_program() -> str | None:
    """Where LibreOffice is installed, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """A profile of this process, removed when it ends: two LibreOffices with one profile wait for each other."""
    folder = tempfile.TemporaryDirectory(prefix="hetang-libreoffice-", ignore_cleanup_errors=True)
    settings = Path(folder.name) / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    settings.write_text(_SECURITY, encoding="utf-8")
    return folder


def _convert(program: str, content: bytes, file_format: str, file_name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="hetang-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"document.{file_format}"
        source.write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation={Path(_profile().name).as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            folder,
            str(source),
        ]
        _run(command, file_name)
        result = source.with_suffix(".docx")
        if not result.is_file():
            raise DocumentError(
                f"{file_name}: LibreOffice cannot read this {file_format} file; it is damaged, protected by a"
                f" password, or needs more than {PROGRAM_MEMORY >> 20} MB of memory or {PROGRAM_CPU_SECONDS} seconds of"
                " processor time"
            )
        return result.read_bytes()


def _run(command: list[str], file_name: str) -> None:
    """Run LibreOffice to its end, or end it with all its processes. Its messages are about its own parts, such as Java,
    not about the document."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise DocumentError(f"{file_name}: LibreOffice ({command[0]}) cannot be started: {error.strerror}") from None
    limit_program(process.pid)
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        raise DocumentError(f"{file_name}: LibreOffice did not finish within {TIMEOUT} seconds") from None
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
