-- 未通过的核对和装载时发现的问题，附人工答复
-- What did not pass, by rules and by the loader, with what a person has answered.
create view rule.failure as
select
    rule,
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
    figure_text,
    expected_text,
    compared_with,
    difference,
    tolerance,
    severity,
    message_zh,
    message_en,
    answer,
    note,
    answered_by,
    answered_at
from rule.result
where not passed
