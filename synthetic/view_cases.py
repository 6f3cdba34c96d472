"""A small district for the views: the selections of all sets, printed in their forms, and then put out of order.

Every condition of a view is to decide about some of its rows. Tests compare what the views make of it with what was
reviewed; benchmarks.mutants tries wrong views on it.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from zlib import crc32

import psycopg
from psycopg.types.json import Jsonb

from loader.ledger.evidence.projection import Coordinates
from schema.forms import SETS
from schema.forms.template import Statement, TemplateSet
from schema.tables import metadata
from synthetic import filings, selections, view_forms, view_situations

_ANALYZE = b"analyze filed.cell, filed.form, budget.amount, budget.disclosure"


def write(connection: psycopg.Connection) -> None:
    """Write the district into an empty warehouse."""
    for entry in SETS:
        selections.write(connection, entry, _lines(entry))
    connection.execute("set local timezone = 'UTC'")  # chance depends on the text of rows
    connection.execute("select meta.ensure_year(2025)")
    filings.write(connection, filings.random_filings(0, ("430402", "430502")))
    for statement in (*_CHANCE, *_PRINTED):
        connection.execute(statement.encode())
    _copies(connection)
    for table in ("budget.document", "budget.disclosure"):  # so that chance does not depend on the time
        connection.execute(f"update {table} set loaded_at = '2024-01-01'".encode())
    connection.execute("update budget.disclosure set withdrawn_at = '2024-01-01' where withdrawn_at is not null")
    connection.execute(_ANALYZE)
    _disorder(connection)
    for statement in _MORE:
        connection.execute(statement.encode())
    _facts(connection)
    connection.execute("insert into budget.division values (%s, '某县')", (view_situations.DIVISION,))
    view_forms.write(connection)
    view_situations.write(connection)
    connection.execute(_ANALYZE)
    for statement in (*SETTLE, _ANSWERS, *_OTHER_ANSWERS):
        connection.execute(statement.encode())


def _lines(entry: TemplateSet) -> dict[Coordinates, Decimal]:
    """Some lines of a set with amounts (万元).

    Their coordinates alone decide, here and below, so that another form adds lines and changes no other.
    """
    numbers = {line: crc32("/".join(line).encode()) for line in selections.lines_of(entry)}
    chosen = [
        line for line, number in numbers.items() if number % (20 if line.statement == Statement.EXPENDITURE else 3) == 0
    ]
    three_public = (
        Coordinates(Statement.EXPENDITURE.value, unit, fund, "basic", "2010101", code)
        for code in ("30212", "30217", "30231")
        for unit, fund in (("001001", "11"), ("001002", "111"), ("001002", "12"))
    )
    return {line: Decimal(crc32("/".join(line).encode()) % 99_991) / 100 for line in (*chosen, *three_public)}


# ---------------------------------------------------------------------------- what no sound document has

_SOUND = "430252"  # where the ledger tells everything, so that prose can be held against it

_TABLES_OF_DISCLOSURES = tuple(
    name
    for name, table in metadata.tables.items()
    if {"division_code", "disclosure_id"} <= set(table.columns.keys())
    and name not in ("budget.disclosure", "budget.covered_part", "internal.stored_fact", "internal.stored_spending")
)


def _copy(connection: psycopg.Connection, source: int, **changes: object) -> int:
    """Copy a disclosure with all its rows. ``changes``: values of columns of any of its tables. Returns its id."""
    (document,) = connection.execute(
        "insert into budget.document (division_code, content_hash, file_name, file_format, byte_size)"
        " select division_code, disclosure_id || %(changes)s, 'copy', 'pdf', 1 from budget.disclosure"
        " where disclosure_id = %(source)s returning document_id",
        {"source": source, "changes": str(changes)},
    ).fetchone() or (0,)
    (number,) = connection.execute(
        "select nextval(pg_get_serial_sequence('budget.disclosure', 'disclosure_id'))"
    ).fetchone() or (0,)
    told = Jsonb(changes | {"document_id": document, "disclosure_id": number})
    for table in ("budget.disclosure", *_TABLES_OF_DISCLOSURES):
        connection.execute(
            f"insert into {table} overriding system value"
            f" select (jsonb_populate_record(t, %s)).* from {table} as t where disclosure_id = %s".encode(),
            (told, source),
        )
    return int(number)


def _copies(connection: psycopg.Connection) -> None:
    """The same figures as of other stages, years and revisions."""
    hunan, _, jiangsu, account, national = (
        row[0]
        for row in connection.execute(
            "select disclosure_id from budget.disclosure where reporting_unit_name = '甲部门' order by disclosure_id"
        ).fetchall()
    )
    _copy(connection, hunan, fiscal_year=2025)
    connection.execute("insert into budget.division values (%s, '某市')", (_SOUND,))
    for year in (2024, 2025):
        sound = _copy(connection, hunan, division_code=_SOUND, fiscal_year=year)
        connection.execute("delete from filed.cell where disclosure_id = %s", (sound,))
    connection.execute(
        "update budget.amount set fund_code = coalesce(fund_code, '11'), nature = coalesce(nature, 'basic'),"
        " functional_code = coalesce(functional_code, '2010101'),"
        " department_economic_code = coalesce(department_economic_code, '30201') where division_code = %s",
        (_SOUND,),
    )
    connection.execute(
        "update budget.amount set amount = round(amount * (10 + line_no %% 7) / 10, 2)"
        " where division_code = %s and fiscal_year = 2025",
        (_SOUND,),
    )
    for source in (hunan, jiangsu):
        _copy(connection, source, stage="final")
    _copy(connection, jiangsu, stage="adjusted")
    _copy(connection, jiangsu, revision=2, is_current=False, content_hash="replaced")
    _copy(connection, account, stage="budget")
    _copy(connection, account, reporting_unit_code="001001")
    _copy(connection, national, revision=2, content_hash="also current", cell_count=9)
    _copy(connection, national, reporting_unit_code="001001", fiscal_year=2025)


_CHANCE = (
    """create function pg_temp.chance(key text) returns integer language sql immutable
    return ('x' || left(md5(key), 7))::bit(28)::integer""",
    """create function pg_temp.one_in(n integer, key text) returns boolean language sql immutable
    return pg_temp.chance(n || key) % n = 0""",
    """create function pg_temp.chance(t filed.cell) returns integer language sql immutable
    return pg_temp.chance(concat_ws('/', t.disclosure_id, t.form_id, t.row_key, t.column_key))""",
)

# the ledgers that were written without documents, printed in all forms of their set
_PRINTED = (
    "delete from internal.stored_fact",
    """update budget.amount set line_no = pg_temp.chance(concat_ws('/', statement, unit_code, fund_code, nature,
    functional_code, department_economic_code, government_economic_code, item_code, project_id))
    from budget.disclosure inner join budget.document using (division_code, document_id)
    where file_name = 'lines' and amount.disclosure_id = disclosure.disclosure_id""",
    """
    insert into filed.form (division_code, fiscal_year, disclosure_id, form_no, report_no, form_id, title,
        recognised_by, place, money_unit, is_empty, header_columns, heading_unit_code, heading_unit_name,
          heading_year,
        heading_stage)
    select d.division_code, d.fiscal_year, d.disclosure_id, template.form_order, template.report_no, template.form_id,
        template.title, 'title', 'p', '万元', false, head.columns, '001', '甲部门', d.fiscal_year, d.stage
    from budget.disclosure as d
    inner join budget.document using (division_code, document_id)
    inner join meta.form_template as template on template.set_id = d.form_set_id
    left join lateral (
        select array_agg(column_key order by column_no) as columns
        from meta.form_column as c
        where c.form_id = template.form_id and column_no % 7 <> 5
    ) as head on template.form_order % 4 <> 1
    where file_name = 'lines' and template.form_order % 9 <> 8
    """,
    """
    insert into filed.cell (division_code, fiscal_year, disclosure_id, form_no, row_no, column_no, source_row,
      row_span,
        column_span, cell_text, report_no, form_id, row_key, row_label, column_key, column_label, amount, half_place,
        part_count, support)
    select cell.division_code, cell.fiscal_year, cell.disclosure_id, form.form_no,
        dense_rank() over (partition by cell.disclosure_id, form.form_no order by cell.row_key collate "C"),
        form_column.column_no, 1, 1, 1, trim_scale(amount), cell.report_no, cell.form_id, cell.row_key,
          cell.row_label,
        cell.column_key, form_column.column_label, amount, 0.005, 1, 'other_form'
    from report.every_cell as cell
    inner join filed.form as form using (division_code, fiscal_year, disclosure_id, form_id)
    inner join meta.form_column as form_column using (form_id, column_key)
    inner join budget.disclosure using (division_code, fiscal_year, disclosure_id)
    inner join budget.document using (division_code, document_id)
    where file_name = 'lines' and is_printed
    """,
    """
    insert into filed.cell (division_code, fiscal_year, disclosure_id, form_no, row_no, column_no, source_row,
      row_span,
        column_span, cell_text, report_no, form_id, row_key, row_label, column_key, column_label, amount, half_place,
        part_count, support)
    select goal.division_code, goal.fiscal_year, goal.disclosure_id, form.form_no,
        row_number() over (partition by form.form_no order by part_no, goal_no, line_no, row_key, repetition,
          goal.column_key) + 5000,
        1, 1, 1, 1, coalesce(rebuilt_text, rebuilt::text, ''), goal.report_no, goal.form_id, goal.row_key, item,
        goal.column_key, item, rebuilt, 0.005, 1, 'other_form'
    from internal.goal_cell as goal
    inner join filed.form as form using (division_code, fiscal_year, disclosure_id, form_id)
    """,
)

_KINDS = """revenue revenue_total expenditure expenditure_total basic project reserve staff public function
 three_public abroad vehicle vehicle_purchase vehicle_operation reception operating_cost procurement
 procurement_goods procurement_works procurement_services meeting""".split()
_MORE_KINDS = """operating remitted subsidy wages goods individuals basic_wages basic_goods basic_individuals
 project_wages project_goods project_individuals opening closing surplus_used surplus_distributed training""".split()
_QUALIFIERS = """fiscal general government_fund state_capital special_account institution_income higher_subsidy
 subordinate_payment operating_income other_income""".split()

# table: column → its value in one of so many rows
_DISORDER = """
budget.subject_of_year 1 subject_name = subject_name || (fiscal_year % 100)
budget.subject_of_year 1 class_name = class_name || (fiscal_year % 100)
budget.subject_of_year 1 group_name = group_name || (fiscal_year % 100)
budget.unit 5 unit_name = unit_code
budget.unit 4 unit_kind = 'mixed'
budget.unit 3 unit_kind = null
budget.unit 1 unit_name = unit_name || (fiscal_year % 100)
budget.amount 29 fund_code = null
budget.amount 31 nature = null
budget.amount 23 functional_code = null
budget.amount 37 department_economic_code = left(department_economic_code, 3)
budget.amount 19 department_economic_code = null
budget.amount 17 government_economic_code = null
budget.amount 13 item_code = null
budget.amount 41 amount = -amount
budget.amount 43 amount = 0
budget.amount 11 allocated = array['fund_code', 'fund_class']
budget.amount 12 allocated = array['nature']
budget.amount 14 allocated = array['functional_code', 'functional_class']
budget.amount 15 allocated = array['functional_code']
budget.amount 16 allocated = array['department_economic_code', 'department_economic_class']
budget.amount 18 allocated = array['department_economic_code']
budget.amount 20 allocated = array['government_economic_code', 'government_economic_class']
budget.amount 21 allocated = array['unit_code']
budget.amount 22 allocated = array['project_id']
budget.amount 24 basis = 'remainder'
budget.amount 10 is_rounding = true
budget.amount 26 unit_code = '999001'
budget.amount 6 source_form_no = null
filed.unit 7 unit_name = unit_code
filed.unit 8 unit_kind = 'agency'
filed.unit 9 unit_name = '别名' || unit_code
filed.form 5 header_columns = null
filed.form 6 heading_unit_code = '999'
filed.form 7 heading_unit_name = '乙部门'
filed.form 8 heading_year = fiscal_year - 1
filed.form 9 heading_stage = 'final'
filed.form 10 heading_stage = 'budget'
filed.form 11 heading_unit_code = null
filed.form 12 is_empty = true
filed.form 13 subject_key = null
filed.form 14 title = null
filed.cell 31 amount = amount + 1
filed.cell 61 amount = amount * 10
filed.cell 97 amount = amount * 10000
filed.cell 37 amount = amount - 0.01
filed.cell 41 amount = -amount
filed.cell 43 amount = null
filed.cell 44 cell_text = '无'
filed.cell 47 cell_text = '见附表'
filed.cell 48 cell_text = ' ' || cell_text || ' '
filed.cell 17 is_ocr = true
filed.cell 29 half_place = 0.5
filed.cell 53 half_place = 0.05
filed.cell 59 half_place = null
filed.cell 23 part_count = null
filed.cell 24 part_count = 3
filed.cell 25 part_count = 0
filed.cell 19 row_label = row_label || '等'
filed.cell 67 row_label = null
filed.cell 71 column_label = null
filed.cell 73 column_key = column_key || '@2023:budget'
filed.cell 74 column_key = column_key || '@2024:final'
filed.cell 79 row_key = null
filed.cell 83 column_key = null
filed.cell 27 support = 'own_form'
filed.cell 28 support = null
filed.cell 89 amount = 0
budget.disclosure 3 cover_unit_code = reporting_unit_code
budget.disclosure 4 cover_unit_code = '001'
budget.disclosure 5 cover_unit_name = '某区' || reporting_unit_name
budget.disclosure 6 cover_year = fiscal_year + 1
budget.disclosure 7 cover_stage = 'adjusted'
budget.disclosure 8 cover_stage = 'final'
budget.disclosure 4 is_rounded = true
budget.disclosure 5 is_rounded = null
budget.disclosure 6 coarse_forms = array[2, 3, 9, 11]::smallint[]
budget.disclosure 9 published_on = '2024-03-01'
budget.disclosure 11 is_current = false
budget.disclosure 13 form_set_id = 'hunan_budget'
budget.project 5 project_category = null
budget.project 6 project_name = '会议经费'
budget.performance_goal 5 project_id = null
budget.performance_goal 6 goal_text = null
budget.performance_goal 7 unit_code = '001002'
budget.performance_indicator 5 target_number = null
budget.performance_indicator 7 target_number = 1e12
budget.performance_indicator 8 target_number = -1e13
budget.performance_indicator 6 target_value = null
budget.performance_indicator 9 target_text = null
budget.performance_indicator 10 level1_name = null
budget.performance_indicator 11 level2_name = null
budget.performance_indicator 12 target_operator = null
budget.performance_indicator 13 target_measure = null
budget.performance_task 5 task_content = null
budget.document 3 file_format = 'pdf'
budget.document 5 source_address = 'http://a'
budget.amount 25 allocated = array['item_code']
"""


def _disorder(connection: psycopg.Connection) -> None:
    """Change some rows of most columns, all columns of a table at once."""
    tables: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, line in enumerate(_DISORDER.strip().splitlines()):
        table, share, column, _, value = line.split(" ", 4)
        chance = f"pg_temp.one_in({share}, {number} || t::text)"
        if table == "filed.cell":  # many rows
            chance = f"chance * {number}::bigint % 1000003 % {share} = 0"
        tables[table][column].append(f"when {chance} then {value}")
    for table, columns in tables.items():
        changes = ", ".join(f"{column} = case {' '.join(cases)} else {column} end" for column, cases in columns.items())
        change = f"update {table} as t set {changes}"
        if table == "budget.amount":
            change += f" where division_code <> '{_SOUND}'"
        if table == "filed.cell":
            each = "select ctid as place, pg_temp.chance(c) as chance from filed.cell as c"
            change = f"with each as materialized ({each}) {change} from each where t.ctid = each.place"
        connection.execute(change.encode())


_MORE = (
    # lines rest on cells, some of which are in dispute
    """update budget.amount as line set source_form_no = cell.form_no, source_row_no = cell.row_no,
    source_column_no = cell.column_no from (
        select distinct on (disclosure_id, pg_temp.chance(c) % 99) *, pg_temp.chance(c) % 99 as number
        from filed.cell as c where amount is not null
        order by disclosure_id, pg_temp.chance(c) % 99, pg_temp.chance(c), row_no
    ) as cell
    where cell.disclosure_id = line.disclosure_id and cell.number = line.line_no % 99""",
    # final accounts that tell of no 三公, and one without the form
    """delete from budget.amount as line using budget.disclosure as d
    where d.disclosure_id = line.disclosure_id and d.stage = 'final' and line.statement = 'three_public'""",
    """delete from filed.form using budget.disclosure as d
    where d.disclosure_id = form.disclosure_id and d.stage = 'final' and form.form_id = 'js09'""",
    # a project of which only purchases are known
    "update budget.amount set project_id = 1 where statement = 'procurement' and disclosure_id in (1, 5)",
    # spending that is known by its economic code throughout
    """update budget.amount set department_economic_code = '30301' where disclosure_id = 3
    and department_economic_code is null""",
    # forms that print less finely than others
    """update budget.disclosure as d set is_rounded = true, coarse_forms = (
        select array_agg(form_no) from filed.form as f where f.disclosure_id = d.disclosure_id and form_no % 3 = 0
    ) where disclosure_id in (1, 5)""",
    # figures of memo columns
    """insert into filed.cell select changed.*
    from (select distinct on (disclosure_id, form_no, row_no) * from filed.cell where amount is not null
      and form_id in (select form_id from meta.form_column where role = 'memo')
      order by disclosure_id, form_no, row_no, column_no) as t
    inner join meta.form_column as c on c.form_id = t.form_id and c.role = 'memo'
    cross join lateral jsonb_populate_record(null::filed.cell, to_jsonb(t) || jsonb_build_object('amount',
      round(t.amount / 2, 2), 'column_no', c.column_no, 'column_key', c.column_key, 'column_label', c.column_label)
    ) as changed
    where pg_temp.one_in(2, concat_ws('/', t.disclosure_id, t.form_id, t.row_key)) on conflict do nothing""",
    # a row twice
    """insert into filed.cell select (jsonb_populate_record(t, jsonb_build_object('row_no', row_no + 7000,
      'row_label', row_label || '又'))).*
    from filed.cell as t where pg_temp.one_in(40, concat_ws('/', disclosure_id, form_id, row_key))""",
    # findings about what is printed
    """insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, values, form_no,
      form_id, column_no)
    select division_code, fiscal_year, disclosure_id,
      1000 + pg_temp.chance(t),
    (array['unknown_column', 'label', 'foreign_form', 'stale_form', 'row_misplaced'])[1 + pg_temp.chance(t) / 30 % 5],
    jsonb_build_object('code', row_key, 'name', row_label || pg_temp.chance(t) / 150 % 2), form_no, form_id, column_no
    from filed.cell as t where pg_temp.chance(t) % 30 = 0 on conflict do nothing""",
    # the same code in other lists
    """insert into budget.subject_of_year (fiscal_year, scheme, code, subject_name, class_code, class_name)
    select fiscal_year, other, code, '另一' || subject_name, code, '另一' from budget.subject_of_year,
    unnest(array['nature', 'item', 'fund', 'functional', 'department_economic', 'government_economic',
      'revenue']) as other
    where scheme <> 'functional' or length(code) = 3 on conflict do nothing""",
    "delete from budget.subject_of_year where scheme <> 'functional' and pg_temp.one_in(7, scheme || code)",
    "delete from budget.unit as t where pg_temp.one_in(9, t::text)",
    "delete from filed.cell as t where pg_temp.chance(t) % 50 = 1",
    "delete from filed.form as t where pg_temp.one_in(15, t::text)",
    """insert into filed.form select (jsonb_populate_record(t, jsonb_build_object('form_no', form_no + 200))).*
    from filed.form as t where pg_temp.one_in(14, t::text)""",
    # forms of no known kind
    """insert into filed.form select (jsonb_populate_record(t, jsonb_build_object('form_no', form_no + 400,
      'form_id', null, 'report_no', null))).* from filed.form as t where pg_temp.one_in(30, t::text)""",
    """insert into budget.unit_alias select division_code, unit_code, '105001' from budget.unit as t
    where division_code > '4304' and unit_code <> '105001' and pg_temp.one_in(12, t::text) on conflict do nothing""",
    """insert into budget.unit_alias select division_code, unit_code, '001' from budget.unit as t
    where division_code < '4304' and unit_code <> '001' and pg_temp.one_in(6, t::text) on conflict do nothing""",
    """insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, message, form_no,
      form_id,
    source_row, column_no, values) select division_code, fiscal_year, disclosure_id, 100 + number, kind,
    case when number % 5 = 0 then '旧消息' end, case when number % 3 > 0 then form_no end,
    case when number % 4 > 0 then form_id end, case when number % 7 > 0 then 900 + number * 10 end,
    case when number % 2 = 0 then number % 9 end,
    case when number % 6 > 0 then jsonb_build_object('code', '201', 'name', '甲', 'figure', 1.5, 'forms',
      array['1', '2']) else '{}' end
    from filed.form inner join lateral (select row_number() over (order by kind) as number,
      kind from meta.finding_kind) as kinds
    on number % 29 = form_no % 29 where disclosure_id % 3 = 0 on conflict do nothing""",
    """insert into meta.finding (division_code, fiscal_year, disclosure_id, finding_no, kind, form_no, form_id)
    select division_code, fiscal_year, disclosure_id, 500, 'not_known', 1,
      null from budget.disclosure where disclosure_id % 5 = 0""",
    """insert into budget.unit_succession (division_code, from_year, old_unit_code, new_unit_code, succession)
    values ('430202', 2024, '002001', '004001', 'merged'), ('430202', 2024, '001001', '005001', 'split'),
    ('430202', 2024, '001001', '007001', 'split'), ('430302', 2024, '001001', '001002', 'renamed')""",
)


# the names of some functions of the ledger, of each level
_FUNCTIONS = """
select distinct translate(concat_ws('/', class_name, case when length(code) >= 5 then group_name end,
    case when length(code) = 7 then subject_name end), '（） ', '()')
