"""an index of forms in place of the primary key of cells

The key held each cell once more, a fifth of all bytes of the warehouse. Cells are read by form or disclosure.
"""

from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEY = ("disclosure_id", "form_no", "row_no", "column_no", "fiscal_year", "division_code")


def upgrade() -> None:
    op.drop_constraint(op.f("cell_pkey"), "cell", schema="filed")
    op.create_index(op.f("cell_disclosure_id_form_no_idx"), "cell", ["disclosure_id", "form_no"], schema="filed")


def downgrade() -> None:
    op.drop_index(op.f("cell_disclosure_id_form_no_idx"), "cell", schema="filed")
    op.create_primary_key(op.f("cell_pkey"), "cell", list(_KEY), schema="filed")
