-- 全部还原的金额单元格，含官方报表不列示的小计（is_printed 为否）
-- Every money cell that the ledger gives, with the subtotals that the official form does not print
create view report.every_cell as
select
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    form_id, report_no, row_key, row_label, is_leaf, is_printed, column_key, amount
from internal.ledger_cell

union all

-- the amount of a project on its sheet of goals
select
    disclosure_id, division_code, fiscal_year, reporting_unit_code,
    form_id, report_no, row_key, item, true, true, column_key, rebuilt
from internal.goal_cell
where column_key = 'amount'
    and repetition = 1
    and rebuilt is not null
