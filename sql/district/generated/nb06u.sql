-- 一般公共预算基本支出表（按单位和经济分类），全区各单位合计，重叠部分只计一次
-- Form nb06u for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.nb06u as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    subject_code,
    subject_name,
    total,
    staff,
    public
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
        subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'staff')::numeric(18, 6) as staff,
        sum(amount) filter (where column_key = 'public')::numeric(18, 6) as public
    from internal.district_cell as cell
    where form_id = 'nb06u'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
