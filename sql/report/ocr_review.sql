-- 待复核的OCR数：由图片识别、尚未被其他报表印证的数
-- Figures read from a picture that still need a person's eye: those that differ, and those that no other form
-- bears out. A figure that agrees with other forms is confirmed and stands here no longer.
create view report.ocr_review as
select
    cell.division_code,
    cell.fiscal_year,
    compared.reporting_unit_code,
    cell.disclosure_id,
    cell.form_id,
    cell.report_no,
    cell.row_key,
    cell.row_label,
    cell.column_key,
    cell.column_label,
    cell.source_row,
    cell.cell_text,
    compared.filed,
    compared.rebuilt,
    compared.status,
    compared.support
from filed.cell as cell
inner join report.comparison as compared
    on compared.division_code = cell.division_code
    and compared.fiscal_year = cell.fiscal_year
    and compared.disclosure_id = cell.disclosure_id
    and compared.form_id = cell.form_id
    and compared.row_key = cell.row_key
    and compared.column_key = cell.column_key
where cell.is_ocr
    and cell.amount is not null
    and not (compared.status in ('equal', 'rounding') and compared.support = 'other_form')
