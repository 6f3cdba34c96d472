-- 一般公共预算基本支出表--公用经费(商品和服务支出)（按政府预算经济分类）（表13），全区各单位合计，重叠部分只计一次
-- Form r13 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r13 as
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
    agency_total,
    office,
    meetings,
    training,
    special_materials,
    commissioned_services,
    reception,
    abroad,
    vehicle_operation,
    maintenance,
    other_goods_services,
    institution_total,
    institution_goods_services,
    institution_other
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
        sum(amount) filter (where column_key = 'agency_total')::numeric(18, 6) as agency_total,
        sum(amount) filter (where column_key = 'office')::numeric(18, 6) as office,
        sum(amount) filter (where column_key = 'meetings')::numeric(18, 6) as meetings,
        sum(amount) filter (where column_key = 'training')::numeric(18, 6) as training,
        sum(amount) filter (where column_key = 'special_materials')::numeric(18, 6) as special_materials,
        sum(amount) filter (where column_key = 'commissioned_services')::numeric(18, 6) as commissioned_services,
        sum(amount) filter (where column_key = 'reception')::numeric(18, 6) as reception,
        sum(amount) filter (where column_key = 'abroad')::numeric(18, 6) as abroad,
        sum(amount) filter (where column_key = 'vehicle_operation')::numeric(18, 6) as vehicle_operation,
        sum(amount) filter (where column_key = 'maintenance')::numeric(18, 6) as maintenance,
        sum(amount) filter (where column_key = 'other_goods_services')::numeric(18, 6) as other_goods_services,
        sum(amount) filter (where column_key = 'institution_total')::numeric(18, 6) as institution_total,
        sum(amount) filter (
            where column_key = 'institution_goods_services'
        )::numeric(18, 6) as institution_goods_services,
        sum(amount) filter (where column_key = 'institution_other')::numeric(18, 6) as institution_other
    from internal.district_cell as cell
    where form_id = 'r13'
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
