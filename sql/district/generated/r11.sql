-- 一般公共预算基本支出表--人员经费(对个人和家庭的补助)(按政府预算经济分类)（表11），全区各单位合计，重叠部分只计一次
-- Form r11 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r11 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    functional_class,
    functional_group,
    functional_item,
    unit_name,
    total,
    welfare_relief,
    student_grants,
    farm_subsidies,
    retirement,
    other_individuals
from internal.disclosed_year
inner join lateral (
    select
        division_code,
        fiscal_year,
        stage,
        chosen_units,
        row_number() over (
            partition by division_code, fiscal_year, stage, chosen_units
            order by row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        left(subject_code, 3) as functional_class,
        nullif(substr(subject_code, 4, 2), '') as functional_group,
        nullif(substr(subject_code, 6), '') as functional_item,
        row_label as unit_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'welfare_relief')::numeric(18, 6) as welfare_relief,
        sum(amount) filter (where column_key = 'student_grants')::numeric(18, 6) as student_grants,
        sum(amount) filter (where column_key = 'farm_subsidies')::numeric(18, 6) as farm_subsidies,
        sum(amount) filter (where column_key = 'retirement')::numeric(18, 6) as retirement,
        sum(amount) filter (where column_key = 'other_individuals')::numeric(18, 6) as other_individuals
    from internal.district_cell as cell
    where form_id = 'r11'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
