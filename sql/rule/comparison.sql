-- 各规则的全部比对（由 rule.check_disclosure 逐份公开读取）
-- The comparisons of all rules, and what the loader found odd, with severity and with what a person has answered. An answer
-- counts as long as the figures are those that it was given for. Read rule.result instead: it asks for one disclosure at
-- a time, which the planner knows how to answer.
create view rule.comparison as
with compared as (
    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.across_sum

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.down_sum

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.same_figure

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.balance

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.goal_sheet

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.cover

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.three_public

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.department_units

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.held_account

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.form_with_money

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.code

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.code_name

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.project_goal

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.measurable_goal

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.magnitude

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.earlier_form

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.other_unit_form

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.prior_year

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.final_account

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.stated_rate
    where is_current

    union all

    select
        rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label,
        column_key, column_label, figure, expected, figure_text, expected_text, compared_with, difference, tolerance,
        passed
    from rule.stated_twice

    union all

    -- a change is left out: the year before may have been restated. What is stated twice is told apart by number
    -- (#). An amount that means two figures of the forms (收支总计) counts once, against the nearest: it passes if it is
    -- either, because that the forms do not balance is no fault of the prose
    (
        select distinct on (
            disclosure_id, division_code, fiscal_year, reporting_unit_code, stage,
            place, source_row, sentence, row_label, figure
        )
            rule, division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id,
            concat_ws('#', row_key, nullif(row_number() over (
                partition by disclosure_id, row_key, division_code, fiscal_year, reporting_unit_code, stage
                order by fact_no
            ), 1)),
            row_label, column_key, column_label, figure, expected, null, null, concat(meta.printed_row(place, source_row, 'zh'), '：', sentence),
            difference, tolerance, passed
        from rule.stated_fact
        where is_current
            and measure = 'amount'
            and passed is not null
        order by
            disclosure_id, division_code, fiscal_year, reporting_unit_code, stage,
            place, source_row, sentence, row_label, figure, passed desc, abs(difference), fact_no
    )
),

judged as (
    select
        compared.rule,
        compared.division_code,
        compared.fiscal_year,
        compared.disclosure_id,
        compared.reporting_unit_code,
        compared.stage,
        compared.form_id,
        compared.row_key,
        compared.row_label,
        compared.column_key,
        compared.column_label,
        compared.figure,
        compared.expected,
        compared.figure_text,
        compared.expected_text,
        compared.compared_with,
        compared.difference,
        compared.tolerance,
        known.severity,
        compared.passed,
        known.meaning_zh as message_zh,
        known.meaning_en as message_en
    from compared
    inner join meta.rule as known
        on known.rule = compared.rule

    union all

    select
        rule,
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        form_id,
        row_key,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        severity,
        false,
        message_zh,
        message_en
    from rule.finding
)

select
    judged.rule,
    judged.division_code,
    judged.fiscal_year,
    judged.disclosure_id,
    judged.reporting_unit_code,
    judged.stage,
    judged.form_id,
    judged.row_key,
    judged.row_label,
    judged.column_key,
    judged.column_label,
    judged.figure,
    judged.expected,
    judged.figure_text,
    judged.expected_text,
    judged.compared_with,
    judged.difference,
    judged.tolerance,
    judged.severity,
    judged.passed,
    judged.message_zh,
    judged.message_en,
    answer.answer,
    answer.note,
    answer.answered_by,
    answer.answered_at
from judged
left join meta.answer as answer
    on answer.division_code = judged.division_code
    and answer.fiscal_year = judged.fiscal_year
    and answer.reporting_unit_code = judged.reporting_unit_code
    and answer.stage = judged.stage
    and answer.rule = judged.rule
    and answer.form_id = coalesce(judged.form_id, '')
    and answer.row_key = coalesce(judged.row_key, '')
    and answer.column_key = coalesce(judged.column_key, '')
    and answer.figure is not distinct from judged.figure
    and answer.expected is not distinct from judged.expected
    and answer.figure_text is not distinct from judged.figure_text
    and answer.expected_text is not distinct from judged.expected_text
    and not judged.passed
