-- 数量级：与上年同一数字相比，不是十倍或万倍（小数点错位，元与万元混用）
-- Magnitude: a figure is not ten or ten thousand times what the same unit published last year, nor the reverse: a decimal
-- point or a money unit is wrong then. Ten times means between 9.5 and 10.5, ten thousand times between 5,000 and 20,000,
-- since budgets change. Figures below 1 万元 in both years are not compared.
create view rule.magnitude as
with compared as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        both_years.form_id,
        both_years.row_key,
        both_years.row_label,
        both_years.column_key,
        both_years.column_label,
        both_years.figure,
        both_years.expected,
        earlier.fiscal_year as of_year
    from budget.disclosure as disclosure
    cross join lateral (
        select counted.division_code, counted.fiscal_year, counted.disclosure_id
        from budget.counted_disclosure as counted
        where counted.division_code = disclosure.division_code
            and counted.fiscal_year = disclosure.fiscal_year - 1
            and counted.reporting_unit_code = disclosure.reporting_unit_code
            and counted.stage = disclosure.stage
        -- looked up: joined, all disclosures of the division would be read for each
        offset 0
    ) as earlier
    -- once a disclosure, so that only cells of the two are read
    cross join lateral (
        select
            cell.form_id,
            cell.row_key,
            cell.column_key,
            min(cell.row_label) filter (where cell.disclosure_id = disclosure.disclosure_id) as row_label,
            form_column.column_label,
            sum(cell.amount) filter (where cell.disclosure_id = disclosure.disclosure_id) as figure,
            sum(cell.amount) filter (where cell.disclosure_id = earlier.disclosure_id) as expected
        from (
            select disclosure_id, form_id, row_key, row_label, column_key, amount
            from rule.printed_cell
            where printed_cell.disclosure_id = disclosure.disclosure_id
                and printed_cell.division_code = disclosure.division_code
                and printed_cell.fiscal_year = disclosure.fiscal_year

            union all

            select disclosure_id, form_id, row_key, row_label, column_key, amount
            from rule.printed_cell
            where printed_cell.disclosure_id = earlier.disclosure_id
                and printed_cell.division_code = earlier.division_code
                and printed_cell.fiscal_year = earlier.fiscal_year
        ) as cell
        inner join meta.form_column as form_column
            on form_column.form_id = cell.form_id
            and form_column.column_key = cell.column_key
            and form_column.role = 'money'
        group by cell.form_id, cell.row_key, cell.column_key, form_column.column_label
    ) as both_years
    where both_years.figure <> 0
        and both_years.expected <> 0
)

select
    'magnitude' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    row_key,
    row_label,
    column_key,
    column_label,
    figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    of_year::text as compared_with,
    figure - expected as difference,
    null::numeric as tolerance,
    not (
        greatest(figure / expected, expected / figure) between 9.5 and 10.5
        or greatest(figure / expected, expected / figure) between 5000 and 20000
    ) as passed
from compared
where greatest(abs(figure), abs(expected)) >= 1
