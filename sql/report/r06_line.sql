-- 表6 财政拨款收支总表的行次：收入、支出两列清单，每行次一行
-- The lines of form 6, in two lists: appropriations of this year and the last, and what they are spent on
create view report.r06_line as
with counted as (
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        case
            when line.statement = 'revenue' or line.item_code = 'opening' then 'revenue'
            else 'function'
        end as list_key,
        entry.row_key,
        line.amount
    from budget.disclosure as disclosure
    inner join budget.amount as line
        on line.disclosure_id = disclosure.disclosure_id
        and line.division_code = disclosure.division_code
        and line.fiscal_year = disclosure.fiscal_year
    -- the lines of the form that a line of the ledger adds up to, in the list of its statement
    cross join lateral unnest(
        case line.statement
            -- 收入按编码逐级计入：111 also counts in 11
            when 'revenue' then array[
                left(line.item_code, 2),
                case when length(line.item_code) >= 3 then left(line.item_code, 3) end,
                'year', 'grand_total'
            ]
            when 'carry_over' then case line.item_code
                -- 上年结转按资金分行：fund 181 is what is left of the general public budget
                when 'opening' then array['opening', 'opening_' || left(line.fund_code, 3), 'grand_total']
                when 'closing' then array['closing', 'grand_total']
            end
            when 'expenditure' then array['year', left(line.functional_code, 3), 'grand_total']
        end
    ) as entry (row_key)
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
),

summed as (
    select
        disclosure_id, division_code, fiscal_year, reporting_unit_code, list_key, row_key,
        sum(amount) as amount
    from counted
    group by disclosure_id, division_code, fiscal_year, reporting_unit_code, list_key, row_key
)

select
    summed.disclosure_id,
    summed.division_code,
    summed.fiscal_year,
    summed.reporting_unit_code,
    form_line.list_key,
    form_line.line_no,
    form_line.row_key,
    form_line.row_label,
    form_line.row_level,
    form_line.is_leaf,
    coalesce(summed.amount, case when form_line.row_key = 'grand_total' then 0.00 end) as amount
from summed
inner join meta.form_line as form_line
    on form_line.report_no = 6
    and form_line.list_key = summed.list_key
    and form_line.row_key = summed.row_key
-- lines that the official form does not print appear where they have money
where not form_line.is_optional or summed.amount is not null
