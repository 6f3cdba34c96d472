-- 一般公共预算基本支出表（按部门预算经济分类），全区各单位合计，重叠部分只计一次
-- Form r09x for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r09x as
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
    wages,
    goods_services,
    individuals_families,
    capital,
    other
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
        sum(amount) filter (where column_key = 'wages')::numeric(18, 6) as wages,
        sum(amount) filter (where column_key = 'goods_services')::numeric(18, 6) as goods_services,
        sum(amount) filter (where column_key = 'individuals_families')::numeric(18, 6) as individuals_families,
        sum(amount) filter (where column_key = 'capital')::numeric(18, 6) as capital,
        sum(amount) filter (where column_key = 'other')::numeric(18, 6) as other
    from internal.district_cell as cell
    where form_id = 'r09x'
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
