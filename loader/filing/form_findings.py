"""The findings about one form."""

from __future__ import annotations

from dataclasses import dataclass, field

from loader.documents.wording import fold
from loader.filing.filed import FiledCell, Finding, Value
from schema.forms.template import Form


@dataclass(slots=True)
class FormFindings:
    """The findings about one form of a document. ``form`` is None for a table that is no official form."""

    form_no: int
    form: Form | None
    found: list[Finding] = field(default_factory=list)

    def add(
        self, kind: str, values: dict[str, Value], source_row: int | None = None, column_no: int | None = None
    ) -> None:
        """Add a finding, with its row in the source and its column (from 1) if it has them."""
        form_id, report_no = (self.form.form_id, self.form.report_no) if self.form else (None, None)
        self.found.append(Finding(kind, values, self.form_no, form_id, report_no, source_row, column_no))

    def add_no_figure(self, cell: FiledCell) -> None:
        """Add a finding about a money cell without a figure. #### is a figure in too narrow a column."""
        self.add(
            "figure_lost" if set(fold(cell.text)) == {"#"} else "not_a_number",
            {"text": cell.text, "row": cell.row_label or "", "column": cell.column_label or ""},
            cell.source_row,
            cell.column_no,
        )
