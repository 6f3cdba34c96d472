-- 项目绩效目标：有专项资金的项目都有绩效目标（预算法第三十二条；项目支出绩效目标表）
-- Goals: every project with money of its own has a sheet of goals, in sets of forms that have such sheets.
create view rule.project_goal as
select
    'project_goal' as rule,
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    template.form_id,
    project.project_name as row_key,
    project.project_name as row_label,
    null::text as column_key,
    null::text as column_label,
    money.amount as figure,
    null::numeric as expected,
    goal.goal_text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    goal.goal_no is not null as passed
from budget.disclosure as disclosure
inner join meta.form_template as template
    on template.set_id = disclosure.form_set_id
    and template.layout = 'project_sheet'
inner join budget.project as project
    on project.disclosure_id = disclosure.disclosure_id
    and project.division_code = disclosure.division_code
    and project.fiscal_year = disclosure.fiscal_year
inner join lateral (
    select sum(line.amount) as amount
    from budget.amount as line
    where line.disclosure_id = project.disclosure_id
        and line.division_code = project.division_code
        and line.fiscal_year = project.fiscal_year
        and line.project_id = project.project_id
        and line.statement = 'special_fund'
) as money on money.amount <> 0
left join lateral (
    select goal.goal_no, goal.goal_text
    from budget.performance_goal as goal
    where goal.disclosure_id = project.disclosure_id
        and goal.division_code = project.division_code
        and goal.fiscal_year = project.fiscal_year
        and goal.project_id = project.project_id
    order by goal.goal_no
    limit 1
) as goal on true
where disclosure.is_current
