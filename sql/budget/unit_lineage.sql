-- 单位沿革：各年度的单位现由哪个单位承接（按单位沿革表）
-- Which unit carries on a unit of some year, through all later renamings, mergers and transfers. A unit that was
-- split cannot be divided among its successors: it is carried on as far as the split.
create view budget.unit_lineage as
with recursive succession as (
    select
        division_code,
        from_year,
        old_unit_code,
        min(new_unit_code) as new_unit_code,
        count(*) > 1 as is_divided
    from budget.unit_succession
    group by division_code, from_year, old_unit_code
),

carried as (
    select
        unit.division_code,
        unit.fiscal_year,
        unit.unit_code,
        unit.unit_code as successor_code,
        unit.fiscal_year as carried_to,
        false as is_divided
    from succession
    inner join budget.unit as unit
        on unit.division_code = succession.division_code
        and unit.unit_code = succession.old_unit_code
        and unit.fiscal_year < succession.from_year

    union

    select
        carried.division_code,
        carried.fiscal_year,
        carried.unit_code,
        case when next.is_divided then carried.successor_code else next.new_unit_code end,
        next.from_year,
        next.is_divided
    from carried
    cross join lateral (
        select succession.from_year, succession.new_unit_code, succession.is_divided
        from succession
        where succession.division_code = carried.division_code
            and succession.old_unit_code = carried.successor_code
            and succession.from_year > carried.carried_to
        order by succession.from_year
        limit 1
    ) as next
    where not carried.is_divided
)

select
    unit.division_code,
    unit.fiscal_year,
    unit.unit_code,
    unit.unit_code as successor_code,
    false as is_divided
from budget.unit as unit
where not exists (
    select
    from budget.unit_succession as succession
    where succession.division_code = unit.division_code
        and succession.old_unit_code = unit.unit_code
        and succession.from_year > unit.fiscal_year
)

union all

select
    latest.division_code,
    latest.fiscal_year,
    latest.unit_code,
    latest.successor_code,
    latest.is_divided
from (
    select distinct on (division_code, fiscal_year, unit_code)
        division_code, fiscal_year, unit_code, successor_code, is_divided
    from carried
    order by division_code, fiscal_year, unit_code, carried_to desc
) as latest
