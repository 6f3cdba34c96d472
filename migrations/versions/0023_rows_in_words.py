"""findings on what the prose states name its row in words

In a document of pages the number of a row contains the page. The fact tells whether the document was one.
The places that findings of the kind several_explanations name in their words stay until `hetang load --again`.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        update meta.finding as found
        set values = found.values - 'row' || case
            when numbered.is_of_pages then jsonb_build_object(
                'place', 'page ' || numbered.row / 1000 || ', row ' || numbered.row % 1000,
                'place_zh', '第' || numbered.row / 1000 || '页第' || numbered.row % 1000 || '行'
            )
            else jsonb_build_object('place', 'row ' || numbered.row, 'place_zh', '第' || numbered.row || '行')
        end
        from (
            select
                stated.division_code,
                stated.fiscal_year,
                stated.disclosure_id,
                stated.finding_no,
                (stated.values ->> 'row')::integer as row,
                exists (
                    select
                    from filed.stated_fact as fact
                    where fact.division_code = stated.division_code
                        and fact.fiscal_year = stated.fiscal_year
                        and fact.disclosure_id = stated.disclosure_id
                        and fact.source_row = (stated.values ->> 'row')::integer
                        and fact.sentence = stated.values ->> 'sentence'
                        and fact.place in ('pdf', 'ofd', 'image')
                ) as is_of_pages
            from meta.finding as stated
            where stated.kind = 'stated_otherwise'
        ) as numbered
        where found.division_code = numbered.division_code
            and found.fiscal_year = numbered.fiscal_year
            and found.disclosure_id = numbered.disclosure_id
            and found.finding_no = numbered.finding_no
        """
    )


def downgrade() -> None:
    op.execute(
        r"""
        update meta.finding
        set values = values - 'place' - 'place_zh' || jsonb_build_object(
            'row',
            coalesce(substring(values ->> 'place' from 'page (\d+)')::integer, 0) * 1000
            + substring(values ->> 'place' from 'row (\d+)')::integer
        )
        where kind = 'stated_otherwise'
        """
    )
    op.execute("drop function if exists meta.printed_row(text, integer, text)")
    op.execute("drop function if exists meta.page_row(text, integer)")
    op.execute("drop function if exists meta.page_of(text, integer)")
