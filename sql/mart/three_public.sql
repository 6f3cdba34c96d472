-- “三公”经费（事实表）
-- Travel abroad, official vehicles and receptions
create view mart.three_public as
select
    fact.division_code,
    fact.fiscal_year,
    fact.fiscal_year_date,
    fact.stage,
    fact.disclosure_id,
    fact.reporting_unit_code,
    fact.line_no,
    case when not fact.is_unit_allocated then fact.unit_code end as unit_code,
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
where fact.statement = 'three_public'
