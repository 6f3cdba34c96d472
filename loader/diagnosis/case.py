"""A disclosure with its ledger, and what there is to know if its forms disagree: where every explanation starts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from loader.diagnosis.differences import Difference, Rebuilt, differences, rebuild_forms
from loader.diagnosis.figures import Suspect, suspects
from loader.diagnosis.rows import RowFaults, row_names
from loader.diagnosis.table import Table, tables_of, tell_beyond
from loader.diagnosis.unknown_columns import MoneyWithoutMeaning, money_without_meaning
from loader.filing.filed import FiledDisclosure, FiledForm
from loader.ledger.amounts import Attempt
from loader.ledger.clock import deadline, standing_still
from loader.ledger.evidence import Evidence
from loader.ledger.lines import Ledger
from schema.forms.template import Coordinate

SECONDS = 0.6  # of processor time for trying faults on rows, then others beside them, then whole forms
MOST_FIGURES = 12  # that are named one by one
MOST_BESIDE = 2  # single wrong figures beside a fault on rows


@dataclass(frozen=True)
class Case:
    """A disclosure, its cells and its ledger; ``tried`` is what the cells say of the lines that were possible at first.

    All else is worked out when it is asked for, and kept.
    """

    disclosure: FiledDisclosure
    evidence: Evidence
    ledger: Ledger
    tried: Attempt | None = None

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
            tell_beyond(tables, self.ledger, rebuilt)
        return tables

    @cached_property
    def rows_until(self) -> float:
        """The processor time at which looking for faults on rows ends. It begins when this is first asked for, and the
        tables are there to look in."""
        _ = self.tables
        return deadline(SECONDS)

    @cached_property
    def found(self) -> list[Difference]:
        """The cells that differ."""
        return differences(self.evidence, self.ledger, self.rebuilt)

    @cached_property
    def unknown(self) -> MoneyWithoutMeaning | None:
        """What stands under heads that no form has."""
        return money_without_meaning(self.evidence)

    @cached_property
    def is_balanced(self) -> bool:
        """Whether money that no cell shows balances contradictions: it stands for no figure of its own."""
        return any(finding.kind == "remainder" for finding in self.ledger.findings)

    @cached_property
    def is_true(self) -> bool:
        """Whether the ledger is right as far as the cells can tell: all checks hold with the rebuilt figures."""
        return not self.is_balanced and self._is_consistent()

    @cached_property
    def figures(self) -> list[Suspect]:
        """The cells that differ as single wrong figures: none if they are too many, or the ledger is spoiled."""
        if not self.is_true or len(self.found) > MOST_FIGURES:
            return []
        return list(suspects(self.evidence, self.tables, self.rebuilt, self.found))

    @cached_property
    def proven(self) -> list[Suspect]:
        """Those that are proven wrong."""
        return [figure for figure in self.figures if figure.is_proven]

    @cached_property
    def is_short(self) -> bool:
        """Whether a form may lack rows that nothing contradicts."""
        return any(map(_lacks_finer_rows, self.disclosure.forms))

    @property
    def may_be_rows(self) -> bool:
        """Whether faults on rows may explain cells that differ beside a ledger that is right: at most two faults are
        looked for, in two forms, and if single figures explain all, too, each has to move two of them or more."""
        cells = Counter(difference.form.form.form_id for difference in self.found)
        return len(cells) <= 2 and (min(cells.values()) > 1 or len(self.proven) < len(self.found))

    @property
    def may_be_rows_beside_figures(self) -> bool:
        """Whether most cells that differ are those of one form, and few of others."""
        most = max(Counter(difference.form.form.form_id for difference in self.found).values(), default=0)
        return most > 1 and 0 < len(self.found) - most <= min(MOST_BESIDE, most)

    def row_faults(self) -> Iterator[RowFaults]:
        """Where to look for faults on rows, table by table."""
        names = row_names(self.tables.values(), self.rebuilt)
        sheets: dict[str, set[int]] = defaultdict(set)
        for sheet in self.evidence.project_sheets:
            for (project, _), amount in sheet.amounts.items():
                sheets[project].add(amount)
        return (RowFaults(table, names[table.rows.by], sheets) for table in self.tables.values())

    def _is_consistent(self) -> bool:
        """Whether all checks of the tables hold with the rebuilt figures: else the ledger itself is spoiled."""
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
    """Whether a form prints some functions or projects, but nothing beneath another row."""
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
