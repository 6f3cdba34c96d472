-- 全区固定行次报表的行次：每张报表每列清单每行次一行
-- The fixed lines of a district's lists, with what the ledger adds up to in each column of amounts: internal.list_line for
-- all units at once.
create view internal.district_line as
with summed as (
    select division_code, fiscal_year, stage, form_id, column_key, row_key, sum(amount) as amount
    from internal.district_path
    where line_key is not null
    group by division_code, fiscal_year, stage, form_id, column_key, row_key
),

listed as (
    select
        form_set.division_code,
        form_set.fiscal_year,
        form_set.stage,
        form_line.form_id,
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
                form_set.division_code, form_set.fiscal_year, form_set.stage, form_line.form_id, form_line.list_key,
                form_line.row_key collate "C"
        ) as has_money
    from internal.district_set as form_set
    inner join meta.form_template as form
        on form.set_id = form_set.form_set_id
    inner join meta.form_line as form_line
        on form_line.form_id = form.form_id
    inner join meta.form_column as form_column
        on form_column.form_id = form_line.form_id
        and form_column.list_key = form_line.list_key
        and form_column.role = 'money'
    left join summed
        on summed.division_code = form_set.division_code
        and summed.fiscal_year = form_set.fiscal_year
        and summed.stage = form_set.stage
        and summed.form_id = form_line.form_id
        and summed.column_key = form_column.column_key
        and summed.row_key = form_line.row_key
)

select
    division_code,
    fiscal_year,
    stage,
    coalesce(current_setting('hetang.units', true), '') as chosen_units,
    form_id,
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
