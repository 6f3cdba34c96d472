"""what the prose of a document states is kept beside its forms

Prose of documents that are loaded already is read by `hetang load --again`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stated_fact",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("fact_no", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger()),
        sa.Column("stated_kind", sa.Text()),
        sa.Column("qualifier", sa.Text()),
        sa.Column("stated_subject", sa.Text()),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("of_year", sa.SmallInteger(), nullable=False),
        sa.Column("stated_amount", sa.Numeric()),
        sa.Column("half_place", sa.Numeric()),
        sa.Column("printed_unit", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "fact_no", "fiscal_year", "division_code", name=op.f("stated_fact_pkey")
        ),
        schema="filed",
    )


def downgrade() -> None:
    op.execute("drop function if exists report.stated_against_forms(text, smallint, bigint)")
    op.execute("drop function if exists report.cells_beside(text, smallint, bigint, text, text, text)")
    op.drop_table("stated_fact", schema="filed")
