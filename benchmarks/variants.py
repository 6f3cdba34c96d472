"""The sample disclosure as many units would file it, to measure with."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from loader.load import Options, load_content

SAMPLE = Path(__file__).parent.parent / "samples" / "2024_001001.txt"
UNITS_A_DEPARTMENT = 5


def unit_code(number: int) -> str:
    """The code of the numbered unit: five to a department, beginning with 001001."""
    department, unit = divmod(number, UNITS_A_DEPARTMENT)
    return f"{department + 1:03d}{unit + 1:03d}"


def variant(number: int, wrong: bool = False) -> bytes:
    """The sample as another unit would file it, on demand with one wrong figure."""
    text = SAMPLE.read_text(encoding="utf-8")
    code = unit_code(number)
    text = text.replace("001001", code)
    text = re.sub(r"(?<=\t)001(?=\t株)|^001(?=\t株)|(?<=\t)001(?=\t001\t)", code[:3], text, flags=re.MULTILINE)
    text = re.sub(r"(?<=\t)001(?=\t896.28)", code[:3], text)
    text = re.sub(r"人民代表大会常\s?务\s?委\s?员会", f"第{number + 1}局", text)
    if wrong:
        text = text.replace("\t516.37\t516.37\t", "\t517.37\t516.37\t", 1)
    return text.encode()


def fill(connection: psycopg.Connection, start: int, stop: int, wrong_every: int = 0) -> None:
    """Load the variants from ``start`` to ``stop`` (exclusive); every so many of them has a wrong figure."""
    options = Options()
    for number in range(start, stop):
        wrong = bool(wrong_every) and number % wrong_every == 1
        result = load_content(connection, variant(number, wrong), f"{unit_code(number)}.txt", options)
        if result.error:
            raise SystemExit(result.error)
