-- 参与核对的单元格：所在行能识别的单元格，含空金额的名称格
-- The cells that rules look at: all whose row is understood, with or without an amount.
create view rule.printed_cell as
select
    form.division_code,
    form.fiscal_year,
    form.disclosure_id,
    form.reporting_unit_code,
    form.stage,
    form.is_rounded,
    form.form_no,
    form.form_id,
    form.header_columns,
    cell.row_no,
    cell.column_no,
    cell.source_row,
    cell.row_key,
    cell.row_label,
    cell.column_key,
    cell.column_label,
    cell.cell_text,
    cell.amount,
    cell.half_place,
    cell.part_count
from rule.printed_form as form
inner join filed.cell as cell
    on cell.disclosure_id = form.disclosure_id
    and cell.division_code = form.division_code
    and cell.fiscal_year = form.fiscal_year
    and cell.form_no = form.form_no
where cell.row_key is not null
