-- 支出（事实表）：现行台账的支出，每行一笔可加总的金额；分配所得的坐标不显示
-- Expenditure, one row an additive amount. A coordinate that was allocated, not published, is null.
create view mart.expenditure as
select
    line.division_code,
    line.fiscal_year,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    case when 'unit_code' <> all (line.allocated) then line.unit_code end as unit_code,
    case when 'fund_code' <> all (line.allocated) then line.fund_code end as fund_code,
    case when 'nature' <> all (line.allocated) then line.nature end as nature,
    case when 'nature' <> all (line.allocated) then nature.subject_name end as nature_name,
    case when 'functional_code' <> all (line.allocated) then line.functional_code end as functional_code,
    case
        when 'department_economic_code' <> all (line.allocated) then line.department_economic_code
    end as department_economic_code,
    case
        when 'government_economic_code' <> all (line.allocated) then line.government_economic_code
    end as government_economic_code,
    case when 'project_id' <> all (line.allocated) then project.project_name end as project_name,
    line.amount
from budget.current_amount as line
left join budget.subject as nature
    on nature.scheme = 'nature'
    and nature.code = line.nature
    and line.fiscal_year between nature.first_year and nature.last_year
left join budget.project as project
    on project.division_code = line.division_code
    and project.fiscal_year = line.fiscal_year
    and project.disclosure_id = line.disclosure_id
    and project.project_id = line.project_id
where line.statement = 'expenditure'
    and line.stage = 'budget'
