-- 表6 财政拨款收支总表的行次：收入、支出两列清单，每行次一行
-- The lines of form 6: this year's appropriations and those carried over, and what they are spent on by function
create view report.r06_line as
select
    disclosure.disclosure_id,
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    form_line.list_key,
    form_line.line_no,
    form_line.row_key,
    form_line.row_label,
    form_line.row_level,
    form_line.is_leaf,
    coalesce(sum(amount), case when form_line.row_key = 'grand_total' then 0.00 end) as amount
from budget.disclosure as disclosure
inner join meta.form_line as form_line on form_line.report_no = 6
left join (
    budget.amount as line
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
    ) as counted (list_key, row_key)
)
    on line.disclosure_id = disclosure.disclosure_id
    and line.division_code = disclosure.division_code
    and line.fiscal_year = disclosure.fiscal_year
    -- 财政拨款：本年的四本预算及其结转
    and (
        left(fund_code, 2) in ('11', '12', '13', '14')
        or left(fund_code, 3) in ('180', '181', '182', '183', '184')
    )
    and counted.list_key = form_line.list_key
    and counted.row_key = form_line.row_key
where disclosure.is_current
group by
    disclosure.disclosure_id, disclosure.division_code, disclosure.fiscal_year, disclosure.reporting_unit_code,
    form_line.list_key, form_line.line_no, form_line.row_key, form_line.row_label,
    form_line.row_level, form_line.is_leaf, form_line.is_optional
having not form_line.is_optional or sum(amount) is not null
