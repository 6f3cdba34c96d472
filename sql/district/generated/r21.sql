-- 专项资金预算汇总表（表21），全区各单位合计，重叠部分只计一次
-- Form r21 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r21 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    project_name,
    total,
    general_total,
    general_funds,
    general_non_tax,
    general_bonds,
    foreign_loans,
    foreign_grants,
    government_fund,
    state_capital,
    social_insurance,
    in_department_budget,
    held_by_finance
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
        row_label as project_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'general_total')::numeric(18, 6) as general_total,
        sum(amount) filter (where column_key = 'general_funds')::numeric(18, 6) as general_funds,
        sum(amount) filter (where column_key = 'general_non_tax')::numeric(18, 6) as general_non_tax,
        sum(amount) filter (where column_key = 'general_bonds')::numeric(18, 6) as general_bonds,
        sum(amount) filter (where column_key = 'foreign_loans')::numeric(18, 6) as foreign_loans,
        sum(amount) filter (where column_key = 'foreign_grants')::numeric(18, 6) as foreign_grants,
        sum(amount) filter (where column_key = 'government_fund')::numeric(18, 6) as government_fund,
        sum(amount) filter (where column_key = 'state_capital')::numeric(18, 6) as state_capital,
        sum(amount) filter (where column_key = 'social_insurance')::numeric(18, 6) as social_insurance,
        sum(amount) filter (where column_key = 'in_department_budget')::numeric(18, 6) as in_department_budget,
        sum(amount) filter (where column_key = 'held_by_finance')::numeric(18, 6) as held_by_finance
    from internal.district_cell as cell
    where form_id = 'r21'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label
    -- levels that the form leaves out have no row, except if nothing finer is known
    having bool_or(is_printed)
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
