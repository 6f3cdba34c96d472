-- 有现行公开的区划与年度，按年度、区划排序
-- Divisions and years with current disclosures, in the order in which forms are read: a form is computed for one of them
-- at a time (schema/generate.py).
create view internal.disclosed_year as
select distinct
    fiscal_year,
    division_code
from budget.disclosure
where is_current
order by fiscal_year, division_code
