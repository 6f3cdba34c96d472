-- 一般公共预算财政拨款基本支出决算表，全区各单位合计，重叠部分只计一次
-- Form f06 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.f06 as
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
    amount
from internal.disclosed_year
inner join lateral (
    with form_cell as (
        select
            division_code,
            fiscal_year,
            stage,
            chosen_units,
            row_level,
            is_leaf,
            row_key,
            row_label,
            subject_code,
            column_key,
            amount,
            0 as sum_no
        from internal.district_cell
        where form_id = 'f06'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year

        union all

        select
            division_code,
            fiscal_year,
            stage,
            chosen_units,
            row_level,
            is_leaf,
            row_key,
            row_label,
            null,
            column_key,
            amount,
            line_no
        from internal.district_line
        where form_id = 'f06'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year
            and amount is not null
    )

    select
        division_code,
        fiscal_year,
        stage,
        chosen_units,
        row_number() over (
            partition by division_code, fiscal_year, stage, chosen_units
            order by sum_no, row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'amount')::numeric(18, 6) as amount
    from form_cell as cell
    group by
        division_code, fiscal_year, stage, chosen_units,
        row_level, row_key, row_label, subject_code, sum_no
    order by
        division_code, fiscal_year, stage, chosen_units,
        sum_no, row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
