"""The log file of a load: JSON lines, one for each finished document."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import TextIO

from loader.cli.console import json_of
from loader.loading.result import Result


class Log:
    """Writes to the file, if there is one, without buffering."""

    def __init__(self, file: TextIO | None) -> None:
        self.file = file

    def write(self, event: str, **values: object) -> None:
        if self.file is not None:
            now = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
            self.file.write(json_of({"time": now, "event": event, **values}) + "\n")
            self.file.flush()

    def result(self, result: Result) -> None:
        self.write(
            "document",
            file_name=result.file_name,
            outcome=result.outcome,
            seconds=round(result.seconds, 3),
            error=result.error,
            trace=result.trace,
            disclosures=[
                {"unit_code": unit, "fiscal_year": year, **asdict(stored)} for unit, year, stored in result.stored
            ],
        )
