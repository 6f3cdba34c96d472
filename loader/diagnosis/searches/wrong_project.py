"""Projects whose figures are wrong in the form of projects or on their sheets of goals.

No other form prints special funds by project. A figure is named as wrong only if a third one bears out the right one:
the sheet of goals, 预算编制方式 in the same row, or the project spending of the other forms. Else all explanations are
told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from loader.diagnosis.case import Case
from loader.diagnosis.disagreement.labels import column_label, money
from loader.diagnosis.disagreement.table import Figures, Table
from loader.diagnosis.figures.single_figures import form_name, wrong_figure
from loader.diagnosis.figures.slips import name_slip
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.projects.goal_sheets import GoalSheet, goal_sheets
from loader.diagnosis.projects.project_spending import in_budget, is_of_projects, methods_of, project_spending
from loader.diagnosis.searches.beneath_sums import lacking_beneath, possible_rows, wrong_row
from loader.diagnosis.trials import Explanation, column_faults
from loader.filing.filed import Finding
from schema.forms.template import project_of_row

_YUAN = 10_000  # 元 in one 万元


def has_failing_projects(case: Case) -> bool:
    """Whether sums of a form of projects fail."""
    return any(is_of_projects(table) and table.fails_down for table in case.tables.values())


def wrong_projects(case: Case, deadline: float) -> Iterator[Explanation]:
    """The projects of which one explains why all sums of their form fail alike."""
    for table in filter(is_of_projects, case.tables.values()):
        projects = _Projects(case, table)
        yield from column_faults(case, projects.beneath_sums(), deadline)


def wrong_sheets(case: Case, deadline: float) -> Iterator[Explanation]:
    """Sheets of goals that contradict the form of projects, or the projects that contradict their sheets; both if the
    other forms bear out neither. Else the projects that the form lacks, with their sums. The sums of the form must
    hold."""
    for table in filter(is_of_projects, case.tables.values()):
        projects = _Projects(case, table)
        if table.fails_down:
            continue
        unlike = projects.unlike_sheets()
        if not unlike:
            if left_out := projects.left_out():
                yield tuple(Hypothesis(finding, table.form) for finding in left_out), case.ledger
            continue
        asked = projects.as_asked(unlike)
        as_filed, as_asked = projects.likelihood(table.figures), projects.likelihood(asked)
        if as_filed >= as_asked:
            yield tuple(projects.wrong_sheet(row, sheet, as_filed > 0) for row, sheet in unlike.items()), case.ledger
        if as_asked >= as_filed:
            cells = {
                (row, column): amount
                for row, shown in asked.items()
                for column, amount in shown.items()
                if amount != table.figures[row].get(column, 0)
            }
            first, *others = (projects.wrong_with_sums(row, sheet, as_asked > 0) for row, sheet in unlike.items())
            for (fault,), ledger in column_faults(case, [Hypothesis(first, table.form, cells)], deadline):
                yield (fault, *(Hypothesis(finding, table.form) for finding in others)), ledger


class _Projects:
    """A form of projects, and what bears out its figures."""

    def __init__(self, case: Case, table: Table) -> None:
        self._table = table
        self._spending = project_spending(case.evidence, case.ledger, case.rebuilt, table)
        self._sheets = goal_sheets(case.evidence)
        self._total = table.form.form.money_columns[0].id

    # ---------------------------------------------------------------------------- beneath sums that fail

    def beneath_sums(self) -> list[Hypothesis]:
        """The project that something bears out as wrong. If nothing does, all that may be, as long as the sums are
        right."""
        if (found := lacking_beneath(self._table)) is None:
            return []
        options = {row: right for row, right in possible_rows(self._table, *found).items() if "/" in row}
        return self._likeliest(options, is_left_out=min(found[1].values()) > 0)

    def _likeliest(self, options: Mapping[str, Mapping[str, int]], is_left_out: bool) -> list[Hypothesis]:
        """``is_left_out``: a project that is left out explains the sums, too, unless the row or its sheet says else."""
        own = form_name(self._table.form)
        if likely := [row for row, right in options.items() if self._contradicts_methods(row, right)]:
            return [wrong_row(self._table, row, options[row], [own]) for row in likely]
        sheets = {row: sheet for row in options if (sheet := self._sheets.get(_project(row)))}
        if likely := [row for row, sheet in sheets.items() if sheet.amount == options[row].get(self._total)]:
            return [wrong_row(self._table, row, options[row], [form_name(sheets[row].form), own]) for row in likely]
        if is_left_out:
            return []
        after = {row: in_budget(self._table, self._with(row, right)) for row, right in options.items()}
        likely = [row for row, projects in after.items() if self._spending.fits(projects)]
        if not likely:
            likely = [row for row, projects in after.items() if row not in sheets and self._spending.agrees(projects)]
        return [wrong_row(self._table, row, options[row], [*self._spending.forms, own]) for row in likely]

    def _contradicts_methods(self, row: str, right: Mapping[str, int]) -> bool:
        """Whether 预算编制方式 of a project adds up to the right total, and not to the printed one."""
        methods = methods_of(self._table)

        def beyond(figures: Mapping[str, int]) -> int:
            return figures.get(self._total, 0) - sum(figures.get(column, 0) for column in methods)

        shown = self._table.figures[row]
        return any(map(shown.get, methods)) and bool(beyond(shown)) and not beyond({**shown, **right})

    def _with(self, row: str, right: Mapping[str, int]) -> Figures:
        figures = self._table.figures
        return {**figures, row: {**figures[row], **right}}

    # ---------------------------------------------------------------------------- sheets of goals

    def unlike_sheets(self) -> dict[str, GoalSheet]:
        """Row → its sheet with another figure. Empty if a row prints several amounts: its sheet does not tell which of
        them is another. Empty also if the form has no column of totals. The sheet of a project on several rows is left
        out."""
        found: dict[str, GoalSheet] = {}
        if self._total not in self._table.columns:
            return found
        times = Counter(project_of_row(_project(row)) for row in self._table.finest)
        for row in sorted(self._table.finest):
            sheet = self._sheets.get(_project(row)) if times[_project(row)] == 1 else None
            if sheet is not None and sheet.amount != self._table.figures[row].get(self._total, 0):
                if not sheet.amount or len({self._table.figures[row][column] for column in self.printed(row)}) != 1:
                    return {}
                found[row] = sheet
        pairs = [sorted((self._table.figures[row][self._total], sheet.amount)) for row, sheet in found.items()]
        return {} if all(large == _YUAN * small for small, large in pairs) else found  # the form or the sheets in 元

    def left_out(self) -> list[Finding]:
        """A finding for each project that has a sheet with money and no row.

        Sheets may also divide a row, join several, or call a project by another name. So either the project spending of
        the other forms lacks exactly these projects, or the printed ones are not all of it and no row may hold what
        such a sheet is about: each has less money, and so have those without a sheet together. A unit with money and no
        project lacks it only beneath its sum.
        """
        table = self._table
        named = {project_of_row(_project(row)) for row in table.finest}
        lacking = {name: sheet.amount for name, sheet in self._sheets.items() if sheet.amount and name not in named}
        is_included = any("/" not in row and table.figures[row].get(self._total) for row in table.finest)
        if self._total not in table.columns or not lacking or is_included:
            return []
        projects = in_budget(table, table.figures)
        if self._spending.rest(projects) != sum(lacking.values()):
            held = {row: table.figures[row].get(self._total, 0) for row in table.finest}
            others = sum(amount for row, amount in held.items() if _project(row) not in self._sheets)
            most = max(others, *held.values())
            if self._spending.agrees(projects) or most >= min(lacking.values()):
                return []
        top = next((row for row in (table.rows.total, *table.figures) if row in table.figures), None)
        source = next((cell.source_row for cell in table.form.filed.cells if cell.row_key == top), None)
        return [
            Finding("row_omitted", {"row": project, "amount": money(amount)}, *table.place(), source)
            for project, amount in lacking.items()
        ]

    def printed(self, row: str) -> list[str]:
        """The columns in which a row has money."""
        return [column for column, amount in self._table.figures[row].items() if amount]

    def as_asked(self, unlike: Mapping[str, GoalSheet]) -> Figures:
        """The form with the figures of these sheets, and with its sums brought up to date."""
        figures = {row: dict(shown) for row, shown in self._table.figures.items()}
        for row, sheet in unlike.items():
            for column in self.printed(row):
                change = sheet.amount - self._table.figures[row][column]
                for held in (row, *self._table.rows.above(row)):
                    if held in figures:
                        figures[held][column] = figures[held].get(column, 0) + change
        return figures

    def likelihood(self, figures: Figures) -> int:
        """2 if project spending can be shared out among these projects, 1 if it is their sum, else 0."""
        projects = in_budget(self._table, figures)
        return self._spending.agrees(projects) + self._spending.fits(projects)

    def wrong_sheet(self, row: str, sheet: GoalSheet, is_borne_out: bool) -> Hypothesis:
        """The figure of a sheet is wrong. ``is_borne_out``: the project spending of the other forms says so."""
        shown = self._table.figures[row][self._total]
        (name, column), cell = next(iter(sheet.form.cells.items()))
        others = [figures.get(self._total, 0) for other, figures in self._table.figures.items() if other != row]
        evidence = [form_name(self._table.form), *(self._spending.forms if is_borne_out else ())]
        finding = wrong_figure(
            sheet.form,
            name,
            column_label(sheet.form, column),
            (sheet.amount, shown),
            others,
            evidence,
            cell.source_row,
            cell.column_no,
        )
        return Hypothesis(finding, sheet.form)

    def wrong_with_sums(self, row: str, sheet: GoalSheet, is_borne_out: bool) -> Finding:
        """The figures of a project are wrong, and so are its sums."""
        figures = {column: (self._table.figures[row][column], sheet.amount) for column in self.printed(row)}
        above = [held for held in self._table.rows.above(row) if held in self._table.figures]
        evidence = [form_name(sheet.form), *(self._spending.forms if is_borne_out else ())]
        return name_slip(self._table.form, row, figures, above, evidence)


def _project(row: str) -> str:
    return row.partition("/")[2]
