-- 文字说明前后一致：先后写同一事项（类款项、“三公”等）的金额，应一致
-- Amounts that the prose states twice in a row of one function or item. If the forms contradict the first and agree with
-- the second, the first is the figure in question, else the second. One printed with fewer places may be cut off. The
-- forms are asked only about amounts that differ.
create view rule.stated_twice as
with amount as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        stated.fact_no,
        stated.stated_kind,
        stated.qualifier,
        stated.stated_subject,
        stated.stated_amount,
        stated.half_place,
        concat(meta.printed_row(stated.place, stated.source_row, 'zh'), '：', stated.sentence) as said,
        lag(stated.fact_no) over fact_before as fact_no_before,
        lag(stated.stated_kind) over fact_before as kind_before,
        lag(stated.qualifier) over fact_before as qualifier_before,
        lag(stated.stated_amount) over fact_before as amount_before,
        lag(stated.half_place) over fact_before as half_place_before
    from budget.disclosure as disclosure
    inner join filed.stated_fact as stated
        on stated.division_code = disclosure.division_code
        and stated.fiscal_year = disclosure.fiscal_year
        and stated.disclosure_id = disclosure.disclosure_id
    where disclosure.is_current
        and stated.measure = 'amount'
        and stated.of_year = stated.fiscal_year
        and stated.stated_kind is not null
    window fact_before as (
        partition by
            disclosure.disclosure_id, disclosure.division_code, disclosure.fiscal_year, disclosure.reporting_unit_code,
            disclosure.stage
        order by stated.fact_no
    )
),

pair as (
    select
        *,
        concat_ws('/', stated_kind, qualifier) as row_key,
        case when half_place <> half_place_before then 2 * greatest(half_place, half_place_before) else 0 end
            as tolerance
    from amount
    where stated_kind = kind_before
        and qualifier is not distinct from qualifier_before
        and stated_kind in (
            'function', 'three_public', 'abroad', 'vehicle', 'vehicle_purchase', 'vehicle_operation', 'reception',
            'meeting', 'training', 'operating_cost'
        )
),

judged as (
    select
        pair.*,
        abs(pair.stated_amount - pair.amount_before) <= pair.tolerance as passed,
        case when forms.is_first_wrong then pair.amount_before else pair.stated_amount end as figure,
        case when forms.is_first_wrong then pair.stated_amount else pair.amount_before end as expected,
        forms.by_forms
    from pair
    cross join lateral (
        select
            coalesce(
                bool_or(fact.passed) filter (where fact.fact_no = pair.fact_no)
                and not bool_or(fact.passed) filter (where fact.fact_no = pair.fact_no_before),
                false
            ) as is_first_wrong,
            min(fact.expected) as by_forms
        from rule.stated_fact as fact
        where abs(pair.stated_amount - pair.amount_before) > pair.tolerance
            and fact.division_code = pair.division_code
            and fact.fiscal_year = pair.fiscal_year
            and fact.disclosure_id = pair.disclosure_id
            and fact.fact_no in (pair.fact_no, pair.fact_no_before)
    ) as forms
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
    stated_subject as row_label,
    'amount' as column_key,
    '金额' as column_label,
    figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    concat_ws(' ', said, '报表为 ' || trim_scale(by_forms)) as compared_with,
    figure - expected as difference,
    tolerance,
    passed
from judged
