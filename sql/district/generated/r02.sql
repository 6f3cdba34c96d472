-- 收入总表（表2），全区各单位合计，重叠部分只计一次
-- Form r02 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r02 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
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
    fiscal_account,
    superior_subsidy_total,
    superior_subsidy_general,
    superior_subsidy_government_fund,
    superior_subsidy_state_capital,
    unit_funds_total,
    institution_income,
    operating_income,
    superior_unit_subsidy,
    affiliate_remittance,
    other_income,
    opening
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
        sum(amount) filter (where column_key = 'fiscal_account')::numeric(18, 6) as fiscal_account,
        sum(amount) filter (where column_key = 'superior_subsidy_total')::numeric(18, 6) as superior_subsidy_total,
        sum(amount) filter (where column_key = 'superior_subsidy_general')::numeric(18, 6) as superior_subsidy_general,
        sum(amount) filter (
            where column_key = 'superior_subsidy_government_fund'
        )::numeric(18, 6) as superior_subsidy_government_fund,
        sum(amount) filter (
            where column_key = 'superior_subsidy_state_capital'
        )::numeric(18, 6) as superior_subsidy_state_capital,
        sum(amount) filter (where column_key = 'unit_funds_total')::numeric(18, 6) as unit_funds_total,
        sum(amount) filter (where column_key = 'institution_income')::numeric(18, 6) as institution_income,
        sum(amount) filter (where column_key = 'operating_income')::numeric(18, 6) as operating_income,
        sum(amount) filter (where column_key = 'superior_unit_subsidy')::numeric(18, 6) as superior_unit_subsidy,
        sum(amount) filter (where column_key = 'affiliate_remittance')::numeric(18, 6) as affiliate_remittance,
        sum(amount) filter (where column_key = 'other_income')::numeric(18, 6) as other_income,
        sum(amount) filter (where column_key = 'opening')::numeric(18, 6) as opening
    from internal.district_cell as cell
    where form_id = 'r02'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
