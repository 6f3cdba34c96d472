"""subjects by year are kept for dimensions that a planner can count, chosen classes are marked, mart_zh begins

Of lines that are there nothing says whether their class is certain, so it counts as chosen until they are read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

CLASSES = ("functional", "department_economic", "government_economic", "fund")


def upgrade() -> None:
    op.execute("create schema mart_zh")
    op.create_table(
        "subject_of_year",
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text()),
        sa.Column("group_code", sa.Text()),
        sa.Column("group_name", sa.Text()),
        sa.PrimaryKeyConstraint("fiscal_year", "scheme", "code", name=op.f("subject_of_year_pkey")),
        schema="budget",
    )
    for name in CLASSES:
        op.execute(
            f"update budget.amount set allocated = array_append(allocated, '{name}_class')"
            f" where '{name}_code' = any(allocated)"
        )


def downgrade() -> None:
    for name in CLASSES:
        op.execute(
            f"update budget.amount set allocated = array_remove(allocated, '{name}_class')"
            f" where '{name}_class' = any(allocated)"
        )
    op.drop_table("subject_of_year", schema="budget")
    op.execute("drop schema mart_zh")
    op.execute("drop function if exists budget.settle_subjects(integer)")
