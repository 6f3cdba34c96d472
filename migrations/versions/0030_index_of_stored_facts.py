"""stored facts are found by division and statement

A partition holds the facts of a year of all divisions: a question about one of them read those of all.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("stored_fact_division_code_statement_idx"),
        "stored_fact",
        ["division_code", "statement"],
        schema="internal",
    )


def downgrade() -> None:
    op.drop_index(op.f("stored_fact_division_code_statement_idx"), "stored_fact", schema="internal")
