-- 绩效指标：每行一个指标，目标值是否可衡量
-- mart.indicator with names, for pivot tables and BI tools
create view mart_zh.绩效指标 as
select
    fact.fiscal_year as 年度,
    fact.fiscal_year_date as 年度日期,
    fact.division_code::varchar(6) as 行政区划代码,
    unit.department_code::varchar(20) as 部门编码,
    coalesce(unit.department_name, '未知（' || unit.department_code || '）', '未区分')::varchar(200) as 部门,
    fact.unit_code::varchar(20) as 单位编码,
    coalesce(unit.unit_name, '未区分')::varchar(200) as 单位,
    coalesce(fact.project_name, '整体支出')::varchar(200) as 项目,
    fact.goal_text as 绩效目标,
    fact.level1_name::varchar(100) as 一级指标,
    fact.level2_name::varchar(100) as 二级指标,
    fact.level3_name::varchar(300) as 三级指标,
    fact.target_operator::varchar(10) as 目标值运算符,
    fact.target_number as 目标值数值,
    fact.target_measure::varchar(50) as 计量单位,
    fact.target_text as 目标值原文,
    case when fact.is_measurable then '是' else '否' end::varchar(2) as 是否可衡量,
    fact.disclosure_id as 公开编号,
    fact.goal_no as 目标序号,
    fact.indicator_no as 指标序号
from mart.indicator as fact
left join mart.dim_unit as unit
    on unit.division_code = fact.division_code
    and unit.fiscal_year = fact.fiscal_year
    and unit.unit_code = fact.unit_code
