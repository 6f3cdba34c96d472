-- 政府性基金预算支出分类汇总表（按部门预算经济分类）（表18），全区各单位合计，重叠部分只计一次
-- Form r18 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r18 as
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
    project_other
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
        sum(amount) filter (where column_key = 'basic_total')::numeric(18, 6) as basic_total,
        sum(amount) filter (where column_key = 'basic_wages')::numeric(18, 6) as basic_wages,
        sum(amount) filter (where column_key = 'basic_goods_services')::numeric(18, 6) as basic_goods_services,
        sum(amount) filter (
            where column_key = 'basic_individuals_families'
        )::numeric(18, 6) as basic_individuals_families,
        sum(amount) filter (where column_key = 'project_total')::numeric(18, 6) as project_total,
        sum(amount) filter (where column_key = 'project_wages')::numeric(18, 6) as project_wages,
        sum(amount) filter (where column_key = 'project_goods_services')::numeric(18, 6) as project_goods_services,
        sum(amount) filter (
            where column_key = 'project_individuals_families'
        )::numeric(18, 6) as project_individuals_families,
        sum(amount) filter (where column_key = 'project_debt_interest')::numeric(18, 6) as project_debt_interest,
        sum(amount) filter (
            where column_key = 'project_capital_construction'
        )::numeric(18, 6) as project_capital_construction,
        sum(amount) filter (where column_key = 'project_capital')::numeric(18, 6) as project_capital,
        sum(amount) filter (
            where column_key = 'project_enterprise_construction'
        )::numeric(18, 6) as project_enterprise_construction,
        sum(amount) filter (
            where column_key = 'project_enterprise_subsidy'
        )::numeric(18, 6) as project_enterprise_subsidy,
        sum(amount) filter (
            where column_key = 'project_social_security_funds'
        )::numeric(18, 6) as project_social_security_funds,
        sum(amount) filter (where column_key = 'project_other')::numeric(18, 6) as project_other
    from internal.district_cell as cell
    where form_id = 'r18'
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
