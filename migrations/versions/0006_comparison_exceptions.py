"""of the comparison only what is not equal is stored

That a cell is equal follows from the cell (report.cell_as_equal). Beside the exceptions stand counts by form.
The upgrade makes the comparisons anew from cells and ledger, as always after a change of the views; so does an upgrade
by an older program after a downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DISCLOSURE = ("division_code", "fiscal_year", "disclosure_id")


def _disclosure() -> list[sa.Column]:
    types = (sa.Text(), sa.SmallInteger(), sa.BigInteger())
    return [sa.Column(name, of_type, nullable=False) for name, of_type in zip(_DISCLOSURE, types, strict=True)]


def _result() -> list[sa.Column]:
    return [
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("report_no", sa.SmallInteger()),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_label", sa.Text()),
        sa.Column("column_key", sa.Text(), nullable=False),
        sa.Column("column_label", sa.Text()),
        *(sa.Column(name, sa.Numeric()) for name in ("filed", "rebuilt", "difference", "tolerance")),
        sa.Column("status", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("support", "filed_text", "rebuilt_text")),
    ]


def _index_of_differences(table: str) -> None:
    op.create_index(
        f"{table}_differs_idx",
        table,
        ["division_code", "fiscal_year", "disclosure_id"],
        unique=False,
        schema="report",
        postgresql_where="status = 'differs'",
    )


def upgrade() -> None:
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")  # it returns more now
    op.drop_table("comparison_result", schema="report")
    op.create_table(
        "comparison_exception",
        *_disclosure(),
        sa.Column("exception_no", sa.Integer(), nullable=False),
        sa.Column("form_no", sa.SmallInteger()),
        sa.Column("row_no", sa.Integer()),
        sa.Column("column_no", sa.SmallInteger()),
        *_result(),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "exception_no", "fiscal_year", "division_code", name=op.f("comparison_exception_pkey")
        ),
        schema="report",
    )
    _index_of_differences("comparison_exception")
    op.create_table(
        "comparison_count",
        *_disclosure(),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("cell_count_equal", sa.BigInteger(), nullable=False),
        sa.Column("cell_count_rounding", sa.BigInteger(), nullable=False),
        sa.Column("cell_count_differs", sa.BigInteger(), nullable=False),
        sa.Column("cell_count_not_filed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "form_id", "fiscal_year", "division_code", name=op.f("comparison_count_pkey")
        ),
        schema="report",
    )


def downgrade() -> None:
    op.execute("drop function if exists budget.settle_revisions(text, smallint, text, text)")
    op.execute("drop function if exists report.compare_disclosure(text, smallint, bigint)")
    op.drop_table("comparison_count", schema="report")
    op.drop_table("comparison_exception", schema="report")
    op.create_table(
        "comparison_result",
        *_disclosure(),
        sa.Column("comparison_no", sa.Integer(), nullable=False),
        *_result(),
        sa.PrimaryKeyConstraint(
            "disclosure_id", "comparison_no", "fiscal_year", "division_code", name=op.f("comparison_result_pkey")
        ),
        schema="report",
        postgresql_partition_by="LIST (fiscal_year)",
    )
    _index_of_differences("comparison_result")
    years = op.get_bind().execute(
        sa.text("select right(inhrelid::regclass::text, 4) from pg_inherits where inhparent = 'filed.cell'::regclass")
    )
    for (year,) in years.all():
        op.execute(
            f"create table report.comparison_result_{year} partition of report.comparison_result for values in ({year})"
        )
