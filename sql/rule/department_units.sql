-- 部门与所属单位：部门文件的合计等于所属单位之和（见 report.department_sum）
-- Departments: the totals of a department's document against the sum of its units.
create view rule.department_units as
select
    'department_units' as rule,
    summed.division_code,
    summed.fiscal_year,
    summed.disclosure_id,
    summed.department_code as reporting_unit_code,
    summed.stage,
    summed.form_id,
    template.total_key as row_key,
    template.total_label as row_label,
    summed.column_key,
    summed.column_label,
    summed.department_amount as figure,
    summed.units_amount as expected,
    null::text as figure_text,
    null::text as expected_text,
    format('%s 个单位 / units', summed.unit_count) as compared_with,
    summed.difference,
    summed.tolerance,
    summed.status <> 'differs' as passed
from report.department_sum as summed
inner join meta.form_template as template
    on template.form_id = summed.form_id
