-- 财政拨款“三公”经费支出决算表
-- Form f07: one row
-- Made by schema/generate.py from schema/forms.
create view report.f07 as
select
    disclosure_id,
    division_code,
    fiscal_year,
    reporting_unit_code,
    row_number() over (
        partition by disclosure_id, division_code, fiscal_year, reporting_unit_code
        order by row_level > 0, row_key collate "C"
    ) as row_no,
    row_level,
    bool_and(is_leaf) as is_leaf,
    row_key,
    sum(amount) filter (where column_key = 'total') as total,
    sum(amount) filter (where column_key = 'abroad') as abroad,
    sum(amount) filter (where column_key = 'vehicle_total') as vehicle_total,
    sum(amount) filter (where column_key = 'vehicle_purchase') as vehicle_purchase,
    sum(amount) filter (where column_key = 'vehicle_operation') as vehicle_operation,
    sum(amount) filter (where column_key = 'reception') as reception
from report.summed_cell
where form_id = 'f07'
group by
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    row_level, row_key, row_label
