-- “三公”经费和机关运行经费预算表，全区各单位合计，重叠部分只计一次
-- Form sh09 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.sh09 as
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
    reception,
    vehicle_total,
    vehicle_purchase,
    vehicle_operation,
    operating_cost
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
        sum(amount) filter (where column_key = 'reception')::numeric(18, 6) as reception,
        sum(amount) filter (where column_key = 'vehicle_total')::numeric(18, 6) as vehicle_total,
        sum(amount) filter (where column_key = 'vehicle_purchase')::numeric(18, 6) as vehicle_purchase,
        sum(amount) filter (where column_key = 'vehicle_operation')::numeric(18, 6) as vehicle_operation,
        sum(amount) filter (where column_key = 'operating_cost')::numeric(18, 6) as operating_cost
    from internal.district_cell as cell
    where form_id = 'sh09'
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
