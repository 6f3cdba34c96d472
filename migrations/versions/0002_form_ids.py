"""forms have ids, and SQL knows them by their declarations

Stored keys are carried along: report 3 of the 23 forms of Hunan is form r03. What was derived (the tables that say
what schema/forms declares, the stored comparisons) is made anew by the upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FORM_ID = "'r' || lpad(report_no::text, 2, '0')"
_RULE_COORDINATES = ("fund", "nature", "functional", "department_economic", "government_economic", "item")


def upgrade() -> None:
    for table in ("form_template", "form_line", "form_column"):
        op.drop_table(table, schema="meta")
    _create_declarations()
    op.create_table(
        "managed_function",
        sa.Column("function_schema", sa.Text(), nullable=False),
        sa.Column("function_name", sa.Text(), nullable=False),
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("function_schema", "function_name", name=op.f("managed_function_pkey")),
        schema="meta",
    )
    for table in ("form", "cell"):
        op.add_column(table, sa.Column("form_id", sa.Text()), schema="filed")
        op.execute(f"update filed.{table} set form_id = {_FORM_ID} where report_no is not null")
    op.add_column("form", sa.Column("header_columns", sa.ARRAY(sa.Text())), schema="filed")
    op.add_column(
        "disclosure",
        sa.Column("form_set_id", sa.Text(), server_default="hunan_budget", nullable=False),
        schema="budget",
    )
    op.add_column("performance_goal", sa.Column("form_id", sa.Text()), schema="budget")
    op.execute("update budget.performance_goal set form_id = case when project_id is null then 'r23' else 'r22' end")
    op.alter_column("performance_goal", "form_id", nullable=False, schema="budget")
    op.add_column("comparison_result", sa.Column("form_id", sa.Text()), schema="report")
    op.execute(f"update report.comparison_result set form_id = {_FORM_ID}")
    op.alter_column("comparison_result", "form_id", nullable=False, schema="report")
    op.alter_column("comparison_result", "report_no", nullable=True, schema="report")


def _create_declarations() -> None:
    op.create_table(
        "form_set",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("divisions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("last_year", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("set_id", name=op.f("form_set_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_template",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("form_order", sa.SmallInteger(), nullable=False),
        sa.Column("report_no", sa.SmallInteger()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("is_by_unit", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("total_key", sa.Text()),
        sa.Column("total_label", sa.Text()),
        sa.Column("total_column", sa.Text()),
        sa.Column("total_is_last", sa.Boolean(), nullable=False),
        sa.Column("unprinted_levels", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name=op.f("form_template_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_line",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("list_key", sa.Text(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("report_no", sa.SmallInteger()),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_label", sa.Text(), nullable=False),
        sa.Column("row_level", sa.SmallInteger(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.Column("is_optional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "list_key", "line_no", name=op.f("form_line_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_column",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("column_no", sa.Integer(), nullable=False),
        sa.Column("report_no", sa.SmallInteger()),
        sa.Column("list_key", sa.Text()),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("column_label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "column_no", name=op.f("form_column_pkey")),
        schema="meta",
    )
    op.create_table(
        "form_rule",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("rule_no", sa.SmallInteger(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("report_no", sa.SmallInteger()),
        sa.Column("line_key", sa.Text()),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        *(sa.Column(f"{name}_patterns", sa.ARRAY(sa.Text())) for name in _RULE_COORDINATES),
        sa.PrimaryKeyConstraint("form_id", "rule_no", name=op.f("form_rule_pkey")),
        schema="meta",
    )


def downgrade() -> None:
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")
    first = op.get_context().script.get_revision("0001").module
    for function in (first.ENSURE_YEAR, first.STORE_COMPARISON, first.SETTLE_OVERLAP):
        op.execute(function.replace("create function", "create or replace function"))
    op.alter_column("comparison_result", "report_no", nullable=False, schema="report")
    op.drop_column("comparison_result", "form_id", schema="report")
    op.drop_column("performance_goal", "form_id", schema="budget")
    op.drop_column("disclosure", "form_set_id", schema="budget")
    op.drop_column("form", "header_columns", schema="filed")
    for table in ("form", "cell"):
        op.drop_column(table, "form_id", schema="filed")
    op.drop_table("managed_function", schema="meta")
    for table in ("form_rule", "form_column", "form_line", "form_template", "form_set"):
        op.drop_table(table, schema="meta")
    _create_numbered_declarations()


def _create_numbered_declarations() -> None:
    """The tables as 0001 knows them; an upgrade fills them."""
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
