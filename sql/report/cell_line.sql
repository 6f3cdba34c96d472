-- 单元格的来历：每个单元格由哪些台账行相加，各行的口径、依据及其在文件中的位置
-- What stands behind each cell of a report: the lines of the ledger that it adds up, with their coordinates, their
-- basis, and the filed cell that decides each. Ask it for one disclosure, or for a unit by reporting_unit_code.
create view report.cell_line as
select
    counted.disclosure_id,
    counted.division_code,
    counted.fiscal_year,
    counted.form_id,
    counted.row_key,
    counted.column_key,
    counted.line_no,
    line.statement,
    line.unit_code,
    line.fund_code,
    line.nature,
    line.functional_code,
    line.department_economic_code,
    line.government_economic_code,
    line.item_code,
    project.project_name,
    line.amount,
    line.basis,
    line.allocated,
    source.form_id as source_form_id,
    source.row_key as source_row_key,
    source.row_label as source_row_label,
    source.column_key as source_column_key,
    source.column_label as source_column_label,
    source.source_row,
    source.column_no as source_column_no,
    source.cell_text as source_text,
    counted.reporting_unit_code
from report.counted_line as counted
inner join budget.amount as line
    on line.disclosure_id = counted.disclosure_id
    and line.division_code = counted.division_code
    and line.fiscal_year = counted.fiscal_year
    and line.line_no = counted.line_no
left join budget.project as project
    on project.disclosure_id = line.disclosure_id
    and project.division_code = line.division_code
    and project.fiscal_year = line.fiscal_year
    and project.project_id = line.project_id
left join filed.cell as source
    on source.disclosure_id = line.disclosure_id
    and source.division_code = line.division_code
    and source.fiscal_year = line.fiscal_year
    and source.form_no = line.source_form_no
    and source.row_no = line.source_row_no
    and source.column_no = line.source_column_no
