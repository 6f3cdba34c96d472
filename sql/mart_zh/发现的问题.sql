-- 发现的问题：装载时发现的问题，附中文说明和文件
-- report.finding in Chinese, with unit and file, for pivot tables and BI tools
create view mart_zh.发现的问题 as
select
    found.fiscal_year as 年度,
    found.division_code::varchar(6) as 行政区划代码,
    found.reporting_unit_code::varchar(20) as 公开单位编码,
    disclosure.reporting_unit_name::varchar(200) as 公开单位,
    case disclosure.stage
        when 'budget' then '预算'
        when 'adjusted' then '调整预算'
        when 'final' then '决算'
        else disclosure.stage
    end::varchar(10) as 阶段,
    case found.severity
        when 'error' then '错误'
        when 'warning' then '警告'
        when 'note' then '提示'
        else found.severity
    end::varchar(20) as 严重程度,
    kind.meaning_zh::varchar(100) as 问题种类,
    template.title::varchar(100) as 报表,
    meta.page_of(document.file_format, found.source_row) as 页,
    meta.page_row(document.file_format, found.source_row) as 行,
    found.column_no as 列,
    found.message_zh as 说明,
    document.file_name::varchar(300) as 文件,
    found.disclosure_id as 公开编号,
    found.finding_no as 问题序号
from report.finding as found
inner join budget.disclosure as disclosure
    on disclosure.division_code = found.division_code
    and disclosure.fiscal_year = found.fiscal_year
    and disclosure.disclosure_id = found.disclosure_id
left join meta.finding_kind as kind
    on kind.kind = found.kind
left join meta.form_template as template
    on template.form_id = found.form_id
left join budget.document as document
    on document.division_code = disclosure.division_code
    and document.document_id = disclosure.document_id
