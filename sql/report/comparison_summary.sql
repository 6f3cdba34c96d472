-- 比对汇总：每份公开每张报表的单元格数，按比对结果
-- The comparison by disclosure and form: how many cells have which result
create view report.comparison_summary as
select
    division_code,
    fiscal_year,
    reporting_unit_code,
    disclosure_id,
    form_id,
    report_no,
    count(*) filter (where status = 'equal') as cell_count_equal,
    count(*) filter (where status = 'rounding') as cell_count_rounding,
    count(*) filter (where status = 'differs') as cell_count_differs,
    count(*) filter (where status = 'not_filed') as cell_count_not_filed
from report.comparison
group by division_code, fiscal_year, reporting_unit_code, disclosure_id, form_id, report_no
