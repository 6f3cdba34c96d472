-- 文字说明的增减和比例：增减额、增减率、完成率、占比，与同一句中的金额推算的数并列
-- Changes, rates, completions and shares that the prose states, held against what the amounts of the same sentence make
-- of them. The amounts are rounded, too: the margin is how far that moves the result. The stated figure may be rounded
-- or cut off behind its last place. If the forms contradict an amount, a figure that follows from the right amount is
-- left out: one fault, one failure. The forms are asked only if a figure fails.
create view rule.stated_rate as
with fact as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        disclosure.is_current,
        stated.fact_no,
        concat_ws('/', stated.measure, stated.stated_kind, stated.qualifier) as row_key,
        stated.stated_subject,
        stated.measure,
        stated.stated_amount,
        round(stated.implied_amount, 2) as expected,
        stated.implied_margin + 2 * stated.half_place as tolerance,
        abs(stated.stated_amount - stated.implied_amount) <= stated.implied_margin + 2 * stated.half_place as passed,
        stated.sentence,
        stated.place,
        stated.source_row,
        row_number() over (
            partition by
                disclosure.disclosure_id, disclosure.division_code, disclosure.fiscal_year,
                disclosure.reporting_unit_code, disclosure.stage, disclosure.is_current
            order by
                abs(stated.stated_amount - stated.implied_amount) <= stated.implied_margin + 2 * stated.half_place,
                stated.fact_no
        ) as position
    from budget.disclosure as disclosure
    inner join filed.stated_fact as stated
        on stated.division_code = disclosure.division_code
        and stated.fiscal_year = disclosure.fiscal_year
        and stated.disclosure_id = disclosure.disclosure_id
    where stated.implied_amount is not null
),

asked as (
    select
        fact.*,
        first_value(forms.contradicted) over (
            partition by
                fact.disclosure_id, fact.division_code, fact.fiscal_year, fact.reporting_unit_code, fact.stage,
                fact.is_current
            order by fact.position
        ) as contradicted
    from fact
    cross join lateral (
        select
            jsonb_agg(jsonb_build_object(
                'fact_no', amount.fact_no, 'sentence', amount.sentence,
                'stated', amount.figure, 'expected', amount.expected
            )) filter (where not amount.passed and amount.measure = 'amount') as contradicted
        from rule.stated_fact as amount
        where fact.position = 1
            and not fact.passed
            and amount.division_code = fact.division_code
            and amount.fiscal_year = fact.fiscal_year
            and amount.disclosure_id = fact.disclosure_id
    ) as forms
)

select
    'stated_rate' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    is_current,
    fact_no,
    null::text as form_id,
    -- what is stated several times is told apart by number
    concat_ws('#', row_key, nullif(row_number() over (
        partition by
            disclosure_id, row_key, division_code, fiscal_year, reporting_unit_code, stage, is_current
        order by fact_no
    ), 1)) as row_key,
    stated_subject as row_label,
    measure as column_key,
    case measure
        when 'change' then '比上年增减'
        when 'change_rate' then '比上年增减（%）'
        when 'completion' then '完成预算（%）'
        when 'share' then '占比（%）'
    end as column_label,
    stated_amount as figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    concat(meta.printed_row(place, source_row, 'zh'), '：', sentence) as compared_with,
    stated_amount - expected as difference,
    tolerance,
    passed,
    sentence,
    place,
    source_row
from asked
where passed
    or not exists (
        select
        from jsonb_to_recordset(contradicted) as amount (
            fact_no integer, sentence text, stated numeric, expected numeric
        )
        cross join lateral (
            -- what the right amount makes of it, as a part or as the whole, or as what a change led to from the amount
            -- before or by the change itself
            values
                (asked.measure <> 'change', asked.expected * amount.expected / nullif(amount.stated, 0)),
                (asked.measure <> 'change', asked.expected * amount.stated / nullif(amount.expected, 0)),
                (asked.measure = 'change', asked.expected + amount.expected - amount.stated),
                (
                    asked.measure = 'change_rate',
                    (100 + asked.expected) * amount.expected / nullif(amount.stated, 0) - 100
                ),
                (
                    asked.measure = 'change_rate',
                    100 * amount.stated * asked.expected
                    / nullif((100 + asked.expected) * amount.expected - amount.stated * asked.expected, 0)
                )
        ) as made (is_meant, figure)
        where made.is_meant
            -- a change at the beginning of a sentence is of the amount before it, which may be several facts
            and (amount.sentence = asked.sentence or amount.fact_no between asked.fact_no - 6 and asked.fact_no)
            and abs(asked.stated_amount - made.figure) <= asked.tolerance
    )
