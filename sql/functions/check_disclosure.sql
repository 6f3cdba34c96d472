-- 核对一份公开：各规则的结果
-- What the rules say of one disclosure: its rows of rule.comparison. To plan them takes longer than to run them, and
-- no disclosure deserves a plan of its own; rows are to be hashed, not looped over, since that plan is often made while
-- the planner knows nothing of the tables. Several processes may share the disclosures of a year.
create or replace function rule.check_disclosure(of_division text, of_year smallint, of_disclosure bigint)
returns table (
    rule text,
    form_id text,
    row_key text,
    row_label text,
    column_key text,
    column_label text,
    figure numeric,
    expected numeric,
    figure_text text,
    expected_text text,
    compared_with text,
    difference numeric,
    tolerance numeric,
    severity text,
    passed boolean,
    message_zh text,
    message_en text,
    answer text,
    note text,
    answered_by text,
    answered_at timestamptz
)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_mergejoin = off set enable_sort = off
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select
        rule, form_id, row_key, row_label, column_key, column_label, figure, expected, figure_text, expected_text,
        compared_with, difference, tolerance, severity, passed, message_zh, message_en, answer, note, answered_by,
        answered_at
    from rule.comparison
    where division_code = of_division
        and fiscal_year = of_year
        and disclosure_id = of_disclosure;
end
$$
