"""findings are kinds and values, worded at reading

What was found before keeps its message as text, which is shown as it is.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding_kind",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("wording_zh", sa.Text(), nullable=False),
        sa.Column("wording_en", sa.Text(), nullable=False),
        sa.Column("meaning_zh", sa.Text(), nullable=False),
        sa.Column("meaning_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("finding_kind_pkey")),
        schema="meta",
    )
    op.add_column("finding", sa.Column("form_id", sa.Text()), schema="meta")
    op.execute("update meta.finding set form_id = 'r' || lpad(report_no::text, 2, '0') where report_no is not null")
    op.add_column(
        "finding", sa.Column("values", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False), schema="meta"
    )
    op.alter_column("finding", "message", nullable=True, schema="meta")


def downgrade() -> None:
    op.execute("update meta.finding set message = kind || ': ' || \"values\"::text where message is null")
    op.alter_column("finding", "message", nullable=False, schema="meta")
    op.drop_column("finding", "values", schema="meta")
    op.drop_column("finding", "form_id", schema="meta")
    op.drop_table("finding_kind", schema="meta")
    op.execute("drop function if exists meta.finding_message(text, jsonb, text)")
