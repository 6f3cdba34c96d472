"""a form says in whose place it stands

Either of the two is enough. The rows are written anew after every upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("form_template", sa.Column("variant_of", sa.Text(), nullable=True), schema="meta")


def downgrade() -> None:
    op.drop_column("form_template", "variant_of", schema="meta")
