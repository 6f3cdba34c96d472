-- 比上年增减（事实表）：按单位、支出功能分类和部门经济分类的类，本年与上年支出，增减额与增减率（%）
-- Spending of a year beside that of the year before, by unit, functional subject and department-economic class. Units of
-- earlier years stand under the code of the unit that carries them on. A subject that the forms do not fix is null.
-- Without money of the unit in the year before there is nothing to compare with: amount_before is null, not zero.
create view mart.change as
with money as materialized (
    -- added up before units are carried on, so that the planner knows how many rows that takes
    select
        division_code,
        fiscal_year,
        unit_code,
        case when 'functional_code' <> all (allocated) then functional_code end as functional_code,
        case
            when 'department_economic_class' <> all (allocated) then left(department_economic_code, 3)
        end as department_economic_class,
        sum(amount) as amount
    from budget.current_amount
    where statement = 'expenditure'
        and stage = 'budget'
    group by division_code, fiscal_year, unit_code, 4, 5
),

spent as (
    select
        money.division_code,
        money.fiscal_year,
        lineage.successor_code as unit_code,
        money.functional_code,
        money.department_economic_class,
        money.amount
    from money
    inner join budget.unit_lineage as lineage
        on lineage.division_code = money.division_code
        and lineage.fiscal_year = money.fiscal_year
        and lineage.unit_code = money.unit_code
),

beside as (
    select
        division_code,
        fiscal_year,
        unit_code,
        functional_code,
        department_economic_class,
        amount,
        null::numeric as amount_before
    from spent

    union all

    select division_code, fiscal_year + 1, unit_code, functional_code, department_economic_class, null, amount
    from spent
),

compared as (
    select
        division_code,
        fiscal_year,
        unit_code,
        functional_code,
        department_economic_class,
        coalesce(sum(amount), 0) as amount,
        coalesce(sum(amount_before), 0) as amount_before,
        bool_or(bool_or(amount is not null)) over unit_year as has_money,
        bool_or(bool_or(amount_before is not null)) over unit_year as had_money
    from beside
    group by division_code, fiscal_year, unit_code, functional_code, department_economic_class
    window unit_year as (partition by division_code, fiscal_year, unit_code)
)

select
    compared.division_code,
    compared.fiscal_year::smallint as fiscal_year,
    make_date(compared.fiscal_year, 1, 1) as fiscal_year_date,
    compared.unit_code,
    latest.unit_name,
    compared.functional_code,
    functional.subject_name as functional_name,
    compared.department_economic_class,
    economic.subject_name as department_economic_class_name,
    compared.amount::numeric(18, 6) as amount,
    case when compared.had_money then compared.amount_before end::numeric(18, 6) as amount_before,
    case when compared.had_money then compared.amount - compared.amount_before end::numeric(18, 6) as amount_change,
    case
        when compared.had_money
            then 100 * (compared.amount - compared.amount_before) / nullif(compared.amount_before, 0)
    end::numeric(18, 2) as amount_change_rate
from compared
left join lateral (
    select unit.unit_name
    from budget.unit as unit
    where unit.division_code = compared.division_code
        and unit.unit_code = compared.unit_code
    order by unit.fiscal_year desc
    limit 1
) as latest on true
left join budget.subject_of_year as functional
    on functional.fiscal_year = compared.fiscal_year
    and functional.scheme = 'functional'
    and functional.code = compared.functional_code
left join budget.subject_of_year as economic
    on economic.fiscal_year = compared.fiscal_year
    and economic.scheme = 'department_economic'
    and economic.code = compared.department_economic_class
where compared.has_money
