-- “三公”经费（事实表）
-- Travel abroad, official vehicles and receptions
create view mart.three_public as
select
    line.division_code,
    line.fiscal_year,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    case when 'unit_code' <> all (line.allocated) then line.unit_code end as unit_code,
    line.item_code,
    item.subject_name as item_name,
    line.amount
from budget.current_amount as line
left join budget.subject as item
    on item.scheme = 'item'
    and item.code = line.item_code
    and line.fiscal_year between item.first_year and item.last_year
where line.statement = 'three_public'
    and line.stage = 'budget'
