-- 单位名称不一致：某公开文件中的名称与通用名称不同
-- Units that a current disclosure names otherwise than budget.unit does, which goes by the unit's own document
create view report.unit_name_variant as
select
    named.division_code,
    named.fiscal_year,
    named.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    named.unit_code,
    named.unit_name,
    unit.unit_name as settled_name
from filed.unit as named
inner join budget.disclosure as disclosure
    on disclosure.division_code = named.division_code
    and disclosure.fiscal_year = named.fiscal_year
    and disclosure.disclosure_id = named.disclosure_id
    and disclosure.is_current
inner join budget.unit as unit
    on unit.division_code = named.division_code
    and unit.fiscal_year = named.fiscal_year
    and unit.unit_code = named.unit_code
where named.unit_name <> unit.unit_name
    and named.unit_name <> named.unit_code
