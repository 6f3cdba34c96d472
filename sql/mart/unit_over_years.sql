-- 单位历年支出：按支出功能分类类级，更名、合并、划转的单位并入承接单位
-- Spending by unit, year and functional 类, with units of earlier years carried on to their successors.
-- is_divided: the unit was split later, and its money before that cannot be divided among its successors, so it stays
-- with the old unit. is_allocated: no form tells the unit or the 类 of a part of it.
create view mart.unit_over_years as
with money as (
    -- added up before units are carried on, and not materialized: a question about a year reads no other
    select
        division_code,
        fiscal_year,
        unit_code,
        functional_class,
        sum(amount) as amount,
        bool_or(is_allocated) as is_allocated
    from internal.stored_spending
    group by division_code, fiscal_year, unit_code, functional_class
),

carried as (
    select
        money.division_code,
        coalesce(successor.successor_code, money.unit_code) as unit_code,
        money.fiscal_year,
        money.functional_class,
        sum(money.amount) as amount,
        string_agg(distinct money.unit_code, '、' order by money.unit_code) as unit_codes,
        bool_or(coalesce(successor.is_divided, false)) as is_divided,
        bool_or(money.is_allocated) as is_allocated
    from money
    left join internal.carried_unit as successor
        on successor.division_code = money.division_code
        and successor.fiscal_year = money.fiscal_year
        and successor.unit_code = money.unit_code
    group by
        money.division_code,
        coalesce(successor.successor_code, money.unit_code),
        money.fiscal_year,
        money.functional_class
)

select
    carried.division_code,
    carried.unit_code,
    latest.unit_name,
    carried.fiscal_year,
    make_date(carried.fiscal_year, 1, 1) as fiscal_year_date,
    'budget' as stage,
    carried.functional_class,
    functional_class.subject_name as functional_class_name,
    carried.amount::numeric(18, 6) as amount,
    carried.unit_codes,
    carried.is_divided,
    carried.is_allocated
from carried
left join (
    -- the newest name of a unit
    select distinct on (division_code, unit_code) division_code, unit_code, unit_name
    from budget.unit
    order by division_code, unit_code, fiscal_year desc
) as latest
    on latest.division_code = carried.division_code
    and latest.unit_code = carried.unit_code
left join budget.subject_of_year as functional_class
    on functional_class.fiscal_year = carried.fiscal_year
    and functional_class.scheme = 'functional'
    and functional_class.code = carried.functional_class
