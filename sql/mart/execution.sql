-- 预决算对比：有决算公开的单位，按支出总额、功能分类、基本支出经济分类和“三公”项目，预算数、决算数与完成率（%）
-- Budget beside final account, of every office with a final account: spending in all, by functional subject, basic
-- spending of 一般公共预算 by economic class, and 三公 by item. aspect says which of these cuts a row belongs to; only rows
-- of one aspect may be added up. Forms print these very sums; is_allocated says that the code of a part was chosen
-- because they tell no more, and the code is null if they tell none. A class that was chosen has no difference and no
-- rate, and neither has one of which a side tells nothing while it was chosen there for other money: without the form of
-- basic spending the class is anybody's guess, while a function is printed by many forms.
-- An office is who files: final accounts print no codes, so that a budget and a final account of one name are one
-- office, called by its official code. Two departments with such an office are two; an account that may be of either is
-- compared with neither. A department may have the name of one of its units. Then the final account tells
-- whose money is compared: that of the unit, whichever document tells of it, or that of the department with all its units
-- but those whose own final accounts count.
create view mart.execution as
with filer as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        case when disclosure.reporting_unit_code ~ '^[0-9]' then left(disclosure.reporting_unit_code, 3) end
            as official_department,
        unit.department_code,
        coalesce(unit.is_department, false) as is_department,
        -- what the budget calls a code stands for its final account, too
        (array_agg(
            disclosure.reporting_unit_name
            order by disclosure.stage <> 'budget', disclosure.disclosure_id
        ))[1] as unit_name,
        bool_or(disclosure.stage = 'final') as has_final
    from budget.disclosure as disclosure
    left join budget.unit as unit
        on unit.division_code = disclosure.division_code
        and unit.fiscal_year = disclosure.fiscal_year
        and unit.unit_code = disclosure.reporting_unit_code
    where disclosure.is_current
        and disclosure.stage in ('budget', 'final')
    group by
        disclosure.division_code, disclosure.fiscal_year, disclosure.reporting_unit_code, unit.department_code,
        unit.is_department
),

-- an account without a code may be of a unit that files nothing else: documents of others name it
known as (
    select
        division_code, fiscal_year, reporting_unit_code, official_department, department_code, is_department, unit_name,
        has_final
    from filer

    union all

    select
        unit.division_code,
        unit.fiscal_year,
        unit.unit_code,
        left(unit.unit_code, 3),
        unit.department_code,
        unit.is_department,
        unit.unit_name,
        false
    from (
        select distinct division_code, fiscal_year, unit_name
        from filer
        where official_department is null
    ) as uncoded
    inner join budget.unit as unit
        on unit.division_code = uncoded.division_code
        and unit.fiscal_year = uncoded.fiscal_year
        and unit.unit_name = uncoded.unit_name
        and unit.unit_code ~ '^[0-9]'
        and not unit.is_department
    left join filer as filing
        on filing.division_code = unit.division_code
        and filing.fiscal_year = unit.fiscal_year
        and filing.reporting_unit_code = unit.unit_code
    where filing.reporting_unit_code is null
),

placed as (
    select
        division_code,
        fiscal_year,
        reporting_unit_code,
        department_code,
        is_department,
        unit_name,
        has_final,
        -- without a code the office is of the only department that has one of that name
        case
            when official_department is not null then official_department
            when min(official_department) over same_name = max(official_department) over same_name
                then min(official_department) over same_name
            else split_part(reporting_unit_code, '-', 1)
        end as office_department
    from known
    window same_name as (partition by division_code, fiscal_year, unit_name)
),

namesake as (
    select
        division_code,
        fiscal_year,
        reporting_unit_code,
        department_code,
        is_department,
        unit_name,
        office_department,
        bool_or(has_final) over same_office as has_final,
        bool_or(has_final and is_department) over same_office
        or not bool_or(reporting_unit_code ~ '^[0-9]' and not is_department) over same_office as is_whole
    from placed
    window same_office as (partition by division_code, fiscal_year, unit_name, office_department)
),

