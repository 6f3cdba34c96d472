"""The sample disclosure as many units would file it, for measurements."""

from __future__ import annotations

import re
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "samples" / "2024_001001.txt"
UNITS_A_DEPARTMENT = 5


def unit_code(number: int) -> str:
    """The code of the unit with this number (from 0): five units to a department, beginning with 001001."""
    department, unit = divmod(number, UNITS_A_DEPARTMENT)
    return f"{department + 1:03d}{unit + 1:03d}"


def variant(number: int) -> bytes:
    """The sample as the unit with this number would file it."""
    text = SAMPLE.read_text(encoding="utf-8")
    code = unit_code(number)
    text = text.replace("001001", code)
    text = re.sub(r"(?<=\t)001(?=\t株)|^001(?=\t株)|(?<=\t)001(?=\t001\t)", code[:3], text, flags=re.MULTILINE)
    text = re.sub(r"(?<=\t)001(?=\t896.28)", code[:3], text)
    text = re.sub(r"人民代表大会常\s?务\s?委\s?员会", f"第{number + 1}局", text)
    return text.encode()
