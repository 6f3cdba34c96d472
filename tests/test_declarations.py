"""The declarations of the forms held by something that does not follow them: reviewed lists, and the names of codes.

Loader, rules and views all come from the declarations, so they agree about a wrong one. After a deliberate change
write the lists anew, and read the difference: each line says what a figure adds up, or how a column is called.

    python -m tests.test_declarations
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from schema.codes.lists import subject_aliases, subjects
from schema.forms import FORMS, KEPT_FORMS, KEPT_SETS, SETS
from schema.forms.template import Code, Column, Coordinate, Form, Line, LineList, Prior, Role, Statement, Where
from schema.reference_data import ROWS, rules
from schema.report_columns import (
    DISTRICT_COLUMNS,
    chinese_columns,
    chinese_name,
    comment_labels,
    district_labels,
    report_columns,
    report_labels,
)

GOLDEN = Path(__file__).parent / "golden" / "selections.tsv"
NAMES_OF_COLUMNS = GOLDEN.with_name("report_columns.tsv")
REFERENCE = GOLDEN.with_name("reference.tsv")
HEADING = ("form_id", "line", "column", "header", "level", "statement", "selection", "parts", "aliases")


# ---------------------------------------------------------------------------- the reviewed list


def declared() -> Iterator[tuple[str, ...]]:
    """A row a set, then one a form, one a column, and one a line of a list in each of its columns of amounts."""
    yield HEADING
    for entry in (*SETS, *KEPT_SETS):
        years = f"{entry.years.start}-{entry.years.stop - 1}"
        places = " ".join(entry.divisions)
        yield (
            "",
            "",
            "",
            entry.title,
            "",
            entry.stage,
            f"{entry.id} {places} {years}",
            " ".join(entry.finest_first),
            "carried money keeps its fund" if entry.carried_keeps_fund else "",
        )
    for form in (FORMS | KEPT_FORMS).values():
        header = f"{form.title} / {form.short_title}"
        known_by = "title" if form.needs_title else ""
        yield (
            form.form_id,
            "",
            "",
            header,
            known_by,
            _statements(form.where),
            _rows(form),
            "",
            " | ".join(form.aliases),
        )
        for column in form.columns:
            yield (form.form_id, "", *_column(form, column))
            for line in form.sums if column.role is Role.MONEY else ():
                yield (form.form_id, line.id, column.id, *_line(form, line, column))
        for listed in form.lists:
            labels = " | ".join(map("-".join, listed.label_aliases))
            optional = "optional" if listed.optional else ""
            memos = " ".join(map("/".join, listed.memos))
            yield (form.form_id, "", listed.id, listed.label, optional, "", "list", memos, labels)
            for amount in listed.amounts:
                yield (form.form_id, "", *_column(form, amount))
                for line in listed.lines:
                    yield (form.form_id, line.id, amount.id, *_line(form, line, amount))


def _column(form: Form, column: Column) -> Iterator[str]:
    where = form.selection(column) if column.role is Role.MONEY else Where()
    yield column.id
    yield column.label
    yield "optional" if column.optional else ""
    yield _statements(where)
    yield _selection(where) if column.role is Role.MONEY else _content(column)
    yield " ".join(column.parts)
    yield " | ".join(map("-".join, column.aliases))


def _line(form: Form, line: Line, amount: Column) -> Iterator[str]:
    where = form.selection(amount, line)
    yield line.label
    yield f"{line.level} optional" if line.optional else str(line.level)
    yield _statements(where)
    yield _selection(where)
    yield " ".join(line.parts)
    yield " | ".join(line.aliases)


def _rows(form: Form) -> str:
    rows = form.rows
    if rows is None:
        return ""
    words = [*rows.by, *(f"without {name}" for name in rows.unprinted)]
    words += [f"{column} beneath: {detail}" for column, detail in rows.details]
    words += [f"{label}: {_prior(prior)}" for label, prior in rows.priors]
    return " ".join([*words, f"total {rows.total}={rows.total_label}", "last" if rows.total_is_last else "first"])


def _content(column: Column) -> str:
    if column.prior is not None:
        return f"{column.role} {_prior(column.prior)}"
    if column.code is None:
        return column.role
    part = "" if column.code.part is None else f" part {column.code.part}"
    return f"{column.role} of {'/'.join(column.code.of)}{part}"


def _prior(prior: Prior) -> str:
    return f"{prior.years_back} {prior.stage}"


def _statements(where: Where) -> str:
    return " ".join(where.statement)


def _selection(where: Where) -> str:
    chosen = ((coordinate, where.on(coordinate)) for coordinate in Coordinate)
    return " ".join(f"{name}={','.join(prefix or 'none' for prefix in codes)}" for name, codes in chosen if codes)


# ---------------------------------------------------------------------------- names of codes

# What the codes of a coordinate are named by. Of revenue, items are the codes of the funds that it brings.
_SCHEMES = {coordinate: coordinate.value for coordinate in Coordinate if coordinate is not Coordinate.UNIT}
# a fund is also called after the budget, the appropriation or the income that it is
_KIND_OF_MONEY = re.compile(r"(资金|预算|财政拨款|拨款|收入|结转|结余)+$")
_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十]+[）)、]")

# a code → what forms call it beside its names in schema/codes, and why that is no mistake
EXCEPTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("fund", "32"): ("上级单位补助",),  # the standard says 上级补助收入
    ("fund", "3"): ("其他",),  # in Jiangsu 其他资金 is what is neither 财政拨款 nor 财政专户
    ("fund", "34"): ("经营",),  # only 事业单位 have 经营收入
    ("nature", "operating"): ("经营支出",),
    ("fund", "111"): ("公共财政拨款（补助）",),  # Jiangsu, beside 专项收入
    ("fund", "29"): ("其他非税",),  # Jiangsu, under 财政专户管理资金
    # final accounts count from the beginning to the end of a year, budgets from one year to the next
    ("item", "opening"): ("上年结转资金", "上年结转和结余资金", "年初结转和结余", "年初财政拨款结转和结余"),
    ("item", "closing"): ("结转下年资金", "年末结转和结余", "年末财政拨款结转和结余"),
    # under 公务用车购置及运行费, or by the name of the economic item
    ("item", "vehicle_purchase"): ("购置费",),
    ("item", "vehicle_operation"): ("运行费", "公务用车运行维护费"),
}


def _names() -> dict[tuple[str, str], set[str]]:
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in subjects():
        names[str(row["scheme"]), str(row["code"])].add(str(row["subject_name"]))
    for scheme, aliases in subject_aliases().items():
        for code, words in aliases.items():
            names[scheme, code].update(words)
    return names


NAMES = _names()


def _plain(scheme: str, word: str) -> str:
    word = _NUMBER.sub("", word)
    return _KIND_OF_MONEY.sub("", word) or word if scheme == "fund" else word


def _words(form: Form, column: Column, line: Line | None) -> set[str]:
    """What stands above and at a figure: header, or the line and those that it is a part of."""
    if line is None:
        return {word for path in (column.path, *column.aliases) for word in path}
    entry = next(entry for entry in form.lists if column in entry.amounts)
    return {word for above in (line, *_above(entry, line)) for word in (above.label, *above.aliases)}


def _above(entry: LineList, line: Line) -> Iterator[Line]:
    for other in entry.lines:
        if line.id in other.parts and other.level > 0:
            yield other
            yield from _above(entry, other)


def unnamed(form: Form) -> Iterator[tuple[str | None, str, str, str]]:
    """(line, column, scheme, code) of each code that a figure selects alone and that nothing above it names."""
    for line, column, where in form.selections():
        own = line.where if line is not None else column.where
        for coordinate, scheme in _SCHEMES.items():
            if len(own.on(coordinate)) != 1 or not own.on(coordinate)[0]:
                continue
            (code,) = own.on(coordinate)
            if coordinate is Coordinate.ITEM and Statement.REVENUE in where.statement:
                scheme = "fund"
            names = {_plain(scheme, name) for name in NAMES[scheme, code]}
            words = {_plain(scheme, word) for word in _words(form, column, line)}
            # the title of a form may name its budget
            in_title = scheme == "fund" and any(name in form.title for name in names)
            if not words & {*names, *EXCEPTIONS.get((scheme, code), ())} and not in_title:
                yield line.id if line else None, column.id, scheme, code


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_a_figure_of_one_code_is_called_after_the_code(form: Form) -> None:
    assert list(unnamed(form)) == []


@pytest.mark.parametrize("key", sorted(EXCEPTIONS))
def test_an_exception_is_needed(key: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EXCEPTIONS, key)
    assert {(scheme, code) for form in FORMS.values() for _, _, scheme, code in unnamed(form)} == {key}


@pytest.mark.parametrize("form", list(FORMS.values()), ids=lambda form: form.form_id)
def test_parts_are_figures_of_the_form_and_within_the_whole(form: Form) -> None:
    entries: tuple[Form | LineList, ...] = (form, *form.lists)
    for entry in entries:
        figures = {figure.id: figure for figure in (entry.lines if isinstance(entry, LineList) else entry.columns)}
        for figure in figures.values():
            assert set(figure.parts) <= figures.keys() - {figure.id}
            for part in figure.parts:
                figure.where.meet(figures[part].where)  # ValueError if no line can be in both


def named() -> Iterator[tuple[str, ...]]:
    """The name of each view in ``report_zh``, and of each column label, name and comment, which analysts' queries hold.

    Beside the view's name: the columns that the form of a district lacks. First those that only districts have.
    """
    yield from (("district", column, label) for column, label in DISTRICT_COLUMNS.items())
    for form in FORMS.values():
        of_units = [name for name in report_labels(form) if name not in district_labels(form)]
        yield (form.form_id, "", " ".join(of_units), chinese_name(form))
        chinese, comments = chinese_columns(form), comment_labels(form)
        for column, label in report_labels(form).items():
            yield form.form_id, column, label, chinese[column], comments[column]


def written() -> Iterator[tuple[str, ...]]:
    """What the reference tables hold of each form or set: table, form, number of rows, and a digest of them."""
    for table, rows in ROWS.items():
        key = next((name for name in ("form_id", "set_id") if name in table.columns), None)
        if key is None:
            continue
        by_key: defaultdict[object, list[str]] = defaultdict(list)
        for row in rows():
            by_key[row[key]].append(repr(sorted(row.items())))
        for form, told in by_key.items():
            yield table.name, str(form), str(len(told)), sha256("".join(told).encode()).hexdigest()[:12]


def test_the_reference_tables_are_as_reviewed() -> None:
    reviewed = REFERENCE.read_text(encoding="utf-8").splitlines()
    assert ["\t".join(row) for row in written()] == reviewed


def test_the_names_of_views_and_columns_are_as_reviewed() -> None:
    reviewed = NAMES_OF_COLUMNS.read_text(encoding="utf-8").splitlines()
    assert ["\t".join(row) for row in named()] == reviewed


def test_the_declarations_are_as_reviewed() -> None:
    reviewed = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert ["\t".join(row) for row in declared()] == reviewed


@pytest.mark.parametrize(("whole", "is_left_out"), [(Role.CODE, True), (Role.NAME, False)])
def test_a_report_prints_no_part_of_a_code_that_its_form_prints_whole(whole: Role, is_left_out: bool) -> None:
    """类 that some offices print beside the code; beside a name alone it stays."""
    functional = (Coordinate.FUNCTIONAL,)
    columns = (
        Column("name", ("科目名称",), Role.NAME),
        Column("code", ("科目编码",), whole, code=Code(functional)),
        Column("class", ("类",), Role.CODE, code=Code(functional, part=0), optional=True),
    )
    form = replace(FORMS["r08"], columns=columns)
    assert [column.id for column in report_columns(form)] == ["name", "code", *(() if is_left_out else ("class",))]


def test_a_selection_of_a_unit_has_no_rule() -> None:
    form = replace(FORMS["r08"], columns=(Column("total", ("合计",), where=Where(unit=("001",))),))
    with pytest.raises(ValueError, match="selects a unit"):
        list(rules(form))


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    for path, told in ((GOLDEN, declared()), (NAMES_OF_COLUMNS, named()), (REFERENCE, written())):
        path.write_text("".join("\t".join(row) + "\n" for row in told), encoding="utf-8")
