-- 收支平衡：同一张收支总表中，收入总计等于支出总计，各列支出总计相等（预算法：收支平衡）
-- Balance: within a form of lists the grand totals of all lists are the same figure; each is held against the first.
create view rule.balance as
with listed as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        cell.form_id,
        cell.row_key,
        cell.row_label,
        form_column.column_key,
        form_column.column_label,
        cell.amount as figure,
        cell.half_place,
        first_value(cell.amount) over form_list as expected,
        first_value(cell.half_place) over form_list as expected_half_place,
        first_value(form_column.column_label) over form_list as compared_with,
        row_number() over form_list as position
    from rule.printed_cell as cell
    inner join meta.form_column as form_column
        on form_column.form_id = cell.form_id
        and form_column.column_key = cell.column_key
        -- lists with several columns of amounts split them by fund: their first column is the total
        and form_column.column_key = form_column.list_key
    where cell.row_key = 'grand_total'
        and cell.amount is not null
    window form_list as (
        partition by
            cell.disclosure_id, cell.form_no, cell.form_id, cell.division_code, cell.fiscal_year,
            cell.reporting_unit_code, cell.stage
        order by form_column.column_no
    )
)

select
    'balance' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    row_key,
    row_label,
    column_key,
    column_label,
    figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    compared_with,
    figure - expected as difference,
    case
        when half_place <> expected_half_place then greatest(half_place, expected_half_place)
        else 0
    end as tolerance,
    abs(figure - expected) <= case
        when half_place <> expected_half_place then greatest(half_place, expected_half_place)
        else 0
    end as passed
from listed
where position > 1
