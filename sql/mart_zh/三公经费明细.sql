-- “三公”经费明细：每行一个项目的金额
-- mart.three_public with names, for pivot tables and BI tools
create view mart_zh.三公经费明细 as
select
    fact.fiscal_year as 年度,
    fact.fiscal_year_date as 年度日期,
    fact.division_code::varchar(6) as 行政区划代码,
    unit.department_code::varchar(20) as 部门编码,
    coalesce(unit.department_name, '未知（' || unit.department_code || '）', '未区分')::varchar(200) as 部门,
    fact.unit_code::varchar(20) as 单位编码,
    coalesce(unit.unit_name, '未区分')::varchar(200) as 单位,
    fact.item_code::varchar(30) as 三公项目编码,
    coalesce(fact.item_name, '未区分')::varchar(100) as 三公项目,
    fact.amount as 金额_万元,
    fact.disclosure_id as 公开编号,
    fact.line_no as 台账行号,
    fact.source_form_no as 来源表序号,
    fact.source_row_no as 来源行序号,
    fact.source_column_no as 来源列序号,
    case when fact.is_disputed then '是' else '否' end::varchar(2) as 是否有争议
from mart.three_public as fact
left join mart.dim_unit as unit
    on unit.division_code = fact.division_code
    and unit.fiscal_year = fact.fiscal_year
    and unit.unit_code = fact.unit_code
