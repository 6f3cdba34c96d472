"""Two exchanged columns of government-economic subjects that no figure contradicts, only the official crosswalk.

If no other form prints these subjects, the ledger takes the exchange for local practice. But by the crosswalk each
column would hold exactly what the other one prints.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from loader.diagnosis.case import Case
from loader.diagnosis.hypothesis import Hypothesis
from loader.diagnosis.searches.exchanged import exchange_of
from loader.diagnosis.trials import Explanation, column_faults
from loader.ledger.contradictions.doubtful_program import is_unofficial
from loader.ledger.evidence.evidence import FormEvidence, to_fen
from loader.ledger.lines import Ledger, Line
from schema.forms.template import Coordinate


def may_have_crossed_columns(ledger: Ledger) -> bool:
    """Whether two government-economic subjects of any fund and class have what the other would have by the
    crosswalk."""
    doubtful = {_group(line) for line in ledger.lines if is_unofficial(line.coordinates)}
    groups: dict[tuple[str, ...], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in ledger.lines if doubtful else ():
        if (group := _group(line)) in doubtful:
            groups[group][line.coordinates.government_economic].append(line)
    return any(
        _is_crossed([*ones, *others], one, other, [_sum(ones), _sum(others)])
        for held in groups.values()
        for (one, ones), (other, others) in combinations(held.items(), 2)
    )


def _group(line: Line) -> tuple[str, ...]:
    at = line.coordinates
    return at.nature, at.fund, at.department_economic[:3]


def _sum(lines: list[Line]) -> int:
    return sum(to_fen(line.amount) for line in lines)


def _is_crossed(lines: list[Line], one: str, other: str, filed: list[int]) -> bool:
    """Whether two subjects print what the other would have of these lines by the crosswalk."""
    right = [sum(amounts.values()) for amounts in _by_crosswalk(lines, one, other)]
    return right[::-1] == filed and filed[0] != filed[1]


def crossed_columns(case: Case, deadline: float) -> Iterator[Explanation]:
    """The columns after whose exchange all their money is within the crosswalk. If each holds one department-economic
    subject, also the columns of these in other forms."""
    yield from column_faults(case, [*_crossed(case)], deadline)


def _crossed(case: Case) -> Iterator[Hypothesis]:
    for form_id, form in case.evidence.forms.items():
        if form.form.rows is None:
            continue
        lines = case.rebuilt[form_id].lines
        held = {
            (column, code): [case.ledger.lines[number] for number in numbers]
            for column, code in form.abilities.governments
            if (numbers := lines.get((form.total_row, column)))
        }
        for (one, code), (other, other_code) in combinations(held, 2):
            both = [*held[one, code], *held[other, other_code]]
            filed = [form.at(form.total_row, column) for column in (one, other)]
            if _is_crossed(both, code, other_code, filed):
                yield exchange_of(form, one, other)
                yield from _exchanges_elsewhere(case, form, *map(list, _by_crosswalk(both, code, other_code)))


def _by_crosswalk(lines: list[Line], one: str, other: str) -> list[Counter[str]]:
    """What two government-economic subjects would hold of these lines by the crosswalk: department-economic subject →
    分. Empty if it does not tell."""
    sums: dict[str, Counter[str]] = {one: Counter(), other: Counter()}
    for line in lines:
        at = line.coordinates
        official = [code for code in sums if not is_unofficial(at._replace(government_economic=code))]
        if len(official) != 1:
            return []
        sums[official[0]][at.department_economic] += to_fen(line.amount)
    return [*sums.values()]


def _exchanges_elsewhere(case: Case, form: FormEvidence, ones: list[str], others: list[str]) -> Iterator[Hypothesis]:
    """The exchange of the columns of two department-economic subjects in other forms."""
    if len(ones) != 1 or len(others) != 1:
        return
    for beside in case.evidence.forms.values():
        columns = {
            at[0]: column.id
            for column in beside.form.money_columns
            if column.id in beside.columns
            and len(at := beside.form.selection(column).on(Coordinate.DEPARTMENT_ECONOMIC)) == 1
        }
        if beside is not form and beside.form.rows is not None and {*ones, *others} <= columns.keys():
            yield exchange_of(beside, columns[ones[0]], columns[others[0]])
