-- 合计核对所用的单元格：印出的金额，以及与台账不一致的单元格（is_disputed）
-- What the rules about sums read: the amounts as printed, and a row without an amount for each cell of which the ledger
-- says otherwise (is_disputed), blank cells among them.
create view rule.summed_cell as
select
    division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, is_rounded, form_no, form_id,
    row_key, row_label, column_key, amount, half_place, false as is_disputed
from rule.printed_cell
where amount is not null

union all

select
    form.division_code,
    form.fiscal_year,
    form.disclosure_id,
    form.reporting_unit_code,
    form.stage,
    form.is_rounded,
    form.form_no,
    form.form_id,
    exception.row_key,
    null,
    exception.column_key,
    null,
    null,
    true
from rule.printed_form as form
inner join internal.comparison_exception as exception
    on exception.disclosure_id = form.disclosure_id
    and exception.division_code = form.division_code
    and exception.fiscal_year = form.fiscal_year
    and exception.form_id = form.form_id
    and exception.status = 'differs'
