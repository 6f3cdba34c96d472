-- 部门收支总表
-- Form nb01: lists of fixed lines side by side, closing lines at the foot
-- Made by schema/generate.py from schema/forms.
create view report.nb01 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    revenue_item,
    revenue_amount,
    function_item,
    function_amount,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    with placed_line as (
        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
            list_key,
            column_key,
            row_key,
            row_label,
            row_level,
            is_leaf,
            amount,
            row_number() over (
                partition by
                    reporting_unit_code, disclosure_id, division_code, fiscal_year, list_key, column_key, row_level = 0
                order by line_no
            ) as place
        from internal.list_line
        where form_id = 'nb01'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year
    ),

    numbered_line as (
        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
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
                    partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
                )
                else 0
            end as row_no
        from placed_line
    )

    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_no,
        min(row_level) as row_level,
        bool_and(is_leaf) as is_leaf,
        -- a row of several lists has no line id of its own, except at the foot
        case
            when min(row_level) = 0 then max(row_key) filter (where list_key = 'revenue')
            else row_no::text
        end as row_key,
        max(row_label) filter (where list_key = 'revenue') as revenue_item,
        max(amount) filter (where column_key = 'revenue') as revenue_amount,
        max(row_label) filter (where list_key = 'function') as function_item,
        max(amount) filter (where column_key = 'function') as function_amount,
        exists (
            select
            from budget.counted_disclosure as counted
            where counted.disclosure_id = numbered_line.disclosure_id
                and counted.division_code = numbered_line.division_code
        )
        and not exists (
            select
            from budget.covered_part as covered
            where covered.disclosure_id = numbered_line.disclosure_id
                and covered.division_code = numbered_line.division_code
                and covered.statement in ('carry_over', 'expenditure', 'revenue')
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = numbered_line.disclosure_id
                and disclosure.division_code = numbered_line.division_code
                and disclosure.fiscal_year = numbered_line.fiscal_year
        ) as stage
    from numbered_line
    group by reporting_unit_code, disclosure_id, division_code, fiscal_year, row_no
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_no
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
