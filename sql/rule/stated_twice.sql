-- 文字说明前后一致：先后写同一事项（类款项、“三公”等）的金额，应一致
-- Amounts that the prose states twice in a row of one function or item. One printed with fewer places may be cut off. If
-- the forms contradict one of two that differ, stated_fact tells so, and the pair is left out: one fault, one failure.
-- The forms are asked only about amounts that differ.
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
        amount.division_code,
        amount.fiscal_year,
        amount.disclosure_id,
        amount.reporting_unit_code,
        amount.stage,
        amount.fact_no,
        amount.fact_no_before,
        amount.stated_subject,
        amount.stated_amount,
        amount.amount_before,
        amount.said,
        limits.tolerance,
        concat_ws('/', amount.stated_kind, amount.qualifier) as row_key,
        abs(amount.stated_amount - amount.amount_before) <= limits.tolerance as passed,
        row_number() over (
            partition by disclosure_id, division_code, fiscal_year
            order by abs(stated_amount - amount_before) <= tolerance, fact_no
        ) as position
    from amount
    cross join lateral (
        select case when half_place <> half_place_before then 2 * greatest(half_place, half_place_before) else 0 end
    ) as limits (tolerance)
    where stated_kind = kind_before
        and qualifier is not distinct from qualifier_before
        and stated_kind in (
            'function', 'three_public', 'abroad', 'vehicle', 'vehicle_purchase', 'vehicle_operation', 'reception',
            'meeting', 'training', 'operating_cost'
        )
),

-- One question to the forms for all amounts of a disclosure takes as long as one for a single amount. No part is read
-- twice: a materialized CTE would ask the forms of all disclosures, also if only one is wanted.
asked as (
    select
        pair.division_code,
        pair.fiscal_year,
        pair.disclosure_id,
        pair.reporting_unit_code,
        pair.stage,
        pair.fact_no,
        pair.fact_no_before,
        pair.stated_subject,
        pair.stated_amount,
        pair.amount_before,
        pair.said,
        pair.tolerance,
        pair.row_key,
        pair.passed,
        first_value(forms.contradicted) over in_disclosure as contradicted
    from pair
    cross join lateral (
        select
            array_agg(fact.fact_no) filter (where not fact.passed) as contradicted
        from rule.stated_fact as fact
        where pair.position = 1
            and not pair.passed
            and fact.division_code = pair.division_code
            and fact.fiscal_year = pair.fiscal_year
            and fact.disclosure_id = pair.disclosure_id
    ) as forms
    window in_disclosure as (
        partition by pair.disclosure_id, pair.division_code, pair.fiscal_year
        order by pair.position
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
    stated_subject as row_label,
    'amount' as column_key,
    '金额' as column_label,
    stated_amount as figure,
    amount_before as expected,
    null::text as figure_text,
    null::text as expected_text,
    said as compared_with,
    stated_amount - amount_before as difference,
    tolerance,
    passed
from asked
where passed
    or contradicted is null
    or not contradicted && array[fact_no, fact_no_before]
