-- 一般公共预算支出功能分类预算表，全区各单位合计，重叠部分只计一次
-- Form sh05 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.sh05 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    code_class,
    code_group,
    code_item,
    subject_name,
    total,
    basic,
    project
from internal.disclosed_year
inner join lateral (
    select
        division_code,
        fiscal_year,
        stage,
        chosen_units,
        row_number() over (
            partition by division_code, fiscal_year, stage, chosen_units
            order by row_level = 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        left(subject_code, 3) as code_class,
        nullif(substr(subject_code, 4, 2), '') as code_group,
        nullif(substr(subject_code, 6), '') as code_item,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'basic')::numeric(18, 6) as basic,
        sum(amount) filter (where column_key = 'project')::numeric(18, 6) as project
    from internal.district_cell as cell
    where form_id = 'sh05'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level = 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
