-- 比对汇总：每份公开每张报表的单元格数，按比对结果
-- The comparison by disclosure and form: how many cells have which result, as counted when it was made
create view report.comparison_summary as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    disclosure.disclosure_id,
    counted.form_id,
    form.report_no,
    counted.cell_count_equal,
    counted.cell_count_rounding,
    counted.cell_count_differs,
    counted.cell_count_not_filed
from budget.disclosure as disclosure
inner join internal.comparison_count as counted
    on counted.disclosure_id = disclosure.disclosure_id
    and counted.division_code = disclosure.division_code
    and counted.fiscal_year = disclosure.fiscal_year
inner join meta.form_template as form
    on form.form_id = counted.form_id
where disclosure.is_current
