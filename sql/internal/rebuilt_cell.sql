-- 还原的单元格：各还原报表的金额，每格一行，行列标识与公开的单元格相同
-- The money cells of the rebuilt reports, one row a cell, keyed as the filed cells are
create view internal.rebuilt_cell as
select
    disclosure_id,
    division_code,
    fiscal_year,
    reporting_unit_code,
    form_id,
    report_no,
    row_key,
    row_label,
    is_leaf,
    column_key,
    amount as rebuilt
from report.every_cell
where is_printed
