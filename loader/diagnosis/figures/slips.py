"""One slip in several cells: a figure that was typed wrong before sums were made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from loader.diagnosis.disagreement.labels import column_label, line_label, money
from loader.diagnosis.figures.single_figures import Suspect, form_name, name_figure, wrong_figure
from loader.filing.filed import Finding
from loader.ledger.evidence.evidence import FormEvidence


def name_figures(figures: Iterable[Suspect]) -> list[tuple[Finding, list[Suspect]]]:
    """The findings for cells that differ, one for each slip."""
    of_slip: dict[int, list[Suspect]] = defaultdict(list)
    for figure in figures:
        of_slip[id(figure.slip[0])].append(figure)
    return [(_finding(group), group) for group in of_slip.values()]


def _finding(group: Sequence[Suspect]) -> Finding:
    shown = {id(figure.difference) for figure in group}
    first, *others = (one for one in group[0].slip if id(one) in shown)
    bearing = list(dict.fromkeys(form for figure in group for form in figure.bearing))
    bearing.sort(key=form_name(first.form).__eq__)
    if not others:
        return name_figure(first, bearing)
    row, _ = first.key
    figures = {one.key[1]: (one.filed, one.proposed) for one in (first, *others) if one.key[0] == row}
    above = dict.fromkeys(one.key[0] for one in others if one.key[0] != row)
    return name_slip(first.form, row, figures, list(above), bearing)


def name_slip(
    form: FormEvidence,
    row: str,
    figures: Mapping[str, tuple[int, int]],
    above: Sequence[str],
    evidence: Sequence[str],
) -> Finding:
    """The finding for the wrong figures of a row (column → as printed and as it should be, in 分) and of the rows
    ``above`` it. The first figure is named, with the columns that print the same."""
    first = next(iter(figures.values()))
    alike = [column for column, shown in figures.items() if shown == first]
    labels = {cell.row_key: cell.row_label for cell in form.filed.cells if cell.row_key and cell.row_label}
    sums = [column_label(form, column) for column in figures if column not in alike]
    labels |= {held: label for held in (row, *above) if (label := line_label(form, held, alike[0])) is not None}
    sums += [labels.get(held) or held for held in above]
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == row), None)
    columns = "、".join(column_label(form, column) for column in alike)
    if not sums:
        beside = [amount for (other, column), amount in form.amounts.items() if column == alike[0] and other != row]
        return wrong_figure(form, labels.get(row) or row, columns, first, beside, evidence, source)
    filed, proposed = first
    return Finding(
        "figure_in_sums",
        {
            "row": labels.get(row) or row,
            "column": columns,
            "amount": money(filed),
            "right": money(proposed),
            "rows": sums,
            "evidence": list(evidence),
        },
        form.filed.form_no,
        form.form.form_id,
        form.form.report_no,
        source,
    )
