"""lines of projects are found by disclosure

To tell which goals count, all lines of a year were read for the few of projects.
"""

from alembic import op
from sqlalchemy import text

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "amount_of_project_idx",
        "amount",
        ["division_code", "disclosure_id"],
        schema="budget",
        postgresql_where=text("project_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("amount_of_project_idx", "amount", schema="budget")
