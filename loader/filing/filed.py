"""A disclosure as filed: its forms, their cells with keys and figures, its goals and findings."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from loader.documents.printed_row import printed_row
from loader.documents.remembered import remembered
from loader.documents.wording import figure, has_dash_behind
from loader.filing.identity import Heading, Identity
from schema.codes.finding_kinds import StoredValue, finding_kinds
from schema.forms import FORMS, KEPT_FORMS, set_of
from schema.forms.template import Form, Statement

_LEAST_WHOLE = 1000  # whole numbers below it are not taken for money

Value = str | int | Decimal | Sequence[str | int | Decimal]  # the value of a placeholder in the wording of a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at: its kind, the values in its wording, and its place.

    ``kind`` is one of ``schema/codes/finding_kind.csv``. ``form_no`` is the number of the table in the disclosure.
    ``source_row`` is a row of the source, ``column_no`` counts from 1. A place that does not apply is None. The value
    ``evidence`` lists forms, each by its number among the 23 or its id.
    """

    kind: str
    values: Mapping[str, Value] = field(default_factory=dict)
    form_no: int | None = None
    form_id: str | None = None
    report_no: int | None = None
    source_row: int | None = None
    column_no: int | None = None

    @property
    def stored_values(self) -> dict[str, StoredValue]:
        """The values for JSON: decimals as exact text, and beside the forms in evidence their Chinese names."""
        stored = {name: _stored(value) for name, value in self.values.items()}
        if isinstance(evidence := stored.get("evidence"), list):
            stored["evidence_zh"] = [_names_of_forms().get(form, form) for form in evidence]
        return stored

    def worded(self, language: str, medium: str | None = None) -> str:
        """Place and wording, in ``zh`` or ``en``. The view ``report.finding`` gives the same text.

        ``medium`` is the format of the document. It decides how rows are called.
        """
        wording = finding_kinds()[self.kind].message(self.stored_values, language)
        place = self._place(language, medium)
        colon = {"zh": "：", "en": ": "}[language]
        return f"{place}{colon}{wording}" if place else wording

    @property
    def message(self) -> str:
        """Place and wording in English."""
        return self.worded("en")

    def _place(self, language: str, medium: str | None) -> str:
        form = str(self.report_no or self.form_id or "")
        if language == "zh":
            table = f"第{self.form_no}张表" if self.form_no else ""
            parts = [_names_of_forms().get(form, f"表{form}") if form else table]
            parts += [printed_row(self.source_row, medium, "zh")] if self.source_row else []
            parts += [f"第{self.column_no}列"] if self.column_no else []
            return "".join(parts)
        parts = [f"form {form}"] if form else [f"table {self.form_no}"] if self.form_no else []
        parts += [printed_row(self.source_row, medium)] if self.source_row else []
        parts += [f"column {self.column_no}"] if self.column_no else []
        return ", ".join(parts)


@cache
def _names_of_forms() -> dict[str, str]:
    """Number among the 23, or id, of a form → how Chinese messages name it."""
    forms = (FORMS | KEPT_FORMS).values()
    return {str(form.report_no or form.form_id): form.named for form in forms}


def _stored(value: Value) -> StoredValue:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str | int) else [str(_stored(part)) for part in value]


@dataclass(slots=True)
class FiledCell:
    """A cell as printed, with its place and, if its form knows them, its keys and figure (万元).

    ``raw``: the stored value if it differs from the text. ``half_place``: half of the last printed place, in 万元.
    ``part_count``: the number of figures directly beneath it in its form. ``statements``: the parts of the ledger that
    the figure adds up, () if the cell has no figure. ``is_leaf``: its own form prints nothing finer beneath it.
    ``support``: filled in when the ledger is made. ``is_ocr``: the cell was read from a picture. ``is_doubtful``: it
    was read there without certainty.
    """

    row_no: int
    column_no: int
    source_row: int
    row_span: int
    column_span: int
    text: str
    raw: str | None = None
    row_key: str | None = None
    row_label: str | None = None
    column_key: str | None = None
    column_label: str | None = None
    amount: Decimal | None = None
    half_place: Decimal | None = None
    part_count: int = 0
    statements: tuple[Statement, ...] = ()
    is_leaf: bool = False
    support: str | None = None
    is_ocr: bool = False
    is_doubtful: bool = False

    @property
    def has_dash_behind(self) -> bool:
        """Whether a dash ends the figure (11.50-): its sign, or a stray line."""
        return has_dash_behind(self.text)


@remembered(50_000)
def may_be_money(text: str) -> bool:
    """Whether a text is a figure that may be money.

    Small whole numbers count lines and columns (行次, 栏次) or are quantities.
    """
    found = figure(text)
    return found is not None and (found.decimals > 0 or abs(found.value) >= _LEAST_WHOLE)


