-- 收入（事实表）：现行台账的收入，按来源
-- Revenue by source; the source is a code of the funds
create view mart.revenue as
select
    division_code,
    fiscal_year,
    fiscal_year_date,
    stage,
    disclosure_id,
    reporting_unit_code,
    line_no,
    case when not is_unit_allocated then unit_code end as unit_code,
    fund_code,
    amount,
    source_form_no,
    source_row_no,
    source_column_no,
    is_disputed
from internal.fact
where statement = 'revenue'
