"""A row that a form lacks although its own sums hold: left out of the sums as well, merged into another row, or printed
under another code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from loader.diagnosis.disagreement.differences import Difference
from loader.diagnosis.disagreement.labels import money, row_label
from loader.diagnosis.disagreement.table import Table
from loader.diagnosis.hypothesis import Hypothesis
from loader.filing.filed import FiledDisclosure, Finding
from loader.ledger.evidence.evidence import Evidence, FormEvidence, to_fen
from loader.ledger.evidence.income import CARRIED, carried_over
from schema.forms.template import Coordinate, Where


def lacking_row(disclosure: FiledDisclosure, found: Sequence[Difference]) -> Hypothesis | None:
    """The row whose lack explains all cells that differ. None if anything else differs.

    If the row was left out of the sums too, the sums above lack its figures. If it was merged into another row, that
    row has them too much.
    """
    if len({id(one.form) for one in found}) != 1 or (rows := found[0].form.form.rows) is None or not rows.by:
        return None
    form = found[0].form
    lacking: dict[str, dict[str, int]] = defaultdict(dict)
    own: dict[str, int] = defaultdict(int)
    beneath: dict[str, set[str]] = defaultdict(set)  # the highest row that is not printed → its finest rows
    for one in found:
        row, column = one.key
        if row in form.rows:
            lacking[row][column] = one.rebuilt - one.filed
        else:
            own[column] += one.rebuilt
            beneath[[held for held in (row, *rows.above(row)) if held not in form.rows][-1]].add(row)
    if not beneath:
        return _lacking_unit(disclosure, form, found)
    if len(beneath) != 1:
        return None
    [(top, finest)] = beneath.items()
    if len(finest) == 1:
        [top] = finest
    amount = money(max(own.values(), key=abs))
    above = [row for row in rows.above(top) if row in form.rows]
    cells = {one.key: one.rebuilt for one in found}
    if above and lacking == dict.fromkeys(above, own):
        is_unit = Coordinate.UNIT in rows and "/" not in top
        finding = Finding(
            "unit_omitted" if is_unit else "row_omitted",
            {"row": row_label(disclosure, form, top), "amount": amount},
            *_place(form, above[0]),
        )
        return Hypothesis(finding, form, cells)
    too_much = {column: -figure for column, figure in own.items()}
    for row in lacking.keys() & form.leaf_rows:
        held = [other for other in rows.above(row) if other in form.rows]
        apart = dict.fromkeys([row, *(other for other in held if other not in above)], too_much)
        apart |= dict.fromkeys([other for other in above if other not in held], own)
        if lacking == apart:
            merged, other = (row_label(disclosure, form, one) for one in (top, row))
            finding = Finding("rows_merged", {"row": merged, "other_row": other, "amount": amount}, *_place(form, row))
            return Hypothesis(finding, form, cells)
    return None


def each_lacking_row(disclosure: FiledDisclosure, found: Sequence[Difference]) -> Iterator[Hypothesis]:
    """Each row that the form with these cells may lack, in its sums too, whatever else differs: a ledger made without
    the form may have placed other money wrongly."""
    form = found[0].form
    if (rows := form.form.rows) is None or not rows.by:
        return
    lacking: dict[str, dict[str, int]] = defaultdict(dict)
    for one in found:
        if one.key[0] not in form.rows:
            lacking[one.key[0]][one.key[1]] = one.rebuilt
    for row, own in lacking.items():
        above = [held for held in rows.above(row) if held in form.rows]
        if not above:
            continue
        cells = {(row, column): amount for column, amount in own.items()}
        cells |= {(held, column): form.amounts.get((held, column), 0) + own[column] for held in above for column in own}
        amount = money(max(own.values(), key=abs))
        finding = Finding(
            "row_omitted", {"row": row_label(disclosure, form, row), "amount": amount}, *_place(form, above[0])
        )
        yield Hypothesis(finding, form, cells)


def each_row_lacking_by_total(disclosure: FiledDisclosure, found: Sequence[Difference]) -> Iterator[Hypothesis]:
    """Each row that the form with these cells may lack, in its sums too, by its grand totals: they lack what another
    form prints in a row that this one does not have, or there is only one such row. Whatever else differs is ignored,
    as above."""
    if not found:
        return
    form = found[0].form
    rows, total = form.form.rows, form.abilities.total
    if rows is None or not rows.by or total is None or form.total_row not in form.rows:
        return
    own = _lacked_by_totals(form, found)
    if not own.get(total) or min(own.values()) < 0:
        return
    absent = rows_of_others(disclosure, form)
    for row in [row for row, amounts in absent.items() if own[total] in amounts] or (
        absent if len(absent) == 1 else ()
    ):
        above = [held for held in rows.above(row) if held in form.rows]
        right = {(row, column): amount for column, amount in own.items()}
        right |= {(held, column): form.amounts.get((held, column), 0) + own[column] for held in above for column in own}
        finding = Finding(
            "row_omitted",
            {"row": row_label(disclosure, form, row), "amount": money(own[total])},
            *_place(form, above[0]),
        )
        yield Hypothesis(finding, form, right)


def rows_lacking(disclosure: FiledDisclosure, found: Sequence[Difference]) -> list[Hypothesis]:
    """All rows that other forms have and the form with these cells lacks, in its sums too, if it differs in these rows
    and the sums above them alone. Rows of which the others tell only a common sum are told together."""
    if not found:
        return []
    form = found[0].form
    rows, total = form.form.rows, form.abilities.total
    absent = rows_of_others(disclosure, form)
    lacking = {one.key[0]: one.rebuilt - one.filed for one in found if one.key[1] == total}
    if rows is None or not absent or form.total_row not in form.rows or min(lacking.values(), default=0) <= 0:
        return []
    paths = {row: [row, *rows.above(row)] for row in absent}
    if not {one.key[0] for one in found} <= {held for path in paths.values() for held in path}:
        return []
    told: dict[str, list[str]] = defaultdict(list)
    for row, path in paths.items():
        told[next((held for held in path if held in lacking), "")].append(row)
    if {"", rows.total} & told.keys():
        return []
    return [
        Hypothesis(
            Finding(
                "row_omitted",
                {
                    "row": "、".join(row_label(disclosure, form, row) for row in sorted(together)),
                    "amount": money(lacking[held]),
                },
                *_place(form, next(above for above in rows.above(held) if above in form.rows)),
            ),
            form,
        )
        for held, together in told.items()
    ]


def _lacked_by_totals(form: FormEvidence, found: Sequence[Difference]) -> dict[str, int]:
    """Column → what the grand total lacks. What no other form splits goes to the part of the fund that the rest is of:
    上年结转 to that of the income beside it."""
    own = {one.key[1]: one.rebuilt - one.filed for one in found if one.key[0] == form.total_row}
    of_fund = {
        code: column.id
        for column in form.form.money_columns
        if column.id in form.columns and not column.parts and (code := _fund_of(form.form.selection(column)))
    }
    funds = [fund for fund, column in of_fund.items() if own.get(column, 0) > 0 and not fund.startswith(CARRIED)]
    for column in form.form.money_columns:
        parts = [part for part in column.parts if part in form.columns]
        lacking = own.get(column.id, 0)
        shares = [own.get(part, 0) for part in parts]
        if parts and (sum(shares) != lacking or min(shares) < 0):
            own |= dict.fromkeys(parts, 0)
            carried = of_fund.get(carried_over(funds[0])) if len(funds) == 1 else None
            if carried in parts:
                own[carried] = lacking
    return own


def _fund_of(where: Where) -> str:
    """The only fund of a selection, blank if it has several. Revenue has it as its item."""
    codes = where.fund or where.item
    return codes[0] if len(codes) == 1 else ""


def rows_of_others(disclosure: FiledDisclosure, form: FormEvidence) -> dict[str, set[int]]:
    """The finest rows of forms with the same kind of rows that a form lacks, with their figures (分)."""
    rows = form.form.rows
    found: dict[str, set[int]] = {}
    if rows is None or not rows.by:
        return found
    for other in disclosure.forms:
        if other.template is None or other.template.rows is None or other.template.rows.by != rows.by:
            continue
        shown = {cell.row_key for cell in other.cells if cell.row_key and cell.amount}
        above = {held for row in shown for held in rows.above(row)} | {other.template.rows.total}
        for cell in other.cells:
            row = cell.row_key
            if row and cell.amount and row not in form.rows | above and form.leaf_rows.isdisjoint(rows.above(row)):
                found.setdefault(row, set()).add(to_fen(cell.amount))
    return found


def each_misplaced_row(disclosure: FiledDisclosure, found: Sequence[Difference]) -> Iterator[Hypothesis]:
    """Each row of the form with these cells that may be one which the form lacks, in its sums too: both have the same
    total, which the other forms do not have in the first row. Whatever else differs is ignored, as above."""
    form = found[0].form
    rows, total = form.form.rows, form.abilities.total
    if rows is None or not rows.by or total is None:
        return
    totals = [one for one in found if one.key[1] == total]
    lacking = [(one.key[0], one.rebuilt) for one in totals if one.key[0] not in form.rows and one.rebuilt]
    beyond = [(one.key[0], one.filed) for one in totals if one.key[0] in form.leaf_rows and not one.rebuilt]
    for row, right in ((row, right) for row, filed in beyond for right, amount in lacking if filed == amount):
        own = {column: amount for (of, column), amount in form.amounts.items() if of == row and amount}
        held, above = ({other for other in rows.above(one) if other in form.rows} for one in (row, right))
        cells = {(right, column): amount for column, amount in own.items()}
        for other in held ^ above:
            sign = -1 if other in held else 1
            cells |= {
                (other, column): form.amounts.get((other, column), 0) + sign * amount for column, amount in own.items()
            }
        finding = Finding(
            "row_misplaced",
            {"row": row_label(disclosure, form, row), "right": row_label(disclosure, form, right)},
            *_place(form, row),
        )
        yield Hypothesis(finding, form, cells, dropped=frozenset({row}))


def lacking_by_other_forms(disclosure: FiledDisclosure, table: Table) -> Finding | None:
    """The finding for such a row if only some columns of the form are printed by others too: these differ by its money
    alone."""
    moved: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for failed in table.failed:
        if failed.check in ("across", "down"):
            return None
        if failed.check != "absent":
            moved[failed.check, failed.column][failed.row] = failed.difference
    lacking = {row for shown in moved.values() for row in shown} - table.figures.keys()
    if len(lacking) != 1:
        return None
    [row] = lacking
    form = table.form
    above = [held for held in table.rows.above(row) if held in table.figures]
    most = max(-shown.get(row, 0) for shown in moved.values())
    if most <= 0 or not above:
        return None
    label, amount = row_label(disclosure, form, row), money(most)
    if all(
        shown == dict.fromkeys(shown, shown.get(row)) and {row} < shown.keys() <= {row, *above}
        for shown in moved.values()
    ):
        return Finding("row_omitted", {"row": label, "amount": amount}, *_place(form, above[0]))
    for into in table.finest - {row, *above}:
        held = {other for other in table.rows.above(into) if other in table.figures}
        if all(
            shown.get(into) == -shown.get(row, 0)
            and all(
                moved_there == shown[into if other in held else row] and (other in held) != (other in above)
                for other, moved_there in shown.items()
                if other not in (row, into)
            )
            for shown in moved.values()
        ):
            return Finding(
                "rows_merged",
                {"row": label, "other_row": row_label(disclosure, form, into), "amount": amount},
                *_place(form, into),
            )
    return None


def may_lack_row(evidence: Evidence, form: FormEvidence) -> bool:
    """Whether another form with the same kind of rows prints a finest row that this form lacks."""
    by = form.form.rows and form.form.rows.by
    alike = [other for other in evidence.forms.values() if other.form.rows is not None and other.form.rows.by == by]
    return bool(by) and any(not other.leaf_rows <= form.rows for other in alike)


def _lacking_unit(disclosure: FiledDisclosure, form: FormEvidence, found: Sequence[Difference]) -> Hypothesis | None:
    """The only unit without a row in a form of units, or the only one to which another form gives as much as all sums
    above the units lack.

    If no other form splits the money by units, the ledger splits it no more, or gives the unit's money to another one.
    """
    rows = form.form.rows
    units = [unit for unit in disclosure.unit_names if unit not in form.rows]
    if rows is None or rows.by != (Coordinate.UNIT,) or not units:
        return None
    lacking: dict[str, dict[str, int]] = defaultdict(dict)
    for one in found:
        lacking[one.key[0]][one.key[1]] = one.rebuilt - one.filed
    above = [row for row in rows.above(units[0]) if row in form.rows]
    own = lacking.get(above[0], {}) if above else {}
    if not own or min(own.values()) < 0 or any(lacking[row] != own for row in above):
        return None
    if len(units) > 1:
        units = [unit for unit in units if max(own.values()) in _figures_of(disclosure, unit)]
    if len(units) != 1:
        return None
    beside = lacking.keys() - {*above}
    is_given_to_another = len(beside) == 1 and lacking[min(beside)] == own
    if not is_given_to_another and any(one.rebuilt for one in found if one.key[0] in beside):
        return None
    finding = Finding(
        "unit_omitted",
        {"row": row_label(disclosure, form, units[0]), "amount": money(max(own.values()))},
        *_place(form, above[0]),
    )
    cells = {one.key: one.rebuilt for one in found if one.key[0] in above}
    return Hypothesis(finding, form, cells | {(units[0], column): amount for column, amount in own.items()})


def _figures_of(disclosure: FiledDisclosure, unit: str) -> set[int]:
    """All figures (分) in rows of a unit."""
    cells = (cell for form in disclosure.forms for cell in form.cells if cell.row_key == unit)
    return {to_fen(cell.amount) for cell in cells if cell.amount}


def _place(form: FormEvidence, row: str) -> tuple[int, str, int | None, int | None]:
    source = next((cell.source_row for cell in form.filed.cells if cell.row_key == row), None)
    return form.filed.form_no, form.form.form_id, form.form.report_no, source
