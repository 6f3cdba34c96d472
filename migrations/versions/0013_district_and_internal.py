"""schemas for the forms of a whole district, and for what only other views need; the data dictionary

The stored results of the comparison are read by views alone. The dictionary is written by every upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = ("comparison_exception", "comparison_count")


def upgrade() -> None:
    op.execute("create schema district")
    op.execute("create schema internal")
    for table in _TABLES:
        op.execute(f"alter table report.{table} set schema internal")
    op.create_table(
        "data_dictionary",
        sa.Column("schema_name", sa.Text(), nullable=False),
        sa.Column("relation_name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("column_name", sa.Text()),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text()),
        sa.Column("money_unit", sa.Text()),
        sa.Column("keys", sa.Text()),
        sa.Column("joins", sa.Text()),
        sa.Column("nulls", sa.Text()),
        sa.Column("sums", sa.Text()),
        sa.PrimaryKeyConstraint("schema_name", "relation_name", "position", name=op.f("data_dictionary_pkey")),
        schema="meta",
    )


def downgrade() -> None:
    op.drop_table("data_dictionary", schema="meta")
    for table in _TABLES:
        op.execute(f"alter table internal.{table} set schema report")
    op.execute("drop schema internal")
    op.execute("drop schema district")
