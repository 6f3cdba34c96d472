-- 一般公共预算基本支出表--人员经费(对个人和家庭的补助)（按部门预算经济分类）（表12），全区各单位合计，重叠部分只计一次
-- Form r12 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r12 as
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
    leave_retirement,
    retirement,
    resignation,
    pension_for_bereaved,
    living_allowance,
    relief,
    medical_subsidy,
    student_grants,
    rewards,
    social_insurance_paid,
    farm_subsidies,
    other_individuals
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
        sum(amount) filter (where column_key = 'leave_retirement')::numeric(18, 6) as leave_retirement,
        sum(amount) filter (where column_key = 'retirement')::numeric(18, 6) as retirement,
        sum(amount) filter (where column_key = 'resignation')::numeric(18, 6) as resignation,
        sum(amount) filter (where column_key = 'pension_for_bereaved')::numeric(18, 6) as pension_for_bereaved,
        sum(amount) filter (where column_key = 'living_allowance')::numeric(18, 6) as living_allowance,
        sum(amount) filter (where column_key = 'relief')::numeric(18, 6) as relief,
        sum(amount) filter (where column_key = 'medical_subsidy')::numeric(18, 6) as medical_subsidy,
        sum(amount) filter (where column_key = 'student_grants')::numeric(18, 6) as student_grants,
        sum(amount) filter (where column_key = 'rewards')::numeric(18, 6) as rewards,
        sum(amount) filter (where column_key = 'social_insurance_paid')::numeric(18, 6) as social_insurance_paid,
        sum(amount) filter (where column_key = 'farm_subsidies')::numeric(18, 6) as farm_subsidies,
        sum(amount) filter (where column_key = 'other_individuals')::numeric(18, 6) as other_individuals
    from internal.district_cell as cell
    where form_id = 'r12'
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
