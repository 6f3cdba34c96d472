-- “三公”与经济分类：因公出国（境）费30212、公务接待费30217、公务用车运行维护费30231
-- 三公 against economic subjects: each item is no less than what the ledger has under its subject (of 一般公共预算), and no
-- more than that and all that is known for coarser subjects only. expected is the nearest figure within these bounds.
-- Forms do not tell the subjects of project spending, so the upper bound is often far off.
create view rule.three_public as
with item as (
    select item_code, economic_code
    from (
        values ('abroad', '30212'), ('reception', '30217'), ('vehicle_operation', '30231')
    ) as item (item_code, economic_code)
),

three_public_form as (
    select
        form.division_code,
        form.fiscal_year,
        form.disclosure_id,
        form.reporting_unit_code,
        form.stage,
        rule.form_id,
        rule.column_key,
        form_column.column_label,
        item.item_code,
        item.economic_code
    from rule.printed_form as form
    inner join meta.form_rule as rule
        on rule.form_id = form.form_id
        and rule.statement = 'three_public'
        and rule.line_key is null
    inner join item
        on rule.item_patterns = array[item.item_code || '%']
    inner join meta.form_column as form_column
        on form_column.form_id = rule.form_id
        and form_column.column_key = rule.column_key
),

bounded as (
    select
        form.division_code,
        form.fiscal_year,
        form.disclosure_id,
        form.reporting_unit_code,
        form.stage,
        form.form_id,
        form.column_key,
        form.column_label,
        form.economic_code,
        coalesce(sum(line.amount) filter (
            where line.statement = 'three_public' and line.item_code = form.item_code
        ), 0) as figure,
        coalesce(sum(line.amount) filter (where line.is_certain and line.fund_code like '11%'), 0) as least,
        coalesce(sum(line.amount) filter (where line.is_possible and line.amount > 0), 0) as most
    from three_public_form as form
    inner join lateral (
        select
            amount.statement,
            amount.item_code,
            amount.fund_code,
            amount.amount,
            amount.statement = 'expenditure'
            and amount.department_economic_code = form.economic_code
            and not amount.allocated && array['department_economic_code', 'fund_class'] as is_certain,
            amount.statement = 'expenditure'
            and (
                amount.department_economic_code is null
                or form.economic_code like amount.department_economic_code || '%'
                or 'department_economic_code' = any (amount.allocated)
            ) as is_possible
        from budget.amount as amount
        where amount.disclosure_id = form.disclosure_id
            and amount.division_code = form.division_code
            and amount.fiscal_year = form.fiscal_year
            and amount.statement in ('three_public', 'expenditure')
    ) as line on true
    group by
        form.division_code, form.fiscal_year, form.disclosure_id, form.reporting_unit_code, form.stage, form.form_id,
        form.column_key, form.column_label, form.economic_code, form.item_code
)

select
    'three_public' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    'total' as row_key,
    null::text as row_label,
    column_key,
    column_label,
    figure,
    least(greatest(figure, least), most) as expected,
    null::text as figure_text,
    null::text as expected_text,
    economic_code as compared_with,
    figure - least(greatest(figure, least), most) as difference,
    0::numeric as tolerance,
    figure between least and most as passed
from bounded
where figure <> 0 or least <> 0
