-- 表1 收支总表的行次：四列清单，每行次一行
-- The lines of form 1, in four lists: revenue, and expenditure by function and by both economic classes
create view report.r01_line as
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
    -- the lines of the form that a line of the ledger adds up to, in each list
    cross join lateral unnest(
        case line.statement
            when 'revenue' then array['revenue', 'revenue', 'revenue', 'revenue', 'revenue']
            when 'carry_over' then case line.item_code
                when 'opening' then array['revenue', 'revenue']
                when 'closing' then array[
                    'function', 'function',
                    'department_economic', 'department_economic',
                    'government_economic', 'government_economic'
                ]
            end
            when 'expenditure' then array[
                'function', 'function', 'function',
                'government_economic', 'government_economic', 'government_economic',
                'department_economic', 'department_economic', 'department_economic', 'department_economic'
            ]
        end,
        case line.statement
            -- 收入按编码逐级计入：1121 also counts in 112 and 11
            when 'revenue' then array[
                left(line.item_code, 2),
                case when length(line.item_code) >= 3 then left(line.item_code, 3) end,
                case when length(line.item_code) >= 4 then left(line.item_code, 4) end,
                'year_total', 'grand_total'
            ]
            when 'carry_over' then case line.item_code
                when 'opening' then array['opening', 'grand_total']
                -- the three lists of expenditure end alike
                when 'closing' then array[
                    'closing', 'grand_total', 'closing', 'grand_total', 'closing', 'grand_total'
                ]
            end
            when 'expenditure' then array[
                left(line.functional_code, 3), 'year_total', 'grand_total',
                left(line.government_economic_code, 3), 'year_total', 'grand_total',
                -- 基本支出、项目支出、事业单位经营服务支出、上缴上级支出、对附属单位补助支出
                line.nature,
                case line.nature
                    when 'basic' then case left(line.department_economic_code, 3)
                        when '301' then 'basic_wages'
                        when '303' then 'basic_individuals_families'
                        when '302' then 'basic_goods_services'
                        when '307' then 'basic_goods_services'
                        when '309' then 'basic_goods_services'
                        when '310' then 'basic_goods_services'
                        when '311' then 'basic_goods_services'
                        when '312' then 'basic_goods_services'
                        when '313' then 'basic_goods_services'
                        when '399' then 'basic_goods_services'
                    end
                    when 'project' then case left(line.department_economic_code, 3)
                        when '301' then 'project_wages'
                        when '302' then 'project_goods_services'
                        when '303' then 'project_individuals_families'
                        when '307' then 'project_debt_interest'
                        when '309' then 'project_capital_construction'
                        when '310' then 'project_capital'
                        when '311' then 'project_enterprise_construction'
                        when '312' then 'project_enterprise_subsidy'
                        when '313' then 'project_social_security_funds'
                        when '399' then 'project_other'
                    end
                end,
                'year_total', 'grand_total'
            ]
        end
    ) as entry (list_key, row_key)
    where disclosure.is_current

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
        and form_line.report_no = 1
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
    coalesce(summed.amount, case when form_line.row_key in ('year_total', 'grand_total') then 0.00 end) as amount
from summed
inner join meta.form_line as form_line
    on form_line.report_no = 1
    and form_line.list_key = summed.list_key
    and form_line.row_key = summed.row_key
-- lines that the official form does not print appear where they have money
where not form_line.is_optional or summed.amount is not null
