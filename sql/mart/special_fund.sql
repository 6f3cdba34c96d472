-- 专项资金（事实表）：按项目、资金性质和预算编制方式
-- Special funds by project, fund and way of budgeting
create view mart.special_fund as
select
    fact.division_code,
    fact.fiscal_year,
    fact.fiscal_year_date,
    fact.stage,
    fact.disclosure_id,
    fact.reporting_unit_code,
    fact.line_no,
    case when not fact.is_unit_allocated then fact.unit_code end as unit_code,
    project.project_name,
    fact.fund_code,
    fact.item_code,
    item.subject_name as item_name,
    fact.amount,
    fact.source_form_no,
    fact.source_row_no,
    fact.source_column_no,
    fact.is_disputed
from internal.fact as fact
left join budget.project as project
    on project.division_code = fact.division_code
    and project.fiscal_year = fact.fiscal_year
    and project.disclosure_id = fact.disclosure_id
    and project.project_id = fact.project_id
left join budget.subject_of_year as item
    on item.fiscal_year = fact.fiscal_year
    and item.scheme = 'item'
    and item.code = fact.item_code
where fact.statement = 'special_fund'
