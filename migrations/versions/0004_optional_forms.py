"""forms of variants of a set are optional

A document that lacks one lacks nothing. The rows are written anew after every upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "form_template",
        sa.Column("is_optional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="meta",
    )


def downgrade() -> None:
    op.drop_column("form_template", "is_optional", schema="meta")
