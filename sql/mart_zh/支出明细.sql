-- 支出明细：每行一笔可加总的支出，已连接单位和科目名称
-- mart.expenditure with the names of its dimensions, for pivot tables and BI tools. 未区分: no form tells.
create view mart_zh.支出明细 as
select
    fact.fiscal_year as 年度,
    fact.fiscal_year_date as 年度日期,
    fact.division_code::varchar(6) as 行政区划代码,
    unit.department_code::varchar(20) as 部门编码,
    coalesce(unit.department_name, '未知（' || unit.department_code || '）', '未区分')::varchar(200) as 部门,
    fact.unit_code::varchar(20) as 单位编码,
    coalesce(unit.unit_name, '未区分')::varchar(200) as 单位,
    coalesce(fund.subject_name, '未区分')::varchar(100) as 资金性质,
    coalesce(fund_class.subject_name, '未区分')::varchar(100) as 资金大类,
    coalesce(fact.nature_name, '未区分')::varchar(100) as 支出性质,
    fact.functional_class::varchar(10) as 功能分类类编码,
    coalesce(functional_class.subject_name, '未区分')::varchar(100) as 功能分类类,
    fact.functional_code::varchar(10) as 功能分类编码,
    coalesce(functional.subject_name, '未区分')::varchar(100) as 功能分类,
    fact.department_economic_class::varchar(10) as 部门经济分类类编码,
    coalesce(department_class.subject_name, '未区分')::varchar(100) as 部门经济分类类,
    fact.department_economic_code::varchar(10) as 部门经济分类编码,
    coalesce(department_economic.subject_name, '未区分')::varchar(100) as 部门经济分类,
    fact.government_economic_class::varchar(10) as 政府经济分类类编码,
    coalesce(government_class.subject_name, '未区分')::varchar(100) as 政府经济分类类,
    fact.government_economic_code::varchar(10) as 政府经济分类编码,
    coalesce(government_economic.subject_name, '未区分')::varchar(100) as 政府经济分类,
    coalesce(fact.project_name, '未区分')::varchar(200) as 项目,
    fact.amount as 金额_万元,
    fact.disclosure_id as 公开编号,
    fact.line_no as 台账行号,
    fact.source_form_no as 来源表序号,
    fact.source_row_no as 来源行序号,
    fact.source_column_no as 来源列序号,
    case when fact.is_disputed then '是' else '否' end::varchar(2) as 是否有争议
from mart.expenditure as fact
left join mart.dim_unit as unit
    on unit.division_code = fact.division_code
    and unit.fiscal_year = fact.fiscal_year
    and unit.unit_code = fact.unit_code
left join budget.subject_of_year as fund
    on fund.fiscal_year = fact.fiscal_year
    and fund.scheme = 'fund'
    and fund.code = fact.fund_code
left join budget.subject_of_year as fund_class
    on fund_class.fiscal_year = fact.fiscal_year
    and fund_class.scheme = 'fund'
    and fund_class.code = fact.fund_class
left join budget.subject_of_year as functional
    on functional.fiscal_year = fact.fiscal_year
    and functional.scheme = 'functional'
    and functional.code = fact.functional_code
left join budget.subject_of_year as functional_class
    on functional_class.fiscal_year = fact.fiscal_year
    and functional_class.scheme = 'functional'
    and functional_class.code = fact.functional_class
left join budget.subject_of_year as department_economic
    on department_economic.fiscal_year = fact.fiscal_year
    and department_economic.scheme = 'department_economic'
    and department_economic.code = fact.department_economic_code
left join budget.subject_of_year as department_class
    on department_class.fiscal_year = fact.fiscal_year
    and department_class.scheme = 'department_economic'
    and department_class.code = fact.department_economic_class
left join budget.subject_of_year as government_economic
    on government_economic.fiscal_year = fact.fiscal_year
    and government_economic.scheme = 'government_economic'
    and government_economic.code = fact.government_economic_code
left join budget.subject_of_year as government_class
    on government_class.fiscal_year = fact.fiscal_year
    and government_class.scheme = 'government_economic'
    and government_class.code = fact.government_economic_class
