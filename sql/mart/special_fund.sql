-- 专项资金（事实表）：按项目、资金性质和预算编制方式
-- Special funds by project, fund and way of budgeting
create view mart.special_fund as
select
    line.division_code,
    line.fiscal_year,
    make_date(line.fiscal_year, 1, 1) as fiscal_year_date,
    line.stage,
    line.disclosure_id,
    line.reporting_unit_code,
    line.line_no,
    case when 'unit_code' <> all (line.allocated) then line.unit_code end as unit_code,
    case when 'project_id' <> all (line.allocated) then project.project_name end as project_name,
    case when 'fund_code' <> all (line.allocated) then line.fund_code end as fund_code,
    case when 'item_code' <> all (line.allocated) then line.item_code end as item_code,
    case when 'item_code' <> all (line.allocated) then item.subject_name end as item_name,
    line.amount::numeric(18, 6) as amount,
    line.source_form_no,
    line.source_row_no,
    line.source_column_no,
    line.is_disputed
from budget.current_amount as line
left join budget.project as project
    on project.division_code = line.division_code
    and project.fiscal_year = line.fiscal_year
    and project.disclosure_id = line.disclosure_id
    and project.project_id = line.project_id
left join budget.subject as item
    on item.scheme = 'item'
    and item.code = line.item_code
    and line.fiscal_year between item.first_year and item.last_year
where line.statement = 'special_fund'
    and line.stage = 'budget'