from budget.subject_of_year
where scheme = 'functional' and fiscal_year = 2025 and code in (
    select left(functional_code, size) from budget.amount, generate_series(1, 7) as size where division_code = %s
) order by 1 limit 12
"""


def _facts(connection: psycopg.Connection) -> None:
    """State every figure that prose may state: what the forms say, and what they do not."""
    add = """
    insert into filed.stated_fact (division_code, fiscal_year, disclosure_id, fact_no, stated_kind, qualifier,
        stated_subject, measure, of_year, stated_amount, half_place, implied_amount, implied_margin, printed_unit,
        sentence, place, source_row)
    select division_code, fiscal_year, disclosure_id,
      row_number() over (partition by disclosure_id order by kind, qualifier, repeated),
        kind, qualifier, kind, (array['amount', 'amount', 'amount', 'change', 'change_rate',
          'count'])[1 + length(kind || coalesce(qualifier, '')) % 6],
        fiscal_year - case when length(kind) % 9 = 8 then 1 else 0 end, repeated * 1000000 - 1, 0.005, null,
          null, '万元', '句', 'pdf', 1000 + repeated
    from budget.disclosure, unnest(%s::text[]) as kind, unnest(%s::text[]) as qualifier, generate_series(0,
      1) as repeated
    where is_current and stage = 'budget' and revision = 1 and (
        division_code in ('430202', '430222') and kind <> all (%s)
        and (kind = 'function' or qualifier is null or pg_temp.one_in(5, kind || qualifier || disclosure_id))
        or division_code = %s and (kind <> 'function') = (qualifier is null or qualifier = any (%s))
        and repeated = 0 and (kind = 'function' or fiscal_year = 2025)
        and (qualifier is null or kind = 'function' or pg_temp.one_in(2, kind || qualifier))
    )
    """.replace("% ", "%% ")
    functions = connection.execute(_FUNCTIONS.encode(), (_SOUND,)).fetchall()
    names = [None, *_QUALIFIERS, *(name for (name,) in functions)]
    connection.execute(add.encode(), ([*_KINDS, *_MORE_KINDS], names, _MORE_KINDS, _SOUND, _QUALIFIERS))
    for statement in (
        "update filed.stated_fact set stated_kind = null where pg_temp.one_in(31, fact_no::text)",
        "update filed.stated_fact set half_place = 0.5 where fact_no % 5 = 0",
        # right, a little wrong, and wrong as the forms print it
        """with answer as materialized (
            select d.disclosure_id, f.fact_no, f.expected, case when f.fact_no % 13 = 0 then -1 else 1 end * (f.expected
              + (array[0, 0, -0.005, 0.004, -0.01, -0.4, 3, -0.5, 0.5, -0.015, -1.5])[1 + f.fact_no % 11]) as amount
            from budget.disclosure as d,
                report.stated_against_forms(d.division_code, d.fiscal_year, d.disclosure_id) as f
            where f.expected is not null and f.fact_no % 3 > 0
        ),
        printed as (
            update filed.cell as c set amount = told.amount from (
                select distinct on (disclosure_id, expected) * from answer order by disclosure_id, expected, fact_no
            ) as told
            where told.disclosure_id = c.disclosure_id and told.expected = c.amount
        )
        update filed.stated_fact as t set stated_amount = f.amount
        from answer as f where f.disclosure_id = t.disclosure_id and f.fact_no = t.fact_no""",
        """update filed.stated_fact set implied_amount = stated_amount + (array[0, 0.01, 0.02, 1, -1])[1 + fact_no / 16
          % 5], implied_margin = (array[0, 0.01])[1 + fact_no / 16 % 2] where fact_no % 4 = 1""",
        "update filed.stated_fact set measure = 'completion' where fact_no % 16 = 1",
        "update filed.stated_fact set measure = 'share' where fact_no % 16 = 9",
    ):
        connection.execute(statement.encode())


_ANSWERS = """
insert into meta.answer (division_code, fiscal_year, reporting_unit_code, stage, rule, form_id, row_key,
  column_key, figure,
    expected, figure_text, expected_text, answer, note, answered_by)
