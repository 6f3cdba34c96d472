-- 发现的问题，附中文和英文说明
-- What was found odd, worded at reading. The message says where it is and then what it is; findings of loads before
-- there were kinds with values keep their old message. In Chinese a form is named by its number among the 23 of Hunan,
-- else by its title.
create view report.finding as
select
    found.division_code,
    found.fiscal_year,
    found.disclosure_id,
    disclosure.reporting_unit_code,
    found.finding_no,
    found.kind,
    kind.severity,
    found.form_no,
    found.form_id,
    found.report_no,
    found.source_row,
    found.column_no,
    found.values,
    coalesce(
        found.message,
        concat(
            nullif(concat(
                coalesce(
                    '表' || found.report_no,
                    '《' || template.title || '》',
                    '表' || found.form_id,
                    '第' || found.form_no || '张表'
                ),
                meta.printed_row(document.file_format, found.source_row, 'zh'),
                '第' || found.column_no || '列'
            ), '') || '：',
            coalesce(
                meta.finding_message(kind.wording_zh, found.values, 'zh'), found.kind || ' ' || found.values::text
            )
        )
    ) as message_zh,
    coalesce(
        found.message,
        concat(
            nullif(concat_ws(
                ', ',
                coalesce('form ' || coalesce(found.report_no::text, found.form_id), 'table ' || found.form_no),
                meta.printed_row(document.file_format, found.source_row, 'en'),
                'column ' || found.column_no
            ), '') || ': ',
            coalesce(
                meta.finding_message(kind.wording_en, found.values, 'en'), found.kind || ' ' || found.values::text
            )
        )
    ) as message_en
from meta.finding as found
inner join budget.disclosure as disclosure
    on disclosure.division_code = found.division_code
    and disclosure.fiscal_year = found.fiscal_year
    and disclosure.disclosure_id = found.disclosure_id
left join budget.document as document
    on document.division_code = disclosure.division_code
    and document.document_id = disclosure.document_id
left join meta.finding_kind as kind on kind.kind = found.kind
left join meta.form_template as template on template.form_id = found.form_id
