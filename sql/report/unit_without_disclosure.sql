-- 未单独公开的单位：在部门等的公开文件中列名，但没有自己的公开文件
-- Units that another disclosure names and that have none of their own: their money is known from there only
create view report.unit_without_disclosure as
select
    named.division_code,
    named.fiscal_year,
    named.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    named.unit_code,
    named.unit_name,
    named.department_code
from budget.counted_disclosure as disclosure
inner join filed.unit as named
    on named.division_code = disclosure.division_code
    and named.fiscal_year = disclosure.fiscal_year
    and named.disclosure_id = disclosure.disclosure_id
where named.unit_code <> named.department_code
    and not exists (
        select
        from budget.counted_disclosure as own
        where own.division_code = named.division_code
            and own.fiscal_year = named.fiscal_year
            and own.reporting_unit_code = named.unit_code
            and own.stage = disclosure.stage
    )
