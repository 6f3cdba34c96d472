"""what the other figures of a sentence make of a change, rate or share

Of prose loaded before it is not known: the rule ``stated_rate`` has nothing to compare until it is read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_COLUMNS = ("implied_amount", "implied_margin")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("stated_fact", sa.Column(name, sa.Numeric()), schema="filed")


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("stated_fact", name, schema="filed")
