-- 项目（事实表）：每个项目只计一次，项目支出、专项资金和有无绩效目标
-- Projects, each once: spending and special funds of the project, and whether a form states a goal for it
create view mart.project as
with counted as (
    select
        division_code,
        fiscal_year,
        disclosure_id,
        unit_code,
        project_id,
        sum(amount) filter (where statement = 'expenditure') as expenditure_amount,
        sum(amount) filter (where statement = 'special_fund') as special_fund_amount
    from internal.stored_fact
    where project_id is not null
        and statement in ('expenditure', 'special_fund')
    group by division_code, fiscal_year, disclosure_id, unit_code, project_id
)

select
    counted.division_code,
    counted.fiscal_year,
    make_date(counted.fiscal_year, 1, 1) as fiscal_year_date,
    counted.disclosure_id,
    counted.unit_code,
    counted.project_id,
    project.project_name,
    project.project_category,
    project.project_period,
    counted.expenditure_amount::numeric(18, 6) as expenditure_amount,
    counted.special_fund_amount::numeric(18, 6) as special_fund_amount,
    exists (
        select
        from budget.performance_goal as goal
        where goal.division_code = counted.division_code
            and goal.fiscal_year = counted.fiscal_year
            and goal.disclosure_id = counted.disclosure_id
            and goal.project_id = counted.project_id
    ) as has_goal
from counted
inner join budget.project as project
    on project.division_code = counted.division_code
    and project.fiscal_year = counted.fiscal_year
    and project.disclosure_id = counted.disclosure_id
    and project.project_id = counted.project_id
