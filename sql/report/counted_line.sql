-- 台账行计入的单元格：每行在各报表的哪些行、哪些栏中汇总
-- Every line of the ledger once for each cell of a report that it adds up to. The reports sum these lines; read it the
-- other way to see what stands behind a figure.
create view report.counted_line as
select
    path.disclosure_id,
    path.division_code,
    path.fiscal_year,
    path.form_id,
    path.report_no,
    path.column_key,
    path.row_level,
    path.row_key,
    path.is_finest,
    line.line_no,
    line.project_id,
    line.amount
from report.counted_path as path
cross join lateral unnest(path.line_nos) as counted (line_no)
inner join budget.amount as line
    on line.disclosure_id = path.disclosure_id
    and line.division_code = path.division_code
    and line.fiscal_year = path.fiscal_year
    and line.line_no = counted.line_no
