-- 可衡量的绩效目标：每个绩效目标至少有一个量化指标值（绩效目标应当可衡量）
-- Goals that can be measured: every goal has at least one indicator whose target is a number. figure is how many it has.
create view rule.measurable_goal as
select
    'measurable_goal' as rule,
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    goal.form_id,
    goal.subject_key as row_key,
    goal.subject_key as row_label,
    'target' as column_key,
    form_column.column_label,
    count(indicator.target_number)::numeric as figure,
    1::numeric as expected,
    null::text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    count(indicator.target_number) >= 1 as passed
from budget.disclosure as disclosure
inner join budget.performance_goal as goal
    on goal.disclosure_id = disclosure.disclosure_id
    and goal.division_code = disclosure.division_code
    and goal.fiscal_year = disclosure.fiscal_year
left join meta.form_column as form_column
    on form_column.form_id = goal.form_id
    and form_column.column_key = 'target'
left join budget.performance_indicator as indicator
    on indicator.disclosure_id = goal.disclosure_id
    and indicator.division_code = goal.division_code
    and indicator.fiscal_year = goal.fiscal_year
    and indicator.goal_no = goal.goal_no
where disclosure.is_current
group by
    disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id, disclosure.reporting_unit_code,
    disclosure.stage, goal.form_id, goal.subject_key, form_column.column_label