select division_code, fiscal_year, reporting_unit_code, stage, rule, coalesce(form_id, ''), coalesce(row_key, ''),
    coalesce(column_key, ''), case when number % 4 > 0 then figure end, case when number % 5 > 0 then expected end,
    case when number % 6 > 0 then figure_text end, expected_text, (array['wrong', 'explained',
      'accepted'])[1 + number % 3],
    'n', 'x'
from (
    select *, pg_temp.chance(concat_ws('/', rule, disclosure_id, form_id, row_key, column_key, figure)) as number
    from budget.disclosure as d, rule.check_disclosure(d.division_code, d.fiscal_year, d.disclosure_id) as f
    where d.is_current and not f.passed
        and (d.division_code in ('430212', '430222') or d.division_code = '430262' and d.fiscal_year = 2025)
) as f
where number % 3 = 0 on conflict do nothing
"""

# answers to what passes, to all that some have wrong, and to other questions
_OTHER_ANSWERS = (
    """insert into meta.answer (division_code, fiscal_year, reporting_unit_code, stage, rule, form_id, row_key,
      column_key, figure, expected, figure_text, expected_text, answer, note, answered_by)
    select division_code, fiscal_year, reporting_unit_code, stage, rule, coalesce(form_id, ''), coalesce(row_key, ''),
      coalesce(column_key, ''), figure, expected, figure_text, expected_text, 'wrong', 'n', 'x'
    from budget.disclosure as d, rule.check_disclosure(d.division_code, d.fiscal_year, d.disclosure_id) as f
    where d.is_current and d.division_code = '430262'
      and (d.fiscal_year = 2025 or d.reporting_unit_name in ('未知行局', '两说局', '又名局', '类局'))
      and f.passed = (d.fiscal_year = 2025) on conflict do nothing""",
    """insert into meta.answer select (jsonb_populate_record(a, change)).* from meta.answer as a, lateral (values
      (jsonb_build_object('fiscal_year', fiscal_year + 1)), (jsonb_build_object('reporting_unit_code', '9')),
      (jsonb_build_object('stage', 'final')), (jsonb_build_object('rule', '-')),
      (jsonb_build_object('form_id', 'r99')), (jsonb_build_object('row_key', '-')),
      (jsonb_build_object('column_key', '-'))
    ) as other (change) where division_code = '430262' on conflict do nothing""",
    """update meta.answer set expected_text = 'x' where division_code = '430262' and expected_text is not null
    and reporting_unit_code <> '924001'""",
    "update meta.answer set figure_text = 'x' where division_code = '430262' and reporting_unit_code = '924001'",
    "alter table meta.load add column gone text",
    "alter table meta.load drop column gone",
    # a cell that differs in two ways; and what is left of forms and disclosures that nobody knows
    """insert into internal.comparison_exception select (jsonb_populate_record(e, change)).*
    from internal.comparison_exception as e, lateral (values
      (jsonb_build_object('exception_no', exception_no + 1000)),
      (jsonb_build_object('exception_no', exception_no + 2000, 'form_id', 'nothing')),
      (jsonb_build_object('disclosure_id', -disclosure_id))
    ) as other (change) where status = 'differs' and division_code = '430262'""",
    """insert into internal.comparison_count select (jsonb_populate_record(c, change)).*
    from internal.comparison_count as c, lateral (values
      (jsonb_build_object('form_id', 'nothing')), (jsonb_build_object('disclosure_id', -disclosure_id)),
      (jsonb_build_object('disclosure_id', (
        select min(d.disclosure_id) from budget.disclosure as d where d.division_code = '430262' and not d.is_current
      )))
    ) as other (change) where division_code = '430262' on conflict do nothing""",
)

SETTLE = (
    "select budget.settle_overlap(division_code, fiscal_year::integer, departments) from (select division_code,"
    " fiscal_year, array_agg(distinct department_code) as departments from filed.unit group by 1, 2) as d",
    "delete from internal.stored_fact",
    "delete from internal.stored_spending",
    "select internal.settle_facts(division_code, fiscal_year::integer, ids) from (select division_code, fiscal_year,"
    " array_agg(disclosure_id) as ids from budget.disclosure group by 1, 2) as d",
    "select report.store_comparison(division_code, ids) from (select division_code, array_agg(disclosure_id) as ids"
    " from budget.disclosure group by 1) as d",
)
