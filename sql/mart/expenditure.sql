-- 支出（事实表）：现行台账的支出，每行一笔可加总的金额；分配所得的坐标不显示
-- Expenditure, one row an additive amount. A coordinate that was allocated, not published, is null; the class (类) beside
-- it is null only if the class was allocated, too. The levels say how far a code is known: item, group or class.
create view mart.expenditure as
select
    fact.division_code,
    fact.fiscal_year,
    fact.fiscal_year_date,
    fact.stage,
    fact.disclosure_id,
    fact.reporting_unit_code,
    fact.line_no,
    case when not fact.is_unit_allocated then fact.unit_code end as unit_code,
    fact.fund_code,
    fact.fund_class,
    case when not fact.is_nature_allocated then fact.nature end as nature,
    case when not fact.is_nature_allocated then nature.subject_name end as nature_name,
    fact.functional_code,
    case when not fact.is_function_allocated then fact.functional_class end as functional_class,
    case
        when length(fact.functional_code) >= 7 then 'item'
        when length(fact.functional_code) >= 5 then 'group'
        when fact.functional_class is not null and not fact.is_function_allocated then 'class'
    end as functional_level,
    fact.department_economic_code,
    fact.department_economic_class,
    case
        when length(fact.department_economic_code) >= 5 then 'item'
        when fact.department_economic_class is not null then 'class'
    end as department_economic_level,
    fact.government_economic_code,
    fact.government_economic_class,
    case
        when length(fact.government_economic_code) >= 5 then 'item'
        when fact.government_economic_class is not null then 'class'
    end as government_economic_level,
    project.project_name,
    fact.basis,
    fact.amount,
    fact.source_form_no,
    fact.source_row_no,
    fact.source_column_no,
    fact.is_disputed
from internal.fact as fact
left join budget.subject_of_year as nature
    on nature.fiscal_year = fact.fiscal_year
    and nature.scheme = 'nature'
    and nature.code = fact.nature
left join budget.project as project
    on project.division_code = fact.division_code
    and project.fiscal_year = fact.fiscal_year
    and project.disclosure_id = fact.disclosure_id
    and project.project_id = fact.project_id
where fact.statement = 'expenditure'