office as (
    select
        division_code,
        fiscal_year,
        unit_name,
        -- official codes come before those made from names
        (array_agg(
            reporting_unit_code
            order by reporting_unit_code ~ '^[0-9]' desc, is_department <> is_whole,
            reporting_unit_code collate "C"
        ))[1] as unit_code,
        array_agg(reporting_unit_code) as filer_codes,
        array_agg(department_code) filter (where is_department and is_whole) as whole_codes
    from namesake
    -- the others are left out before their lines are read
    where has_final
    group by division_code, fiscal_year, unit_name, office_department
),

own_money as (
    select
        office.division_code,
        office.fiscal_year,
        office.unit_code,
        office.filer_codes,
        filer.code
    from office
    cross join lateral unnest(office.filer_codes) as filer (code)
),

-- the offices whose final accounts no account of their departments covers
accounted as (
    select distinct
        own_money.division_code,
        own_money.fiscal_year,
        own_money.unit_code
    from own_money
    inner join budget.disclosure as disclosure
        on disclosure.division_code = own_money.division_code
        and disclosure.fiscal_year = own_money.fiscal_year
        and disclosure.reporting_unit_code = own_money.code
        and disclosure.stage = 'final'
        and disclosure.is_current
    where not exists (
        select
        from budget.covered_part as covered
        where covered.disclosure_id = disclosure.disclosure_id
            and covered.division_code = disclosure.division_code
            and covered.fiscal_year = disclosure.fiscal_year
            and covered.unit_code = own_money.code
            and covered.statement = 'expenditure'
    )
),

-- whose money an office's is
money as (
    select
        division_code,
        fiscal_year,
        unit_code,
        filer_codes,
        code
    from own_money

    union

    select
        office.division_code,
        office.fiscal_year,
        office.unit_code,
        office.filer_codes,
        unit.unit_code
    from office
    cross join lateral unnest(office.whole_codes) as whole (code)
    inner join budget.unit as unit
        on unit.division_code = office.division_code
        and unit.fiscal_year = office.fiscal_year
        and unit.department_code = whole.code
    left join own_money
        on own_money.division_code = unit.division_code
        and own_money.fiscal_year = unit.fiscal_year
        and own_money.code = unit.unit_code
    left join accounted
        on accounted.division_code = own_money.division_code
        and accounted.fiscal_year = own_money.fiscal_year
        and accounted.unit_code = own_money.unit_code
    where accounted.unit_code is null
),

-- whose documents tell of it: its own, its department's, and those of the office
holding as (
    select
        money.division_code,
        money.fiscal_year,
        money.unit_code,
        money.code,
        holder.code as holder_code
    from money
    left join budget.unit as unit
        on unit.division_code = money.division_code
        and unit.fiscal_year = money.fiscal_year
        and unit.unit_code = money.code
    cross join lateral (
        select unnest(money.filer_codes || array[money.code, unit.department_code]) as code
    ) as holder
    group by money.division_code, money.fiscal_year, money.unit_code, money.code, holder.code
),

-- 三公 of nothing at all leaves no line, so ask the forms whether a final account tells of it
told_three_public as (
    select distinct
        office.division_code,
        office.fiscal_year,
        office.unit_code
    from office
    inner join budget.disclosure as disclosure
        on disclosure.division_code = office.division_code
        and disclosure.fiscal_year = office.fiscal_year
        and disclosure.reporting_unit_code = any (office.filer_codes)
        and disclosure.stage = 'final'
        and disclosure.is_current
    inner join filed.form as form
        on form.division_code = disclosure.division_code
        and form.fiscal_year = disclosure.fiscal_year
        and form.disclosure_id = disclosure.disclosure_id
    inner join meta.form_selection as selection
        on selection.form_id = form.form_id
        and selection.selection like 'three_public%'
),

