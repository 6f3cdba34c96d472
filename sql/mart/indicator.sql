-- 绩效指标（事实表）：每个指标只计一次，目标值的运算符和数值，是否可衡量
-- Performance indicators, each once: those of the goals of mart.goal. An indicator is measurable if its target is a number.
create view mart.indicator as
select
    goal.division_code,
    goal.fiscal_year,
    make_date(goal.fiscal_year, 1, 1) as fiscal_year_date,
    goal.disclosure_id,
    goal.reporting_unit_code,
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
    -- a target of more digits is no figure
    case when abs(indicator.target_number) < 1e12 then indicator.target_number end::numeric(18, 6) as target_number,
    indicator.target_measure,
    indicator.target_text,
    indicator.target_number is not null as is_measurable
from internal.counted_goal as goal
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
