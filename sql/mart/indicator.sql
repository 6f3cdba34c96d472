-- 绩效指标（事实表）：每个指标只计一次，目标值的运算符和数值，是否可衡量
-- Performance indicators, each once: of the disclosures that count, without the units that another document covers.
-- An indicator is measurable if its target is a number. Forms of goals print no unit, so the goal of a project goes with
-- the money of the project: it is covered if all of that is.
create view mart.indicator as
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
    goal.disclosure_id,
    disclosure.reporting_unit_code,
    goal.goal_no,
    indicator.indicator_no,
    goal.unit_code,
    goal.form_id,
    project.project_name,
    goal.goal_text,
    indicator.level1_name,
    indicator.level2_name,
    indicator.level3_name,
    indicator.target_operator,
    indicator.target_number,
    indicator.target_measure,
    indicator.target_text,
    indicator.target_number is not null as is_measurable
from budget.counted_disclosure as disclosure
inner join budget.performance_goal as goal
    on goal.division_code = disclosure.division_code
    and goal.fiscal_year = disclosure.fiscal_year
    and goal.disclosure_id = disclosure.disclosure_id
inner join budget.performance_indicator as indicator
    on indicator.division_code = goal.division_code
    and indicator.fiscal_year = goal.fiscal_year
    and indicator.disclosure_id = goal.disclosure_id
    and indicator.goal_no = goal.goal_no
left join budget.project as project
    on project.division_code = goal.division_code
    and project.fiscal_year = goal.fiscal_year
    and project.disclosure_id = goal.disclosure_id
    and project.project_id = goal.project_id
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
