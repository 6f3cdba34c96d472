"""Units and contradicting codes, settled by all forms of a disclosure together. One form alone is not enough."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from loader.documents.wording import fold, label
from loader.filing.filed import FiledCell, FiledDisclosure, FiledForm, Finding
from loader.filing.identity import department_of
from loader.filing.known_names import known_names
from schema.forms.template import Coordinate


def settle(disclosure: FiledDisclosure, names: dict[str, Counter[str]]) -> None:
    """Settle the units and their names, and rows with a name that contradicts the code.

    ``names``: unit → names with how often forms print them.
    """
    _correct_own_rows(disclosure, names)
    _move_to_only_unit(disclosure)
    _settle_units(disclosure, names)
    _settle_codes(disclosure)


def _correct_own_rows(disclosure: FiledDisclosure, names: dict[str, Counter[str]]) -> None:
    """Give rows with the name of the unit that files its own code, if they print that of a unit of another department.

    Such a code is left over from the other unit's document. The money would be counted as that unit's. Codes stay as
    printed if a form prints the unit's own code beside the other one.
    """
    own, name = disclosure.identity.reporting_unit_code, fold(disclosure.identity.reporting_unit_name)
    department = department_of(own)
    others = [
        code
        for code in disclosure.departments
        if department_of(code) != department and names.get(code, Counter()).keys() == {name}
    ]
    if department == own or not others:
        return
    moved = dict.fromkeys(others, own)
    for other in map(department_of, others):
        if names.get(other, Counter()).keys() <= {name}:
            moved[other] = department
    forms = [f for f in disclosure.forms if f.template and f.template.is_by(Coordinate.UNIT)]
    rows = [{cell.row_key: cell for cell in reversed(form.cells) if cell.row_key} for form in forms]
    units = [{key.partition("/")[0] for key in keys} for keys in rows]
    if any(own in printed and not printed.isdisjoint(others) for printed in units):
        return
    for form, keys, printed in zip(forms, rows, units, strict=True):
        for cell in form.cells:
            unit = (cell.row_key or "").partition("/")[0]
            if cell.row_key and unit in moved:
                cell.row_key = moved[unit] + cell.row_key[len(unit) :]
        for unit in sorted(printed & moved.keys()):
            disclosure.findings.append(
                Finding(
                    "corrected_code",
                    {"name": disclosure.identity.reporting_unit_name, "printed": unit, "code": moved[unit]},
                    form.form_no,
                    form.form_id,
                    form.report_no,
                    next(cell.source_row for key, cell in keys.items() if key.partition("/")[0] == unit),
                )
            )
    for unit in moved:
        names[moved[unit]] += names.pop(unit, Counter())
        disclosure.departments.pop(unit, None)


def _move_to_only_unit(disclosure: FiledDisclosure) -> None:
    """Move rows right below a department to its unit, if it has only one.

    Some forms leave out the row of the unit.
    """
    units: dict[str, list[str]] = defaultdict(list)
    for unit, department in disclosure.departments.items():
        units[department].append(unit)
    only = {department: found[0] for department, found in units.items() if len(found) == 1}
    by_unit = [form for form in disclosure.forms if form.template is not None and form.template.is_by(Coordinate.UNIT)]
    keys = {cell.row_key for form in by_unit for cell in form.cells} if only else set()
    moved = {key: only[key[:3]] + key[3:] for key in keys if key and key[3:4] == "/" and key[:3] in only}
    if moved:
        for form in by_unit:
            for cell in form.cells:
                if cell.row_key in moved:
                    cell.row_key = moved[cell.row_key]


def _settle_units(disclosure: FiledDisclosure, names: dict[str, Counter[str]]) -> None:
    """Give each unit the name that most forms print. Other names become findings."""
    own = disclosure.identity.reporting_unit_code
    names[own][fold(disclosure.identity.reporting_unit_name)] += 1
    if department_of(own) != own:
        disclosure.departments.setdefault(own, department_of(own))
    for code in {*disclosure.departments, *disclosure.departments.values()}:
        names.setdefault(code, Counter())
    for code, counted in sorted(names.items()):
        if not counted:
            disclosure.unit_names[code] = code
            continue
        ranked = counted.most_common()
        disclosure.unit_names[code] = ranked[0][0]
        if len(ranked) > 1:
            (name, times), *others = ranked
            disclosure.findings.append(
                Finding(
                    "unit_name",
                    {"unit": code, "name": name, "times": times, "others": [f"{n} ({count})" for n, count in others]},
                )
            )


# ---------------------------------------------------------------------------- codes and names

_FunctionRow = tuple[FiledForm, str, str, FiledCell]  # form, unit, code, first cell


def _function_rows(disclosure: FiledDisclosure) -> Iterator[_FunctionRow]:
    """Every row of a functional 项. Rows with the same key count as one."""
    for form in disclosure.forms:
        if form.template is None or not form.template.is_by(Coordinate.FUNCTIONAL):
            continue
        firsts: dict[str, FiledCell] = {}
        last = None
        for cell in form.cells:
            if cell.row_key != last:  # the cells of a row have one key
                last = cell.row_key
                if last is not None:
                    firsts.setdefault(last, cell)
        for key, first in firsts.items():
            unit, _, code = key.partition("/")
            if len(code) == 7:
                yield form, unit, code, first


def _settle_codes(disclosure: FiledDisclosure) -> None:
    """Correct the code of rows with a right name and a wrong code, by the other forms of the unit.

    Only if exactly one code of that name stands in other forms, the form itself lacks it, and no form has the printed
    code under its own name. Otherwise the code stays as printed, with a finding of its own.
    """
    known = known_names("functional")
    rows = list(_function_rows(disclosure))
    agreed = {(unit, code) for _, unit, code, first in rows if label(first.row_label or "") in known.get(code, ())}
    present = {(form.form_no, unit, code) for form, unit, code, _ in rows}
    for form, unit, code, first in rows:
        name = first.row_label
        if (unit, code) in agreed or not name:
            continue
        candidates = {c for u, c in agreed if u == unit and label(name) in known[c]}
        if len(candidates) != 1 or (form.form_no, unit, *candidates) in present:
            continue
        right = candidates.pop()
        printed = first.row_key
        for cell in form.cells:
            if cell.row_key == printed:
                cell.row_key = f"{unit}/{right}"
        disclosure.findings.append(
            Finding(
                "corrected_code",
                {"name": name, "printed": code, "code": right},
                form.form_no,
                form.form_id,
                form.report_no,
                first.source_row,
            )
        )
