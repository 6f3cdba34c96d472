-- 部门收入总表（按单位和功能），全区各单位合计，重叠部分只计一次
-- Form nb02u for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.nb02u as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
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
    opening_unit_funds
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
        subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'total')::numeric(18, 6) as total,
        sum(amount) filter (where column_key = 'year_total')::numeric(18, 6) as year_total,
        sum(amount) filter (where column_key = 'fiscal')::numeric(18, 6) as fiscal,
        sum(amount) filter (where column_key = 'general')::numeric(18, 6) as general,
        sum(amount) filter (where column_key = 'government_fund')::numeric(18, 6) as government_fund,
        sum(amount) filter (where column_key = 'state_capital')::numeric(18, 6) as state_capital,
        sum(amount) filter (where column_key = 'fiscal_account')::numeric(18, 6) as fiscal_account,
        sum(amount) filter (where column_key = 'institution_income')::numeric(18, 6) as institution_income,
        sum(amount) filter (where column_key = 'operating_income')::numeric(18, 6) as operating_income,
        sum(amount) filter (where column_key = 'superior_unit_subsidy')::numeric(18, 6) as superior_unit_subsidy,
        sum(amount) filter (where column_key = 'affiliate_remittance')::numeric(18, 6) as affiliate_remittance,
        sum(amount) filter (where column_key = 'other_income')::numeric(18, 6) as other_income,
        sum(amount) filter (where column_key = 'surplus_used')::numeric(18, 6) as surplus_used,
        sum(amount) filter (where column_key = 'opening')::numeric(18, 6) as opening,
        sum(amount) filter (where column_key = 'opening_general')::numeric(18, 6) as opening_general,
        sum(amount) filter (where column_key = 'opening_government_fund')::numeric(18, 6) as opening_government_fund,
        sum(amount) filter (where column_key = 'opening_state_capital')::numeric(18, 6) as opening_state_capital,
        sum(amount) filter (where column_key = 'opening_fiscal_account')::numeric(18, 6) as opening_fiscal_account,
        sum(amount) filter (where column_key = 'opening_unit_funds')::numeric(18, 6) as opening_unit_funds
    from internal.district_cell as cell
    where form_id = 'nb02u'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
