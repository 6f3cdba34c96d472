-- 单位历年支出：按支出功能分类类级，更名、合并、划转的单位并入承接单位
-- Spending by unit, year and functional 类, with units of earlier years carried on to their successors.
-- is_divided: the unit was split later, and its money before that cannot be divided among its successors, so it stays
-- with the old unit. is_allocated: no form tells the unit or the 类 of a part of it.
create view mart.unit_over_years as
with carried as (
    select
        line.division_code,
        lineage.successor_code as unit_code,
        line.fiscal_year,
        line.stage,
        left(line.functional_code, 3) as functional_class,
        sum(line.amount) as amount,
        string_agg(distinct line.unit_code, '、' order by line.unit_code) as unit_codes,
        bool_or(lineage.is_divided) as is_divided,
        bool_or(line.allocated && array['unit_code', 'functional_class']) as is_allocated
    from budget.current_amount as line
    inner join budget.unit_lineage as lineage
        on lineage.division_code = line.division_code
        and lineage.fiscal_year = line.fiscal_year
        and lineage.unit_code = line.unit_code
    where line.statement = 'expenditure'
        and line.stage = 'budget'
    group by line.division_code, lineage.successor_code, line.fiscal_year, line.stage, functional_class
)

select
    carried.division_code,
    carried.unit_code,
    latest.unit_name,
    carried.fiscal_year,
    make_date(carried.fiscal_year, 1, 1) as fiscal_year_date,
    carried.stage,
    carried.functional_class,
    functional_class.subject_name as functional_class_name,
    carried.amount::numeric(18, 6) as amount,
    carried.unit_codes,
    carried.is_divided,
    carried.is_allocated
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
