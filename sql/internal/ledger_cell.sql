-- 由台账汇总的全部金额单元格：按科目等分行的报表和固定行次的报表
-- The money cells that the ledger gives in forms with rows of codes and in lists: report.every_cell without the sheets of
-- goals.
create view internal.ledger_cell as
select
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    form_id, report_no, row_key, row_label, is_leaf, is_printed, column_key, amount
from internal.summed_cell

union all

select
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    form_id, report_no, row_key, row_label, is_leaf, true, column_key, amount
from internal.list_line
where amount is not null
