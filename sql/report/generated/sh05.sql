-- 一般公共预算支出功能分类预算表
-- Form sh05: one row a functional subject
-- Made by schema/generate.py from schema/forms.
create view report.sh05 as
select
    disclosure_id,
    division_code,
    fiscal_year,
    reporting_unit_code,
    row_number() over (
        partition by disclosure_id, division_code, fiscal_year, reporting_unit_code
        order by row_level = 0, row_key collate "C"
    ) as row_no,
    row_level,
    bool_and(is_leaf) as is_leaf,
    row_key,
    left(subject_code, 3) as code_class,
    nullif(substr(subject_code, 4, 2), '') as code_group,
    nullif(substr(subject_code, 6), '') as code_item,
    row_label as subject_name,
    sum(amount) filter (where column_key = 'total') as total,
    sum(amount) filter (where column_key = 'basic') as basic,
    sum(amount) filter (where column_key = 'project') as project
from report.summed_cell
where form_id = 'sh05'
group by
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    row_level, row_key, row_label, subject_code
