-- 部门收入总表（按单位和功能）
-- Form nb02u: one row a unit and functional subject
-- Made by schema/generate.py from schema/forms.
create view report.nb02u as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    subject_code,
    subject_name,
    total,
    year_total,
    fiscal,
    general,
    government_fund,
    state_capital,
    fiscal_account,
    institution_income,
    operating_income,
    superior_unit_subsidy,
    affiliate_remittance,
    other_income,
    surplus_used,
    opening,
    opening_general,
    opening_government_fund,
    opening_state_capital,
    opening_fiscal_account,
    opening_unit_funds,
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
        coalesce(subject_code, unit_code) as subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'year_total') as year_total,
        sum(amount) filter (where column_key = 'fiscal') as fiscal,
        sum(amount) filter (where column_key = 'general') as general,
        sum(amount) filter (where column_key = 'government_fund') as government_fund,
        sum(amount) filter (where column_key = 'state_capital') as state_capital,
        sum(amount) filter (where column_key = 'fiscal_account') as fiscal_account,
        sum(amount) filter (where column_key = 'institution_income') as institution_income,
        sum(amount) filter (where column_key = 'operating_income') as operating_income,
        sum(amount) filter (where column_key = 'superior_unit_subsidy') as superior_unit_subsidy,
        sum(amount) filter (where column_key = 'affiliate_remittance') as affiliate_remittance,
        sum(amount) filter (where column_key = 'other_income') as other_income,
        sum(amount) filter (where column_key = 'surplus_used') as surplus_used,
        sum(amount) filter (where column_key = 'opening') as opening,
        sum(amount) filter (where column_key = 'opening_general') as opening_general,
        sum(amount) filter (where column_key = 'opening_government_fund') as opening_government_fund,
        sum(amount) filter (where column_key = 'opening_state_capital') as opening_state_capital,
        sum(amount) filter (where column_key = 'opening_fiscal_account') as opening_fiscal_account,
        sum(amount) filter (where column_key = 'opening_unit_funds') as opening_unit_funds,
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
                and covered.statement in ('carry_over', 'revenue')
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
    where form_id = 'nb02u'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, unit_code, subject_code
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
