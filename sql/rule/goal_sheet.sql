-- 绩效目标表的金额：项目、整体支出绩效目标表上的金额与台账一致
-- Money on sheets of goals: what 项目支出绩效目标表 and 整体支出绩效目标表 print against the ledger, as the comparison of
-- filed and rebuilt figures has it.
create view rule.goal_sheet as
select
    'goal_sheet' as rule,
    cell.division_code,
    cell.fiscal_year,
    cell.disclosure_id,
    cell.reporting_unit_code,
    cell.stage,
    cell.form_id,
    cell.row_key,
    cell.row_label,
    cell.column_key,
    form_column.column_label,
    cell.amount as figure,
    coalesce(exception.rebuilt, cell.amount) as expected,
    null::text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    coalesce(exception.difference, 0) as difference,
    coalesce(exception.tolerance, 0) as tolerance,
    exception.status is distinct from 'differs' as passed
from rule.printed_cell as cell
inner join meta.form_template as template
    on template.form_id = cell.form_id
    and template.layout in ('project_sheet', 'department_sheet')
inner join meta.form_column as form_column
    on form_column.form_id = cell.form_id
    and form_column.column_key = cell.column_key
    and form_column.role = 'money'
left join internal.comparison_exception as exception
    on exception.disclosure_id = cell.disclosure_id
    and exception.division_code = cell.division_code
    and exception.fiscal_year = cell.fiscal_year
    and exception.form_id = cell.form_id
    and exception.row_key = cell.row_key
    and exception.column_key = cell.column_key
where cell.amount is not null
