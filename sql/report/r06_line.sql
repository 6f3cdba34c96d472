-- 表6 财政拨款收支总表的行次：收入、支出两列清单，每行次一行
-- The lines of form 6, in two lists: appropriations of this year and the last, and what they are spent on
create view report.r06_line as
with counted as (
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        entry.list_key,
        entry.row_key,
        line.amount
    from budget.disclosure as disclosure
    inner join budget.amount as line
        on line.disclosure_id = disclosure.disclosure_id
        and line.division_code = disclosure.division_code
        and line.fiscal_year = disclosure.fiscal_year
    -- the lines of the form that a line of the ledger adds up to
    cross join lateral (
        -- 收入按编码逐级计入：111 also counts in 11
        select 'revenue', left(item_code, 2) where statement = 'revenue'
        union all
        select 'revenue', left(item_code, 3) where statement = 'revenue' and length(item_code) >= 3
        union all
        select 'revenue', unnest(array['year', 'grand_total']) where statement = 'revenue'
        union all
        -- 上年结转按资金分行：fund 181 is what is left of the general public budget
        select 'revenue', unnest(array['opening', 'opening_' || left(fund_code, 3), 'grand_total'])
        where statement = 'carry_over' and item_code = 'opening'
        union all
        select 'function', unnest(array['year', left(functional_code, 3), 'grand_total'])
        where statement = 'expenditure'
        union all
        select 'function', unnest(array['closing', 'grand_total'])
        where statement = 'carry_over' and item_code = 'closing'
    ) as entry (list_key, row_key)
    where disclosure.is_current
        -- 财政拨款：本年的四本预算及其结转
        and (
            left(fund_code, 2) in ('11', '12', '13', '14')
            or left(fund_code, 3) in ('180', '181', '182', '183', '184')
        )

    union all

    -- 无论有无金额，固定行次都列示
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        form_line.list_key,
        form_line.row_key,
        null
    from budget.disclosure as disclosure
    cross join meta.form_line as form_line
    where disclosure.is_current
        and form_line.report_no = 6
)

select
    counted.disclosure_id,
    counted.division_code,
    counted.fiscal_year,
    counted.reporting_unit_code,
    form_line.list_key,
    form_line.line_no,
    form_line.row_key,
    form_line.row_label,
    form_line.row_level,
    form_line.is_leaf,
    coalesce(sum(counted.amount), case when form_line.row_key = 'grand_total' then 0.00 end) as amount
from counted
inner join meta.form_line as form_line
    on form_line.report_no = 6
    and form_line.list_key = counted.list_key
    and form_line.row_key = counted.row_key
group by
    counted.disclosure_id, counted.division_code, counted.fiscal_year, counted.reporting_unit_code,
    form_line.list_key, form_line.line_no, form_line.row_key, form_line.row_label,
    form_line.row_level, form_line.is_leaf, form_line.is_optional
having not form_line.is_optional or sum(counted.amount) is not null
