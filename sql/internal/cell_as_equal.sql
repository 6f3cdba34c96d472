-- 与还原数一致的公开单元格在比对中的样子：全由单元格本身得出
-- What the comparison says of a filed cell that equals its rebuilt one: it follows from the cell alone. All cells that
-- are compared stand here, whatever the comparison says of them: internal.comparison_exception keeps those of which it
-- says something else.
create view internal.cell_as_equal as
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
    case when is_word then cell_text end as filed_text,
    case when is_word then cell_text end as rebuilt_text
from internal.compared_cell
where (is_figure and figure is not null)
    or is_word
