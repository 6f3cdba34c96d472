-- 政府性基金预算支出分类汇总表（按部门预算经济分类）（表18）
-- Form r18: one row a unit and functional subject
-- Made by schema/generate.py from schema/forms.
create view report.r18 as
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
    basic_total,
    basic_wages,
    basic_goods_services,
    basic_individuals_families,
    project_total,
    project_wages,
    project_goods_services,
    project_individuals_families,
    project_debt_interest,
    project_capital_construction,
    project_capital,
    project_enterprise_construction,
    project_enterprise_subsidy,
    project_social_security_funds,
    project_other,
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
        sum(amount) filter (where column_key = 'basic_total') as basic_total,
        sum(amount) filter (where column_key = 'basic_wages') as basic_wages,
        sum(amount) filter (where column_key = 'basic_goods_services') as basic_goods_services,
        sum(amount) filter (where column_key = 'basic_individuals_families') as basic_individuals_families,
        sum(amount) filter (where column_key = 'project_total') as project_total,
        sum(amount) filter (where column_key = 'project_wages') as project_wages,
        sum(amount) filter (where column_key = 'project_goods_services') as project_goods_services,
        sum(amount) filter (where column_key = 'project_individuals_families') as project_individuals_families,
        sum(amount) filter (where column_key = 'project_debt_interest') as project_debt_interest,
        sum(amount) filter (where column_key = 'project_capital_construction') as project_capital_construction,
        sum(amount) filter (where column_key = 'project_capital') as project_capital,
        sum(amount) filter (where column_key = 'project_enterprise_construction') as project_enterprise_construction,
        sum(amount) filter (where column_key = 'project_enterprise_subsidy') as project_enterprise_subsidy,
        sum(amount) filter (where column_key = 'project_social_security_funds') as project_social_security_funds,
        sum(amount) filter (where column_key = 'project_other') as project_other,
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
    where form_id = 'r18'
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
