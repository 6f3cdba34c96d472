-- 比上年增减（事实表）：按单位、支出功能分类和部门经济分类的类，本年与上年支出，增减额与增减率（%）
-- Spending of a year beside that of the year before, by unit, functional subject and department-economic class. Units of
-- earlier years stand under the code of the unit that carries them on. A subject that the forms do not fix is null.
-- Without money of the unit in the year before there is nothing to compare with: amount_before is null, not zero.
create view mart.change as
with asked as (
    select distinct division_code, fiscal_year
    from budget.disclosure
    where is_current
        and stage = 'budget'
),

compared as (
    -- year by year of a division, so that a question about a year reads that year and the one before
    select
        asked.division_code,
        asked.fiscal_year,
        spent.unit_code,
        spent.functional_code,
        spent.department_economic_class,
        spent.amount,
        spent.amount_before,
        spent.has_money,
        spent.had_money
    from asked
    cross join lateral (
        select
            coalesce(carried.successor_code, line.unit_code) as unit_code,
            line.functional_code,
            line.department_economic_class,
            coalesce(sum(line.amount), 0) as amount,
            coalesce(sum(line.amount_before), 0) as amount_before,
            bool_or(bool_or(line.amount is not null)) over unit_year as has_money,
            bool_or(bool_or(line.amount_before is not null)) over unit_year as had_money
        from (
            select
                fiscal_year,
                unit_code,
                functional_code,
                department_economic_class,
                amount,
                null::numeric as amount_before
            from internal.stored_spending
            where division_code = asked.division_code
                and fiscal_year = asked.fiscal_year

            union all

            select
                fiscal_year,
                unit_code,
                functional_code,
                department_economic_class,
                null,
                amount
            from internal.stored_spending
            where division_code = asked.division_code
                and fiscal_year = asked.fiscal_year - 1
        ) as line
        left join internal.carried_unit as carried
            on carried.division_code = asked.division_code
            and carried.fiscal_year = line.fiscal_year
            and carried.unit_code = line.unit_code
        group by coalesce(carried.successor_code, line.unit_code), line.functional_code, line.department_economic_class
        window unit_year as (partition by coalesce(carried.successor_code, line.unit_code))
    ) as spent
)

select
    compared.division_code,
    compared.fiscal_year,
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
left join (
    -- the newest name of a unit
    select distinct on (division_code, unit_code) division_code, unit_code, unit_name
    from budget.unit
    order by division_code, unit_code, fiscal_year desc
) as latest
    on latest.division_code = compared.division_code
    and latest.unit_code = compared.unit_code
left join budget.subject_of_year as functional
    on functional.fiscal_year = compared.fiscal_year
    and functional.scheme = 'functional'
    and functional.code = compared.functional_code
left join budget.subject_of_year as economic
    on economic.fiscal_year = compared.fiscal_year
    and economic.scheme = 'department_economic'
    and economic.code = compared.department_economic_class
where compared.has_money
