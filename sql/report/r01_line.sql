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
    -- the lines of the form that a line of the ledger adds up to
    cross join lateral (
        -- 收入按编码逐级计入：1121 also counts in 112 and 11
        select 'revenue', left(item_code, 2) where statement = 'revenue'
        union all
        select 'revenue', left(item_code, 3) where statement = 'revenue' and length(item_code) >= 3
        union all
        select 'revenue', left(item_code, 4) where statement = 'revenue' and length(item_code) >= 4
        union all
        select 'revenue', unnest(array['year_total', 'grand_total']) where statement = 'revenue'
        union all
        select 'revenue', unnest(array['opening', 'grand_total'])
        where statement = 'carry_over' and item_code = 'opening'
        union all
        select 'function', left(functional_code, 3) where statement = 'expenditure'
        union all
        -- 基本支出、项目支出、事业单位经营服务支出、上缴上级支出、对附属单位补助支出
        select 'department_economic', nature where statement = 'expenditure'
        union all
        select
            'department_economic',
            case left(department_economic_code, 3)
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
        where statement = 'expenditure' and nature = 'basic'
        union all
        select
            'department_economic',
            case left(department_economic_code, 3)
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
        where statement = 'expenditure' and nature = 'project'
        union all
        select 'government_economic', left(government_economic_code, 3) where statement = 'expenditure'
        union all
        -- the three lists of expenditure end alike
        select list_key, unnest(array['year_total', 'grand_total'])
        from (values ('function'), ('department_economic'), ('government_economic')) as list (list_key)
        where statement = 'expenditure'
        union all
        select list_key, unnest(array['closing', 'grand_total'])
        from (values ('function'), ('department_economic'), ('government_economic')) as list (list_key)
        where statement = 'carry_over' and item_code = 'closing'
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
    coalesce(
        sum(counted.amount),
        case when form_line.row_key in ('year_total', 'grand_total') then 0.00 end
    ) as amount
from counted
inner join meta.form_line as form_line
    on form_line.report_no = 1
    and form_line.list_key = counted.list_key
    and form_line.row_key = counted.row_key
group by
    counted.disclosure_id, counted.division_code, counted.fiscal_year, counted.reporting_unit_code,
    form_line.list_key, form_line.line_no, form_line.row_key, form_line.row_label,
    form_line.row_level, form_line.is_leaf, form_line.is_optional
-- lines that the official form does not print appear where they have money
having not form_line.is_optional or sum(counted.amount) is not null
