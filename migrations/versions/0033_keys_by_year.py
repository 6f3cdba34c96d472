"""projects, goals and findings are found by year and division, too

Their keys began with the disclosure, so that a question about a year read those of all years.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TABLES = (
    ("budget", "project", "project_id"),
    ("budget", "performance_goal", "goal_no"),
    ("meta", "finding", "finding_no"),
)


def upgrade() -> None:
    _set_keys("fiscal_year, division_code, disclosure_id, {}")


def downgrade() -> None:
    _set_keys("disclosure_id, {}, fiscal_year, division_code")


def _set_keys(columns: str) -> None:
    for schema, table, number in _TABLES:
        op.execute(
            f"alter table {schema}.{table} drop constraint {table}_pkey, add primary key ({columns.format(number)})"
        )
