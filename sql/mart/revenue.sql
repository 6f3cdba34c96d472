-- 收入（事实表）：现行台账的收入，按来源
-- Revenue by source; the source is a code of the funds
create view mart.revenue as
select
    division_code,
    fiscal_year,
    make_date(fiscal_year, 1, 1) as fiscal_year_date,
    stage,
    disclosure_id,
    reporting_unit_code,
    line_no,
    case when 'unit_code' <> all (allocated) then unit_code end as unit_code,
    case
        when 'fund_code' <> all (allocated) and 'item_code' <> all (allocated) then fund_code
    end as fund_code,
    amount::numeric(18, 6) as amount,
    source_form_no,
    source_row_no,
    source_column_no,
    is_disputed
from budget.current_amount
where statement = 'revenue'
    and stage = 'budget'
