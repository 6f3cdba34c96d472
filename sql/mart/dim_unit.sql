-- 单位（维度）：每单位每年一行
-- Units, one row a unit and year. A department that no document of the year names has its name of the nearest year, else
-- none: a code is no name.
create view mart.dim_unit as
select
    unit.division_code,
    unit.fiscal_year,
    unit.unit_code,
    unit.unit_name,
    unit.department_code,
    case
        when department.unit_name <> department.unit_code then department.unit_name
        else (
            select named.unit_name
            from budget.unit as named
            where named.division_code = unit.division_code
                and named.unit_code = unit.department_code
                and named.unit_name <> named.unit_code
            order by abs(named.fiscal_year - unit.fiscal_year), named.fiscal_year
            limit 1
        )
    end as department_name,
    unit.is_department,
    unit.unit_kind,
    -- of a unit known by its name alone when its document was loaded, the code that it printed later
    coalesce(alias.unit_code, unit.unit_code) as official_unit_code
from budget.unit as unit
left join budget.unit as department
    on department.division_code = unit.division_code
    and department.fiscal_year = unit.fiscal_year
    and department.unit_code = unit.department_code
left join budget.unit_alias as alias
    on alias.division_code = unit.division_code
    and alias.provisional_code = unit.unit_code
