-- 预算执行：有决算公开的单位，预算数、决算数与完成率；只有同一口径的行可以相加
-- mart.execution under Chinese names, for pivot tables and BI tools
create view mart_zh.预算执行 as
select
    fiscal_year as 年度,
    fiscal_year_date as 年度日期,
    division_code::varchar(6) as 行政区划代码,
    unit_code::varchar(20) as 单位编码,
    unit_name::varchar(200) as 单位,
    case aspect
        when 'total' then '支出合计'
        when 'function' then '支出功能分类'
        when 'basic_economic_class' then '基本支出经济分类'
        when 'three_public' then '三公经费'
        else aspect
    end::varchar(20) as 口径,
    code::varchar(30) as 科目编码,
    case
        when aspect = 'total' then '合计'
        else coalesce(code_name, code, '未区分')
    end::varchar(100) as 科目,
    budget_amount as 预算数_万元,
    final_amount as 决算数_万元,
    difference as 差额_万元,
    rate as 完成率_百分比
from mart.execution
