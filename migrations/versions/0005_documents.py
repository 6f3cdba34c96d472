"""what disclosures hold and who read them, several documents of one disclosure, official codes of provisional ones

How many forms and figures of a disclosure are known is counted for those that are loaded already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (("known_form_count", sa.SmallInteger()), ("figure_count", sa.Integer())):
        op.add_column("disclosure", sa.Column(name, kind, nullable=False, server_default="0"), schema="budget")
    op.add_column("disclosure", sa.Column("read_by", sa.Text()), schema="budget")
    op.execute(
        "update budget.disclosure as d set"
        " known_form_count = (select count(distinct form_id) from filed.form as f where f.division_code ="
        " d.division_code and f.fiscal_year = d.fiscal_year and f.disclosure_id = d.disclosure_id),"
        " figure_count = (select count(*) from filed.cell as c where c.division_code = d.division_code"
        " and c.fiscal_year = d.fiscal_year and c.disclosure_id = d.disclosure_id and c.amount is not null"
        " and c.row_key is not null and c.column_key is not null)"
    )
    op.create_table(
        "attached_document",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("disclosure_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("document_role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "document_id", "fiscal_year", "division_code", name=op.f("attached_document_pkey")
        ),
        schema="budget",
    )
    op.create_index(op.f("attached_document_content_hash_idx"), "attached_document", ["content_hash"], schema="budget")
    op.create_table(
        "unit_alias",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("provisional_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_code"], ["budget.division.division_code"], name=op.f("unit_alias_division_code_fkey")
        ),
        sa.PrimaryKeyConstraint("division_code", "provisional_code", name=op.f("unit_alias_pkey")),
        schema="budget",
    )


def downgrade() -> None:
    op.drop_table("unit_alias", schema="budget")
    op.drop_table("attached_document", schema="budget")
    for name in ("read_by", "figure_count", "known_form_count"):
        op.drop_column("disclosure", name, schema="budget")