@dataclass(slots=True)
class FiledForm:
    """A form as filed. ``template`` is None if the table is not an official form.

    ``header_columns``: the ids of the template's columns in its header, none if the table ends after it.
    ``unknown_columns``: row key → figures other than zero under heads that the template does not know, in 万元;
    ``lacking_money``: row key → what printed sums exceed their printed parts by, if other parts have no column;
    ``unknown_rows``: column id → those of rows that it does not know. ``untold``: unit and 类 of functions that such
    a row may be by its name. ``heading``: unit, year and stage as printed above the form. ``subject_key``: the
    project or department of a sheet of goals, else None.
    """

    form_no: int
    template: Form | None
    title: str | None
    subject_key: str | None
    recognised_by: str
    place: str
    money_unit: str
    note: str | None
    is_empty: bool
    cells: list[FiledCell] = field(default_factory=list)
    header_columns: set[str] = field(default_factory=set)
    unknown_columns: dict[str, list[Decimal]] = field(default_factory=dict)
    lacking_money: dict[str, list[Decimal]] = field(default_factory=dict)
    unknown_rows: dict[str, list[Decimal]] = field(default_factory=dict)
    untold: set[tuple[str, str]] = field(default_factory=set)
    heading: Heading = field(default_factory=Heading)

    @property
    def form_id(self) -> str | None:
        """The id of the official form, None for other tables."""
        return self.template.form_id if self.template else None

    @property
    def report_no(self) -> int | None:
        """The number among the 23 forms of Hunan, None for other forms."""
        return self.template.report_no if self.template else None

    @property
    def is_kept_only(self) -> bool:
        """Whether only the title of the form is known."""
        return self.template is not None and self.template.is_kept_only

    @property
    def figure_count(self) -> int:
        """The number of figures with a meaning."""
        figures = [cell for cell in self.cells if cell.amount is not None and cell.column_key is not None]
        return len([cell for cell in figures if cell.row_key is not None])

    @property
    def bare_cells(self) -> list[FiledCell]:
        """The cells without a meaning: heads, and what was not understood."""
        return [cell for cell in self.cells if cell.row_key is None or cell.column_key is None]

    @property
    def bare_figure_count(self) -> int:
        """The number of figures that may be money but have no meaning."""
        return sum([may_be_money(cell.text) for cell in self.bare_cells])


@dataclass(frozen=True, slots=True)
class Indicator:
    """A performance indicator (绩效指标).

    ``value`` is the target as printed. If it is a number, ``operator``, ``number`` and ``measure`` are its parts.
    ``text`` is 指标值内容 or 指标值说明, ``type`` is 指标值类型.
    """

    level1: str | None
    level2: str | None
    level3: str | None
    operator: str | None
    number: Decimal | None
    measure: str | None
    value: str | None
    text: str | None
    type: str | None
    note: str | None


@dataclass(slots=True)
class Goal:
    """A sheet of performance goals: of a project, or of the department (``project_name`` is None).

    ``tasks``: names of tasks with their content.
    """

    form_id: str
    subject_key: str
    project_name: str | None
    category: str | None = None
    period: str | None = None
    text: str | None = None
    tasks: list[tuple[str, str | None]] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A figure that a sentence of the prose states.

    ``kind`` is what the figure counts (revenue, basic, three_public …), None if nothing in the sentence was understood.
    ``qualifier`` narrows it to a fund or a function (the names 类/款/项). ``subject`` is the words of the sentence for
    it, after the name of the function that earlier words tell.

    ``measure``: ``amount`` in 万元, ``change`` in 万元 or ``change_rate`` in per cent against the year before,
    ``completion`` of the budget and ``share`` of a whole in per cent, ``count`` of people or projects. Of words, not of
    a figure: ``name`` (``subject`` is another name than the code ``qualifier`` has), ``compared_year`` (``subject``
    compares the budget with that of its own year), ``left_over`` (``subject`` is left over from a template) and
    ``punctuation`` (``subject`` is wrong).

    ``unit`` is the printed unit. ``half_place`` is half of the last printed place, in the unit of ``amount``.
    ``implied`` is what the other figures of the sentence make of it, ``implied_margin`` how far rounding may move that.
    """

    kind: str | None
    qualifier: str | None
    subject: str | None
    measure: str
    of_year: int
    amount: Decimal | None
    half_place: Decimal | None
    unit: str
    sentence: str
    place: str
    source_row: int
    implied: Decimal | None = None
    implied_margin: Decimal | None = None


@dataclass(slots=True)
class FiledDisclosure:
    """Everything that one unit filed in one document.

    ``unit_names``: code → name of each unit and department with money in the document. ``departments``: unit →
    department. ``stated``: the facts that the prose states. ``file_format``: the format of the document. ``cover``:
    unit, year and stage as printed on the cover.
    """

    identity: Identity
    forms: list[FiledForm]
    goals: list[Goal]
    unit_names: dict[str, str]
    departments: dict[str, str]
    findings: list[Finding]
    published_on: datetime.date | None = None
    stated: list[StatedFact] = field(default_factory=list)
    file_format: str | None = None
    cover: Heading = field(default_factory=Heading)

    @property
    def form_set_id(self) -> str:
        """The set of most of its forms."""
        sets = Counter(set_of(form.form_id).id for form in self.forms if form.form_id)
        return sets.most_common(1)[0][0]

    @property
    def known_form_count(self) -> int:
        """The number of different official forms, without those known by title only."""
        return len({form.form_id for form in self.forms if form.form_id and not form.is_kept_only})

    @property
    def figure_count(self) -> int:
        """The number of figures with a meaning."""
        return sum(form.figure_count for form in self.forms)

    @property
    def bare_figure_count(self) -> int:
        """The number of figures without a meaning, outside forms known by title only."""
        return sum(form.bare_figure_count for form in self.forms if not form.is_kept_only)

    @property
    def kept_figure_count(self) -> int:
        """The number of figures in forms known by title only."""
        return sum(form.bare_figure_count for form in self.forms if form.is_kept_only)
