-- 公开数与还原数比对：装载时存储的结果，每格一行
-- The comparison of filed and rebuilt figures as stored when a disclosure was loaded, one row a cell
create view report.comparison as
select
    division_code,
    fiscal_year,
    reporting_unit_code,
    disclosure_id,
    report_no,
    row_key,
    row_label,
    column_key,
    column_label,
    filed,
    rebuilt,
    difference,
    tolerance,
    status,
    support,
    filed_text,
    rebuilt_text
from report.comparison_result
