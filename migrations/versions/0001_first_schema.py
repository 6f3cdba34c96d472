"""first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# A new year needs no manual step: the loader calls this before it writes.
ENSURE_YEAR = """
create function meta.ensure_year(year integer) returns void language plpgsql as $$
declare
    parent text;
    child text;
begin
    foreach parent in array array['filed.cell', 'budget.amount', 'report.comparison_result'] loop
        child := parent || '_' || year;
        if to_regclass(child) is null then
            perform pg_advisory_xact_lock(hashtext('meta.ensure_year'));
            execute format('create table if not exists %s partition of %s for values in (%s)', child, parent, year);
        end if;
    end loop;
end
$$
"""

# Written in plpgsql because its body is looked up when it runs: views come and go with every upgrade. To plan the
# comparison takes as long as to make two of them, and no array of ids deserves a plan of its own. That plan is often
# made while the tables are empty, when it takes one row for granted everywhere: rows are to be hashed, not looped over
# or sorted.
STORE_COMPARISON = """
create function report.store_comparison(division text, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_mergejoin = off set enable_sort = off
set jit = off as $$
begin
    delete from report.comparison_result where division_code = division and disclosure_id = any(ids);
    insert into report.comparison_result (
        division_code, fiscal_year, disclosure_id, comparison_no, report_no, row_key, row_label,
        column_key, column_label, filed, rebuilt, difference, tolerance, status, support, filed_text, rebuilt_text
    )
    select
        division_code, fiscal_year, disclosure_id,
        row_number() over (partition by disclosure_id order by report_no, row_key collate "C", column_key collate "C"),
        report_no, row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status,
        support, filed_text, rebuilt_text
    from report.comparison_live
    where division_code = division and disclosure_id = any(ids);
end
$$
"""

# Where documents of a department and its units overlap, each yuan counts once, by unit and statement:
#   of a unit's own document and one that names it, the unit's own counts, if its forms speak of the statement;
#   without a document of its own, the department's counts before that of another unit;
#   money that the department's document states for the department as a whole cannot be told apart by unit, so it
#   covers that statement of all units in there (of all its units, where it names none).
# Every table is looked up once, then the few rows of a department are hashed: a plan that is good without statistics.
SETTLE_OVERLAP = """
create function budget.settle_overlap(division text, year integer, departments text[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
declare
    disclosures bigint[];
    units text[];
    covered_disclosures bigint[];
    covered_units text[];
    covered_statements text[];
begin
    select array_agg(distinct disclosure_id), array_agg(distinct unit_code)
    into disclosures, units
    from filed.unit
    where division_code = division and fiscal_year = year and department_code = any(departments);

    with named as materialized (
        select disclosure_id, unit_code, department_code
        from filed.unit
        where division_code = division and fiscal_year = year and department_code = any(departments)
    ),

    counted as materialized (
        select distinct on (reporting_unit_code, stage) disclosure_id, reporting_unit_code, stage
        from budget.disclosure
        where division_code = division and fiscal_year = year and disclosure_id = any(disclosures) and is_current
        order by reporting_unit_code, stage, cell_count desc, content_hash
    ),

    part as materialized (
        select disclosure_id, unit_code, statement, bool_and(is_rounding) as is_rounding
        from budget.amount
        where division_code = division and fiscal_year = year and disclosure_id = any(disclosures)
            and unit_code = any(units)
        group by disclosure_id, unit_code, statement
    ),

    stated as materialized (
        select distinct form.disclosure_id, spoken.statement
        from filed.form as form
        cross join lateral unnest(
            case
                when form.report_no = 1 then array['revenue', 'carry_over', 'expenditure']
                when form.report_no = 2 then array['revenue', 'carry_over']
                when form.report_no = 6 then array['revenue', 'carry_over', 'expenditure']
                when form.report_no = 15 then array['three_public']
                when form.report_no in (21, 22) then array['special_fund']
                else array['expenditure']
            end
        ) as spoken (statement)
        where form.division_code = division and form.fiscal_year = year and form.disclosure_id = any(disclosures)
            and form.report_no is not null
    ),

    covered as (
        select part.disclosure_id, part.unit_code, part.statement
        from part
        inner join named
            on named.disclosure_id = part.disclosure_id
            and named.unit_code = part.unit_code
        inner join counted as disclosure
            on disclosure.disclosure_id = part.disclosure_id
        -- another document, of the unit itself, and whether it speaks of the statement
        left join counted as own
            on own.reporting_unit_code = part.unit_code
            and own.stage = disclosure.stage
            and own.disclosure_id <> disclosure.disclosure_id
        left join stated as own_stated
            on own_stated.disclosure_id = own.disclosure_id
            and own_stated.statement = part.statement
        -- another document, of the department; whether it names the unit, or any unit
        left join counted as whole
            on whole.reporting_unit_code = named.department_code
            and whole.stage = disclosure.stage
            and whole.disclosure_id <> disclosure.disclosure_id
        left join named as whole_named
            on whole_named.disclosure_id = whole.disclosure_id
            and whole_named.unit_code = part.unit_code
        left join (select distinct disclosure_id from named where unit_code <> department_code) as naming
            on naming.disclosure_id = whole.disclosure_id
        -- money of the department as a whole in its document, this one or the other
        left join part as undivided
            on undivided.disclosure_id = coalesce(whole.disclosure_id, part.disclosure_id)
            and undivided.unit_code = named.department_code
            and undivided.statement = part.statement
            and not undivided.is_rounding
        where case
            when disclosure.reporting_unit_code = part.unit_code then
                whole.disclosure_id is not null
                and undivided.disclosure_id is not null
                and (whole_named.disclosure_id is not null or naming.disclosure_id is null)
            when disclosure.reporting_unit_code = named.department_code then
                own_stated.disclosure_id is not null
                and undivided.disclosure_id is null
            else own_stated.disclosure_id is not null
                or whole_named.disclosure_id is not null
        end
    )

    select array_agg(disclosure_id), array_agg(unit_code), array_agg(statement)
    into covered_disclosures, covered_units, covered_statements
    from covered;

    delete from budget.covered_part as known
    where known.division_code = division and known.fiscal_year = year and known.department_code = any(departments)
        and not exists (
            select
            from unnest(covered_disclosures, covered_units, covered_statements)
                as covered (disclosure_id, unit_code, statement)
            where covered.disclosure_id = known.disclosure_id
                and covered.unit_code = known.unit_code
                and covered.statement = known.statement
        );

    insert into budget.covered_part (
        division_code, fiscal_year, disclosure_id, unit_code, statement, department_code
    )
    select division, year, covered.disclosure_id, covered.unit_code, covered.statement, left(covered.unit_code, 3)
    from unnest(covered_disclosures, covered_units, covered_statements)
        as covered (disclosure_id, unit_code, statement)
    on conflict do nothing;
end
$$
"""


def upgrade() -> None:
    for name in ("budget", "filed", "report", "report_zh", "mart"):
        op.execute(f"create schema {name}")
    op.execute("create sequence budget.supersede_rank")
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "amount",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("functional_code", sa.Text(), nullable=True),
        sa.Column("department_economic_code", sa.Text(), nullable=True),
        sa.Column("government_economic_code", sa.Text(), nullable=True),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("allocated", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("is_rounding", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("source_form_no", sa.SmallInteger(), nullable=True),
        sa.Column("source_row_no", sa.Integer(), nullable=True),
        sa.Column("source_column_no", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("disclosure_id", "line_no", "fiscal_year", "division_code", name=op.f("amount_pkey")),
        schema="budget",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    op.create_index(
        op.f("amount_unit_code_division_code_idx"),
        "amount",
        ["unit_code", "division_code"],
        unique=False,
        schema="budget",
    )
    op.create_table(
        "covered_part",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "unit_code", "statement", "fiscal_year", "division_code", name=op.f("covered_part_pkey")
        ),
        schema="budget",
    )
    op.create_index(
        op.f("covered_part_division_code_fiscal_year_department_code_idx"),
        "covered_part",
        ["division_code", "fiscal_year", "department_code"],
        unique=False,
        schema="budget",
    )
    op.create_table(
        "division",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("division_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("division_code", name=op.f("division_pkey")),
        schema="budget",
    )
    op.create_table(
        "economic_crosswalk",
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("department_economic_code", sa.Text(), nullable=False),
        sa.Column("government_economic_code", sa.Text(), nullable=False),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_kind", "department_economic_code", "government_economic_code", name=op.f("economic_crosswalk_pkey")
        ),
        schema="budget",
    )
    op.create_table(
        "performance_goal",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_no", sa.SmallInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("goal_text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "goal_no", "fiscal_year", "division_code", name=op.f("performance_goal_pkey")
        ),
        schema="budget",
    )
    op.create_table(
        "performance_indicator",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_no", sa.SmallInteger(), nullable=False),
        sa.Column("indicator_no", sa.SmallInteger(), nullable=False),
        sa.Column("level1_name", sa.Text(), nullable=True),
        sa.Column("level2_name", sa.Text(), nullable=True),
        sa.Column("level3_name", sa.Text(), nullable=True),
        sa.Column("target_operator", sa.Text(), nullable=True),
        sa.Column("target_number", sa.Numeric(), nullable=True),
        sa.Column("target_measure", sa.Text(), nullable=True),
        sa.Column("target_value", sa.Text(), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=True),
        sa.Column("target_type", sa.Text(), nullable=True),
        sa.Column("indicator_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "division_code",
            "fiscal_year",
            "disclosure_id",
            "goal_no",
            "indicator_no",
            name=op.f("performance_indicator_pkey"),
        ),
        schema="budget",
    )
    op.create_table(
        "performance_task",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_no", sa.SmallInteger(), nullable=False),
        sa.Column("task_no", sa.SmallInteger(), nullable=False),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("task_content", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "goal_no", "task_no", "fiscal_year", "division_code", name=op.f("performance_task_pkey")
        ),
        schema="budget",
    )
    op.create_table(
        "project",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("project_name", sa.Text(), nullable=False),
        sa.Column("project_category", sa.Text(), nullable=True),
        sa.Column("project_period", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "project_id", "fiscal_year", "division_code", name=op.f("project_pkey")
        ),
        schema="budget",
    )
    op.create_table(
        "subject",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("last_year", sa.SmallInteger(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "code", "first_year", name=op.f("subject_pkey")),
        schema="budget",
    )
    op.create_table(
        "subject_alias",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "code", "alias", name=op.f("subject_alias_pkey")),
        schema="budget",
    )
    op.create_table(
        "cell",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("form_no", sa.SmallInteger(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("column_no", sa.SmallInteger(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("row_span", sa.SmallInteger(), nullable=False),
        sa.Column("column_span", sa.SmallInteger(), nullable=False),
        sa.Column("cell_text", sa.Text(), nullable=False),
        sa.Column("report_no", sa.SmallInteger(), nullable=True),
        sa.Column("row_key", sa.Text(), nullable=True),
        sa.Column("row_label", sa.Text(), nullable=True),
        sa.Column("column_key", sa.Text(), nullable=True),
        sa.Column("column_label", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=True),
        sa.Column("half_place", sa.Numeric(), nullable=True),
        sa.Column("part_count", sa.SmallInteger(), nullable=True),
        sa.Column("support", sa.Text(), nullable=True),
        sa.Column("raw_value", sa.Text(), nullable=True),
        sa.Column("is_ocr", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "form_no", "row_no", "column_no", "fiscal_year", "division_code", name=op.f("cell_pkey")
        ),
        schema="filed",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    op.create_table(
        "form",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("form_no", sa.SmallInteger(), nullable=False),
        sa.Column("report_no", sa.SmallInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("subject_key", sa.Text(), nullable=True),
        sa.Column("recognised_by", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("money_unit", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("is_empty", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("disclosure_id", "form_no", "fiscal_year", "division_code", name=op.f("form_pkey")),
        schema="filed",
    )
    op.create_table(
        "unit",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("disclosure_id", "unit_code", "fiscal_year", "division_code", name=op.f("unit_pkey")),
        schema="filed",
    )
    op.create_index(
        op.f("unit_division_code_fiscal_year_department_code_idx"),
        "unit",
        ["division_code", "fiscal_year", "department_code"],
        unique=False,
        schema="filed",
    )
    op.create_table(
        "finding",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("form_no", sa.SmallInteger(), nullable=True),
        sa.Column("report_no", sa.SmallInteger(), nullable=True),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("column_no", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "finding_no", "fiscal_year", "division_code", name=op.f("finding_pkey")
        ),
        schema="meta",
    )
    op.create_table(
        "form_column",
        sa.Column("report_no", sa.SmallInteger(), nullable=False),
        sa.Column("column_no", sa.Integer(), nullable=False),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("column_label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("report_no", "column_no", name=op.f("form_column_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_line",
        sa.Column("report_no", sa.SmallInteger(), nullable=False),
        sa.Column("list_key", sa.Text(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_label", sa.Text(), nullable=False),
        sa.Column("row_level", sa.SmallInteger(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.Column("is_optional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("report_no", "list_key", "line_no", name=op.f("form_line_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_template",
        sa.Column("report_no", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_no", name=op.f("form_template_pkey")),
        schema="meta",
    )
    op.create_table(
        "load",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("load_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("division_code", "load_id", name=op.f("load_pkey")),
        schema="meta",
    )
    op.create_table(
        "managed_view",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("view_schema", sa.Text(), nullable=False),
        sa.Column("view_name", sa.Text(), nullable=False),
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("managed_view_pkey")),
        schema="meta",
    )
    op.create_table(
        "comparison_result",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("comparison_no", sa.Integer(), nullable=False),
        sa.Column("report_no", sa.SmallInteger(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_label", sa.Text(), nullable=True),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("column_label", sa.Text(), nullable=True),
        sa.Column("filed", sa.Numeric(), nullable=True),
        sa.Column("rebuilt", sa.Numeric(), nullable=True),
        sa.Column("difference", sa.Numeric(), nullable=True),
        sa.Column("tolerance", sa.Numeric(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("support", sa.Text(), nullable=True),
        sa.Column("filed_text", sa.Text(), nullable=True),
        sa.Column("rebuilt_text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "comparison_no", "fiscal_year", "division_code", name=op.f("comparison_result_pkey")
        ),
        schema="report",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    op.create_index(
        "comparison_result_differs_idx",
        "comparison_result",
        ["division_code", "fiscal_year", "disclosure_id"],
        unique=False,
        schema="report",
        postgresql_where="status = 'differs'",
    )
    op.create_table(
        "disclosure",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_unit_code", sa.Text(), nullable=False),
        sa.Column("reporting_unit_name", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), server_default="budget", nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("supersede_rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("form_count", sa.SmallInteger(), nullable=False),
        sa.Column("cell_count", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["budget.division.division_code"], name=op.f("disclosure_division_code_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "disclosure_id", name=op.f("disclosure_pkey")),
        sa.UniqueConstraint(
            "division_code",
            "fiscal_year",
            "reporting_unit_code",
            "stage",
            "content_hash",
            name=op.f("disclosure_division_code_fiscal_year_reporting_unit_code_stage_content_hash_key"),
        ),
        sa.UniqueConstraint(
            "division_code",
            "fiscal_year",
            "reporting_unit_code",
            "stage",
            "revision",
            name=op.f("disclosure_division_code_fiscal_year_reporting_unit_code_stage_revision_key"),
        ),
        schema="budget",
    )
    op.create_index(op.f("disclosure_content_hash_idx"), "disclosure", ["content_hash"], unique=False, schema="budget")
    op.create_index(
        op.f("disclosure_disclosure_id_idx"), "disclosure", ["disclosure_id"], unique=False, schema="budget"
    )
    op.create_index(
        op.f("disclosure_fiscal_year_reporting_unit_code_idx"),
        "disclosure",
        ["fiscal_year", "reporting_unit_code"],
        unique=False,
        schema="budget",
    )
    op.create_table(
        "document",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("source_address", sa.Text(), nullable=True),
        sa.Column("file_format", sa.Text(), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["budget.division.division_code"], name=op.f("document_division_code_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "document_id", name=op.f("document_pkey")),
        sa.UniqueConstraint("division_code", "content_hash", name=op.f("document_division_code_content_hash_key")),
        schema="budget",
    )
    op.create_table(
        "unit",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("is_department", sa.Boolean(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["division_code"], ["budget.division.division_code"], name=op.f("unit_division_code_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "unit_code", "fiscal_year", name=op.f("unit_pkey")),
        schema="budget",
    )
    op.create_table(
        "unit_succession",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("from_year", sa.SmallInteger(), nullable=False),
        sa.Column("old_unit_code", sa.Text(), nullable=False),
        sa.Column("new_unit_code", sa.Text(), nullable=False),
        sa.Column("succession", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["division_code"], ["budget.division.division_code"], name=op.f("unit_succession_division_code_fkey")
        ),
        sa.PrimaryKeyConstraint(
            "division_code", "from_year", "old_unit_code", "new_unit_code", name=op.f("unit_succession_pkey")
        ),
        schema="budget",
    )
    # ### end Alembic commands ###
    op.execute(ENSURE_YEAR)
    op.execute(STORE_COMPARISON)
    op.execute(SETTLE_OVERLAP)


def downgrade() -> None:
    op.execute("drop function budget.settle_overlap(text, integer, text[])")
    op.execute("drop function report.store_comparison(text, bigint[])")
    op.execute("drop function meta.ensure_year(integer)")
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table("unit_succession", schema="budget")
    op.drop_table("unit", schema="budget")
    op.drop_table("document", schema="budget")
    op.drop_index(op.f("disclosure_fiscal_year_reporting_unit_code_idx"), table_name="disclosure", schema="budget")
    op.drop_index(op.f("disclosure_content_hash_idx"), table_name="disclosure", schema="budget")
    op.drop_index(op.f("disclosure_disclosure_id_idx"), table_name="disclosure", schema="budget")
    op.drop_table("disclosure", schema="budget")
    op.drop_index(
        "comparison_result_differs_idx",
        table_name="comparison_result",
        schema="report",
        postgresql_where="status = 'differs'",
    )
    op.drop_table("comparison_result", schema="report")
    op.drop_table("managed_view", schema="meta")
    op.drop_table("load", schema="meta")
    op.drop_table("form_template", schema="meta")
    op.drop_table("form_line", schema="meta")
    op.drop_table("form_column", schema="meta")
    op.drop_table("finding", schema="meta")
    op.drop_index(op.f("unit_division_code_fiscal_year_department_code_idx"), table_name="unit", schema="filed")
    op.drop_table("unit", schema="filed")
    op.drop_table("form", schema="filed")
    op.drop_table("cell", schema="filed")
    op.drop_table("subject_alias", schema="budget")
    op.drop_table("subject", schema="budget")
    op.drop_table("project", schema="budget")
    op.drop_table("performance_task", schema="budget")
    op.drop_table("performance_indicator", schema="budget")
    op.drop_table("performance_goal", schema="budget")
    op.drop_table("economic_crosswalk", schema="budget")
    op.drop_table("division", schema="budget")
    op.drop_index(
        op.f("covered_part_division_code_fiscal_year_department_code_idx"), table_name="covered_part", schema="budget"
    )
    op.drop_table("covered_part", schema="budget")
    op.drop_index(op.f("amount_unit_code_division_code_idx"), table_name="amount", schema="budget")
    op.drop_table("amount", schema="budget")
    # ### end Alembic commands ###
    op.execute("drop sequence budget.supersede_rank")
    for name in ("budget", "filed", "report", "report_zh", "mart"):
        op.execute(f"drop schema {name}")
