"""whether a disclosure was rounded cell by cell is a column of it

Disclosures that were loaded before keep null: nobody judged them, and their totals keep their tolerance.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("is_rounded", sa.Boolean()), schema="budget")


def downgrade() -> None:
    op.drop_column("disclosure", "is_rounded", schema="budget")
