-- 与其他报表矛盾的报表：装载时认定为旧表或其他单位的报表，或有两格以上与台账不符
-- The forms that contradict the others of their document: the loader called them that of another year, unit or version, or
-- the ledger bears out two of their figures otherwise, or more.
create view rule.contradicting_form as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    disclosure.revision,
    found.form_id
from budget.disclosure as disclosure
cross join lateral (
    select finding.form_id
    from meta.finding as finding
    where finding.disclosure_id = disclosure.disclosure_id
        and finding.division_code = disclosure.division_code
        and finding.fiscal_year = disclosure.fiscal_year
        and finding.kind in ('foreign_form', 'stale_form')

    union

    select exception.form_id
    from internal.comparison_exception as exception
    where exception.disclosure_id = disclosure.disclosure_id
        and exception.division_code = disclosure.division_code
        and exception.fiscal_year = disclosure.fiscal_year
        and exception.status = 'differs'
    group by exception.form_id
    having count(exception.difference) > 1
) as found
where disclosure.is_current
