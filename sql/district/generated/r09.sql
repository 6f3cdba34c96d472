-- 一般公共预算基本支出表--人员经费(工资福利支出)(按政府预算经济分类)（表9），全区各单位合计，重叠部分只计一次
-- Form r09 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r09 as
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
    agency_total,
    agency_salaries,
    agency_social_insurance,
    agency_housing_fund,
    agency_other_wages,
    institution_total,
    institution_wages,
    institution_other
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
        sum(amount) filter (where column_key = 'agency_total')::numeric(18, 6) as agency_total,
        sum(amount) filter (where column_key = 'agency_salaries')::numeric(18, 6) as agency_salaries,
        sum(amount) filter (where column_key = 'agency_social_insurance')::numeric(18, 6) as agency_social_insurance,
        sum(amount) filter (where column_key = 'agency_housing_fund')::numeric(18, 6) as agency_housing_fund,
        sum(amount) filter (where column_key = 'agency_other_wages')::numeric(18, 6) as agency_other_wages,
        sum(amount) filter (where column_key = 'institution_total')::numeric(18, 6) as institution_total,
        sum(amount) filter (where column_key = 'institution_wages')::numeric(18, 6) as institution_wages,
        sum(amount) filter (where column_key = 'institution_other')::numeric(18, 6) as institution_other
    from internal.district_cell as cell
    where form_id = 'r09'
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
