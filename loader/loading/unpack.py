"""Recognise and unpack bundles in a separate process: this process never reads a file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loader.documents.grid import DocumentError
from loader.documents.limits import allow_for_bytes
from loader.documents.readers.bundle import documents, is_bundle
from loader.documents.regular_file import read_regular
from loader.loading.workers import WATCH, Died, Workers

MAX_FILE = 2**30  # bytes of a file, enough for a bundle of everything that a district publishes


@dataclass(frozen=True, slots=True)
class _File:
    """Is this file a bundle?"""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Next:
    """Which is the next document of the bundle?"""


@dataclass(frozen=True, slots=True)
class _Fault:
    """The bundle cannot be read any further."""

    message: str


_Answer = bool | tuple[str, bytes] | _Fault


class Bundles:
    """The documents in bundles, one after the other. DocumentError if a bundle has a fault."""

    def __init__(self, time_limit: float) -> None:
        self._workers: Workers[_File | _Next, _Answer] = Workers(1, _Unpacker, time_limit)

    def is_bundle(self, path: Path, name: str) -> bool:
        """Whether a file is a bundle of documents. A file that is neither bundle nor document may crash the process."""
        return self._ask(_File(path, name), name) is True

    def documents(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Name and content of every document of the last bundle found."""
        while isinstance(answer := self._ask(_Next(), name), tuple):
            yield answer

    def close(self) -> None:
        """End the process."""
        self._workers.close()

    def _ask(self, request: _File | _Next, name: str) -> _Answer | None:
        self._workers.begin(request)
        while True:
            for _, answer in self._workers.wait(WATCH):
                if isinstance(answer, Died):
                    raise DocumentError(f"{name}: {answer}; the rest of it was not read")
                if isinstance(answer, _Fault):
                    raise DocumentError(answer.message)
                return answer


class _Unpacker:
    """What the process does."""

    def __init__(self) -> None:
        self._documents: Iterator[tuple[str, bytes]] = iter(())

    def __call__(self, request: _File | _Next | None) -> list[_Answer | None]:
        return [] if request is None else [self._answer(request)]  # nothing is put off

    def _answer(self, request: _File | _Next) -> _Answer | None:
        try:
            if isinstance(request, _Next):
                return next(self._documents, None)
            content = read_regular(request.path, MAX_FILE)
            allow_for_bytes(len(content))
            self._documents = documents(content, request.name)
            return is_bundle(content)
        except OSError as error:
            return _Fault(f"{request.name}: {error.strerror}" if isinstance(request, _File) else str(error))
        except DocumentError as error:
            return _Fault(str(error))
