-- 参与比对的公开单元格：金额栏和绩效目标表的文字栏，以及比对所依的数与允许的舍入误差
-- Filed cells as they are compared: figures in columns of money, words of sheets of goals (is_figure, is_word; null in a
-- column that the form does not have). figure is what is compared as a number: an amount, or a target that is one.
-- tolerance is what rounding explains: n + 1 halves of the last printed place, see report.compare_disclosures.
create view internal.compared_cell as
select
    cell.division_code,
    cell.fiscal_year,
    cell.disclosure_id,
    cell.form_no,
    cell.row_no,
    cell.column_no,
    cell.form_id,
    form.report_no,
    cell.row_key,
    cell.row_label,
    cell.column_key,
    cell.column_label,
    form_column.column_label as official_label,
    form_column.role = 'money' as is_figure,
    form.layout in ('project_sheet', 'department_sheet') and form_column.role in ('name', 'text') as is_word,
    case
        when form_column.role = 'money' then cell.amount
        when cell.column_key = 'target'
            then substring(replace(cell.cell_text, ',', '') from '-?[0-9]*\.?[0-9]+')::numeric
    end as figure,
    case
        when form_column.role = 'money' and cell.form_no = any (disclosure.coarse_forms)
            then greatest(cell.part_count, 1) * cell.half_place
        when form_column.role = 'money' and cell.part_count > 0 and disclosure.is_rounded is not false
            then (cell.part_count + 1) * cell.half_place
        else 0
    end as tolerance,
    cell.support,
    cell.cell_text
from filed.cell as cell
inner join budget.disclosure as disclosure
    on disclosure.division_code = cell.division_code
    and disclosure.disclosure_id = cell.disclosure_id
inner join meta.form_template as form
    on form.form_id = cell.form_id
left join meta.form_column as form_column
    on form_column.form_id = cell.form_id
    and form_column.column_key = cell.column_key
where cell.row_key is not null
