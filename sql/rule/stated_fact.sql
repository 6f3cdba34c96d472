-- 文字说明与报表核对：说明中写明的每个数，与台账得出的数并列
-- What the prose states, held against the ledger, one row a fact; report.stated_against_forms has the rules. passed is null
-- where nothing can be compared. A rate is in per cent, a count a number, the rest in 万元.
create view rule.stated_fact as
select
    'stated_fact' as rule,
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    disclosure.is_current,
    fact.fact_no,
    null::text as form_id,
    concat_ws('/', fact.stated_kind, fact.qualifier) as row_key,
    fact.stated_subject as row_label,
    fact.measure as column_key,
    case fact.measure
        when 'amount' then '金额'
        when 'change' then '比上年增减'
        when 'change_rate' then '比上年增减（%）'
        when 'count' then '个数'
    end as column_label,
    fact.stated_kind,
    fact.qualifier,
    fact.measure,
    fact.of_year,
    fact.stated_amount as figure,
    fact.expected,
    fact.stated_amount - fact.expected as difference,
    limits.tolerance,
    'error' as severity,
    abs(fact.stated_amount - fact.expected) <= limits.tolerance as passed,
    fact.printed_unit,
    fact.sentence,
    fact.place,
    fact.source_row
from budget.disclosure as disclosure
cross join lateral report.stated_against_forms(
    disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id
) as fact
cross join lateral (
    -- a change is made of two figures that may be rounded, too
    select fact.half_place * case fact.measure when 'amount' then 1 else 3 end as tolerance
) as limits
