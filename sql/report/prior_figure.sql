-- 其他年度或阶段的数字：上年预算数、决算表中的预算数等，以及增减%、执行率等百分比，每格一行
-- Figures that a disclosure prints of another year or stage (上年预算数, 预算数 beside 决算数): kept with the year and
-- stage that they speak of, never in the ledger of the disclosure. row_key and column_key are those of this year's.
-- Per cents beside the figures (增减%, 执行率) have no amount, and speak of no year alone.
create view report.prior_figure as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    disclosure.disclosure_id,
    disclosure.stage,
    cell.form_id,
    cell.report_no,
    cell.row_key,
    cell.row_label,
    split_part(split_part(cell.column_key, '@', 1), '~', 1) as column_key,
    cell.column_no,
    cell.column_label,
    nullif(split_part(split_part(cell.column_key, '@', 2), ':', 1), '')::smallint as of_year,
    nullif(split_part(cell.column_key, ':', 2), '') as of_stage,
    cell.cell_text,
    case when strpos(cell.column_key, '@') > 0 then cell.amount end as amount,
    case when strpos(cell.column_key, '~') > 0 then cell.amount end as per_cent
from budget.disclosure as disclosure
inner join filed.cell as cell
    on cell.disclosure_id = disclosure.disclosure_id
    and cell.division_code = disclosure.division_code
    and cell.fiscal_year = disclosure.fiscal_year
where disclosure.is_current
    and (strpos(cell.column_key, '@') > 0 or strpos(cell.column_key, '~') > 0)
