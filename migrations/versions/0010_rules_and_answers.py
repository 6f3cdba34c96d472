"""rules that documents are checked by, what forms say of sums and equal figures, and what people answer

The reference tables are written by every upgrade. Who may read the views of reports may read the rules.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_GRANT_TO_READERS = """
do $$
declare
    reader name;
begin
    for reader in
        select role.rolname
        from pg_namespace as namespace
        cross join lateral aclexplode(namespace.nspacl) as entry
        inner join pg_roles as role on role.oid = entry.grantee
        where namespace.nspname = 'report' and entry.privilege_type = 'USAGE' and entry.grantee <> namespace.nspowner
    loop
        execute format('grant usage on schema rule to %I', reader);
        execute format('alter default privileges in schema rule grant select on tables to %I', reader);
    end loop;
end
$$
"""


def _parts() -> sa.Column[list[str]]:
    return sa.Column("parts", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)


def upgrade() -> None:
    op.execute("create schema rule")
    op.execute(_GRANT_TO_READERS)
    op.add_column("form_line", _parts(), schema="meta")
    op.add_column("form_column", _parts(), schema="meta")
    op.add_column(
        "form_column",
        sa.Column("is_optional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="meta",
    )
    op.create_table(
        "form_selection",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("selection_no", sa.SmallInteger(), nullable=False),
        sa.Column("line_key", sa.Text()),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("functional_code", sa.Text()),
        sa.Column("department_economic_code", sa.Text()),
        sa.Column("government_economic_code", sa.Text()),
        sa.Column("is_by_subject", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "selection_no", name=op.f("form_selection_pkey")),
        schema="meta",
    )
    op.create_table(
        "rule",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_order", sa.SmallInteger(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("meaning_zh", sa.Text(), nullable=False),
        sa.Column("meaning_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("rule_pkey")),
        schema="meta",
    )
    op.create_table(
        "answer",
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_unit_code", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("figure", sa.Numeric()),
        sa.Column("expected", sa.Numeric()),
        sa.Column("figure_text", sa.Text()),
        sa.Column("expected_text", sa.Text()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint(
            "division_code",
            "fiscal_year",
            "reporting_unit_code",
            "stage",
            "rule",
            "form_id",
            "row_key",
            "column_key",
            name=op.f("answer_pkey"),
        ),
        schema="meta",
    )


def downgrade() -> None:
    op.drop_table("answer", schema="meta")
    op.drop_table("rule", schema="meta")
    op.drop_table("form_selection", schema="meta")
    op.drop_column("form_column", "is_optional", schema="meta")
    op.drop_column("form_column", "parts", schema="meta")
    op.drop_column("form_line", "parts", schema="meta")
    op.execute("drop function if exists rule.check_disclosure(text, smallint, bigint)")
    op.execute("drop schema rule")
