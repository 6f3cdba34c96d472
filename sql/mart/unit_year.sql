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
    from internal.stored_fact
    group by division_code, fiscal_year, unit_code
),

followed as (
    -- by a window and not by a second look at all totals, so that a question about a division reads no other's
    select
        division_code,
        fiscal_year,
        unit_code,
        expenditure,
        basic,
        project,
        revenue,
        three_public,
        max(expenditure) over (
            partition by division_code, unit_code
            order by fiscal_year range between 1 preceding and 1 preceding
        ) as expenditure_before
    from total
)

select
    followed.division_code,
    followed.fiscal_year,
    make_date(followed.fiscal_year, 1, 1) as fiscal_year_date,
    followed.unit_code,
    unit.unit_name,
    unit.department_code,
    unit.unit_kind,
    followed.expenditure::numeric(18, 6) as expenditure,
    followed.basic::numeric(18, 6) as basic,
    followed.project::numeric(18, 6) as project,
    followed.revenue::numeric(18, 6) as revenue,
    followed.three_public::numeric(18, 6) as three_public,
    (100 * followed.expenditure / nullif(sum(followed.expenditure) over (
        partition by followed.division_code, followed.fiscal_year
    ), 0))::numeric(18, 2) as district_share,
    followed.expenditure_before::numeric(18, 6) as expenditure_before,
    (followed.expenditure - followed.expenditure_before)::numeric(18, 6) as expenditure_change,
    (
        100 * (followed.expenditure - followed.expenditure_before) / nullif(followed.expenditure_before, 0)
    )::numeric(18, 2) as expenditure_change_rate,
    rank() over (
        partition by followed.division_code, followed.fiscal_year, unit.unit_kind
        order by followed.expenditure desc
    ) as rank_among_kind
from followed
left join budget.unit as unit
    on unit.division_code = followed.division_code
    and unit.fiscal_year = followed.fiscal_year
    and unit.unit_code = followed.unit_code
