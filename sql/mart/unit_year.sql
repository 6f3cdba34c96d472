-- 单位年度：每个单位每年的支出、收入和“三公”经费，占全区比重，比上年增减，同类单位中的名次
-- Units by year: totals, the share of all in the division, the change to the year before (the year right before it, under
-- the same code), and the rank among units of the same kind, the largest first. Money of a department as a whole stands
-- under the department's code.
create view mart.unit_year as
with total as (
    select
        division_code,
        fiscal_year,
        unit_code,
        coalesce(sum(amount) filter (where statement = 'expenditure'), 0) as expenditure,
        coalesce(sum(amount) filter (where statement = 'expenditure' and nature = 'basic'), 0) as basic,
        coalesce(sum(amount) filter (where statement = 'expenditure' and nature = 'project'), 0) as project,
        coalesce(sum(amount) filter (where statement = 'revenue'), 0) as revenue,
        coalesce(sum(amount) filter (where statement = 'three_public'), 0) as three_public
    from budget.current_amount
    where stage = 'budget'
    group by division_code, fiscal_year, unit_code
)

select
    total.division_code,
    total.fiscal_year,
    make_date(total.fiscal_year, 1, 1) as fiscal_year_date,
    total.unit_code,
    unit.unit_name,
    unit.department_code,
    unit.unit_kind,
    total.expenditure::numeric(18, 6) as expenditure,
    total.basic::numeric(18, 6) as basic,
    total.project::numeric(18, 6) as project,
    total.revenue::numeric(18, 6) as revenue,
    total.three_public::numeric(18, 6) as three_public,
    (100 * total.expenditure / nullif(sum(total.expenditure) over (
        partition by total.division_code, total.fiscal_year
    ), 0))::numeric(18, 2) as district_share,
    earlier.expenditure::numeric(18, 6) as expenditure_before,
    (total.expenditure - earlier.expenditure)::numeric(18, 6) as expenditure_change,
    (
        100 * (total.expenditure - earlier.expenditure) / nullif(earlier.expenditure, 0)
    )::numeric(18, 2) as expenditure_change_rate,
    rank() over (
        partition by total.division_code, total.fiscal_year, unit.unit_kind
        order by total.expenditure desc
    ) as rank_among_kind
from total
left join budget.unit as unit
    on unit.division_code = total.division_code
    and unit.fiscal_year = total.fiscal_year
    and unit.unit_code = total.unit_code
left join total as earlier
    on earlier.division_code = total.division_code
    and earlier.fiscal_year = total.fiscal_year - 1
    and earlier.unit_code = total.unit_code
