-- 绩效目标（事实表）：每个目标只计一次，项目的专项资金，指标和任务的个数
-- Performance goals, each once: of the disclosures that count, without the units that another document covers. amount is
-- the special fund of the goal's project, null for the goal of a whole department. Forms of goals print no unit, so the
-- goal of a project goes with the money of the project: it is covered if all of that is.
create view mart.goal as
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
    make_date(goal.fiscal_year, 1, 1) as fiscal_year_date,
    disclosure.stage,
    goal.disclosure_id,
    disclosure.reporting_unit_code,
    goal.goal_no,
    goal.unit_code,
    goal.form_id,
    goal.project_id,
    project.project_name,
    goal.goal_text,
    special_fund.amount::numeric(18, 6) as amount,
    (
        select count(*)
        from budget.performance_indicator as indicator
        where indicator.division_code = goal.division_code
            and indicator.fiscal_year = goal.fiscal_year
            and indicator.disclosure_id = goal.disclosure_id
            and indicator.goal_no = goal.goal_no
    )::integer as indicator_count,
    (
        select count(*)
        from budget.performance_task as task
        where task.division_code = goal.division_code
            and task.fiscal_year = goal.fiscal_year
            and task.disclosure_id = goal.disclosure_id
            and task.goal_no = goal.goal_no
    )::integer as task_count
from budget.counted_disclosure as disclosure
inner join budget.performance_goal as goal
    on goal.division_code = disclosure.division_code
    and goal.fiscal_year = disclosure.fiscal_year
    and goal.disclosure_id = disclosure.disclosure_id
left join budget.project as project
    on project.division_code = goal.division_code
    and project.fiscal_year = goal.fiscal_year
    and project.disclosure_id = goal.disclosure_id
    and project.project_id = goal.project_id
left join (
    select
        line.division_code,
        line.fiscal_year,
        line.disclosure_id,
        line.project_id,
        sum(line.amount) as amount
    from internal.stored_fact as line
    where line.statement = 'special_fund'
        and line.project_id is not null
    group by line.division_code, line.fiscal_year, line.disclosure_id, line.project_id
) as special_fund
    on special_fund.division_code = goal.division_code
    and special_fund.fiscal_year = goal.fiscal_year
    and special_fund.disclosure_id = goal.disclosure_id
    and special_fund.project_id = goal.project_id
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
