-- 项目支出表
-- Form nb12: one row a unit and project
-- Made by schema/generate.py from schema/forms.
create view report.nb12 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    project_name,
    unit_name,
    total,
    general,
    government_fund,
    state_capital,
    left_general,
    left_government_fund,
    left_state_capital,
    fiscal_account,
    unit_funds,
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
            order by row_level > 0, unit_code collate "C", project_id nulls first
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        row_label as project_name,
        coalesce(
            (
                select unit.unit_name
                from filed.unit as unit
                where unit.disclosure_id = cell.disclosure_id
                    and unit.division_code = cell.division_code
                    and unit.fiscal_year = cell.fiscal_year
                    and unit.unit_code = cell.unit_code
            ),
            unit_code
        ) as unit_name,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'general') as general,
        sum(amount) filter (where column_key = 'government_fund') as government_fund,
        sum(amount) filter (where column_key = 'state_capital') as state_capital,
        sum(amount) filter (where column_key = 'left_general') as left_general,
        sum(amount) filter (where column_key = 'left_government_fund') as left_government_fund,
        sum(amount) filter (where column_key = 'left_state_capital') as left_state_capital,
        sum(amount) filter (where column_key = 'fiscal_account') as fiscal_account,
        sum(amount) filter (where column_key = 'unit_funds') as unit_funds,
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
                and covered.statement in ('special_fund')
                and (
                    cell.row_level = 0
                    or cell.row_level = 1 and cell.unit_code = covered.department_code
                    or cell.unit_code = covered.unit_code
                )
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from internal.summed_cell as cell
    where form_id = 'nb12'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, unit_code, project_id
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, unit_code collate "C", project_id nulls first
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
