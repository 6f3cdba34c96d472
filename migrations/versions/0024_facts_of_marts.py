"""the lines that the facts of mart show are stored

To tell which lines count, and how far their coordinates are certain, took longer than to add them up. The table comes
empty; the upgrade fills it when the functions are there (schema/stored_facts.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_fact",
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("is_unit_allocated", "is_nature_allocated", "is_function_allocated", "is_remainder")
        ),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(18, 6), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text())
            for name in (
                "functional_class",
                "nature",
                "functional_code",
                "department_economic_class",
                "fund_class",
                "fund_code",
                "department_economic_code",
                "government_economic_class",
                "government_economic_code",
                "item_code",
            )
        ),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reporting_unit_code", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer()),
        sa.Column("source_row_no", sa.Integer()),
        sa.Column("source_form_no", sa.SmallInteger()),
        sa.Column("source_column_no", sa.SmallInteger()),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "line_no", "fiscal_year", "division_code", name=op.f("stored_fact_pkey")
        ),
        schema="internal",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    years = op.get_bind().execute(
        sa.text(
            "select right(inhrelid::regclass::text, 4) from pg_inherits where inhparent = 'budget.amount'::regclass"
        )
    )
    for (year,) in years.all():
        op.execute(f"create table internal.stored_fact_{year} partition of internal.stored_fact for values in ({year})")


def downgrade() -> None:
    op.execute("drop function if exists internal.settle_facts(text, integer, bigint[])")
    op.execute("drop function if exists internal.computed_facts(text, integer, bigint[])")
    op.drop_table("stored_fact", schema="internal")
