-- 计入的绩效目标：现行预算公开的目标，不含另一文件已包含的单位的目标
-- Performance goals, each once: of the disclosures that count, without the units that another document covers. Forms of
-- goals print no unit, so the goal of a project goes with the money of the project: it is covered if all of that is.
-- A disclosure's number tells its year: joining by both would let the planner expect next to no goals, and loop.
create view internal.counted_goal as
with covered_project as (
    select
        line.division_code,
        line.fiscal_year,
        line.disclosure_id,
        line.project_id
    from budget.amount as line
    left join budget.covered_part as covered
        on covered.disclosure_id = line.disclosure_id
        and covered.division_code = line.division_code
        and covered.unit_code = line.unit_code
        and covered.statement = line.statement
    where line.project_id is not null
        and line.disclosure_id in (select part.disclosure_id from budget.covered_part as part)
    group by line.division_code, line.fiscal_year, line.disclosure_id, line.project_id
    having bool_and(covered.disclosure_id is not null)
)

select
    goal.division_code,
    goal.fiscal_year,
    disclosure.stage,
    goal.disclosure_id,
    disclosure.reporting_unit_code,
    goal.goal_no,
    goal.unit_code,
    goal.form_id,
    goal.project_id,
    goal.goal_text
from budget.counted_disclosure as disclosure
inner join budget.performance_goal as goal
    on goal.division_code = disclosure.division_code
    and goal.disclosure_id = disclosure.disclosure_id
where disclosure.stage = 'budget'
    and not exists (
        select
        from budget.covered_part as covered
        where covered.disclosure_id = goal.disclosure_id
            and covered.division_code = goal.division_code
            and covered.unit_code = goal.unit_code
            and covered.statement = case when goal.project_id is null then 'expenditure' else 'special_fund' end
    )
    and not exists (
        select
        from covered_project
        where covered_project.division_code = goal.division_code
            and covered_project.fiscal_year = goal.fiscal_year
            and covered_project.disclosure_id = goal.disclosure_id
            and covered_project.project_id = goal.project_id
    )
