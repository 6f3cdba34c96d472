-- 一般公共预算基本支出表--人员经费(工资福利支出)(按部门预算经济分类)（表10）
-- Form r10: one row a unit and functional subject
-- Made by schema/generate.py from schema/forms.
create view report.r10 as
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
    salaries_total,
    basic_salary,
    allowances,
    bonuses,
    performance_pay,
    social_insurance_total,
    pension,
    occupational_annuity,
    medical_insurance,
    civil_servant_medical,
    other_social,
    housing_fund,
    other_wages_total,
    meal_allowance,
    medical_fees,
    other_wages,
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
        sum(amount) filter (where column_key = 'salaries_total') as salaries_total,
        sum(amount) filter (where column_key = 'basic_salary') as basic_salary,
        sum(amount) filter (where column_key = 'allowances') as allowances,
        sum(amount) filter (where column_key = 'bonuses') as bonuses,
        sum(amount) filter (where column_key = 'performance_pay') as performance_pay,
        sum(amount) filter (where column_key = 'social_insurance_total') as social_insurance_total,
        sum(amount) filter (where column_key = 'pension') as pension,
        sum(amount) filter (where column_key = 'occupational_annuity') as occupational_annuity,
        sum(amount) filter (where column_key = 'medical_insurance') as medical_insurance,
        sum(amount) filter (where column_key = 'civil_servant_medical') as civil_servant_medical,
        sum(amount) filter (where column_key = 'other_social') as other_social,
        sum(amount) filter (where column_key = 'housing_fund') as housing_fund,
        sum(amount) filter (where column_key = 'other_wages_total') as other_wages_total,
        sum(amount) filter (where column_key = 'meal_allowance') as meal_allowance,
        sum(amount) filter (where column_key = 'medical_fees') as medical_fees,
        sum(amount) filter (where column_key = 'other_wages') as other_wages,
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
    where form_id = 'r10'
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
