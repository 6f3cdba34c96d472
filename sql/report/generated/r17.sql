-- 政府性基金预算支出分类汇总表（按政府预算经济分类）（表17）
-- Form r17: one row a unit and functional subject
-- Made by schema/generate.py from schema/forms.
create view report.r17 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    functional_class,
    functional_group,
    functional_item,
    unit_code,
    unit_name,
    total,
    agency_wages,
    agency_goods_services,
    agency_capital,
    agency_capital_construction,
    institution_recurrent,
    institution_capital,
    enterprise_subsidy,
    enterprise_capital,
    individuals_families,
    social_security_funds,
    debt_interest,
    debt_principal,
    transfers,
    other,
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
        left(subject_code, 3) as functional_class,
        nullif(substr(subject_code, 4, 2), '') as functional_group,
        nullif(substr(subject_code, 6), '') as functional_item,
        unit_code,
        row_label as unit_name,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'agency_wages') as agency_wages,
        sum(amount) filter (where column_key = 'agency_goods_services') as agency_goods_services,
        sum(amount) filter (where column_key = 'agency_capital') as agency_capital,
        sum(amount) filter (where column_key = 'agency_capital_construction') as agency_capital_construction,
        sum(amount) filter (where column_key = 'institution_recurrent') as institution_recurrent,
        sum(amount) filter (where column_key = 'institution_capital') as institution_capital,
        sum(amount) filter (where column_key = 'enterprise_subsidy') as enterprise_subsidy,
        sum(amount) filter (where column_key = 'enterprise_capital') as enterprise_capital,
        sum(amount) filter (where column_key = 'individuals_families') as individuals_families,
        sum(amount) filter (where column_key = 'social_security_funds') as social_security_funds,
        sum(amount) filter (where column_key = 'debt_interest') as debt_interest,
        sum(amount) filter (where column_key = 'debt_principal') as debt_principal,
        sum(amount) filter (where column_key = 'transfers') as transfers,
        sum(amount) filter (where column_key = 'other') as other,
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
                and covered.statement in ('expenditure')
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
    where form_id = 'r17'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, unit_code, subject_code
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
