-- 被承接的单位：更名、合并、划转、分设过的单位在其前各年度，现由哪个单位承接（按单位沿革表）
-- Units of years before their renaming, merger, transfer or division, and which unit carries them on, through all later
-- changes. A unit that was split cannot be divided among its successors: it is carried on as far as the split. Few rows,
-- none without successions, so that sums of spending are joined with these and not with all units.
create view internal.carried_unit as
with recursive carried as (
    select
        unit.division_code,
        unit.fiscal_year,
        unit.unit_code,
        unit.unit_code as successor_code,
        unit.fiscal_year as carried_to,
        false as is_divided
    from budget.unit_succession as succession
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
        select
            succession.from_year,
            min(succession.new_unit_code) as new_unit_code,
            count(*) > 1 as is_divided
        from budget.unit_succession as succession
        where succession.division_code = carried.division_code
            and succession.old_unit_code = carried.successor_code
            and succession.from_year > carried.carried_to
        group by succession.from_year
        order by succession.from_year
        limit 1
    ) as next
    where not carried.is_divided
)

select distinct on (division_code, fiscal_year, unit_code)
    division_code,
    fiscal_year,
    unit_code,
    successor_code,
    is_divided
from carried
order by division_code, fiscal_year, unit_code, carried_to desc
