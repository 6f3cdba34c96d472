-- “三公”与经济分类：因公出国（境）费30212、公务接待费30217、公务用车运行维护费30231
-- 三公 against economic subjects: each item is no less than what the ledger has under its subject (of 一般公共预算), and no
-- more than that and all that is known for coarser subjects only. expected is the nearest figure within these bounds.
-- Its tolerance is that of docs/rules.md, by the places that the form and the row of the subject print.
-- Forms do not tell the subjects of project spending, so the upper bound is often far off.
create view rule.three_public as
with item as (
    select item_code, economic_code
    from (
        values ('abroad', '30212'), ('reception', '30217'), ('vehicle_operation', '30231')
    ) as item (item_code, economic_code)
),

-- not materialized, though it is read twice: a question about one disclosure reads the forms of no other
three_public_form as not materialized (
    select
        form.division_code,
        form.fiscal_year,
        form.disclosure_id,
        form.reporting_unit_code,
        form.stage,
        form.is_rounded,
        form.form_no,
        rule.form_id,
        rule.column_key,
        form_column.column_label,
        item.item_code,
        item.economic_code
    from rule.printed_form as form
    inner join meta.form_rule as rule
        on rule.form_id = form.form_id
        and rule.line_key is null
    inner join item
        on rule.item_patterns = array[item.item_code || '%']
    inner join meta.form_column as form_column
        on form_column.form_id = rule.form_id
        and form_column.column_key = rule.column_key
),

-- half of the last place that the form and the rows of the subject print
place as (
    select
        form.disclosure_id,
        form.division_code,
        form.fiscal_year,
        form.reporting_unit_code,
        form.form_no,
        form.column_key,
        max(cell.half_place) filter (where cell.form_no = form.form_no) as half_place,
        max(cell.half_place) filter (where cell.form_no <> form.form_no) as half_place_of_subject
    from three_public_form as form
    inner join rule.printed_cell as cell
        on cell.disclosure_id = form.disclosure_id
        and cell.division_code = form.division_code
        and cell.fiscal_year = form.fiscal_year
        and cell.reporting_unit_code = form.reporting_unit_code
        and case
            when cell.form_no = form.form_no then cell.column_key = form.column_key
            else form.economic_code in (cell.row_key, split_part(cell.row_key, '/', 2))
        end
    where cell.amount is not null
    group by
        form.disclosure_id, form.division_code, form.fiscal_year, form.reporting_unit_code, form.form_no, form.column_key
),

bounded as (
    select
        form.division_code,
        form.fiscal_year,
        form.disclosure_id,
        form.reporting_unit_code,
        form.stage,
        form.is_rounded,
        form.form_no,
        form.form_id,
        form.column_key,
        form.column_label,
        form.economic_code,
        coalesce(sum(line.amount) filter (
            where line.statement = 'three_public' and line.item_code = form.item_code
        ), 0) as figure,
        coalesce(sum(line.amount) filter (where line.is_certain and line.fund_code like '11%'), 0) as least,
        coalesce(sum(greatest(line.amount, 0)) filter (where line.is_possible), 0) as most
    from three_public_form as form
    cross join lateral (
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
    ) as line
    group by
        form.division_code, form.fiscal_year, form.disclosure_id, form.reporting_unit_code, form.stage, form.form_id,
        form.column_key, form.column_label, form.economic_code, form.item_code, form.is_rounded, form.form_no
),

judged as (
    select
        bounded.division_code,
        bounded.fiscal_year,
        bounded.disclosure_id,
        bounded.reporting_unit_code,
        bounded.stage,
        bounded.form_id,
        bounded.column_key,
        bounded.column_label,
        bounded.economic_code,
        bounded.figure,
        least(greatest(bounded.figure, bounded.least), bounded.most) as expected,
        coalesce(
            case
                when place.half_place <> place.half_place_of_subject
                    then greatest(place.half_place, place.half_place_of_subject)
                when bounded.is_rounded then 2 * place.half_place
            end,
            0
        ) as tolerance
    from bounded
    left join place
        on place.disclosure_id = bounded.disclosure_id
        and place.division_code = bounded.division_code
        and place.fiscal_year = bounded.fiscal_year
        and place.reporting_unit_code = bounded.reporting_unit_code
        and place.form_no = bounded.form_no
        and place.column_key = bounded.column_key
    where bounded.figure <> 0
        or bounded.least <> 0
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
    expected,
    null::text as figure_text,
    null::text as expected_text,
    economic_code as compared_with,
    figure - expected as difference,
    tolerance,
    abs(figure - expected) <= tolerance as passed
from judged
