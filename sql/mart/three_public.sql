-- “三公”经费（事实表）
-- Travel abroad, official vehicles and receptions
create view mart.three_public as
select
    line.division_code,
    line.fiscal_year,
    make_date(line.fiscal_year, 1, 1) as fiscal_year_date,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    line.line_no,
    case when 'unit_code' <> all (line.allocated) then line.unit_code end as unit_code,
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
where line.statement = 'three_public'
    and line.stage = 'budget'
