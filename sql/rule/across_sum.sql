-- 横向合计：各栏的合计等于其下各栏之和（报表格式：合计栏及其明细栏）
-- Across: a column of a sum against the columns printed directly beneath it, row by row (meta.form_column.parts). Only
-- where the header prints all of them, optional ones aside, and one at least. A blank is zero. A sum may hold money for
-- which the form has no column (经营支出 in 支出预算分类汇总表): if every figure in it agrees with the ledger, what the
-- ledger has beyond the columns is expected, too. A row with a figure under a head that the form does not know is left
-- alone: it may be a part of any sum.
create view rule.across_sum as
with sum_column as (
    select
        form.division_code,
        form.fiscal_year,
        form.disclosure_id,
        form.reporting_unit_code,
        form.form_no,
        whole.column_key,
        whole.column_label,
        whole.parts
    from rule.printed_form as form
    inner join meta.form_column as whole
        on whole.form_id = form.form_id
        and whole.column_key = any (form.header_columns)
        and whole.parts && form.header_columns
    where not exists (
        select
        from meta.form_column as part
        where part.form_id = whole.form_id
            and part.column_key = any (whole.parts)
            and not part.is_optional
            and part.column_key <> all (form.header_columns)
    )
),

unknown_money as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.form_no,
        cell.row_key
    from meta.finding as finding
    inner join filed.cell as cell
        on cell.disclosure_id = finding.disclosure_id
        and cell.division_code = finding.division_code
        and cell.fiscal_year = finding.fiscal_year
        and cell.form_no = finding.form_no
        and cell.column_no = finding.column_no
    where finding.kind = 'unknown_column'
        and cell.cell_text ~ '[1-9]'
),

compared as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        cell.form_id,
        cell.row_key,
        min(cell.row_label) as row_label,
        whole.column_key,
        whole.column_label,
        coalesce(sum(cell.amount) filter (where cell.column_key = whole.column_key), 0) as figure,
        coalesce(sum(cell.amount) filter (where cell.column_key <> whole.column_key), 0) as summed,
        bool_or(cell.is_disputed) as is_disputed,
        case when cell.is_rounded is false then 0 else sum(cell.half_place) end as tolerance
    from sum_column as whole
    inner join rule.summed_cell as cell
        on cell.disclosure_id = whole.disclosure_id
        and cell.division_code = whole.division_code
        and cell.fiscal_year = whole.fiscal_year
        and cell.reporting_unit_code = whole.reporting_unit_code
        and cell.form_no = whole.form_no
        and (cell.column_key = whole.column_key or cell.column_key = any (whole.parts))
    where not exists (
        select
        from unknown_money
        where unknown_money.disclosure_id = cell.disclosure_id
            and unknown_money.division_code = cell.division_code
            and unknown_money.fiscal_year = cell.fiscal_year
            and unknown_money.form_no = cell.form_no
            and unknown_money.row_key = cell.row_key
    )
    group by
        cell.division_code, cell.fiscal_year, cell.disclosure_id, cell.reporting_unit_code, cell.stage, cell.form_id,
        cell.is_rounded, cell.row_key, whole.column_key, whole.column_label
    having count(cell.amount) > 0
),

judged as (
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label, column_key,
        column_label, figure, tolerance,
        case when is_disputed then summed else greatest(figure, summed) end as expected
    from compared
)

select
    'across_sum' as rule,
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
    null::text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    figure - expected as difference,
    tolerance,
    abs(figure - expected) <= tolerance as passed
from judged
