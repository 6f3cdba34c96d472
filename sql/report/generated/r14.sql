-- 一般公共预算基本支出表--公用经费(商品和服务支出)(按部门预算经济分类)（表14）
-- Form r14: one row a unit and functional subject
-- Made by schema/generate.py from schema/forms.
create view report.r14 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    functional_class,
    functional_group,
    functional_item,
    unit_code,
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
    other_goods_services,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        left(subject_code, 3) as functional_class,
        nullif(substr(subject_code, 4, 2), '') as functional_group,
        nullif(substr(subject_code, 6), '') as functional_item,
        unit_code,
        row_label as unit_name,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'office') as office,
        sum(amount) filter (where column_key = 'printing') as printing,
        sum(amount) filter (where column_key = 'consulting') as consulting,
        sum(amount) filter (where column_key = 'bank_charges') as bank_charges,
        sum(amount) filter (where column_key = 'water') as water,
        sum(amount) filter (where column_key = 'electricity') as electricity,
        sum(amount) filter (where column_key = 'post_telecom') as post_telecom,
        sum(amount) filter (where column_key = 'heating') as heating,
        sum(amount) filter (where column_key = 'property_management') as property_management,
        sum(amount) filter (where column_key = 'travel') as travel,
        sum(amount) filter (where column_key = 'abroad') as abroad,
        sum(amount) filter (where column_key = 'maintenance') as maintenance,
        sum(amount) filter (where column_key = 'rent') as rent,
        sum(amount) filter (where column_key = 'meetings') as meetings,
        sum(amount) filter (where column_key = 'training') as training,
        sum(amount) filter (where column_key = 'reception') as reception,
        sum(amount) filter (where column_key = 'special_materials') as special_materials,
        sum(amount) filter (where column_key = 'bedding_clothing') as bedding_clothing,
        sum(amount) filter (where column_key = 'special_fuel') as special_fuel,
        sum(amount) filter (where column_key = 'labour_services') as labour_services,
        sum(amount) filter (where column_key = 'commissioned_services') as commissioned_services,
        sum(amount) filter (where column_key = 'union_funds') as union_funds,
        sum(amount) filter (where column_key = 'welfare') as welfare,
        sum(amount) filter (where column_key = 'vehicle_operation') as vehicle_operation,
        sum(amount) filter (where column_key = 'other_transport') as other_transport,
        sum(amount) filter (where column_key = 'taxes') as taxes,
        sum(amount) filter (where column_key = 'other_goods_services') as other_goods_services,
        exists (
            select
            from budget.counted_disclosure as counted
            where counted.disclosure_id = cell.disclosure_id
                and counted.division_code = cell.division_code
        )
        and not exists (
            select
            from budget.covered_part as covered
            where covered.disclosure_id = cell.disclosure_id
                and covered.division_code = cell.division_code
                and covered.statement in ('expenditure')
                and (
                    cell.row_level = 0
                    or cell.row_level = 1 and cell.unit_code = covered.department_code
                    or cell.unit_code = covered.unit_code
                )
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from internal.summed_cell as cell
    where form_id = 'r14'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, unit_code, subject_code
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
