-- 收入明细：每行一笔可加总的收入，按来源
-- mart.revenue with names, for pivot tables and BI tools. 未区分: no form tells.
create view mart_zh.收入明细 as
select
    fact.fiscal_year as 年度,
    fact.fiscal_year_date as 年度日期,
    fact.division_code::varchar(6) as 行政区划代码,
    unit.department_code::varchar(20) as 部门编码,
    coalesce(unit.department_name, '未知（' || unit.department_code || '）', '未区分')::varchar(200) as 部门,
    fact.unit_code::varchar(20) as 单位编码,
    coalesce(unit.unit_name, '未区分')::varchar(200) as 单位,
    fact.fund_code::varchar(10) as 收入来源编码,
    coalesce(fund.subject_name, '未区分')::varchar(100) as 收入来源,
    coalesce(fund.class_name, '未区分')::varchar(100) as 收入大类,
    fact.amount as 金额_万元,
    fact.disclosure_id as 公开编号,
    fact.line_no as 台账行号,
    fact.source_form_no as 来源表序号,
    fact.source_row_no as 来源行序号,
    fact.source_column_no as 来源列序号,
    case when fact.is_disputed then '是' else '否' end::varchar(2) as 是否有争议
from mart.revenue as fact
left join mart.dim_unit as unit
    on unit.division_code = fact.division_code
    and unit.fiscal_year = fact.fiscal_year
    and unit.unit_code = fact.unit_code
left join budget.subject_of_year as fund
    on fund.fiscal_year = fact.fiscal_year
    and fund.scheme = 'fund'
    and fund.code = fact.fund_code
