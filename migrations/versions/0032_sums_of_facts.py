"""sums of spending and the goals that count are stored

What a unit spends by subject was added up from all its lines for each year twice, and which goals count was found from
all lines of projects. The upgrade fills both when the functions are there (schema/stored_facts.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_spending",
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("is_allocated", sa.Boolean(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(18, 6), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("functional_class", sa.Text()),
        sa.Column("functional_code", sa.Text()),
        sa.Column("department_economic_class", sa.Text()),
        schema="internal",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    op.create_index(
        op.f("stored_spending_division_code_disclosure_id_idx"),
        "stored_spending",
        ["division_code", "disclosure_id"],
        schema="internal",
    )
    years = op.get_bind().execute(
        sa.text(
            "select right(inhrelid::regclass::text, 4) from pg_inherits where inhparent = 'budget.amount'::regclass"
        )
    )
    for (year,) in years.all():
        op.execute(
            f"create table internal.stored_spending_{year} partition of internal.stored_spending for values in ({year})"
        )
    op.add_column(
        "performance_goal",
        sa.Column("is_counted", sa.Boolean(), nullable=False, server_default="false"),
        schema="budget",
    )


def downgrade() -> None:
    op.execute("drop function if exists report.proposed_corrections(text, smallint, bigint)")
    for function in ("settle_goals", "computed_goals"):
        op.execute(f"drop function if exists internal.{function}(text, integer, bigint[])")
    op.drop_column("performance_goal", "is_counted", schema="budget")
    op.drop_table("stored_spending", schema="internal")
