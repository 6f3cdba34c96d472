"""where documents overlap is settled again

A department's document that is too small for its unit's own does not cover it. The upgrade settles overlaps and stores
the facts of every warehouse that has not been at this revision.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    op.execute("drop function if exists internal.beyond_whole(text, integer, bigint[], bigint[])")
