"""The stage of a document: a budget, an adjusted budget or a final account."""

from __future__ import annotations

from collections import Counter

from loader.documents.grid import Document, DocumentError
from loader.documents.wording import fold
from loader.filing.identification.cover import lines_before_contents
from loader.filing.tables.form_table import FormTable
from loader.filing.title_words import STAGE_WORDS, stage_in, year_in
from schema.forms import set_of
from schema.forms.template import Stage


def stage_of(document: Document, known: list[FormTable], cover: list[str]) -> Stage:
    """The stage on the cover, else in the titles of most forms, else in the heads, else that of the forms' set."""
    titles = [fold(table.title) for table in known if table.title]
    dated = {stage_in(fold(t)) for t in lines_before_contents(cover) or cover if year_in(t) is not None}
    for pattern, stage in STAGE_WORDS:
        named = sum(bool(pattern.search(title)) for title in titles)
        # beside 2024年部门预算 a line without a year may speak of the 决算 of another document
        is_aside = stage is Stage.FINAL and dated == {Stage.BUDGET.value}
        if (pattern.search(fold("".join(cover))) and not is_aside) or named * 2 > len(known):
            if stage is None:
                raise DocumentError(
                    f"{document.file_name}: this is a plan of several years (中期财政规划), expected a budget, an"
                    " adjusted budget or a final account; if it is one, say which with --stage"
                )
            return stage
    if stage_in(fold("".join(cover))) is None and not any(map(stage_in, titles)) and _is_of_what_was_spent(known):
        return Stage.FINAL
    sets = Counter(set_of(table.form.form_id).stage for table in known if table.form)
    return sets.most_common(1)[0][0] if sets else Stage.BUDGET


def _is_of_what_was_spent(known: list[FormTable]) -> bool:
    """Whether the heads of this year's figures say 决算数, and none says 预算数."""
    heads = "".join(table.header_labels.get(at, "") for table in known for at in table.columns)
    return "决算" in heads and "预算数" not in heads
