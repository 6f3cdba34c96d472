-- 结转结余（事实表）：上年结转结余与年终结转结余
-- Money carried over from the year before and into the next
create view mart.carry_over as
select
    fact.division_code,
    fact.fiscal_year,
    fact.fiscal_year_date,
    fact.stage,
    fact.disclosure_id,
    fact.reporting_unit_code,
    fact.line_no,
    case when not fact.is_unit_allocated then fact.unit_code end as unit_code,
    fact.fund_code,
    fact.item_code,
    item.subject_name as item_name,
    fact.amount,
    fact.source_form_no,
    fact.source_row_no,
    fact.source_column_no,
    fact.is_disputed
from internal.fact as fact
left join budget.subject_of_year as item
    on item.fiscal_year = fact.fiscal_year
    and item.scheme = 'item'
    and item.code = fact.item_code
where fact.statement = 'carry_over'
