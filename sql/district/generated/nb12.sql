-- 项目支出表，全区各单位合计，重叠部分只计一次
-- Form nb12 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.nb12 as
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
    general,
    government_fund,
    state_capital,
    left_general,
    left_government_fund,
    left_state_capital,
    fiscal_account,
    unit_funds
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
        sum(amount) filter (where column_key = 'general')::numeric(18, 6) as general,
        sum(amount) filter (where column_key = 'government_fund')::numeric(18, 6) as government_fund,
        sum(amount) filter (where column_key = 'state_capital')::numeric(18, 6) as state_capital,
        sum(amount) filter (where column_key = 'left_general')::numeric(18, 6) as left_general,
        sum(amount) filter (where column_key = 'left_government_fund')::numeric(18, 6) as left_government_fund,
        sum(amount) filter (where column_key = 'left_state_capital')::numeric(18, 6) as left_state_capital,
        sum(amount) filter (where column_key = 'fiscal_account')::numeric(18, 6) as fiscal_account,
        sum(amount) filter (where column_key = 'unit_funds')::numeric(18, 6) as unit_funds
    from internal.district_cell as cell
    where form_id = 'nb12'
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
