-- 与还原数一致的公开单元格在比对中的样子：全由单元格本身得出
-- What the comparison says of a filed cell that equals its rebuilt one: it follows from the cell alone. All cells that
-- are compared stand here, whatever the comparison says of them: internal.comparison_exception keeps those of which it
-- says something else. report.compare_disclosure has the rules.
create view internal.cell_as_equal as
with compared as (
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
        -- a target that is a number is compared as one, too
        case
            when form_column.role = 'money' then cell.amount
            when cell.column_key = 'target'
                then substring(replace(cell.cell_text, ',', '') from '-?[0-9]*\.?[0-9]+')::numeric
        end as figure,
        case
            when disclosure.is_rounded is false then 0
            when form_column.role = 'money' and cell.part_count > 0 then (cell.part_count + 1) * cell.half_place
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
    inner join meta.form_column as form_column
        on form_column.form_id = cell.form_id
        and form_column.column_key = cell.column_key
    where cell.row_key is not null
        and case
            when form_column.role = 'money' then cell.amount is not null
            else form.layout in ('project_sheet', 'department_sheet') and form_column.role in ('name', 'text')
        end
)

select
    division_code,
    fiscal_year,
    disclosure_id,
    form_no,
    row_no,
    column_no,
    form_id,
    report_no,
    row_key,
    row_label,
    column_key,
    case when is_figure then coalesce(column_label, official_label) else column_label end as column_label,
    figure as filed,
    figure as rebuilt,
    figure - figure as difference,
    case when figure is not null then tolerance end as tolerance,
    'equal' as status,
    support,
    case when not is_figure then cell_text end as filed_text,
    case when not is_figure then cell_text end as rebuilt_text
from compared
