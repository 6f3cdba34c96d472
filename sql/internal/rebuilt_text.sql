-- 还原的文字单元格：绩效目标表的文字，每格一行；指标值为数时另列其数
-- The texts of sheets of goals as rebuilt, one row a cell; a target that is a number also as a number
create view internal.rebuilt_text as
select
    disclosure_id,
    division_code,
    fiscal_year,
    reporting_unit_code,
    form_id,
    report_no,
    row_key,
    item as row_label,
    column_key,
    rebuilt_text,
    rebuilt
from internal.goal_cell
where rebuilt_text is not null
