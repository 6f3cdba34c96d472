"""what covers and the headings of forms say of unit, year and stage

Of disclosures loaded before it is not known: the rule ``cover`` has nothing to compare until they are read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TABLES = (("disclosure", "budget", "cover"), ("form", "filed", "heading"))
_COLUMNS = (("unit_code", sa.Text), ("unit_name", sa.Text), ("year", sa.SmallInteger), ("stage", sa.Text))


def upgrade() -> None:
    for table, schema, prefix in _TABLES:
        for name, kind in _COLUMNS:
            op.add_column(table, sa.Column(f"{prefix}_{name}", kind()), schema=schema)


def downgrade() -> None:
    for table, schema, prefix in _TABLES:
        for name, _ in _COLUMNS:
            op.drop_column(table, f"{prefix}_{name}", schema=schema)
