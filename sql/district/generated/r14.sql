-- 一般公共预算基本支出表--公用经费(商品和服务支出)(按部门预算经济分类)（表14），全区各单位合计，重叠部分只计一次
-- Form r14 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r14 as
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
    office,
    printing,
    consulting,
    bank_charges,
    water,
    electricity,
    post_telecom,
    heating,
    property_management,
    travel,
    abroad,
    maintenance,
    rent,
    meetings,
    training,
    reception,
    special_materials,
    bedding_clothing,
    special_fuel,
    labour_services,
    commissioned_services,
    union_funds,
    welfare,
    vehicle_operation,
    other_transport,
    taxes,
    other_goods_services
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
        sum(amount) filter (where column_key = 'office')::numeric(18, 6) as office,
        sum(amount) filter (where column_key = 'printing')::numeric(18, 6) as printing,
        sum(amount) filter (where column_key = 'consulting')::numeric(18, 6) as consulting,
        sum(amount) filter (where column_key = 'bank_charges')::numeric(18, 6) as bank_charges,
        sum(amount) filter (where column_key = 'water')::numeric(18, 6) as water,
        sum(amount) filter (where column_key = 'electricity')::numeric(18, 6) as electricity,
        sum(amount) filter (where column_key = 'post_telecom')::numeric(18, 6) as post_telecom,
        sum(amount) filter (where column_key = 'heating')::numeric(18, 6) as heating,
        sum(amount) filter (where column_key = 'property_management')::numeric(18, 6) as property_management,
        sum(amount) filter (where column_key = 'travel')::numeric(18, 6) as travel,
        sum(amount) filter (where column_key = 'abroad')::numeric(18, 6) as abroad,
        sum(amount) filter (where column_key = 'maintenance')::numeric(18, 6) as maintenance,
        sum(amount) filter (where column_key = 'rent')::numeric(18, 6) as rent,
        sum(amount) filter (where column_key = 'meetings')::numeric(18, 6) as meetings,
        sum(amount) filter (where column_key = 'training')::numeric(18, 6) as training,
        sum(amount) filter (where column_key = 'reception')::numeric(18, 6) as reception,
        sum(amount) filter (where column_key = 'special_materials')::numeric(18, 6) as special_materials,
        sum(amount) filter (where column_key = 'bedding_clothing')::numeric(18, 6) as bedding_clothing,
        sum(amount) filter (where column_key = 'special_fuel')::numeric(18, 6) as special_fuel,
        sum(amount) filter (where column_key = 'labour_services')::numeric(18, 6) as labour_services,
        sum(amount) filter (where column_key = 'commissioned_services')::numeric(18, 6) as commissioned_services,
        sum(amount) filter (where column_key = 'union_funds')::numeric(18, 6) as union_funds,
        sum(amount) filter (where column_key = 'welfare')::numeric(18, 6) as welfare,
        sum(amount) filter (where column_key = 'vehicle_operation')::numeric(18, 6) as vehicle_operation,
        sum(amount) filter (where column_key = 'other_transport')::numeric(18, 6) as other_transport,
        sum(amount) filter (where column_key = 'taxes')::numeric(18, 6) as taxes,
        sum(amount) filter (where column_key = 'other_goods_services')::numeric(18, 6) as other_goods_services
    from internal.district_cell as cell
    where form_id = 'r14'
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
