"""A disclosure with its ledger, and facts about how its forms disagree. Every search for an explanation starts here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from loader.diagnosis.disagreement.differences import Difference, Rebuilt, differences, rebuild_forms
from loader.diagnosis.disagreement.table import Table, set_money_beyond, tables_of
from loader.diagnosis.disagreement.unknown_money import MoneyWithoutMeaning, money_without_meaning
from loader.diagnosis.figures.single_figures import Suspect, suspects
from loader.diagnosis.rows.whole_rows import RowFaults, row_names
from loader.filing.filed import FiledDisclosure, FiledForm
from loader.ledger.amounts import Attempt
from loader.ledger.clock import deadline, standing_still
from loader.ledger.contradictions.doubtful_program import ROUNDING_PLACES
from loader.ledger.evidence.evidence import Evidence, to_fen
from loader.ledger.lines import Ledger
from schema.forms.template import Coordinate

MOST_WORK = 600_000  # for faults on rows, then again for faults beside them, then for whole forms, see the clock
MOST_FIGURES = 12  # named one by one
MOST_BESIDE = 2  # single wrong figures beside a fault on rows

# a document that is said to have one fault → its ledger with this fault named
Diagnosed = Callable[[FiledDisclosure], Ledger]


@dataclass(frozen=True)
class Case:
    """A disclosure, its cells and its ledger. ``tried`` is the first attempt to solve it, with the lines that were
    possible at first. ``ignored`` is money without a meaning whose totals the disclosure shows no longer. ``again``
    diagnoses the document without a fault that is known. It is None if the document is said to have one fault.

    Everything else is computed when it is first needed, and kept.
    """

    disclosure: FiledDisclosure
    evidence: Evidence
    ledger: Ledger
    tried: Attempt | None = None
    ignored: MoneyWithoutMeaning | None = None
    again: Diagnosed | None = None

    @cached_property
    def rebuilt(self) -> Rebuilt:
        """The filed forms from the lines of the ledger."""
        with standing_still():
            return rebuild_forms(self.evidence, self.ledger)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The forms with rows of codes."""
        rebuilt = self.rebuilt
        with standing_still():
            tables = tables_of(self.evidence)
            set_money_beyond(tables, self.ledger, rebuilt)
        return tables

    @cached_property
    def rows_until(self) -> float:
        """The count of work at which the search for faults on rows ends. The clock starts at the first call, when the
        tables are ready."""
        _ = self.tables
        return deadline(MOST_WORK)

    @cached_property
    def found(self) -> list[Difference]:
        """The cells that differ."""
        return differences(self.evidence, self.ledger, self.rebuilt)

    @cached_property
    def roundings(self) -> list[Difference]:
        """The cells that differ by no more than a rounding."""
        rounding = to_fen(ROUNDING_PLACES * self.evidence.half_place)
        return [one for one in self.found if abs(one.filed - one.rebuilt) <= rounding]

    @property
    def are_roundings(self) -> bool:
        """Whether cells differ, and none by more than a rounding."""
        return bool(self.found) and len(self.roundings) == len(self.found)

    @cached_property
    def unknown(self) -> MoneyWithoutMeaning | None:
        """Money in columns and rows that the declared form does not have."""
        return self.ignored or money_without_meaning(self.evidence)

    @cached_property
    def is_balanced(self) -> bool:
        """Whether the ledger holds money that no cell shows, only to balance contradictions."""
        return any(finding.kind == "remainder" for finding in self.ledger.findings)

    @cached_property
    def is_true(self) -> bool:
        """Whether the ledger is right as far as the cells show: all checks hold with the rebuilt figures."""
        return not self.is_balanced and self._is_consistent()

    @cached_property
    def figures(self) -> list[Suspect]:
        """The cells that differ, as single wrong figures. Empty if there are too many or the ledger is wrong itself."""
        if not self.is_true or len(self.found) > MOST_FIGURES:
            return []
        return list(suspects(self.evidence, self.tables, self.rebuilt, self.found))

    @cached_property
    def proven(self) -> list[Suspect]:
        """The figures that are proven wrong."""
        return [figure for figure in self.figures if figure.is_proven]

    @cached_property
    def is_short(self) -> bool:
        """Whether a form may lack rows without any contradiction."""
        return any(map(_lacks_finer_rows, self.disclosure.forms))

    @property
    def may_be_rows(self) -> bool:
        """Whether faults on rows may explain the cells that differ, if the ledger is right.

        The search covers at most two faults, in two forms. If single figures explain everything too, each fault has to
        change at least two cells.
        """
        cells = Counter(difference.form.form.form_id for difference in self.found)
        return len(cells) <= 2 and (min(cells.values()) > 1 or len(self.proven) < len(self.found))

    @property
    def may_be_rows_beside_figures(self) -> bool:
        """Whether most cells that differ are in one form, and few in other forms."""
        most = max(Counter(difference.form.form.form_id for difference in self.found).values(), default=0)
        return most > 1 and 0 < len(self.found) - most <= min(MOST_BESIDE, most)

    def row_faults(self, forms: Collection[str] = ()) -> Iterator[RowFaults]:
        """The searches for faults on rows, one for each table, or only for those of some ``forms``."""
        names = row_names(self.tables.values(), self.rebuilt, self.disclosure.identity.fiscal_year)
        sheets: dict[str, set[int]] = defaultdict(set)
        for sheet in self.evidence.sheets:
            for (project, _), amount in sheet.amounts.items():
                sheets[project].add(amount)
        tables = [table for form_id, table in self.tables.items() if not forms or form_id in forms]
        return (RowFaults(table, names[table.rows.by], sheets) for table in tables)

    def _is_consistent(self) -> bool:
        """Whether all checks of the tables hold with the rebuilt figures. If not, the ledger itself is wrong."""
        filed = {form_id: table.figures for form_id, table in self.tables.items()}
        touched: set[str] = set()
        for difference in self.found:
            form_id = difference.form.form.form_id
            table = self.tables.get(form_id)
            row, column = difference.key
            if table is not None and row in table.figures:
                table.figures = {**table.figures, row: {**table.figures[row], column: difference.rebuilt}}
                touched.add(form_id)
        holds = all(
            table.holds(table.figures, ()) if form_id in touched or table.depends_on(touched) else not table.failed
            for form_id, table in self.tables.items()
        )
        for form_id, table in self.tables.items():
            table.figures = filed[form_id]
        return holds


def _lacks_finer_rows(form: FiledForm) -> bool:
    """Whether a form splits some functions or projects further, but leaves another row without finer rows."""
    template = form.template
    if template is None or template.rows is None or template.sheet is not None:
        return False
    if len(template.rows.by) < 2 and not template.is_by(Coordinate.FUNCTIONAL):
        return False
    rows = {cell.row_key for cell in form.cells if cell.row_key}
    above = {held for row in rows for held in template.rows.above(row)}
    finest = max((row.count("/") * 100 + len(row.rpartition("/")[2]) for row in rows), default=0)
    is_by_project = template.is_by(Coordinate.PROJECT)
    return any(
        "/" not in row if is_by_project else row.count("/") * 100 + len(row.rpartition("/")[2]) < finest
        for row in rows - above - {template.rows.total}
    )
