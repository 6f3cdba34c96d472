"""What a disclosure filed: its forms and their cells with keys and figures, goals, and what was found odd."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from loader.documents.printed_row import printed_row
from loader.documents.wording import figure
from loader.filing.identity import Heading, Identity
from schema.codes.finding_kinds import StoredValue, finding_kinds
from schema.forms import set_of
from schema.forms.template import Form, Statement

_LEAST_WHOLE = 1000  # of whole numbers that may be money

Value = str | int | Decimal | Sequence[str | int | Decimal]  # of a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at: its kind, what the wording of the kind shows, and the place if it has one.

    ``kind`` is one of ``schema/codes/finding_kind.csv``. ``column_no`` counts from 1.
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
        """The values as JSON keeps them: decimals as text, exact."""
        return {name: _stored(value) for name, value in self.values.items()}

    def worded(self, language: str, medium: str | None = None) -> str:
        """Where it is and what it is, in ``zh`` or ``en``; the view ``report.finding`` says the same.

        ``medium`` is the format of the document.
        """
        wording = finding_kinds()[self.kind].message(self.stored_values, language)
        place = self._place(language, medium)
        colon = {"zh": "：", "en": ": "}[language]
        return f"{place}{colon}{wording}" if place else wording

    @property
    def message(self) -> str:
        """What it says in English."""
        return self.worded("en")

    def _place(self, language: str, medium: str | None) -> str:
        form = self.report_no or self.form_id
        if language == "zh":
            table = f"第{self.form_no}张表" if self.form_no else ""
            parts = [f"表{form}" if form else table]
            parts += [printed_row(self.source_row, medium, "zh")] if self.source_row else []
            parts += [f"第{self.column_no}列"] if self.column_no else []
            return "".join(parts)
        parts = [f"form {form}"] if form else [f"table {self.form_no}"] if self.form_no else []
        parts += [printed_row(self.source_row, medium)] if self.source_row else []
        parts += [f"column {self.column_no}"] if self.column_no else []
        return ", ".join(parts)


def _stored(value: Value) -> StoredValue:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str | int) else [str(_stored(part)) for part in value]


@dataclass(slots=True)
class FiledCell:
    """A cell as printed, its place, and where its form knows them its keys, figure (万元) and meaning.

    ``statements`` are the parts of the ledger that a figure adds up, () where the cell is no figure; ``is_leaf`` says
    that nothing finer is printed beneath it in its own form. ``support`` is filled in when the ledger is made. ``raw``
    is the stored value if it reads otherwise; ``is_ocr`` marks what was read from a picture, ``is_doubtful`` what was
    read there without certainty.
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


@lru_cache(maxsize=50_000)
def may_be_money(text: str) -> bool:
    """Whether a text is a figure that may be money: small whole numbers count lines and columns (行次, 栏次) or are
    quantities."""
    found = figure(text)
    return found is not None and (found.decimals > 0 or abs(found.value) >= _LEAST_WHOLE)


@dataclass(slots=True)
class FiledForm:
    """A form as filed. ``template`` is None for a table that is no official form; ``header_columns`` are the ids of
    the template's columns that its header shows, ``unknown_money`` the figures other than zero under heads that the
    template does not know, by row, in 万元; ``heading`` is what stands above
    it of unit, year and stage."""

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
    unknown_money: dict[str, list[Decimal]] = field(default_factory=dict)
    heading: Heading = field(default_factory=Heading)

    @property
    def form_id(self) -> str | None:
        """The official form that it is."""
        return self.template.form_id if self.template else None

    @property
    def report_no(self) -> int | None:
        """Its number among the 23 forms of Hunan, None for others."""
        return self.template.report_no if self.template else None

    @property
    def is_kept_only(self) -> bool:
        """Whether it is a form of which nothing but the title is known."""
        return self.template is not None and self.template.is_kept_only

    @property
    def figure_count(self) -> int:
        """How many of its figures have a meaning."""
        figures = [cell for cell in self.cells if cell.amount is not None and cell.column_key is not None]
        return sum([cell.row_key is not None for cell in figures])

    @property
    def bare_figure_count(self) -> int:
        """How many of its figures may be money and have no meaning."""
        return sum([may_be_money(cell.text) for cell in self.cells if cell.row_key is None or cell.column_key is None])


@dataclass(frozen=True, slots=True)
class Indicator:
    """A performance indicator (绩效指标); the target is kept as printed and taken apart where it is a number."""

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
    """A sheet of performance goals: of one project, or of the department (project_name None)."""

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
    """A figure that a sentence of the prose states. ``kind`` is None if nothing of the sentence was understood.

    ``kind`` says what it is of (revenue, basic, three_public …), ``qualifier`` which part of it (a fund, the names of a
    function), ``subject`` the words. ``measure``: ``amount`` in 万元, ``change`` in 万元 or ``change_rate`` in per cent
    against the year before, ``count`` of people or projects. ``unit`` is printed, ``half_place`` half of the last place
    that is printed, in the unit of ``amount``.
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


@dataclass(slots=True)
class FiledDisclosure:
    """Everything that one unit filed in one document.

    ``unit_names``: every unit and department with money in it, and its name; ``departments``: unit → department.
    ``stated``: what the prose of the document states. ``file_format`` is that of the document,
    ``cover`` what its cover says of unit, year and stage.
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
        """The set that most of its forms belong to."""
        sets = Counter(set_of(form.form_id).id for form in self.forms if form.form_id)
        return sets.most_common(1)[0][0]

    @property
    def known_form_count(self) -> int:
        """How many of the official forms stand in it whose figures have a meaning."""
        return len({form.form_id for form in self.forms if form.form_id and not form.is_kept_only})

    @property
    def figure_count(self) -> int:
        """How many figures have a meaning."""
        return sum(form.figure_count for form in self.forms)

    @property
    def bare_figure_count(self) -> int:
        """How many figures have no meaning, though it is not known of their forms that they have none."""
        return sum(form.bare_figure_count for form in self.forms if not form.is_kept_only)

    @property
    def kept_figure_count(self) -> int:
        """How many figures stand in forms known by their titles alone."""
        return sum(form.bare_figure_count for form in self.forms if form.is_kept_only)
