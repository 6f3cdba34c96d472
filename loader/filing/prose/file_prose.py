"""Documents of prose without forms: the unit, year and stage, and the facts stated. The forms are in another
document."""

from __future__ import annotations

from dataclasses import dataclass

from loader.documents.grid import Document
from loader.filing.filed import StatedFact
from loader.filing.identification.prose_owner import ProseOwner, prose_owner
from loader.filing.prose.sentences import sentences
from loader.filing.prose.stated import stated_facts
from loader.filing.tables.recognise import recognise
from schema.forms.template import Stage


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of one disclosure. Its unit is known by code or by name."""

    owner: ProseOwner
    facts: list[StatedFact]


def file_prose(document: Document, year: int | None, unit: str | None, stage: str | None) -> Prose | None:
    """The prose of a document without forms, None if no fact in it is understood.

    ``year``, ``unit`` and ``stage`` come from the operator. DocumentError if no year, two years or
    several offices are found.
    """
    recognised = recognise(document)
    found = sentences(recognised.outside)
    if not found:
        return None
    owner = prose_owner(document, recognised, year, unit, Stage(stage) if stage else None)
    facts = stated_facts(found, owner.fiscal_year, owner.stage)
    return Prose(owner, facts) if any(fact.kind for fact in facts) else None
