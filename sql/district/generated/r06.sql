-- 财政拨款收支总表（表6），全区各单位合计，重叠部分只计一次
-- Form r06 for all units, or those that hetang.units chooses: each yuan once, in 万元
-- Made by schema/generate.py from schema/forms.
create view district.r06 as
select
    form_row.division_code,
    fiscal_year,
    stage,
    chosen_units,
    row_no,
    row_level,
    is_leaf,
    row_key,
    revenue_item,
    revenue_amount,
    function_item,
    function_amount
from internal.disclosed_year
inner join lateral (
    with placed_line as (
        select
            division_code,
            fiscal_year,
            stage,
            chosen_units,
            list_key,
            column_key,
            row_key,
            row_label,
            row_level,
            is_leaf,
            amount,
            row_number() over (
                partition by
                    division_code, fiscal_year, stage, chosen_units, list_key, column_key, row_level = 0
                order by line_no
            ) as place
        from internal.district_line
        where form_id = 'r06'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year
    ),

    numbered_line as (
        select
            division_code,
            fiscal_year,
            stage,
            chosen_units,
            list_key,
            column_key,
            row_key,
            row_label,
            row_level,
            is_leaf,
            amount,
            -- 各列的总计行对齐在表底
            place + case
                when row_level = 0 then max(case when row_level > 0 then place else 0 end) over (
                    partition by division_code, fiscal_year, stage, chosen_units
                )
                else 0
            end as row_no
        from placed_line
    )

    select
        division_code,
        fiscal_year,
        stage,
        chosen_units,
        row_no,
        min(row_level) as row_level,
        bool_and(is_leaf) as is_leaf,
        -- a row of several lists has no line id of its own, except at the foot
        case
            when min(row_level) = 0 then max(row_key) filter (where list_key = 'revenue')
            else row_no::text
        end as row_key,
        max(row_label) filter (where list_key = 'revenue') as revenue_item,
        max(amount) filter (where column_key = 'revenue')::numeric(18, 6) as revenue_amount,
        max(row_label) filter (where list_key = 'function') as function_item,
        max(amount) filter (where column_key = 'function')::numeric(18, 6) as function_amount
    from numbered_line
    group by division_code, fiscal_year, stage, chosen_units, row_no
    order by
        division_code, fiscal_year, stage, chosen_units,
        row_no
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
