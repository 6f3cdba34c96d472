"""which forms of a disclosure print less finely than the others

Of disclosures loaded before it is not known: they keep what was said of them until they are read again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "disclosure",
        sa.Column("coarse_forms", postgresql.ARRAY(sa.SmallInteger()), nullable=False, server_default="{}"),
        schema="budget",
    )


def downgrade() -> None:
    op.drop_column("disclosure", "coarse_forms", schema="budget")