spent as (
    select
        office.division_code,
        office.fiscal_year,
        office.unit_code,
        office.unit_name,
        cut.aspect,
        cut.code,
        bool_or(line.allocated && cut.coordinates) as is_allocated,
        bool_or(line.allocated && cut.coordinates) filter (where line.stage = 'budget') as is_budget_allocated,
        bool_or(line.allocated && cut.coordinates) filter (where line.stage = 'final') as is_final_allocated,
        sum(line.amount) filter (where line.stage = 'budget') as budget_amount,
        sum(line.amount) filter (where line.stage = 'final') as final_amount
    from office
    inner join holding
        on holding.division_code = office.division_code
        and holding.fiscal_year = office.fiscal_year
        and holding.unit_code = office.unit_code
    inner join budget.current_amount as line
        on line.division_code = holding.division_code
        and line.fiscal_year = holding.fiscal_year
        and line.reporting_unit_code = holding.holder_code
        and line.unit_code = holding.code
    cross join lateral (
        select 'total' as aspect, '{}'::text[] as coordinates, null as code
        where line.statement = 'expenditure'

        union all

        select 'function', '{functional_code}', line.functional_code
        where line.statement = 'expenditure'

        union all

        select
            'basic_economic_class',
            '{department_economic_class,nature,fund_class}',
            left(line.department_economic_code, 3)
        where line.statement = 'expenditure'
            and line.nature = 'basic'
            and line.fund_code like '11%'

        union all

        select 'three_public', '{item_code}', line.item_code
        where line.statement = 'three_public'
    ) as cut
    where line.stage in ('budget', 'final')
    group by office.division_code, office.fiscal_year, office.unit_code, office.unit_name, cut.aspect, cut.code
),

-- an aspect that only one of both tells compares nothing; the total says who has no budget
told as (
    select
        spent.division_code,
        spent.fiscal_year,
        spent.unit_code,
        spent.unit_name,
        spent.aspect,
        spent.code,
        -- money without a class may be of this one
        coalesce(
            spent.is_allocated
            or (
                spent.aspect = 'basic_economic_class'
                and case
                    when spent.budget_amount is null then bool_or(spent.is_budget_allocated) over office_aspect
                    when spent.final_amount is null then bool_or(spent.is_final_allocated) over office_aspect
                end
            ),
            false
        ) as is_allocated,
        spent.budget_amount,
        spent.final_amount,
        bool_or(spent.aspect = 'total' and spent.final_amount is not null) over office_year as has_final,
        bool_or(spent.budget_amount is not null) over office_aspect as has_budget,
        bool_or(spent.final_amount is not null) over office_aspect
        or (spent.aspect = 'three_public' and told_three_public.unit_code is not null) as has_spent
    from spent
    left join told_three_public
        on told_three_public.division_code = spent.division_code
        and told_three_public.fiscal_year = spent.fiscal_year
        and told_three_public.unit_code = spent.unit_code
    window
        office_year as (partition by spent.division_code, spent.fiscal_year, spent.unit_code),
        office_aspect as (partition by spent.division_code, spent.fiscal_year, spent.unit_code, spent.aspect)
)

select
    told.division_code,
    told.fiscal_year,
    make_date(told.fiscal_year, 1, 1) as fiscal_year_date,
    told.unit_code,
    told.unit_name,
    told.aspect,
    told.code,
    subject.subject_name as code_name,
    told.budget_amount::numeric(18, 6) as budget_amount,
    told.final_amount::numeric(18, 6) as final_amount,
    case
        when told.has_budget and (told.aspect <> 'basic_economic_class' or not told.is_allocated)
            then coalesce(told.final_amount, 0) - coalesce(told.budget_amount, 0)
    end::numeric(18, 6) as difference,
    case
        when told.aspect <> 'basic_economic_class' or not told.is_allocated
            then 100 * coalesce(told.final_amount, 0) / nullif(told.budget_amount, 0)
    end::numeric(18, 2) as rate,
    told.is_allocated
from told
left join budget.subject as subject
    on subject.scheme = case told.aspect
        when 'function' then 'functional'
        when 'basic_economic_class' then 'department_economic'
        when 'three_public' then 'item'
    end
    and subject.code = told.code
    and told.fiscal_year between subject.first_year and subject.last_year
where told.has_final
    and ((told.has_budget and told.has_spent) or told.aspect = 'total')
