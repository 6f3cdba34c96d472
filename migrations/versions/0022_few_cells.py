"""indexes of the few cells that are read from a picture, or speak of another year

Views that ask for them read all cells of a year. An index of a part costs the other cells nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("cell_ocr_idx", "cell", ["disclosure_id"], schema="filed", postgresql_where=sa.text("is_ocr"))
    op.create_index(
        "cell_prior_idx",
        "cell",
        ["disclosure_id"],
        schema="filed",
        postgresql_where=sa.text("strpos(column_key, '@') > 0 or strpos(column_key, '~') > 0"),
    )


def downgrade() -> None:
    op.drop_index("cell_prior_idx", "cell", schema="filed")
    op.drop_index("cell_ocr_idx", "cell", schema="filed")
