-- 全区各年度各阶段所用的报表套
-- The sets of forms in which a division's disclosures that count were filed, by year and stage
create view internal.district_set as
select distinct
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.stage,
    disclosure.form_set_id
from budget.counted_disclosure as counted
inner join budget.disclosure as disclosure
    on disclosure.division_code = counted.division_code
    and disclosure.disclosure_id = counted.disclosure_id
