"""schemas for the forms of a whole district, and for what only other views need

The stored results of the comparison are read by views alone.
"""

from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = ("comparison_exception", "comparison_count")


def upgrade() -> None:
    op.execute("create schema district")
    op.execute("create schema internal")
    for table in _TABLES:
        op.execute(f"alter table report.{table} set schema internal")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"alter table internal.{table} set schema report")
    op.execute("drop schema internal")
    op.execute("drop schema district")
