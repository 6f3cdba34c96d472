-- 政府采购支出表
-- Form nb11: one row a item
-- Made by schema/generate.py from schema/forms.
create view report.nb11 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    kind,
    total,
    general,
    government_fund,
    state_capital,
    carried_over,
    other_funds,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        row_label as kind,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'general') as general,
        sum(amount) filter (where column_key = 'government_fund') as government_fund,
        sum(amount) filter (where column_key = 'state_capital') as state_capital,
        sum(amount) filter (where column_key = 'carried_over') as carried_over,
        sum(amount) filter (where column_key = 'other_funds') as other_funds,
        exists (
            select
            from budget.counted_disclosure as counted
            where counted.disclosure_id = cell.disclosure_id
                and counted.division_code = cell.division_code
        )
        and not exists (
            select
            from budget.covered_part as covered
            where covered.disclosure_id = cell.disclosure_id
                and covered.division_code = cell.division_code
                and covered.statement in ('procurement')
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from internal.summed_cell as cell
    where form_id = 'nb11'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
