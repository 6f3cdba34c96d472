-- 单位沿革：各年度的单位现由哪个单位承接（按单位沿革表）
-- Which unit carries on a unit of some year, through all later renamings, mergers and transfers: itself, if nothing changed.
create view budget.unit_lineage as
select
    unit.division_code,
    unit.fiscal_year,
    unit.unit_code,
    coalesce(carried.successor_code, unit.unit_code) as successor_code,
    coalesce(carried.is_divided, false) as is_divided
from budget.unit as unit
left join internal.carried_unit as carried
    on carried.division_code = unit.division_code
    and carried.fiscal_year = unit.fiscal_year
    and carried.unit_code = unit.unit_code
