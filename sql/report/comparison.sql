-- 公开数与还原数比对：现行公开装载时存储的结果，每格一行
-- The comparison of filed and rebuilt figures of current disclosures, as stored when they were loaded, one row a cell
create view report.comparison as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    disclosure.disclosure_id,
    result.form_id,
    result.report_no,
    result.row_key,
    result.row_label,
    result.column_key,
    result.column_label,
    result.filed,
    result.rebuilt,
    result.difference,
    result.tolerance,
    result.status,
    result.support,
    result.filed_text,
    result.rebuilt_text
from budget.disclosure as disclosure
inner join report.comparison_result as result
    on result.disclosure_id = disclosure.disclosure_id
    and result.division_code = disclosure.division_code
    and result.fiscal_year = disclosure.fiscal_year
where disclosure.is_current
