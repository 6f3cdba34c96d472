"""What a view or function makes of the district of view_cases, in a few lines that show what changed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import psycopg

from schema.views import managed_functions, managed_views
from synthetic.view_situations import DIVISION

_GENERATED = {path.stem for path in (Path(__file__).parent.parent / "sql").glob("*/generated/*.sql")}
_HIDDEN = ("document_id", "loaded_at", "answered_at")  # given by the order of loading, or times
# as the functions that read them do: the planner knows little of the tables
_SETTINGS = "set local jit = off; set local enable_nestloop = off; set local enable_mergejoin = off"

# of views that take long, a part
_SMALL = f"where division_code = '{DIVISION}'"
_FEW = f"{_SMALL} and fiscal_year = 2025"
_ABOUT = {
    "rule.comparison": _SMALL,
    "rule.result": _FEW,
    "rule.failure": _FEW,
    "rule.summary": _FEW,
    "internal.comparison_live": _FEW,
    "report.counted_line": f"where disclosure_id in (2, 5) or division_code = '{DIVISION}' or line_no is null",
    "report.cell_line": f"where disclosure_id in (2, 5) or division_code = '{DIVISION}' or line_no is null",
}

# where units are chosen by a setting: all, and what is chosen
_CHOICE = (
    "select set_config('hetang.units', '105001, 935', true)",
    "create temp table chosen on commit drop as select * from {0}",
    "select set_config('hetang.units', '', true)",
    "select false as is_chosen, a.* from {0} as a union all select true, c.* from chosen as c",
)

_OF_DISCLOSURES = "division_code, fiscal_year::integer, array_agg(disclosure_id order by disclosure_id)"
_PAGES = "unnest(array['pdf', 'ofd', 'image', 'xlsx']) as m, unnest(array[null, 1, 999, 1000, 1001, 2005]) as r"

# function → what is to be asked; of one that writes: what to do, what to look at then
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    **{
        relation: (_SETTINGS, *(statement.format(relation) for statement in _CHOICE))
        for relation in ("internal.district_cell", "internal.district_line", "internal.district_path")
    },
    "report.compare_disclosures": (
        "select f.* from (select division_code, fiscal_year, array_agg(disclosure_id) as ids from budget.disclosure"
        " where is_current and (disclosure_id in (1, 4, 5) or reporting_unit_code"
        " in ('911001', '912001', '912002', '916002', '927001', '927002', '927003', '930001', '933001', '933002',"
        " '933003')) group by 1, 2) as d,"
        " report.compare_disclosures(d.division_code, d.fiscal_year, d.ids) as f",
    ),
    "rule.check_disclosure": (
        "select d.disclosure_id, f.* from budget.disclosure as d,"
        " rule.check_disclosure(d.division_code, d.fiscal_year, d.disclosure_id) as f where d.disclosure_id = 3",
    ),
    "report.stated_against_forms": (
        "select d.disclosure_id, f.* from budget.disclosure as d,"
        " report.stated_against_forms(d.division_code, d.fiscal_year, d.disclosure_id) as f",
    ),
    "report.proposed_corrections": (
        "select d.disclosure_id, f.* from budget.disclosure as d,"
        " report.proposed_corrections(d.division_code, d.fiscal_year, d.disclosure_id) as f where d.is_current",
    ),
    "internal.computed_facts": (
        f"select f.* from (select {_OF_DISCLOSURES} from budget.disclosure group by 1, 2) as d (a, b, c),"
        " internal.computed_facts(a, b, c) as f",
    ),
    "internal.computed_goals": (
        f"select f.* from (select {_OF_DISCLOSURES} from budget.disclosure group by 1, 2) as d (a, b, c),"
        " internal.computed_goals(a, b, c) as f",
    ),
    "internal.settle_goals": (
        "update budget.performance_goal set is_counted = not is_counted where goal_no % 2 = 1",
        f"select internal.settle_goals(a, b, c) from (select {_OF_DISCLOSURES} from budget.disclosure group by 1, 2)"
        " as d (a, b, c)",
        "select disclosure_id, goal_no, is_counted from budget.performance_goal",
    ),
    "internal.settle_facts": (
        "delete from internal.stored_fact where line_no % 3 = 0",
        "insert into internal.stored_fact"
        " select (jsonb_populate_record(f, jsonb_build_object('line_no', line_no + 100000))).*"
        " from internal.stored_fact as f where line_no % 5 = 0",
        # lines that are another disclosure's
        "insert into internal.stored_fact"
        " select (jsonb_populate_record(f, jsonb_build_object('disclosure_id', other.disclosure_id))).*"
        " from internal.stored_fact as f inner join (select division_code, fiscal_year, min(disclosure_id)"
        " as disclosure_id from internal.stored_fact group by 1, 2) as other using (division_code, fiscal_year)"
        " where f.disclosure_id % 4 = 3 on conflict do nothing",
        "select internal.settle_facts(a, b, c) from (select"
        " division_code, fiscal_year::integer, array_agg(disclosure_id) filter (where disclosure_id % 4 <> 1)"
        " from budget.disclosure group by 1, 2) as d (a, b, c)",
        "select disclosure_id, to_jsonb(f) as row from internal.stored_fact as f"
        " union all select disclosure_id, to_jsonb(s) from internal.stored_spending as s"
        " union all select disclosure_id, to_jsonb(g) - 'goal_text' from budget.performance_goal as g",
    ),
    "budget.settle_overlap": (
        "insert into budget.covered_part select division_code, fiscal_year, disclosure_id, unit_code, statement,"
        " department_code from filed.unit, unnest(array['procurement', 'expenditure']) as statement"
        " on conflict do nothing",
        "select budget.settle_overlap(a, b, c) from (select division_code, fiscal_year::integer,"
        " array_agg(distinct department_code) filter (where department_code <> '106') from filed.unit group by 1, 2)"
        " as d (a, b, c)",
        "select disclosure_id, unit_code, statement, department_code, null as line_no from budget.covered_part"
        " union all select disclosure_id, unit_code, statement, null, line_no from internal.stored_fact",
    ),
    "report.cells_beside": (
        "select d.disclosure_id, c.form_id as of_form, c.row_key as of_row, c.column_key as of_column, f.*"
        " from budget.disclosure as d"
        " inner join (select disclosure_id, form_id, row_key, column_key, row_number() over (partition by disclosure_id"
        " order by md5(concat(form_id, row_key, column_key))) as n from filed.cell where amount is not null) as c"
        " on c.disclosure_id = d.disclosure_id and c.n <= 5 and d.disclosure_id in (1, 3, 5),"
        " report.cells_beside(d.division_code, d.fiscal_year, d.disclosure_id, c.form_id, c.row_key, c.column_key)"
        " with ordinality as f",
    ),
    "report.store_comparison": (
        "delete from internal.comparison_count where disclosure_id % 3 = 0",
        "select report.store_comparison(a, b) from (select division_code,"
        " array_agg(disclosure_id) filter (where disclosure_id % 4 <> 1) from budget.disclosure"
        " where division_code in ('430222', '430502') group by 1) as d (a, b)",
        "select disclosure_id, form_id, to_jsonb(c) as row from internal.comparison_count as c"
        " union all select disclosure_id, form_id, to_jsonb(e) from internal.comparison_exception as e",
    ),
    "budget.settle_revisions": (
        "create temp table settled on commit drop as select d.disclosure_id as asked, f.* from budget.disclosure as d,"
        " budget.settle_revisions(d.division_code, d.fiscal_year, array[d.reporting_unit_code], array[d.stage]) as f"
        " where d.disclosure_id % 5 <> 2 and d.reporting_unit_name <> '旧版局'",
        "select asked, to_jsonb(s) as row from settled as s union all select disclosure_id, to_jsonb(is_current)"
        " from budget.disclosure union all select disclosure_id, to_jsonb(c) from internal.comparison_count as c",
    ),
    "budget.settle_subjects": (
        "select budget.settle_subjects(y) from unnest(array[2005, 2010, 2015, 2018, 2023, 2030]) as y",
        "select * from budget.subject_of_year",
    ),
    "meta.ensure_year": (
        "select meta.ensure_year(y) from unnest(array[2023, 2031, 2023]) as y",
        "select 'part' as what, inhrelid::regclass::text as row from pg_inherits where inhparent::regclass::text"
        " in ('filed.cell', 'budget.amount', 'internal.stored_fact', 'internal.stored_spending')"
        " union all select 'subject', s::text from budget.subject_of_year as s",
    ),
    "meta.finding_message": (
        "select f.kind, meta.finding_message(wording_zh, values, 'zh') as zh,"
        " meta.finding_message(wording_en, values, 'en') as en,"
        " meta.finding_message(wording_en, values, 'zh') as mixed"
        " from meta.finding as f inner join meta.finding_kind using (kind)",
    ),
    "meta.page_of": (f"select m, r, meta.page_of(m, r) as page from {_PAGES}",),
    "meta.page_row": (f"select m, r, meta.page_row(m, r) as row from {_PAGES}",),
    "meta.printed_row": (
        f"select m, r, l, meta.printed_row(m, r, l) as text from {_PAGES}, unnest(array['zh', 'en']) as l",
    ),
}


class Line(NamedTuple):
    """A column of a relation, or its whole rows (``*``). ``least`` and ``greatest``, of columns only, are cut off."""

    relation: str
    column: str
    type: str
    rows: str
    blanks: str
    least: str
    greatest: str
    digest: str


def relations() -> list[str]:
    """All views that are written by hand, and the functions that can be asked here."""
    views = [view.qualified for view in managed_views() if view.name not in _GENERATED and view.schema != "report_zh"]
    functions = [function.qualified for function in managed_functions() if function.qualified in _FUNCTIONS]
    return sorted(views) + sorted(functions)


def _prepared(connection: psycopg.Connection, relation: str) -> None:
    """Make the temporary view ``asked`` of what a relation holds. It lasts as long as the transaction."""
    *before, query = _FUNCTIONS.get(relation) or (f"select * from {relation} {_ABOUT.get(relation, '')}",)
    if relation not in _FUNCTIONS:
        connection.execute(_SETTINGS.encode())
    for statement in before:
        connection.execute(statement.encode())
    connection.execute(f"create temp view asked as {query}".encode())


_TYPES = "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'asked'::regclass"


def fingerprint(connection: psycopg.Connection, relation: str) -> object:
    """A value that differs if the rows or the columns of a relation do."""
    with connection.transaction(force_rollback=True):
        _prepared(connection, relation)
        types = connection.execute(_TYPES.encode()).fetchall()
        rows = "select count(*), sum(hashtextextended(a::text, 0)::numeric) from asked as a"
        return types, connection.execute(rows.encode()).fetchone()


def contents(connection: psycopg.Connection, relation: str) -> list[Line]:
    """What a relation holds."""
    with connection.transaction(force_rollback=True):
        _prepared(connection, relation)
        types = [(name, kind) for name, kind in connection.execute(_TYPES.encode()).fetchall() if name not in _HIDDEN]
        names = [f'"{name}"' for name, _ in types]
        digests = ", ".join([*map(_DIGEST.format, names), _DIGEST_OF_ROWS])
        words = ", ".join(f"{name}::text as {name}" for name in names)
        once = f"(select {words} from asked offset 0) as asked"  # or the planner repeats the expressions of the view
        rows, *found = connection.execute(f"select count(*), {digests} from {once}".encode()).fetchone() or (0,)
        if rows == 0:
            return []
        columns = zip([*types, ("*", "")], found, strict=True)
        return [Line(relation, name, kind, str(rows), *digest) for (name, kind), digest in columns]


# a sum, so that the order of rows does not count
_SUM = "coalesce(to_hex(sum(hashtextextended({0}, 0) >> 20)::bigint), '')"
_DIGEST = f"""array[
    (count(*) - count({{0}}))::text, coalesce(left(min({{0}} collate "C"), 20), ''),
    coalesce(left(max({{0}} collate "C"), 20), ''), {_SUM}
]"""
_DIGEST_OF_ROWS = f"array['0', '', '', {_SUM.format('asked::text')}]"
