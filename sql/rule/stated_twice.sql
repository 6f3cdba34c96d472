-- 文字说明前后一致：先后写同一事项（类款项、“三公”等）的金额，应一致
-- Amounts that the prose states twice in a row of one function or item. If the forms contradict the first and agree with
-- the second, the first is the figure in question, else the second. One printed with fewer places may be cut off.
create view rule.stated_twice as
with amount as (
    select
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        fact_no,
        row_key,
        row_label,
        column_key,
        column_label,
        figure,
        half_place,
        expected as by_forms,
        coalesce(passed, false) as agrees,
        concat(meta.printed_row(place, source_row, 'zh'), '：', sentence) as said,
        lag(row_key) over fact_before as row_key_before,
        lag(row_label) over fact_before as label_before,
        lag(figure) over fact_before as figure_before,
        lag(half_place) over fact_before as half_place_before,
        lag(coalesce(passed, false)) over fact_before as agreed_before,
        lag(concat(meta.printed_row(place, source_row, 'zh'), '：', sentence)) over fact_before as said_before
    from rule.stated_fact
    where is_current
        and measure = 'amount'
        and of_year = fiscal_year
    window fact_before as (
        partition by disclosure_id, division_code, fiscal_year, reporting_unit_code, stage
        order by fact_no
    )
),

pair as (
    select
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        fact_no,
        row_key,
        column_key,
        column_label,
        case when agrees and not agreed_before then label_before else row_label end as row_label,
        case when agrees and not agreed_before then figure_before else figure end as figure,
        case when agrees and not agreed_before then figure else figure_before end as expected,
        concat_ws(' ', said_before, said, '报表为 ' || by_forms) as compared_with,
        case when half_place <> half_place_before then 2 * greatest(half_place, half_place_before) else 0 end
            as tolerance
    from amount
    where row_key = row_key_before
        and (
            row_key like 'function/%'
            or row_key in (
                'three_public', 'abroad', 'vehicle', 'vehicle_purchase', 'vehicle_operation', 'reception', 'meeting',
                'training', 'operating_cost'
            )
        )
)

select
    'stated_twice' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    null::text as form_id,
    -- what is stated in several places is told apart by number
    concat_ws('#', row_key, nullif(row_number() over (
        partition by disclosure_id, row_key, division_code, fiscal_year, reporting_unit_code, stage
        order by fact_no
    ), 1)) as row_key,
    row_label,
    column_key,
    column_label,
    figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    compared_with,
    figure - expected as difference,
    tolerance,
    abs(figure - expected) <= tolerance as passed
from pair
