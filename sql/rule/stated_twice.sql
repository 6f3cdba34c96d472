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
        concat_ws('/', amount.stated_kind, amount.qualifier) as row_key,
        limits.tolerance,
        abs(amount.stated_amount - amount.amount_before) <= limits.tolerance as passed
    from amount
    cross join lateral (
        select
            case
                when amount.half_place <> amount.half_place_before
                    then 2 * greatest(amount.half_place, amount.half_place_before)
                else 0
            end
    ) as limits (tolerance)
    where amount.stated_kind = amount.kind_before
        and amount.qualifier is not distinct from amount.qualifier_before
        and amount.stated_kind in (
            'function', 'three_public', 'abroad', 'vehicle', 'vehicle_purchase', 'vehicle_operation', 'reception',
            'meeting', 'training', 'operating_cost'
        )
),

contradicting as (
    select distinct division_code, fiscal_year, disclosure_id
    from pair
    where not passed
),

-- offset keeps this one question a disclosure: it takes as long for all of its amounts as for one
by_forms as materialized (
    select
        contradicting.division_code,
        contradicting.fiscal_year,
        contradicting.disclosure_id,
        fact.fact_no,
        fact.passed,
        fact.expected
    from contradicting
    cross join lateral (
        select stated.fact_no, stated.passed, stated.expected
        from rule.stated_fact as stated
        where stated.division_code = contradicting.division_code
            and stated.fiscal_year = contradicting.fiscal_year
            and stated.disclosure_id = contradicting.disclosure_id
        offset 0
    ) as fact
),

judged as (
    select
        pair.division_code,
        pair.fiscal_year,
        pair.disclosure_id,
        pair.reporting_unit_code,
        pair.stage,
        pair.fact_no,
        pair.row_key,
        pair.stated_subject,
        pair.said,
        pair.tolerance,
        pair.passed,
        case when held.is_first_wrong then pair.amount_before else pair.stated_amount end as figure,
        case when held.is_first_wrong then pair.stated_amount else pair.amount_before end as expected,
        case when not pair.passed then coalesce(latter.expected, former.expected) end as amount_by_forms
    from pair
    left join by_forms as former
        on former.division_code = pair.division_code
        and former.fiscal_year = pair.fiscal_year
        and former.disclosure_id = pair.disclosure_id
        and former.fact_no = pair.fact_no_before
    left join by_forms as latter
        on latter.division_code = pair.division_code
        and latter.fiscal_year = pair.fiscal_year
        and latter.disclosure_id = pair.disclosure_id
        and latter.fact_no = pair.fact_no
    cross join lateral (
        select coalesce(not pair.passed and latter.passed and not former.passed, false)
    ) as held (is_first_wrong)
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
    concat_ws(' ', said, '报表为 ' || trim_scale(amount_by_forms)) as compared_with,
    figure - expected as difference,
    tolerance,
    passed
from judged
