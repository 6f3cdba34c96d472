"""documents that break off are incomplete, a money unit that nobody states is assumed

Findings that were worded before they had values keep their kinds.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_RENAMED = {"incomplete": "no_total", "cut_off": "incomplete", "money_unit": "money_unit_assumed"}


def upgrade() -> None:
    for before, after in _RENAMED.items():
        op.execute(f"update meta.finding set kind = '{after}' where kind = '{before}' and message is null")


def downgrade() -> None:
    for before, after in reversed(_RENAMED.items()):
        op.execute(f"update meta.finding set kind = '{before}' where kind = '{after}' and message is null")
