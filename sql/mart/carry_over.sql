-- 结转结余（事实表）：上年结转结余与年终结转结余
-- Money carried over from the year before and into the next
create view mart.carry_over as
select
    line.division_code,
    line.fiscal_year,
    make_date(line.fiscal_year, 1, 1) as fiscal_year_date,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    line.line_no,
    case when 'unit_code' <> all (line.allocated) then line.unit_code end as unit_code,
    case when 'fund_code' <> all (line.allocated) then line.fund_code end as fund_code,
    line.item_code,
    item.subject_name as item_name,
    line.amount::numeric(18, 6) as amount,
    line.source_form_no,
    line.source_row_no,
    line.source_column_no,
    line.is_disputed
from budget.current_amount as line
left join budget.subject as item
    on item.scheme = 'item'
    and item.code = line.item_code
    and line.fiscal_year between item.first_year and item.last_year
where line.statement = 'carry_over'
    and line.stage = 'budget'
