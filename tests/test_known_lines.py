"""What documents have in common is understood once, and a set is left out only if it cannot be the best."""

import pytest

from loader.documents.readers import read
from loader.filing.file_disclosure import file_disclosures
from loader.filing.headers.match_header import match_header, match_shortened
from loader.filing.tables.fit import Candidates, score_of
from loader.filing.tables.grid_tables import tables_of
from loader.filing.tables.titles import match_title
from schema.forms import SETS
from schema.forms.template import TemplateSet
from synthetic.set_documents import random_account, text_of
from synthetic.variants import variant


def test_the_next_document_of_a_place_brings_no_new_titles_and_headers() -> None:
    """Its office stands above every form, right below the title, and is no part of it."""
    caches = (match_title, match_header, match_shortened)
    file_disclosures(read(variant(1), "公开.txt"), "430202")
    before = [cache.cache_info().misses for cache in caches]
    (disclosure,) = file_disclosures(read(variant(2), "公开.txt"), "430202")
    new = [cache.cache_info().misses - misses for cache, misses in zip(caches, before, strict=True)]
    assert len(disclosure.forms) >= 20
    assert new[0] < len(disclosure.forms) / 2
    assert new[1:] == [0, 0]


@pytest.mark.parametrize("entry", SETS, ids=lambda entry: entry.id)
def test_no_table_adds_more_to_the_score_of_a_set_than_its_bound(entry: TemplateSet) -> None:
    document = read(text_of(random_account(entry, 1)).encode(), "公开.txt")
    found, _ = tables_of(document.grids[0], None)
    best = [(table, other.id, Candidates(table).best(other.id)) for table in found for other in SETS]
    chosen = [(table, set_id, match) for table, set_id, match in best if match is not None]
    assert {set_id for _, set_id, _ in chosen} >= {entry.id}
    assert all(score_of(match, table) <= Candidates(table).most[set_id] for table, set_id, match in chosen)
