-- 比对汇总：每份公开每张报表的单元格数，按比对结果
-- report.comparison_summary under Chinese names, for pivot tables and BI tools
create view mart_zh.比对汇总 as
select
    counted.fiscal_year as 年度,
    counted.division_code::varchar(6) as 行政区划代码,
    counted.reporting_unit_code::varchar(20) as 公开单位编码,
    disclosure.reporting_unit_name::varchar(200) as 公开单位,
    case disclosure.stage
        when 'budget' then '预算'
        when 'adjusted' then '调整预算'
        when 'final' then '决算'
        else disclosure.stage
    end::varchar(10) as 阶段,
    counted.form_id::varchar(10) as 报表编号,
    template.title::varchar(100) as 报表,
    counted.cell_count_equal as 一致格数,
    counted.cell_count_rounding as 舍入格数,
    counted.cell_count_differs as 不符格数,
    counted.cell_count_not_filed as 未公开格数,
    counted.disclosure_id as 公开编号
from report.comparison_summary as counted
inner join budget.disclosure as disclosure
    on disclosure.division_code = counted.division_code
    and disclosure.fiscal_year = counted.fiscal_year
    and disclosure.disclosure_id = counted.disclosure_id
inner join meta.form_template as template
    on template.form_id = counted.form_id
