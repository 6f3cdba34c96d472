-- 固定行次报表的行次：每张报表每列清单每行次一行
-- The fixed lines of lists (收支总表 and the like), with what the ledger's lines add up to in each column of amounts.
-- All lines that the official form prints stand here, with or without money; others if they have money.
create view internal.list_line as
with summed as (
    select
        disclosure_id, division_code, fiscal_year, reporting_unit_code, form_id, column_key, row_key,
        sum(amount) as amount
    from internal.counted_path
    where is_current
        and line_key is not null
    group by disclosure_id, division_code, fiscal_year, reporting_unit_code, form_id, column_key, row_key
),

listed as (
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        form_line.form_id,
        form_line.report_no,
        form_line.list_key,
        form_column.column_key,
        form_line.line_no,
        form_line.row_key,
        form_line.row_label,
        form_line.row_level,
        form_line.is_leaf,
        form_line.is_optional,
        summed.amount,
        -- a line stands in all columns of its list if it has money in one of them
        bool_or(summed.amount is not null) over (
            partition by
                disclosure.disclosure_id, form_line.form_id, form_line.list_key, form_line.row_key collate "C",
                disclosure.division_code, disclosure.fiscal_year, disclosure.reporting_unit_code
        ) as has_money
    from budget.disclosure as disclosure
    inner join meta.form_template as form
        on form.set_id = disclosure.form_set_id
    inner join meta.form_line as form_line
        on form_line.form_id = form.form_id
    inner join meta.form_column as form_column
        on form_column.form_id = form_line.form_id
        and form_column.list_key = form_line.list_key
        and form_column.role = 'money'
    left join summed
        on summed.disclosure_id = disclosure.disclosure_id
        and summed.division_code = disclosure.division_code
        and summed.fiscal_year = disclosure.fiscal_year
        -- so that a question about a unit reads no other's lines
        and summed.reporting_unit_code = disclosure.reporting_unit_code
        and summed.form_id = form_line.form_id
        and summed.column_key = form_column.column_key
        and summed.row_key = form_line.row_key
    where disclosure.is_current
)

select
    disclosure_id,
    division_code,
    fiscal_year,
    reporting_unit_code,
    form_id,
    report_no,
    list_key,
    column_key,
    line_no,
    row_key,
    row_label,
    row_level,
    is_leaf,
    -- an empty form has totals all the same
    coalesce(amount, case when row_level = 0 and not is_leaf then 0.00 end) as amount
from listed
where not is_optional or has_money
