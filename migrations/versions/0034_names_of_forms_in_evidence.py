"""findings that name a wrong figure hold the Chinese names of the forms that confirm it

A form without a number among the 23 of Hunan was named by its id.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        update meta.finding as found
        set values = found.values || jsonb_build_object(
            'evidence_zh',
            (
                select jsonb_agg(coalesce('表' || form.report_no, '《' || form.title || '》', told.name) order by place)
                from jsonb_array_elements_text(found.values -> 'evidence') with ordinality as told (name, place)
                left join meta.form_template as form
                    on told.name in (form.report_no::text, form.form_id)
            )
        )
        where jsonb_typeof(found.values -> 'evidence') = 'array'
            and jsonb_array_length(found.values -> 'evidence') > 0
        """
    )


def downgrade() -> None:
    op.execute("update meta.finding set values = values - 'evidence_zh' where values ? 'evidence_zh'")
