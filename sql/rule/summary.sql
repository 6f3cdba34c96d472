-- 核对汇总：每份现行公开、每条规则的比对次数、通过和未通过次数；没有可比内容的规则为“不适用”
-- How the rules came out, a row a rule and current disclosure. A rule that had nothing to compare has not passed: its
-- outcome is not_applicable.
create view rule.summary as
with counted as (
    select
        rule,
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        count(*) as compared_count,
        count(*) filter (where passed) as passed_count,
        count(*) filter (where not passed) as failed_count
    from rule.result
    group by rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage
)

select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    known.rule,
    known.severity,
    known.name_zh,
    known.name_en,
    coalesce(counted.compared_count, 0) as compared_count,
    coalesce(counted.passed_count, 0) as passed_count,
    coalesce(counted.failed_count, 0) as failed_count,
    case
        when counted.compared_count is null then 'not_applicable'
        when counted.failed_count > 0 then 'failed'
        else 'passed'
    end as outcome
from budget.disclosure as disclosure
cross join meta.rule as known
left join counted
    on counted.disclosure_id = disclosure.disclosure_id
    and counted.division_code = disclosure.division_code
    and counted.fiscal_year = disclosure.fiscal_year
    -- so that a question about a unit checks no other
    and counted.reporting_unit_code = disclosure.reporting_unit_code
    and counted.stage = disclosure.stage
    and counted.rule = known.rule
where disclosure.is_current
