"""the comparison of a disclosure says itself which rows follow from the filed cell

Storing it asked that of internal.cell_as_equal, which read all cells again.
"""

from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")  # it returns more now


def downgrade() -> None:
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")
