-- 装载时发现的问题，与未通过的核对并列；已有规则核对的种类除外
-- What the loader found odd, as rows like those of rules that failed; kinds that a rule tells as well are left to it.
-- row_key holds the values of the finding, which tell several of one kind apart.
create view rule.finding as
select
    found.kind as rule,
    found.division_code,
    found.fiscal_year,
    found.disclosure_id,
    found.reporting_unit_code,
    disclosure.stage,
    found.form_id,
    found.values::text as row_key,
    found.severity,
    min(found.message_zh) as message_zh,
    min(found.message_en) as message_en
from report.finding as found
inner join budget.disclosure as disclosure
    on disclosure.disclosure_id = found.disclosure_id
    and disclosure.division_code = found.division_code
    and disclosure.fiscal_year = found.fiscal_year
where disclosure.is_current
    and found.kind not in ('label', 'unknown_code', 'sum', 'stated_otherwise', 'miscalculated')
group by
    found.disclosure_id, found.kind, found.form_id, found.values, found.severity, found.division_code,
    found.fiscal_year, found.reporting_unit_code, disclosure.stage
