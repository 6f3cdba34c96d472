-- 核对结果：各规则的每次比对一行，装载时发现的问题各一行，附程度和人工答复
-- What the rules compared, one row a comparison, and what the loader found odd, of current disclosures. Name a division
-- and year, or a unit: each disclosure is checked when it is asked for.
create view rule.result as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    told.rule,
    told.form_id,
    told.row_key,
    told.row_label,
    told.column_key,
    told.column_label,
    told.figure,
    told.expected,
    told.figure_text,
    told.expected_text,
    told.compared_with,
    told.difference,
    told.tolerance,
    told.severity,
    told.passed,
    told.message_zh,
    told.message_en,
    told.answer,
    told.note,
    told.answered_by,
    told.answered_at
from budget.disclosure as disclosure
cross join lateral rule.check_disclosure(
    disclosure.division_code, disclosure.fiscal_year, disclosure.disclosure_id
) as told
where disclosure.is_current
