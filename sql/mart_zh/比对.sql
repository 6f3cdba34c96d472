-- 比对：公开数与还原数，每格一行，附单位、报表、文件和所在行列
-- report.comparison with the unit, the form, the file and the place in it, for pivot tables and BI tools.
-- A goal may have a longer number than money; those are left out, as in mart.indicator.
create view mart_zh.比对 as
select
    compared.fiscal_year as 年度,
    compared.division_code::varchar(6) as 行政区划代码,
    compared.reporting_unit_code::varchar(20) as 公开单位编码,
    disclosure.reporting_unit_name::varchar(200) as 公开单位,
    case disclosure.stage
        when 'budget' then '预算'
        when 'adjusted' then '调整预算'
        when 'final' then '决算'
        else disclosure.stage
    end::varchar(10) as 阶段,
    compared.form_id::varchar(10) as 报表编号,
    template.title::varchar(100) as 报表,
    compared.row_label::varchar(300) as 行,
    compared.column_label::varchar(300) as 栏,
    case when abs(compared.filed) < 1e12 then compared.filed end::numeric(18, 6) as 公开数_万元,
    case when abs(compared.rebuilt) < 1e12 then compared.rebuilt end::numeric(18, 6) as 还原数_万元,
    case when abs(compared.difference) < 1e12 then compared.difference end::numeric(18, 6) as 差额_万元,
    case compared.status
        when 'equal' then '一致'
        when 'rounding' then '舍入'
        when 'differs' then '不符'
        when 'not_filed' then '未公开'
    end::varchar(10) as 结果,
    document.file_name::varchar(300) as 文件,
    compared.disclosure_id as 公开编号,
    compared.row_key::varchar(300) as 行标识,
    compared.column_key::varchar(100) as 栏标识
from report.comparison as compared
inner join budget.disclosure as disclosure
    on disclosure.division_code = compared.division_code
    and disclosure.disclosure_id = compared.disclosure_id
-- looked up once a form: the planner expects few cells and would try each with every form
cross join lateral (
    select form.title
    from meta.form_template as form
    where form.form_id = compared.form_id
    offset 0
) as template
left join budget.document as document
    on document.division_code = disclosure.division_code
    and document.document_id = disclosure.document_id
