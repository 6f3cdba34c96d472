-- 一般公共预算“三公”经费支出表（按单位），全区各单位合计，重叠部分只计一次
-- Form nb07u for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.nb07u as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    total,
    abroad,
    vehicle_total,
    vehicle_purchase,
    vehicle_operation,
    reception
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
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'abroad')::numeric(18, 6) as abroad,
        sum(amount) filter (where column_key = 'vehicle_total')::numeric(18, 6) as vehicle_total,
        sum(amount) filter (where column_key = 'vehicle_purchase')::numeric(18, 6) as vehicle_purchase,
        sum(amount) filter (where column_key = 'vehicle_operation')::numeric(18, 6) as vehicle_operation,
        sum(amount) filter (where column_key = 'reception')::numeric(18, 6) as reception
    from internal.district_cell as cell
    where form_id = 'nb07u'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
