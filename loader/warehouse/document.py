"""The document that disclosures come from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.filing.identity import Identity

if TYPE_CHECKING:
    from loader.filing.filed import FiledDisclosure
    from loader.ledger.lines import Ledger


@dataclass(frozen=True, slots=True)
class Source:
    """The document a disclosure comes from. ``is_own_export``: hetang wrote it, see ``own_export``."""

    file_name: str
    file_format: str
    content_hash: str
    byte_size: int
    address: str | None = None
    is_own_export: bool = False

    def parameters(self, division_code: str) -> dict[str, object]:
        """The values of ``ENTER_DOCUMENT``."""
        return {
            "division": division_code,
            "hash": self.content_hash,
            "name": self.file_name,
            "address": self.address,
            "format": self.file_format,
            "size": self.byte_size,
        }


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read, to be stored: its disclosures, all of one division, each with its ledger.
    ``supersede_rank`` is the number of a load that supersedes, see ``next_supersede_rank``."""

    source: Source
    disclosures: Sequence[tuple[FiledDisclosure, Ledger]]
    published_on: datetime.date | None = None
    supersede_rank: int = 0

    @property
    def identities(self) -> list[Identity]:
        """Of its disclosures, in order."""
        return [filed.identity for filed, _ in self.disclosures]


# Returns the number of the document, which may exist from another disclosure.
ENTER_DOCUMENT = """
    insert into budget.document (division_code, content_hash, file_name, source_address, file_format, byte_size)
    values (%(division)s, %(hash)s, %(name)s, %(address)s, %(format)s, %(size)s)
    on conflict (division_code, content_hash) do update set
        file_name = least(budget.document.file_name, excluded.file_name),
        source_address = coalesce(excluded.source_address, budget.document.source_address)
    returning document_id
"""
