-- 单位历年支出：按支出功能分类类级，更名、合并、划转的单位并入承接单位
-- Spending by unit, year and functional 类, with units of earlier years carried on to their successors. Money that
-- no form gives to a unit stands with who filed it. is_divided: the unit was split later, and its money before
-- that cannot be divided among its successors, so it stays with the old unit.
create view mart.unit_over_years as
with line as (
    select division_code, fiscal_year, stage, unit_code, functional_code, allocated, amount
    from budget.current_amount
    where statement = 'expenditure'
        and 'unit_code' <> all (allocated)

    union all

    select division_code, fiscal_year, stage, reporting_unit_code, functional_code, allocated, amount
    from budget.current_amount
    where statement = 'expenditure'
        and 'unit_code' = any (allocated)
),

carried as (
    select
        line.division_code,
        lineage.successor_code as unit_code,
        line.fiscal_year,
        line.stage,
        case when 'functional_code' <> all (line.allocated) then left(line.functional_code, 3) end as functional_class,
        sum(line.amount) as amount,
        string_agg(distinct line.unit_code, '、' order by line.unit_code) as unit_codes,
        bool_or(lineage.is_divided) as is_divided
    from budget.unit_lineage as lineage
    inner join line
        on line.division_code = lineage.division_code
        and line.fiscal_year = lineage.fiscal_year
        and line.unit_code = lineage.unit_code
    group by line.division_code, lineage.successor_code, line.fiscal_year, line.stage, functional_class
)

select
    carried.division_code,
    carried.unit_code,
    latest.unit_name,
    carried.fiscal_year,
    carried.stage,
    carried.functional_class,
    functional_class.subject_name as functional_class_name,
    carried.amount,
    carried.unit_codes,
    carried.is_divided
from carried
left join lateral (
    select unit.unit_name
    from budget.unit as unit
    where unit.division_code = carried.division_code
        and unit.unit_code = carried.unit_code
    order by unit.fiscal_year desc
    limit 1
) as latest on true
left join budget.subject as functional_class
    on functional_class.scheme = 'functional'
    and functional_class.code = carried.functional_class
    and carried.fiscal_year between functional_class.first_year and functional_class.last_year
