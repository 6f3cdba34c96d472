"""the number of the disclosure as an integer in the table of cells

An entry of the index by form is 8 bytes shorter, a cell 4, and so is what is logged of them. Every year is written
anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("cell", "disclosure_id", type_=sa.Integer(), schema="filed")
    op.execute("analyze filed.cell")  # what was known of the column is gone


def downgrade() -> None:
    op.alter_column("cell", "disclosure_id", type_=sa.BigInteger(), schema="filed")
