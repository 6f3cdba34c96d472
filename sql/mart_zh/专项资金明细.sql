-- 专项资金明细：按项目、资金性质和预算编制方式
-- mart.special_fund with names, for pivot tables and BI tools
create view mart_zh.专项资金明细 as
select
    fact.fiscal_year as 年度,
    fact.fiscal_year_date as 年度日期,
    fact.division_code::varchar(6) as 行政区划代码,
    unit.department_code::varchar(20) as 部门编码,
    coalesce(unit.department_name, '未知（' || unit.department_code || '）', '未区分')::varchar(200) as 部门,
    fact.unit_code::varchar(20) as 单位编码,
    coalesce(unit.unit_name, '未区分')::varchar(200) as 单位,
    coalesce(fact.project_name, '未区分')::varchar(200) as 项目,
    coalesce(fund.subject_name, '未区分')::varchar(100) as 资金性质,
    coalesce(fact.item_name, '未区分')::varchar(100) as 预算编制方式,
    fact.amount as 金额_万元,
    fact.disclosure_id as 公开编号,
    fact.line_no as 台账行号,
    fact.source_form_no as 来源表序号,
    fact.source_row_no as 来源行序号,
    fact.source_column_no as 来源列序号,
    case when fact.is_disputed then '是' else '否' end::varchar(2) as 是否有争议
from mart.special_fund as fact
left join mart.dim_unit as unit
    on unit.division_code = fact.division_code
    and unit.fiscal_year = fact.fiscal_year
    and unit.unit_code = fact.unit_code
left join budget.subject_of_year as fund
    on fund.fiscal_year = fact.fiscal_year
    and fund.scheme = 'fund'
    and fund.code = fact.fund_code
