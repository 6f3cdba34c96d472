-- 支出（事实表）：现行台账的支出，每行一笔可加总的金额；分配所得的坐标不显示
-- Expenditure, one row an additive amount. A coordinate that was allocated, not published, is null; the class (类) beside
-- it is null only if the class was allocated, too. The levels say how far a code is known: item, group or class.
create view mart.expenditure as
with line as (
    select
        division_code,
        fiscal_year,
        stage,
        disclosure_id,
        reporting_unit_code,
        line_no,
        case when 'unit_code' <> all (allocated) then unit_code end as unit_code,
        case when 'fund_code' <> all (allocated) then fund_code end as fund_code,
        case when 'fund_class' <> all (allocated) then left(fund_code, 2) end as fund_class,
        case when 'nature' <> all (allocated) then nature end as nature,
        case when 'functional_code' <> all (allocated) then functional_code end as functional_code,
        case when 'functional_class' <> all (allocated) then left(functional_code, 3) end as functional_class,
        case
            when 'department_economic_code' <> all (allocated) then department_economic_code
        end as department_economic_code,
        case
            when 'department_economic_class' <> all (allocated) then left(department_economic_code, 3)
        end as department_economic_class,
        case
            when 'government_economic_code' <> all (allocated) then government_economic_code
        end as government_economic_code,
        case
            when 'government_economic_class' <> all (allocated) then left(government_economic_code, 3)
        end as government_economic_class,
        case when 'project_id' <> all (allocated) then project_id end as project_id,
        basis,
        amount,
        source_form_no,
        source_row_no,
        source_column_no,
        is_disputed
    from budget.current_amount
    where statement = 'expenditure'
        and stage = 'budget'
)

select
    line.division_code,
    line.fiscal_year,
    make_date(line.fiscal_year, 1, 1) as fiscal_year_date,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    line.line_no,
    line.unit_code,
    line.fund_code,
    line.fund_class,
    line.nature,
    nature.subject_name as nature_name,
    line.functional_code,
    line.functional_class,
    case
        when length(line.functional_code) >= 7 then 'item'
        when length(line.functional_code) >= 5 then 'group'
        when line.functional_class is not null then 'class'
    end as functional_level,
    line.department_economic_code,
    line.department_economic_class,
    case
        when length(line.department_economic_code) >= 5 then 'item'
        when line.department_economic_class is not null then 'class'
    end as department_economic_level,
    line.government_economic_code,
    line.government_economic_class,
    case
        when length(line.government_economic_code) >= 5 then 'item'
        when line.government_economic_class is not null then 'class'
    end as government_economic_level,
    project.project_name,
    line.basis,
    line.amount::numeric(18, 6) as amount,
    line.source_form_no,
    line.source_row_no,
    line.source_column_no,
    line.is_disputed
from line
left join budget.subject as nature
    on nature.scheme = 'nature'
    and nature.code = line.nature
    and line.fiscal_year between nature.first_year and nature.last_year
left join budget.project as project
    on project.division_code = line.division_code
    and project.fiscal_year = line.fiscal_year
    and project.disclosure_id = line.disclosure_id
    and project.project_id = line.project_id
