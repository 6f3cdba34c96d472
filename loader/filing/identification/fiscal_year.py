"""The fiscal year of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from loader.catalogue.chinese import in_chinese
from loader.documents.grid import Document, DocumentError
from loader.documents.wording import fold
from loader.filing.filed import Finding
from loader.filing.identification.cover import first_lines, lines_before_contents
from loader.filing.identification.cover_fields import published_on
from loader.filing.identification.told_elsewhere import year_of_file, years_elsewhere
from loader.filing.tables.above_table import whole_lines
from loader.filing.tables.recognise import Recognised
from loader.filing.title_words import year_in


def fiscal_year(
    document: Document, recognised: Recognised, cover: list[str], stated: int | None
) -> tuple[int, tuple[Finding, ...]]:
    """The fiscal year: from the operator, the first lines, most titles, a later cover, or from elsewhere.

    A title or a file name with another year is a finding, as is a year from elsewhere. DocumentError if two years or no
    year are found.
    """
    titles = {fold(table.title) for table in recognised.tables if table.title}  # that of the first form may stand below
    on_cover = _years_on(cover, titles)
    is_first = on_cover == _years_on(first_lines(recognised), titles)
    in_titles = [(year, table) for table in recognised.tables if (year := year_in(table.title or ""))]
    counted = Counter(year for year, _ in in_titles).most_common()
    if stated is not None:
        year = stated
    elif len(on_cover) == 1 and (is_first or not counted):
        year = next(iter(on_cover))
    elif (on_cover and is_first) or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        years = ", ".join(map(str, sorted(on_cover or dict(counted))))
        raise DocumentError(
            f"{document.file_name}: the document contradicts itself about the year ({years}); say which with --year"
        )
    elif counted:
        year = counted[0][0]
    else:
        return _year_elsewhere(document, recognised)
    others = [("cover", found) for found in sorted(on_cover - {year})]
    others += [(table.place, found) for found, table in in_titles if found != year]
    if stated is None and (in_name := year_of_file(document.file_name)) not in (None, year):
        others.append(("file name", in_name))
    # overruled: no cover or title has this year; otherwise a single title may be left over from last year
    is_overruled = stated is not None and year not in {*on_cover, *dict(counted)}
    return year, tuple(
        Finding(
            "year_overruled" if is_overruled else "other_year",
            {"place": place, "place_zh": in_chinese(place), "found": found, "year": year},
        )
        for place, found in (others[:1] if is_overruled else others)
    )


def _year_elsewhere(document: Document, recognised: Recognised) -> tuple[int, tuple[Finding, ...]]:
    """The fiscal year that weaker places tell, with a finding. DocumentError if they tell two years or none."""
    told = years_elsewhere(document, recognised)
    years = sorted({one.said for one in told})
    if len(years) > 1:
        raise DocumentError(
            f"{document.file_name}: the document contradicts itself about the year ({', '.join(years)}); say which with"
            " --year"
        )
    lines = (text for _, row in recognised.outside for text in whole_lines(row))
    if not told and (published := published_on("\n".join(map(fold, lines)))):
        raise DocumentError(
            f"{document.file_name}: no fiscal year found on the cover or in a title (2024年部门预算…), only a date of"
            f" publication ({published}); name the year with --year"
        )
    if not told:
        raise DocumentError(
            f"{document.file_name}: no fiscal year found on the cover or in a title (2024年部门预算…); name it with"
            " --year"
        )
    year, place, text = told[0]
    evidence = Finding("year_elsewhere", {"year": year, "place": place, "place_zh": in_chinese(place), "text": text})
    return int(year), (evidence,)


def _years_on(cover: Sequence[str], titles: Set[str]) -> set[int]:
    """The years on a cover, above its contents if there are some; without the titles of forms."""
    lines = [text for text in cover if fold(text) not in titles] or cover
    return _years_in(lines_before_contents(lines)) or _years_in(lines)


def _years_in(lines: Sequence[str]) -> set[int]:
    """The years in lines of a cover, each by itself and all together."""
    return {year for text in (*lines, "".join(lines)) if (year := year_in(text))}
