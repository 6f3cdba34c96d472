-- 一般公共预算基本支出表--人员经费(工资福利支出)(按部门预算经济分类)（表10），全区各单位合计，重叠部分只计一次
-- Form r10 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r10 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    functional_class,
    functional_group,
    functional_item,
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
    other_wages
from internal.disclosed_year
inner join lateral (
    select
        division_code,
        fiscal_year,
        stage,
        chosen_units,
        row_number() over (
            partition by division_code, fiscal_year, stage, chosen_units
            order by row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        left(subject_code, 3) as functional_class,
        nullif(substr(subject_code, 4, 2), '') as functional_group,
        nullif(substr(subject_code, 6), '') as functional_item,
        row_label as unit_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'salaries_total')::numeric(18, 6) as salaries_total,
        sum(amount) filter (where column_key = 'basic_salary')::numeric(18, 6) as basic_salary,
        sum(amount) filter (where column_key = 'allowances')::numeric(18, 6) as allowances,
        sum(amount) filter (where column_key = 'bonuses')::numeric(18, 6) as bonuses,
        sum(amount) filter (where column_key = 'performance_pay')::numeric(18, 6) as performance_pay,
        sum(amount) filter (where column_key = 'social_insurance_total')::numeric(18, 6) as social_insurance_total,
        sum(amount) filter (where column_key = 'pension')::numeric(18, 6) as pension,
        sum(amount) filter (where column_key = 'occupational_annuity')::numeric(18, 6) as occupational_annuity,
        sum(amount) filter (where column_key = 'medical_insurance')::numeric(18, 6) as medical_insurance,
        sum(amount) filter (where column_key = 'civil_servant_medical')::numeric(18, 6) as civil_servant_medical,
        sum(amount) filter (where column_key = 'other_social')::numeric(18, 6) as other_social,
        sum(amount) filter (where column_key = 'housing_fund')::numeric(18, 6) as housing_fund,
        sum(amount) filter (where column_key = 'other_wages_total')::numeric(18, 6) as other_wages_total,
        sum(amount) filter (where column_key = 'meal_allowance')::numeric(18, 6) as meal_allowance,
        sum(amount) filter (where column_key = 'medical_fees')::numeric(18, 6) as medical_fees,
        sum(amount) filter (where column_key = 'other_wages')::numeric(18, 6) as other_wages
    from internal.district_cell as cell
    where form_id = 'r10'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
