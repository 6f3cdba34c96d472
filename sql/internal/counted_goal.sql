-- 计入的绩效目标：现行预算公开的目标，不含另一文件已包含的单位的目标
-- Performance goals, each once, as internal.computed_goals finds and internal.settle_goals stores them.
-- A disclosure's number tells its year: joining by both would let the planner expect next to no goals, and loop.
create view internal.counted_goal as
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
from budget.performance_goal as goal
inner join budget.disclosure as disclosure
    on disclosure.division_code = goal.division_code
    and disclosure.disclosure_id = goal.disclosure_id
where goal.is_counted
