"""disclosures are compared, and their revisions settled, several at once: functions that took one"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")
    op.execute("drop function if exists budget.settle_revisions(text, smallint, text, text)")


def downgrade() -> None:
    op.execute("drop function if exists report.compare_disclosures(text, smallint, bigint[])")
    op.execute("drop function if exists budget.settle_revisions(text, smallint, text[], text[])")
