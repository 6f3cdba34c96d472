-- 文字说明与报表核对：说明中写明的每个数，与台账得出的数并列
-- What the prose states, held against the ledger, one row a fact; report.stated_against_forms has the rules. passed is null
-- where nothing can be compared. A rate is in per cent, a count a number, the rest in 万元. An amount also passes if it
-- is the ledger's cut off behind its last place, or what a form prints of a document that was rounded cell by cell.
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
    fact.half_place,
    fact.expected,
    fact.stated_amount - fact.expected as difference,
    limits.tolerance,
    'error' as severity,
    abs(fact.stated_amount - fact.expected) <= limits.tolerance
    or coalesce(fact.measure = 'amount' and (limits.is_cut_off or limits.is_as_printed), false) as passed,
    fact.printed_unit,
    fact.sentence,
    fact.place,
    fact.source_row
from budget.disclosure as disclosure
cross join lateral report.stated_against_forms(
    disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id
) as fact
cross join lateral (
    select
        -- a change is made of two figures that may be rounded, too
        fact.half_place * case fact.measure when 'amount' then 1 else 3 end as tolerance,
        sign(fact.stated_amount) = sign(fact.expected)
        and abs(fact.expected) - abs(fact.stated_amount) between 0 and 2 * fact.half_place
        and abs(fact.expected) - abs(fact.stated_amount) <> 2 * fact.half_place as is_cut_off,
        disclosure.is_rounded and exists (
            select
            from internal.compared_cell as cell
            where cell.division_code = disclosure.division_code
                and cell.fiscal_year = disclosure.fiscal_year
                and cell.disclosure_id = disclosure.disclosure_id
                and cell.is_figure
                and cell.figure = fact.stated_amount
                and abs(cell.figure - fact.expected) <= cell.tolerance
        ) as is_as_printed
) as limits
