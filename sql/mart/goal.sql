-- 绩效目标（事实表）：每个目标只计一次，项目的专项资金，指标和任务的个数
-- Performance goals, each once, see internal.counted_goal. amount is the special fund of the goal's project on all of
-- its rows, null for the goal of a whole department.
create view mart.goal as
select
    goal.division_code,
    goal.fiscal_year,
    make_date(goal.fiscal_year, 1, 1) as fiscal_year_date,
    goal.stage,
    goal.disclosure_id,
    goal.reporting_unit_code,
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
from internal.counted_goal as goal
left join budget.project as project
    on project.division_code = goal.division_code
    and project.fiscal_year = goal.fiscal_year
    and project.disclosure_id = goal.disclosure_id
    and project.project_id = goal.project_id
left join (
    select
        fact.division_code,
        fact.fiscal_year,
        fact.disclosure_id,
        -- a further row of a project has a number: 会议经费#2
        coalesce(regexp_replace(project_row.project_name, '#[0-9]+$', ''), fact.project_id::text) as project_name,
        sum(fact.amount) as amount
    from internal.stored_fact as fact
    left join budget.project as project_row
        on project_row.division_code = fact.division_code
        and project_row.fiscal_year = fact.fiscal_year
        and project_row.disclosure_id = fact.disclosure_id
        and project_row.project_id = fact.project_id
    where fact.statement = 'special_fund'
    group by
        fact.division_code,
        fact.fiscal_year,
        fact.disclosure_id,
        coalesce(regexp_replace(project_row.project_name, '#[0-9]+$', ''), fact.project_id::text)
) as special_fund
    on special_fund.division_code = goal.division_code
    and special_fund.fiscal_year = goal.fiscal_year
    and special_fund.disclosure_id = goal.disclosure_id
    and special_fund.project_name
    = coalesce(regexp_replace(project.project_name, '#[0-9]+$', ''), goal.project_id::text)
