-- 缺少的报表：每份现行公开未包含的官方报表
-- report.missing_form under Chinese names, for pivot tables and BI tools
create view mart_zh.缺少的报表 as
select
    fiscal_year as 年度,
    division_code::varchar(6) as 行政区划代码,
    reporting_unit_code::varchar(20) as 公开单位编码,
    reporting_unit_name::varchar(200) as 公开单位,
    case stage
        when 'budget' then '预算'
        when 'adjusted' then '调整预算'
        when 'final' then '决算'
        else stage
    end::varchar(10) as 阶段,
    form_id::varchar(10) as 报表编号,
    title::varchar(100) as 报表,
    disclosure_id as 公开编号
from report.missing_form
