-- 公开数与还原数比对：现行公开装载时的结果，每格一行；一致的单元格由公开的单元格得出，其余的存储
-- The comparison of filed and rebuilt figures of current disclosures as it was when they were loaded, one row a cell.
-- Stored are the cells of which it says more than that they are equal; the others follow from what was filed.
-- Disclosure by disclosure, so that a question about one, or about the first rows, reads the cells of no other.
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
    result.rebuilt_text,
    disclosure.stage
from budget.disclosure as disclosure
cross join lateral (
    select
        form_id, report_no, row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status,
        support, filed_text, rebuilt_text
    from internal.comparison_exception as exception
    where exception.division_code = disclosure.division_code
        and exception.fiscal_year = disclosure.fiscal_year
        and exception.disclosure_id = disclosure.disclosure_id

    union all

    select
        form_id, report_no, row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status,
        support, filed_text, rebuilt_text
    from internal.cell_as_equal as cell
    where cell.division_code = disclosure.division_code
        and cell.fiscal_year = disclosure.fiscal_year
        and cell.disclosure_id = disclosure.disclosure_id
        -- not in, which is hashed however many exceptions the planner expects; they are none where no cell is printed
        and (cell.form_no, cell.row_no, cell.column_no) not in (
            select exception.form_no, exception.row_no, exception.column_no
            from internal.comparison_exception as exception
            where exception.division_code = disclosure.division_code
                and exception.fiscal_year = disclosure.fiscal_year
                and exception.disclosure_id = disclosure.disclosure_id
                and (exception.form_no, exception.row_no, exception.column_no) is not null
        )
) as result
where disclosure.is_current
